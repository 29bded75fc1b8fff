"""What comes of habits, what the market signals, which promises are overdue, what has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from report_parts.layout import Page, cut, few, interval
from salesflow.ratios import Change, percent
from salesflow.visits import Comparison, Party, Trend
from visit_review_parts.cases import Cases, halves

__all__ = ["comparison_", "habits_", "promises_", "signals_"]

_MOST: Final = 10
_NAME: Final = 18
_FEW: Final = 6


def habits_(page: Page, cases: Cases) -> None:
    """How many visits keep a good habit, and what comes of it."""
    page.heading("好习惯与成果", "Habits, and what comes of them")
    head = page.say(
        "习惯|做到|做到时有成果|未做到时||相差的 95% 区间",
        "habit|keep it|with it|without||difference",
    ).split("|")
    rows = [
        (
            habit.label(page.language),
            percent(line.kept.ratio),
            str(line.success.after),
            str(line.success.before),
            *_clearness(line.success),
        )
        for habit, line in cases.told.habits.items()
    ]
    page.table([head, *rows], "lrrrlr")
    page.text(
        "只评判谈到这一步的拜访。比较的是有成果（达成一个目的，或取得未撤回的客户承诺）的比例，"
        "区间以百分点计；* 表示区间不含零。相差只说明相关，不说明因果。",
        "A visit is judged only on what it came to. Compared is the share that reached something: "
        "an aim met, or a promise of the customer that stands. The difference is given as a 95% "
        "interval, in percentage points; * it leaves out zero. That is an association, and no "
        "proof of a cause.",
    )


def _clearness(change: Change) -> tuple[str, str]:
    """Return the last cells of a change: a star where it is clear, and its interval."""
    return "*" if change.clear else "", interval(change.interval)


def signals_(page: Page, cases: Cases) -> None:
    """What the visits tell of the demand for each class of products."""
    page.heading("市场信号", "Signals of the market")
    head = page.say(
        "产品类别|上升|平稳|下降|反映上升的客户|反映上升的拜访",
        "class of products|rising|steady|falling|customers, rising|visits, rising",
    ).split("|")
    rows = [
        (
            cut(subject, _NAME),
            *(f"{len(line.visits[trend]):,}" for trend in Trend),
            f"{line.customers:,}",
            few(page, line.visits[Trend.RISING], _FEW),
        )
        for subject, line in cases.told.signals.items()
    ]
    if rows:
        page.table([head, *rows], "lrrrrl")
    else:
        page.text("没有记录市场信号。", "None was recorded.")


def promises_(page: Page, cases: Cases) -> None:
    """Whose promises are overdue, and for how long."""
    page.heading("逾期的承诺", "Overdue promises")
    overdue = cases.told.overdue
    if not overdue:
        page.text("没有逾期的承诺。", "No promise is overdue.")
        return
    head = page.say(
        "承诺方|兑现人|代表|客户|拜访|承诺|期限|逾期天数",
        "promised by|who|rep|customer|visit|promise|due|days",
    ).split("|")
    ours_first = sorted(overdue, key=lambda one: list(Party).index(one.promise.by))
    rows = [
        (
            one.promise.by.label(page.language),
            cut(one.promise.who or "–", _NAME),
            cut(one.owner, _NAME),
            cut(one.customer, _NAME),
            cut(one.visit, _NAME),
            one.promise.text.replace("\n", " "),
            str(one.promise.due),
            f"{one.days:,}",
        )
        for one in ours_first
    ]
    page.table([head, *rows[:_MOST]], "llllllrr")
    if len(rows) > _MOST:
        page.text(f"另有 {len(rows) - _MOST} 个", f"and {len(rows) - _MOST} more")


def comparison_(page: Page, cases: Cases) -> None:
    """The first half of the period beside the second."""
    parts = halves(cases.during)
    if cases.compared is None or parts is None:
        return
    first, second = (f"{part.first} – {part.last.in_timezone(part.tz).date()}" for part in parts)
    page.heading(f"前后对比：{first} 与 {second}", f"Before and after: {first} and {second}")
    head = page.say("指标|前|后|变化||95% 区间", "measure|before|after|change||95% interval")
    rows = [row for title, some in _changes(page, cases.compared) for row in _group(title, some)]
    page.table([head.split("|"), *rows], "lrrrlr")
    page.text(
        "变化和区间以百分点计；* 区间不含零，多半不是偶然。",
        "Change and interval are in percentage points; * it leaves out zero, so that more than "
        "chance is likely at work.",
    )


_Line = tuple[str, Change]


def _group(title: str, some: Sequence[_Line]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of several changes below their title, those left out that have no case."""
    known = [(name, change) for name, change in some if change.before.n or change.after.n]
    if known and title:
        yield title, "", "", "", "", ""
    for name, change in known:
        cells = str(change.before), str(change.after), percent(change.difference)
        yield (f"  {name}" if title else name, *cells, *_clearness(change))


def _changes(page: Page, made: Comparison) -> Iterator[tuple[str, Sequence[_Line]]]:
    told = page.language
    yield "", [(page.say("有效拜访", "effective visits"), made.effective)]
    steps = [(step.label(told), change) for step, change in made.steps.items()]
    yield page.say("从该步骤继续", "went on from"), steps
    answers = [(cut(technique, _NAME), change) for technique, change in made.answers.items()]
    yield page.say("应对解决了异议", "resolved by"), answers
    habits = [(habit.label(told), change) for habit, change in made.habits.items()]
    yield page.say("做到好习惯", "kept the habit"), habits
