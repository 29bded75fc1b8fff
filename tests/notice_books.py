"""Business notices for tests: the example of the trade, and walks that Hypothesis draws."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import strategies as st
from pendulum import timezone

from salesflow.conduct.notice_trail import NoticeState
from salesflow.conduct.notices import Notice

TZ = "Asia/Shanghai"
ISSUED = date(2013, 1, 28)
DUE = date(2013, 2, 3)
LATER = date(2013, 2, 6)
REASON, HELP = "缺货", "跟医院协商"


def morning(day, hour=9, tz=TZ):
    """An instant on a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone(tz))


def issued(**rest):
    """The notice of the trade: the warehouse is to deliver reagents by 3 February 2013."""
    given = {
        "id": "N-1",
        "department": "库房",
        "contact": "W-2",
        "issuer": "R-9",
        "details": "双楠订货：雌二醇",
        "manner": "送达医院",
        "due": DUE,
        "at": morning(ISSUED),
        "tz": TZ,
    }
    return Notice.issue(**(given | rest))


def receipted(notice=None, **rest):
    """The same with its receipt: out of stock, to be delivered by 6 February."""
    given = {"reason": REASON, "help": HELP, "due": LATER, "at": morning(date(2013, 2, 2))}
    return (notice or issued()).receipt(**(given | rest))


def boxes_of(notice):
    """The boxes of a notice, as its constructor takes them."""
    names = ("id", "department", "contact", "issuer", "issuer_department", "details", "manner")
    return {name: getattr(notice, name) for name in (*names, "tz", "trail")}


@st.composite
def notices(draw, id="N-1"):
    """A notice after a few allowed verbs, each some days after the one before."""
    moment = morning(draw(st.dates(date(2026, 1, 1), date(2026, 3, 31))), draw(st.integers(0, 23)))
    days = st.integers(0, 9).map(timedelta)
    notice = issued(
        id=id,
        department=draw(st.sampled_from(["finance", "warehouse"])),
        issuer_department=draw(st.sampled_from(["", "sales", "service"])),
        at=moment,
        due=moment.date() + draw(days),
    )
    for _ in range(draw(st.integers(0, 5))):
        if not notice.open:
            break
        moment += draw(days)
        steps = [*notice.allowed, *(["help"] if notice.open_help else [])]
        match draw(st.sampled_from(steps)):
            case "help":
                notice = notice.resolve_help(at=moment)
            case NoticeState.ACCEPTED:
                notice = notice.accept(at=moment)
            case NoticeState.RECEIPTED:
                put_off = notice.due + timedelta(1) + draw(days)
                asked = draw(st.sampled_from(["", HELP]))
                notice = notice.receipt(reason=REASON, help=asked, due=put_off, at=moment)
            case NoticeState.DONE:
                notice = notice.done(at=moment)
            case _:
                notice = notice.cancel(by="R-9", reason="dropped", at=moment)
    return notice


def days_around():
    """Days on which a drawn notice may be asked about."""
    return st.dates(date(2025, 12, 25), date(2026, 6, 30))
