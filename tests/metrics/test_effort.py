"""Effort is what was planned, what was made of it, and what came of what was made."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import effort_oracle as oracle
from effort_oracle import MOMENTS, PERIODS, RULES, books, unnamed
from salesflow.activity import ActivityKind
from salesflow.errors import DuplicateId, ForeignDeal, InvalidValue
from salesflow.metrics.effort import effort, effort_by
from salesflow.periods import Month, Span
from salesflow.ratios import Rate
from salesflow.visits import CallPlan, EffectiveRule, VisitStatus
from visit_books import OWN, closed
from visit_teams import JULY, SHORT, START, TICK, TREATS, dropped, held, on, opened, summary, talked

AUGUST = JULY.shift(1)
# A visit of which nothing came: no aim was met, and nobody promised anything.
IDLE = {"summary": summary(aims_met=()), "notes": {}}
# Both ways to ask for effort, called with visits and a period.
WAYS = {
    "effort": lambda visits, during=JULY, **rest: effort(visits, during, **rest),
    "effort_by": lambda visits, during=JULY, **rest: effort_by(visits, _owner, during, **rest),
}
ways = pytest.mark.parametrize("way", WAYS)


def _owner(visit):
    return visit.owner


def told(*visits, during=JULY, **rest):
    """The effort of a period, July in Shanghai unless told otherwise."""
    return effort(visits, during, **rest)


def plain(figures):
    """The figures of effort as the oracle tells them."""
    return {
        "made": figures.made,
        "ad_hoc": figures.ad_hoc,
        "cancelled": figures.cancelled,
        "contacts": figures.contacts,
        "adherence": (figures.adherence.hits, figures.adherence.n),
        "effective": (figures.effective.hits, figures.effective.n),
        "ineffective": list(figures.ineffective),
    }


# --- acceptance ------------------------------------------------------------------------------


def test_ae_69_ten_of_twelve_planned_visits_were_made_and_eight_had_an_effect():
    """Adherence 83.3 %, effective 80.0 %; one of the others was cancelled, one just not made."""
    book = [held(f"V-{n}", contact=f"DR-{n}") for n in range(8)]
    book += [held(f"idle-{n}", contact="DR-0", **IDLE) for n in range(2)]
    book += [dropped("cancelled"), opened("forgotten")]
    july = told(*book)

    assert str(july.adherence) == "83.3% (n=12)"
    assert str(july.effective) == "80.0% (n=10)"
    assert (july.made, july.ad_hoc, july.cancelled, july.contacts) == (10, 0, 1, 8)
    assert july.ineffective == ("idle-0", "idle-1")


# --- against the naive oracle ----------------------------------------------------------------


@given(books(), PERIODS, st.none() | MOMENTS, RULES)
def test_the_effort_of_a_period_is_that_of_the_naive_count(visits, during, at, rule):
    """Whatever became of the visits, wherever the period lives and whenever somebody asks."""
    expected = oracle.effort(visits, during, at, rule)

    assert expected == plain(effort(visits, during, at=at, rule=rule))


@given(books(), PERIODS, st.none() | MOMENTS, RULES)
def test_the_effort_of_each_group_is_that_of_the_naive_count(visits, during, at, rule):
    """One row for each group of which a visit is known, in the order of the names."""
    seen = [visit for visit in visits if oracle.known(visit, during, at)]
    table = effort_by(visits, _owner, during, at=at, rule=rule)

    assert list(table) == sorted({visit.owner for visit in seen})
    for owner, row in table.items():
        own = [visit for visit in visits if visit.owner == owner]
        assert oracle.effort(own, during, at, rule) == plain(row)


@given(books(), PERIODS, st.none() | MOMENTS)
def test_the_groups_sum_to_the_whole(visits, during, at):
    """Every count; those met are counted once for each who met them, so they may sum to more."""
    whole = effort(visits, during, at=at)
    by_owner = effort_by(visits, _owner, during, at=at).values()
    by_contact = effort_by(visits, lambda visit: visit.contact, during, at=at).values()

    for parts in (by_owner, by_contact):
        for name in ("made", "ad_hoc", "cancelled"):
            assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
        for name in ("adherence", "effective"):
            rates = [getattr(part, name) for part in parts]
            sums = Rate(sum(rate.hits for rate in rates), sum(rate.n for rate in rates))
            assert getattr(whole, name) == sums
        ids = [one for part in parts for one in part.ineffective]
        assert sorted(whole.ineffective) == sorted(ids)
    assert whole.contacts == sum(part.contacts for part in by_contact)
    met = [part.contacts for part in by_owner]
    assert max(met, default=0) <= whole.contacts <= sum(met)


@given(books(), st.randoms(use_true_random=False), PERIODS)
def test_the_order_of_the_visits_matters_to_no_figure(visits, draw, during):
    """Only the ids of those without effect come in the order of the book."""
    shuffled = list(visits)
    draw.shuffle(shuffled)
    ours, theirs = plain(effort(visits, during)), plain(effort(shuffled, during))

    assert sorted(ours.pop("ineffective")) == sorted(theirs.pop("ineffective"))
    assert ours == theirs
    assert list(effort_by(visits, _owner, during)) == list(effort_by(shuffled, _owner, during))


@given(books(), PERIODS)
def test_a_period_is_read_at_its_last_instant(visits, during):
    """Asked later, nothing more is known of it; asked before the visits, nothing at all."""
    over = effort(visits, during)

    assert over == effort(visits, during, at=during.last)
    assert over == effort(visits, during, at=on(12, 31))
    assert plain(told()) == plain(effort(visits, during, at=on(1, 1)))


# --- invariants ------------------------------------------------------------------------------


@given(books(), books(max_size=4, kinds=TREATS, prefix="T"), PERIODS, st.none() | MOMENTS, RULES)
def test_invariant_46_no_treat_changes_a_figure(visits, treats, during, at, rule):
    """However many, whatever became of them, and wherever they stand in the book."""
    mixed, asked = (*treats[1:], *visits, *treats[:1]), {"at": at, "rule": rule}

    assert effort(visits, during, **asked) == effort(mixed, during, **asked)
    assert effort_by(visits, _owner, during, **asked) == effort_by(mixed, _owner, during, **asked)


@pytest.mark.parametrize("kind", TREATS)
def test_invariant_46_a_treat_of_each_kind_is_nobodys_effort(kind):
    """Planned, held, summed up with an aim met: it adds no count, and no row for who gave it."""
    treats = [held("T-1", kind=kind, owner="host"), held("T-2", kind=kind, ad_hoc=True)]
    treats += [dropped("T-3", kind=kind), opened("T-4", kind=kind)]

    assert plain(told()) == plain(told(*treats))
    assert list(effort_by(treats, _owner, JULY)) == []
    assert told(held()) == told(held(), *treats)


def test_the_treats_are_those_of_the_rule_book():
    """Nobody moves one out of the table without a test that falls."""
    names = {"GIFT", "COUPON", "ENTERTAINMENT", "MEAL", "RECEPTION", "CASH"}

    assert {kind.name for kind in TREATS} == names


def test_what_needs_review_is_no_effort_either():
    """Nobody approves a visit."""
    assert plain(told()) == plain(told(held(kind=ActivityKind.TRAVEL)))


def test_a_call_is_effort_as_a_visit_is():
    """Professional work of every kind counts."""
    assert told(held(kind=ActivityKind.CALL)) == told(held())


# --- planned and made ------------------------------------------------------------------------


def test_a_cancelled_visit_is_planned_but_not_kept():
    """It lowers adherence, and no visit was made."""
    july = told(held("A"), dropped("B"))

    assert (july.adherence, july.cancelled, july.made) == (Rate(1, 2), 1, 1)


def test_a_visit_cancelled_after_the_period_was_just_not_made():
    """At the end of July nobody had called it off."""
    late = dropped(at=on(8, 3))

    assert (told(late).cancelled, told(late).adherence) == (0, Rate(0, 1))
    assert told(late, during=AUGUST).cancelled == 0


def test_an_unplanned_visit_is_made_but_kept_no_plan():
    """It is in the second rate and not in the first."""
    july = told(held("A", ad_hoc=True), opened("B"))

    assert (july.made, july.ad_hoc, july.adherence, july.effective) == (
        1,
        1,
        Rate(0, 1),
        Rate(1, 1),
    )


def test_an_unplanned_meeting_that_was_called_off_is_nothing():
    """It was planned for no day, and nobody met."""
    assert plain(told()) == plain(told(dropped(ad_hoc=True)))


def test_a_visit_broken_off_was_made_and_kept_its_plan():
    """Whether it had an effect is another question."""
    july = told(held(path=SHORT[:2]))

    assert (july.made, july.adherence) == (1, Rate(1, 1))


def test_a_visit_that_runs_was_made_and_has_no_effect_yet():
    """The conversation is over, the summary not written."""
    july = told(talked())

    assert (july.made, july.effective, july.ineffective) == (1, Rate(0, 1), ("V-1",))


def test_a_visit_put_off_to_august_is_planned_for_august():
    """In July nobody had planned it any more; put off in August, July still waited for it."""
    visit, day = opened(), date(2026, 8, 4)
    in_time = visit.postpone(day, at=on(7, 5), reason="the ward is closed")
    too_late = visit.postpone(day, at=on(8, 1), reason="the ward was closed")

    assert (told(in_time).adherence, told(too_late).adherence) == (Rate(0, 0), Rate(0, 1))
    for one in (in_time, too_late):
        assert told(one, during=AUGUST).adherence == Rate(0, 1)


def test_a_day_still_to_come_is_not_missed_yet():
    """In the middle of July only days that are over count, and what was decided early."""
    day = date(2026, 7, 20)
    ahead, early, off = opened("A", day=day), held("B", day=day), dropped("C", day=day)

    def adherence(at, *visits):
        return told(*visits, at=at).adherence

    for at in (on(7, 10), on(7, 20, 0), on(7, 20, 23, 59)):
        assert adherence(at, ahead) == Rate(0, 0)
        assert adherence(at, ahead, early) == Rate(1, 1)
        assert adherence(at, ahead, early, off) == Rate(1, 2)
    midnight = on(7, 21, 0)
    assert adherence(midnight, ahead) == adherence(midnight - TICK, ahead) == Rate(0, 1)
    assert adherence(midnight - 2 * TICK, ahead) == Rate(0, 0)
    assert adherence(None, ahead, early, off) == Rate(1, 3)


def test_a_visit_made_in_another_month_than_planned():
    """Early it was kept where it was planned, and made where it was made; late it was not kept."""
    early, late = (opened(at=on(6, 1)).advance(at=at) for at in (on(6, 30), on(8, 3)))
    months = [JULY.shift(-1), JULY, AUGUST]

    assert [told(early, during=month).made for month in months] == [1, 0, 0]
    assert [told(late, during=month).made for month in months] == [0, 0, 1]
    for visit, kept in ((early, 1), (late, 0)):
        adherence = [told(visit, during=month).adherence for month in months]
        assert adherence == [Rate(0, 0), Rate(kept, 1), Rate(0, 0)]


def test_whoever_is_met_twice_is_one_contact():
    """Two doctors, three visits."""
    july = told(held("A"), held("B"), held("C", contact="DR-8"))

    assert (july.made, july.contacts) == (3, 2)


def test_the_ids_without_effect_come_in_the_order_of_the_book():
    """As the manager listed them."""
    book = [held(name, **IDLE) for name in ("B", "C", "A")]

    assert told(*book).ineffective == ("B", "C", "A")


def test_what_counts_as_effective_is_for_the_company_to_say():
    """Four aims where the plan has three, no result where none is asked, a summary at once."""
    good, idle = held("good"), held("idle", **IDLE)

    assert told(idle, rule=EffectiveRule(results=0)).effective == Rate(1, 1)
    assert told(good, rule=EffectiveRule(aims=4)).effective == Rate(0, 1)
    at_once = EffectiveRule(summary_within=timedelta(minutes=59))
    assert told(good, idle, rule=at_once).ineffective == ("good", "idle")
    (row,) = effort_by([good, idle], _owner, JULY, rule=at_once).values()
    assert row == told(good, idle, rule=at_once)


# --- when and where --------------------------------------------------------------------------


def test_half_past_eleven_in_shanghai_is_that_day_in_shanghai():
    """And not the day before or after, as it may be elsewhere."""
    night = on(7, 6, 23, 30)
    visit = held(at=night, wait=timedelta(0))
    there = [Span(date(2026, 7, d), date(2026, 7, d + 1), tz=JULY.tz) for d in (5, 6, 7)]
    auckland = [Span(date(2026, 7, d), date(2026, 7, d + 1), tz="Pacific/Auckland") for d in (6, 7)]

    assert [told(visit, during=day).made for day in there] == [0, 1, 0]
    assert [told(visit, during=day).made for day in auckland] == [0, 1]


def test_the_last_evening_of_july_is_july_and_half_past_midnight_is_august():
    """In Shanghai; in UTC both are still July."""
    book = [held("A", at=on(7, 31, 23, 30)), held("B", at=on(8, 1, 0, 30))]

    assert (told(*book).made, told(*book, during=AUGUST).made) == (1, 1)
    assert told(*book, during=Month(2026, 7)).made == 2


@pytest.mark.parametrize(
    ("at", "planned", "made"),
    [(JULY.start - TICK, 1, 0), (JULY.start, 1, 1), (JULY.last, 1, 1), (JULY.end, 1, 0)],
)
def test_a_visit_at_the_edge_of_july(at, planned, made):
    """The first instant and the last one are in it."""
    visit = opened(at=on(6, 1)).advance(at=at)

    assert (told(visit).adherence.n, told(visit).made) == (planned, made)


def test_effort_is_read_as_the_visits_stood():
    """A day to come is not missed; then made, then effective: `at` takes its own instant in."""
    visit = held()
    set_up = visit.trail[0].at
    asked = [set_up - TICK, set_up, START - TICK, START, visit.closed_at - TICK, visit.closed_at]
    seen = [told(visit, at=at) for at in asked]

    assert [one.adherence for one in seen] == [*[Rate(0, 0)] * 3, *[Rate(1, 1)] * 3]
    assert [one.made for one in seen] == [0, 0, 0, 1, 1, 1]
    assert [one.effective.hits for one in seen] == [0, 0, 0, 0, 0, 1]
    assert [list(effort_by([visit], _owner, JULY, at=at)) for at in asked[:2]] == [[], ["R-9"]]


def test_without_visits_there_is_no_rate():
    """Nothing was planned and nothing made, so nothing is divided by zero."""
    nothing = told()

    assert (nothing.adherence.ratio, nothing.effective.ratio) == (None, None)
    assert plain(nothing) == oracle.effort([], JULY, None, EffectiveRule())
    assert dict(effort_by([], _owner, JULY)) == {}


def test_the_groups_are_what_the_company_names():
    """Sorted, and a group whose visits lie elsewhere has a row of zeros."""
    book = [held("A", customer="H-2"), held("B", customer="H-1"), held("C", customer="H-2")]
    book += [opened("D", customer="H-0", day=date(2026, 8, 1))]
    table = effort_by(book, lambda visit: visit.customer, JULY)

    assert {name: row.made for name, row in table.items()} == {"H-0": 0, "H-1": 1, "H-2": 2}
    assert list(table) == ["H-0", "H-1", "H-2"]
    assert table["H-0"] == told()


def test_a_group_sees_the_visit_as_it_stood():
    """What happened later is not known to the key either."""
    table = effort_by([held()], lambda visit: visit.status.name, JULY, at=START)

    assert list(table) == [VisitStatus.RUNNING.name]


def test_a_method_of_ones_own_has_effort_too():
    """With its own table; the seven steps do not read it."""
    visit = closed(machine=OWN)

    assert told(visit, machine=OWN).made == 1
    assert effort_by([visit], _owner, JULY, machine=OWN)["R-9"].adherence == Rate(1, 1)


# --- refusals --------------------------------------------------------------------------------


@ways
def test_a_visit_counts_once(way):
    """The error names the id."""
    with pytest.raises(DuplicateId) as refused:
        WAYS[way]([held("A"), held("B"), dropped("B")], JULY)

    assert refused.value.id == "B"


@ways
def test_a_visit_of_another_method_is_refused(way):
    """Also where it would lie outside the period."""
    for during in (JULY, JULY.shift(9)):
        with pytest.raises(ForeignDeal) as refused:
            WAYS[way]([held(), closed(id="W", machine=OWN)], during)
        assert (refused.value.deal, refused.value.machine) == ("own", "visit")


@ways
def test_what_are_no_visits_is_refused(way):
    """By name, and not with an error of Python."""
    values = [None, 5, 0.5, "V-1", b"V", held(), Month, [None], ["V-1"], {"V-1": held()}]
    values += [[held(), 5], [[held()]], [held().trail[0]], [CallPlan()], [type(held())]]

    assert unnamed(WAYS[way], values, "visits") == []


@ways
def test_what_is_no_period_is_refused(way):
    """A month by name, a day and an instant are none; and there has to be one."""
    values = [None, 5, "2026-07", date(2026, 7, 1), JULY.start, (JULY.start, JULY.end), Month]

    assert unnamed(lambda during: WAYS[way]([held()], during), values, "during") == []
    assert unnamed(lambda during: WAYS[way]([], during), values, "during") == []


@ways
def test_what_is_no_instant_is_refused(way):
    """A naive datetime could mean any of forty instants, a date has none."""
    values = ["2026-07-01", 5, 0.5, True, date(2026, 7, 1), datetime(2026, 7, 1, 9), JULY]

    assert unnamed(lambda at: WAYS[way]([held()], JULY, at=at), values, "at") == []


@ways
def test_what_is_no_method_is_refused(way):
    """Its name is none."""
    values = [None, "visit", 5, OWN.name]

    assert unnamed(lambda machine: WAYS[way]([], JULY, machine=machine), values, "machine") == []


@ways
def test_what_is_no_rule_of_effect_is_refused(way):
    """A number of aims is none."""
    values = [None, 1, "strict", EffectiveRule, {"aims": 1}]

    assert unnamed(lambda rule: WAYS[way]([held()], rule=rule), values, "rule") == []


def test_what_names_no_group_is_refused():
    """The key is a function of a visit, and names a group with a text that is not empty."""
    values = [None, "owner", 5, {"V-1": "R-9"}, [_owner]]
    names = [None, "", 5, ["R-9"], b"R-9", "R\0"]

    assert unnamed(lambda key: effort_by([], key, JULY), values, "key") == []
    assert unnamed(lambda key: effort_by([held()], key, JULY), values, "key") == []
    assert unnamed(lambda name: effort_by([held()], lambda _: name, JULY), names, "key") == []


def test_a_refusal_changes_nothing():
    """The visits are as they were, and the next call works."""
    book = [held("A"), held("B")]
    with pytest.raises(DuplicateId):
        effort([*book, book[0]], JULY)

    assert book == [held("A"), held("B")]
    assert effort(iter(book), JULY).made == 2


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize("figure", [told(held(), opened("B")), effort_by([held()], _owner, JULY)])
def test_effort_is_a_value(figure):
    """Equal by content, hashable, copied and stored."""
    assert figure == copy.deepcopy(figure) == pickle.loads(pickle.dumps(figure))
    assert hash(figure) == hash(copy.deepcopy(figure))
    assert figure != told(dropped())


@pytest.mark.parametrize("name", ["made", "adherence", "ineffective", "extra"])
def test_effort_cannot_be_changed(name):
    """Nor can anything be written beside it."""
    with pytest.raises(AttributeError):
        setattr(told(), name, 5)


def test_the_figures_of_effort_are_told_by_name():
    """Nobody mistakes one count for another."""
    with pytest.raises(TypeError):
        type(told())(1, 0, 0, 1, Rate(1, 1), Rate(1, 1), ())


def test_a_rule_is_a_rule_also_where_nothing_is_judged_by_it():
    """A mistake shows at once, and not in the first month with a visit."""
    with pytest.raises(InvalidValue, match=r"^rule "):
        effort([], JULY, rule=None)
    with pytest.raises(InvalidValue, match=r"^rule "):
        effort_by([], _owner, JULY, rule=5)
