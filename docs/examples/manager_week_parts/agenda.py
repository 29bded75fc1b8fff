"""The customers to discuss this week, by a rule that anybody can follow.

Only a customer with a reason is listed; key customers come first, then those whose open deals have
the most still to bring.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import define, field

from manager_week_parts.dates import Dates
from manager_week_parts.folder import Team
from report_parts.layout import Page
from salesflow import Label, Money, Opportunity, Status
from salesflow.conduct import help_requests
from salesflow.metrics import forecast, pace

__all__ = ["Topic", "agenda_", "topics_of"]

_MOST: Final = 5
_NOT_DISCUSSED: Final = "key_customer_not_discussed"
#: what a customer's file is brought up for
_OF_FILES: Final = frozenset({_NOT_DISCUSSED, "information_stale", "information_never_updated"})


@define
class Topic:
    """A customer, and why to discuss it."""

    customer: str
    #: whether it is a key customer
    key: bool
    #: what its open deals have still to bring
    open: Money
    reasons: list[Label] = field(factory=list)

    @property
    def rank(self) -> tuple[bool, int, str]:
        """What the customers are sorted by."""
        return not self.key, -self.open.minor, self.customer


def topics_of(team: Team, dates: Dates) -> tuple[Topic, ...]:
    """Return every customer with a reason, in the order of the rule."""
    keys = {file.customer for file in team.customers or () if file.key}
    money = dict[str, Money]()
    for deal in team.deals or ():
        if deal.status is Status.OPEN:
            before = money.get(deal.customer, Money(0, team.said.currency))
            money[deal.customer] = before + deal.outstanding
    topics = dict[str, Topic]()
    for customer, why in _reasons(team, dates):
        if customer not in topics:
            owed = money.get(customer, Money(0, team.said.currency))
            topics[customer] = Topic(customer, customer in keys, owed)
        topics[customer].reasons.append(why)
    return tuple(sorted(topics.values(), key=lambda one: one.rank))


def _reasons(team: Team, dates: Dates) -> Iterator[tuple[str, Label]]:
    """Yield each customer with a reason that the library found."""
    deals = {deal.id: deal for deal in team.deals or ()}
    yield from _of_deals(team, deals)
    for one in dates.promises:
        by, due = one.promise.by, one.promise.due
        yield (
            one.customer,
            Label(
                f"{one.visit} 的承诺“{one.promise.key}”（{by.label('zh')}）{due} 到期，"
                f"逾期 {one.days} 天",
                f"promise “{one.promise.key}” of {one.visit} ({by.label('en')}) was due on {due}, "
                f"days late: {one.days}",
            ),
        )
    for one in help_requests(team.logs or ()):
        if one.customer:
            kind = one.kind
            yield (
                one.customer,
                Label(
                    f"{kind.label('zh')}（{one.person}，自 {one.since}）：{one.text}",
                    f"{kind.label('en')} ({one.person}, since {one.since}): {one.text}",
                ),
            )
    for file in team.customers or ():
        for finding in file.findings(team.on):
            if finding.key in _OF_FILES:
                # The English text leaves out what was not updated, since the file is its subject.
                its = "its file: " if finding.key != _NOT_DISCUSSED else ""
                yield file.customer, Label(finding.text.zh, its + finding.text.en)


def _of_deals(team: Team, deals: dict[str, Opportunity]) -> Iterator[tuple[str, Label]]:
    """Yield the deals that stand too long, and those whose expected close is over."""
    found = tuple(deals.values())
    for one in pace(found, team.today, limits=team.said.limits).stalled:
        stage = one.stage
        yield (
            deals[one.id].customer,
            Label(
                f"{one.id} 在“{stage.label('zh')}”停留 {one.days} 天，超过 {one.limit} 天",
                f"{one.id} stands at “{stage.label('en')}” for {one.days} days, longer than "
                f"{one.limit}",
            ),
        )
    # Any quota will do: asked is only which closes lie before the day.
    outside = forecast(found, Money(1, team.said.currency), team.today).outside
    for id_ in outside.overdue.ids:
        closes = deals[id_].expected_close
        yield (
            deals[id_].customer,
            Label(
                f"{id_} 预计 {closes} 成交，已过期未结",
                f"{id_} was expected to close on {closes}, and is open",
            ),
        )


def agenda_(page: Page, topics: tuple[Topic, ...]) -> None:
    """The first customers, each with every reason."""
    page.heading("本周讨论的客户", "Customers to discuss this week")
    if not topics:
        page.text("没有客户有需要讨论的事项。", "No customer has a reason.")
        return
    for number, one in enumerate(topics[:_MOST], start=1):
        key = page.say("，重点客户", ", key customer") if one.key else ""
        money = page.money(one.open)
        page.text(
            f"{one.customer}{key}" + (f"，进行中机会待回款 {money}" if one.open else ""),
            f"{one.customer}{key}" + (f", {money} in open deals" if one.open else ""),
            indent="     ",
            first=f"  {number}. ",
        )
        for why in one.reasons:
            page.paragraph(why.text(page.language), indent="       ", first="     - ")
    more = max(0, len(topics) - _MOST)
    page.text(
        "规则：有事项的客户才列出，即有停滞或过期未结的机会、逾期的承诺、待解决的问题，或客户资料"
        f"过期、未按周讨论；重点客户在前，再按进行中机会的待回款额。另有 {more} 家。",
        "The rule: customers with a reason (a deal stalled or past its close, a promise overdue, "
        "an open problem, a file that is stale or was not discussed in its week); key customers "
        f"first, then by the money in open deals. Not shown: {more}.",
    )
