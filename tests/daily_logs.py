"""Daily logs to test with: one that lacks nothing, and logs as a team may write them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from salesflow.activity import ActivityKind
from salesflow.conduct.logs import DailyLog, LogEntry, Problem

#: a Monday
DAY = date(2026, 7, 6)
#: what no text of an error may show
SECRET = "CANARY"
#: kinds of hospitality, which never count
HOSPITALITY = (ActivityKind.MEAL, ActivityKind.GIFT, ActivityKind.ENTERTAINMENT)


def entry(**rest):
    """A block that lacks nothing, by either profile."""
    given = {"place": "H-3/lab", "customer": "H-3", "contact": "C-7", "purpose": "trial"}
    given |= {"content": "the results", "problems": [problem()], "help_needed": []}
    given |= {"next_step": "bring the reagent", "next_on": DAY + timedelta(days=400)}
    return LogEntry(**(given | rest))


def problem(key="water", **rest):
    """A problem that was solved."""
    return Problem(key=key, **({"text": "no pure water", "solution": "a filter"} | rest))


def log(id="L-1", on=DAY, *, person="R-9", **rest):
    """A log that lacks nothing, by either profile."""
    given = {"entries": [entry()], "tomorrow": ["H-4"]}
    return DailyLog(id=id, person=person, on=on, **(given | rest))


def seen(*names, **rest):
    """Blocks for these customers."""
    return [entry(place="", contact="", customer=name, **rest) for name in names]


_BLOCKS = ([entry()], [entry()], [], [entry(), entry(kind="meal")])
_CELLS = st.tuples(
    st.integers(1, 3),
    st.integers(0, 6),
    st.sampled_from([[], ["H-4"], ["H-4"]]),
    st.sampled_from(_BLOCKS),
)


@st.composite
def teams(draw, max_size=8):
    """Logs of three people in a week: complete or not, with a dinner, twice on a day."""
    cells = draw(st.lists(_CELLS, max_size=max_size))
    return [
        log(f"L-{n}", DAY + timedelta(days=day), person=f"R-{who}", tomorrow=plan, entries=blocks)
        for n, (who, day, plan, blocks) in enumerate(cells)
    ]
