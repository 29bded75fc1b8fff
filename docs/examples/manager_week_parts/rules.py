"""Compliance: actions that a policy stops, roles that are mixed, hospitality filed as work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from manager_week_parts.folder import Team
from report_parts.layout import Page, width
from salesflow import ActivityKind, Finding, Severity
from salesflow.conduct import Judgement, Ruling, admitted, judge_all, log_findings, separation

__all__ = ["Rules", "compliance_", "rules_of"]

#: reasons that only tell how an action in order came through
_IN_ORDER: Final = frozenset({"kind_needs_review", "only_recorded"})
#: findings about hospitality, or unapproved spending, that is filed as if it were work
_FILED: Final = frozenset({"evidence_never_counts", "evidence_needs_approval"})
_IN_LOGS: Final = "entry_never_counts"


@frozen(kw_only=True)
class Rules:
    """What the rules of the company say on the day of the page."""

    #: the judgements on actions from the Monday of last week on
    judged: tuple[Judgement, ...]
    #: where roles are not kept apart
    mixed: tuple[Finding, ...]
    #: what is filed as work and is none
    filed: tuple[Finding, ...]

    @property
    def stopped(self) -> tuple[Judgement, ...]:
        """The actions that may not be, or that lack something, the gravest first."""
        found = [one for one in self.judged if not _in_order(one)]
        return tuple(sorted(found, key=lambda one: (-list(Ruling).index(one.ruling), one.on)))


def _in_order(one: Judgement) -> bool:
    return one.ruling is not Ruling.DENY and all(why.key in _IN_ORDER for why in one.reasons)


def rules_of(team: Team) -> Rules:
    """Return what the policy and the separation of roles find."""
    since, visits = team.last_week.first, team.visits or ()
    return Rules(
        judged=tuple(
            one for one in judge_all(team.actions or (), team.said.policy) if one.on >= since
        ),
        mixed=separation(
            [person.colleague for person in team.people],
            team.deals or (),
            informing=[visit for visit in visits if visit.product in team.said.medicines],
        ),
        filed=tuple(_filed(team)),
    )


def _filed(team: Team) -> Iterator[Finding]:
    for deal in team.deals or ():
        yield from (one for one in deal.findings() if one.key in _FILED)
    yield from admitted(team.visits or (), team.said.policy).findings
    for log in team.logs or ():
        if log.on in team.last_week or log.on in team.this_week:
            yield from (one for one in log_findings(log) if one.key == _IN_LOGS)


def compliance_(page: Page, team: Team, rules: Rules) -> None:
    """What has to be stopped, approved or handed over."""
    page.heading("合规", "Compliance")
    if team.actions is None:
        page.text("没有 actions.csv，未判断活动。", "Left out: no actions.csv to judge.")
    else:
        _counted(page, team, rules)
    marks = [one.label(page.language) for one in (*Ruling, *Severity)]
    indent = " " * (5 + max(map(width, marks)))
    for one in rules.stopped:
        _action(page, team, one, indent)
    found = dict.fromkeys(
        (one.severity, one.subject, one.text, one.advice) for one in (*rules.mixed, *rules.filed)
    )
    for severity, subject, text, advice in found:
        said = text.text(page.language)
        lead = "" if subject in said else f"{subject}{page.say('：', ': ')}"
        page.paragraph(
            f"{lead}{said} → {advice.text(page.language)}",
            indent=indent,
            first=f"  [{severity.label(page.language)}]",
        )
    if not rules.stopped and not found:
        page.text("没有发现问题。", "Nothing was found.")


def _counted(page: Page, team: Team, rules: Rules) -> None:
    n, since = Counter(one.ruling for one in rules.judged), team.last_week.first
    told = page.say("、", ", ").join(
        f"{ruling.label(page.language)} {n[ruling]}" for ruling in Ruling
    )
    held = len(rules.stopped)
    page.text(
        f"按“{team.said.policy.name}”判断了 {since} 起的活动 {len(rules.judged)} 项：{told}；"
        f"其中需要处理 {held} 项。",
        f"By “{team.said.policy.name}”, actions judged from {since} on: {len(rules.judged)} "
        f"({told}); to be seen to: {held}.",
    )


def _action(page: Page, team: Team, one: Judgement, indent: str) -> None:
    who = next(action.person for action in team.actions or () if action.id == one.action)
    kind = one.kind.label(page.language) if isinstance(one.kind, ActivityKind) else one.kind
    reasons = [why for why in one.reasons if why.key not in _IN_ORDER]
    texts = page.say("；", "; ").join(why.text.text(page.language) for why in reasons)
    advice = dict.fromkeys(why.advice.text(page.language) for why in reasons)
    page.paragraph(
        f"{one.action} {one.on} {who} {kind}{page.say('：', ': ')}{texts} → "
        + page.say("；", "; ").join(advice),
        indent=indent,
        first=f"  [{one.ruling.label(page.language)}]",
    )
