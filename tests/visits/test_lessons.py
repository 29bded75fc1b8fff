"""A lesson is what many visits say together, each of them named, and never what one dinner says."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesflow.activity import WORK, ActivityKind
from salesflow.errors import DuplicateId, ForeignDeal, InvalidValue, SalesflowError, WrongType
from salesflow.findings import Severity
from salesflow.funnel import FUNNEL
from salesflow.labels import LANGUAGES
from salesflow.ratios import Rate
from salesflow.visits import (
    VISIT,
    Commitment,
    EffectiveRule,
    Habit,
    MarketSignal,
    ObjectionOutcome,
    Party,
    Step,
    Trend,
    Visit,
    effectiveness,
    lessons,
    visit_method,
)
from salesflow.visits.lessons import LESSON_REMARKS
from visit_teams import (
    DAY,
    JULY,
    LONG,
    MOMENTS,
    NOTES,
    QUESTIONS,
    SHORT,
    START,
    TREATS,
    answered,
    held,
    lives,
    noted,
    on,
    opened,
    promise,
    summary,
    talked,
    teams,
    told,
)
from visit_teams import dropped as cancelled

HAN = re.compile(r"[\u4e00-\u9fff]")
DAYS = st.dates(date(2026, 7, 1), date(2026, 8, 15))
PERIODS = st.sampled_from([None, JULY])
SECRET = "CANARY"


def by_customer(visit):
    """The group of a visit in these tests."""
    return visit.customer


def rate(good, n):
    """A rate as a pair."""
    return Rate(sum(good), n)


def last_day(today, during=None, at=None):
    """A day, or the last one that is read where the lessons end before it."""
    ends = [moment for moment in (during and during.last, at) if moment]
    zone = during.tz if during else "UTC"
    return min([today, *(moment.in_timezone(zone).date() for moment in ends)])


def plain(lesson):
    """Lessons as the naive ones are written."""
    return {
        "n": lesson.n,
        "effective": lesson.effective,
        "ineffective": list(lesson.ineffective),
        "left_out": list(lesson.left_out),
        "steps": {
            step: (row.reached, row.rate, list(row.dropped)) for step, row in lesson.steps.items()
        },
        "answers": {
            name: (
                row.rate,
                dict(row.by_kind),
                dict(row.by_whom),
                list(row.resolved),
                list(row.unresolved),
            )
            for name, row in lesson.answers.items()
        },
        "habits": {
            habit: (row.kept, row.success.before, row.success.after, list(row.missed))
            for habit, row in lesson.habits.items()
        },
        "signals": {
            name: ({t: list(ids) for t, ids in row.visits.items()}, row.customers, row.rising)
            for name, row in lesson.signals.items()
        },
        "overdue": [(one.days, one.visit, one.promise.key) for one in lesson.overdue],
    }


def split(uses, place):
    """Uses of an answer by the kind of objection, or by group."""
    names = sorted({use[place] for use in uses} - {""})
    rows = {name: [use[3] for use in uses if use[place] == name] for name in names}
    return {name: rate(good, len(good)) for name, good in rows.items()}


def habit_row(rows):
    """Of visits with and without a habit: how many kept it, and how many reached something."""
    with_it = [reached for _, kept, reached in rows if kept]
    without = [reached for _, kept, reached in rows if not kept]
    missed = [visit for visit, kept, _ in rows if not kept]
    kept = Rate(len(with_it), len(rows))
    return kept, rate(without, len(without)), rate(with_it, len(with_it)), missed


def naive(book):
    """The naive lessons in the same shape."""
    return {
        "n": book["n"],
        "effective": Rate(book["held"] - len(book["ineffective"]), book["held"]),
        "ineffective": book["ineffective"],
        "left_out": book["left_out"],
        "steps": {
            step: (reached, Rate(passed, passed + len(lost)), lost)
            for step, (reached, passed, lost) in book["steps"].items()
        },
        "answers": {
            name: (
                rate([use[3] for use in uses], len(uses)),
                split(uses, 1),
                split(uses, 2),
                list(dict.fromkeys(use[0] for use in uses if use[3])),
                list(dict.fromkeys(use[0] for use in uses if not use[3])),
            )
            for name, uses in book["answers"].items()
        },
        "habits": {habit: habit_row(rows) for habit, rows in book["habits"].items()},
        "signals": {
            name: (
                {trend: [visit for visit, _, said in rows if said is trend] for trend in Trend},
                len({customer for _, customer, said in rows if said is Trend.RISING}),
                sum(said is Trend.RISING for *_, said in rows),
            )
            for name, rows in book["signals"].items()
        },
        "overdue": sorted(book["overdue"], key=lambda row: (-row[0], row[1:])),
    }


def unordered(figures):
    """The same with every list of ids sorted."""
    match figures:
        case dict():
            return {name: unordered(value) for name, value in figures.items()}
        case tuple():
            return tuple(unordered(value) for value in figures)
        case list():
            return sorted(figures)
        case _:
            return figures


def keys(lesson):
    """The keys of its findings."""
    return [finding.key for finding in lesson.findings]


# --- laws ------------------------------------------------------------------------------------


@given(teams(), PERIODS, st.none() | MOMENTS, DAYS)
def test_lessons_are_what_reading_each_visit_by_hand_gives(visits, during, at, today):
    """Steps, answers, habits, signals, promises and effective visits, of a period or of all."""
    today = last_day(today, during, at)
    lesson = lessons(visits, during, at=at, on=today, whom=by_customer)

    assert plain(lesson) == naive(told(visits, during, at=at, today=today, whom=by_customer))


@given(teams(), PERIODS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_visits_does_not_matter(visits, during, today, random):
    """The same figures, and the same findings about the same."""
    mixed = random.sample(visits, len(visits))
    today = last_day(today, during)
    lesson, again = (lessons(book, during, on=today, least=1) for book in (visits, mixed))

    assert unordered(plain(lesson)) == unordered(plain(again))
    assert lesson.weakest is again.weakest
    assert keys(lesson) == keys(again)


def both(one, other, take):
    """The sum of what is taken from two lessons, hits and n apart."""
    left, right = take(one), take(other)
    return Rate(left.hits + right.hits, left.n + right.n)


@given(teams(4), teams(4, prefix="W"), DAYS)
def test_lessons_of_two_teams_together_are_the_sums_of_their_counts(ours, theirs, today):
    """Nothing is averaged: n adds to n, and ids to ids."""
    one, other, all_ = (lessons(book, on=today) for book in (ours, theirs, ours + theirs))

    assert all_.n == one.n + other.n
    assert all_.effective == both(one, other, lambda lesson: lesson.effective)
    assert all_.ineffective == one.ineffective + other.ineffective
    for step, row in all_.steps.items():
        assert row.reached == one.steps[step].reached + other.steps[step].reached
        assert row.rate == both(one, other, lambda lesson, at=step: lesson.steps[at].rate)
        assert row.dropped == one.steps[step].dropped + other.steps[step].dropped
    for habit, row in all_.habits.items():
        assert row.kept == both(one, other, lambda lesson, of=habit: lesson.habits[of].kept)
        assert row.missed == one.habits[habit].missed + other.habits[habit].missed
    assert set(all_.answers) == {*one.answers, *other.answers}
    for name, row in all_.answers.items():
        parts = [lesson.answers[name] for lesson in (one, other) if name in lesson.answers]
        assert row.rate.hits == sum(part.rate.hits for part in parts)
        assert row.rate.n == sum(part.rate.n for part in parts)
    assert sorted(row.visit for row in all_.overdue) == sorted(
        row.visit for lesson in (one, other) for row in lesson.overdue
    )


@given(teams(), PERIODS, MOMENTS, DAYS)
def test_what_happened_later_is_not_seen(visits, during, at, today):
    """Lessons at an instant are those of the book as it stood then."""
    today = last_day(today, during, at)
    stood = [visit for visit in (visit.as_of(at) for visit in visits) if visit is not None]

    assert lessons(visits, during, at=at, on=today) == lessons(stood, during, on=today, at=at)


@given(teams(), DAYS)
def test_a_step_is_left_by_no_more_visits_than_reached_it(visits, today):
    """Passed and dropped are some of those that reached it; the rest stand there still."""
    lesson = lessons(visits, on=today)

    for row in lesson.steps.values():
        assert row.rate.n <= row.reached <= lesson.n
        assert len(row.dropped) == row.rate.n - row.rate.hits
    assert lesson.effective.n <= lesson.n


@given(teams(5), teams(3, kinds=TREATS, prefix="G"), PERIODS, DAYS)
def test_invariant_46_dinners_change_no_lesson(visits, treats, during, today):
    """Any number of gifts, coupons, entertainments and meals adds a finding, and no figure."""
    ends = {"on": last_day(today, during), "least": 1, "rising": 1, "whom": by_customer}
    lesson = lessons(visits, during, **ends)
    treated = lessons([*treats[:1], *visits, *treats[1:]], during, **ends)

    assert plain(treated) == plain(lesson) | {"left_out": list(treated.left_out)}
    assert treated.weakest is lesson.weakest
    new = [finding for finding in treated.findings if finding.key == "visits_never_count"]
    assert [finding for finding in treated.findings if finding not in new] == list(lesson.findings)
    assert len(new) == bool(treated.left_out)
    assert set(treated.left_out) <= {visit.id for visit in treats}


def behind(lesson, finding, visits):
    """The ids of the visits that a finding has to name."""
    name = finding.values
    match finding.key:
        case "weakest_step":
            step = name["step"]
            last = [visit for visit in visits if visit.trail[-1].status.name == "CANCELLED"]
            cut = [v.id for v in visits if v.aborted_at is step]
            return cut + [v.id for v in last if v.step is step]
        case "answer_works" | "answer_fails":
            works = finding.key == "answer_works"
            return [
                visit.id
                for visit in visits
                for one in visit.sheet.objections
                if one.technique == name["technique"]
                and (one.outcome is ObjectionOutcome.RESOLVED) is works
            ]
        case "habit_pays":
            return list(lesson.habits[name["habit"]].missed)
        case "demand_rising":
            return [
                visit.id
                for visit in visits
                if any(one.subject == name["product"] for one in visit.sheet.signals)
            ]
        case _:
            return [
                visit.id
                for visit in visits
                if visit.kind in TREATS
                or any(one.by is name.get("party") for one in visit.sheet.commitments)
            ]


@given(teams(8, kinds=[ActivityKind.VISIT] * 7 + [ActivityKind.MEAL]), DAYS)
def test_every_finding_names_visits_that_are_behind_it(visits, today):
    """They exist, each once, and show what is said of them; all of them are in the values."""
    lesson = lessons(visits, on=today, least=1, rising=1)

    for finding in lesson.findings:
        named = finding.values["visits"]
        assert len(set(named)) == len(named) > 0
        assert set(named) <= set(behind(lesson, finding, visits))
        for label in (finding.text, finding.advice):
            assert HAN.search(label.zh)
            assert not set("{}") & set(label.zh + label.en)
            assert label.en


@given(teams(8), DAYS, st.integers(1, 5))
def test_fewer_cases_than_the_least_make_no_lesson(visits, today, least):
    """Of a step, an answer or a habit; the rates are there all the same."""
    lesson = lessons(visits, on=today, least=least)

    for finding in lesson.findings:
        match finding.key:
            case "weakest_step":
                assert lesson.steps[finding.values["step"]].rate.n >= least
            case "answer_works" | "answer_fails":
                assert finding.values["rate"].n >= least
            case "habit_pays":
                assert min(finding.values[name].n for name in ("before", "after")) >= least
            case _:
                assert finding.key in {"promises_overdue", "demand_rising"}
    assert lesson.answers == lessons(visits, on=today).answers


@given(teams(6))
def test_answers_agree_with_the_effectiveness_of_the_objections(visits):
    """The same figure, once over the objections and once over the visits."""
    met = [visit for visit in visits if visit.held_at is not None]
    doubts = [doubt for visit in met for doubt in visit.sheet.objections]
    answers = lessons(visits).answers

    assert {name: row.rate for name, row in answers.items()} == dict(effectiveness(doubts))


# --- the period ------------------------------------------------------------------------------

LATE = promise("sample", due=date(2026, 6, 30), made_on=date(2026, 6, 29))


def visit_at(id, at, *records, **rest):
    """A visit held at an instant, with these records at the close."""
    notes = noted(CLOSE=(promise(made_on=date(2026, 6, 1)), *records))
    return held(id, at=at, notes=notes, **({"day": at.date()} | rest))


@pytest.mark.parametrize(
    ("at", "n"),
    [
        (JULY.start - timedelta(microseconds=1), 0),
        (JULY.start, 1),
        (JULY.last, 1),
        (JULY.end, 0),
    ],
)
def test_a_visit_belongs_to_the_month_in_which_it_was_held(at, n):
    """To the microsecond, in the zone of the month; and a cancelled one likewise."""
    visit = opened("A").advance(at=at)
    gone = opened("B").cancel(at=at, reason="the ward was closed")

    assert lessons([visit], JULY).n == n
    assert lessons([gone], JULY).n == n
    assert lessons([visit, gone]).n == 2


def test_what_a_visit_became_after_the_month_is_not_its_lesson():
    """Held in July, closed in August: in July it still stood at its close."""
    visit = talked(path=LONG[:-1], at=on(7, 31, 23)).advance(at=on(8, 1, 1))
    lesson = lessons([visit], JULY)

    assert lesson.steps[Step.POST_CALL_SUMMARY].reached == 0
    assert lesson.steps[Step.CLOSE].reached == 1
    assert lessons([visit], JULY, at=on(8, 5)) == lesson
    assert lessons([visit]).steps[Step.POST_CALL_SUMMARY].reached == 1


def test_a_visit_that_is_only_planned_teaches_nothing_yet():
    """Neither its plan nor its kind is a lesson before it was held."""
    lesson = lessons([opened("A"), opened("B", kind=ActivityKind.GIFT)])

    assert (lesson.n, lesson.left_out, lesson.findings) == (0, (), ())


def test_promises_of_earlier_visits_are_still_overdue():
    """Made in June, due in June: in the lessons of July it is 31 days late."""
    june = visit_at("A", on(6, 29), LATE)
    lesson = lessons([june], JULY)

    assert lesson.n == 0
    assert next((one.visit, one.days) for one in lesson.overdue) == ("A", 31)


def test_promises_are_looked_at_on_the_last_day_of_the_period():
    """Or of the instant asked for, in the zone of the period; never on a day that is not given."""
    visit = visit_at("A", on(7, 2), promise("x", made_on=date(2026, 7, 2), due=date(2026, 7, 8)))
    late = lambda *given_, **rest: [one.days for one in lessons([visit], *given_, **rest).overdue]

    assert late() == []
    assert late(JULY)[0] == 23
    assert late(JULY, at=on(7, 9, 0, 30)) == [1]
    assert late(JULY, at=on(7, 8, 23, 30)) == []
    assert late(on=date(2026, 7, 10)) == [2]
    assert late(at=on(7, 10, 12)) == [2]


def test_ae_69_effective_visits_are_a_share_of_the_visits_made():
    """Planned 12, made 10, effective 8: 80.0 %; the two cancelled ones are not made."""
    book = [held(f"good {i}") for i in range(8)]
    book += [held(f"no aim met {i}", summary=summary(aims_met=[]), notes={}) for i in range(2)]
    book += [cancelled(f"gone {i}", at=START) for i in range(2)]
    lesson = lessons(book)

    assert (lesson.n, lesson.effective) == (12, Rate(8, 10))
    assert str(lesson.effective) == "80.0% (n=10)"


def test_the_rule_of_effective_visits_may_be_set():
    """A team that wants two results counts fewer visits."""
    book = [held("A"), held("B", summary=summary(aims_met=["test", "ward", "trial"]))]

    assert lessons(book).effective == Rate(2, 2)
    assert lessons(book, rule=EffectiveRule(results=3)).effective == Rate(1, 2)


def test_a_method_of_ones_own_has_lessons_of_its_own_steps():
    """Its steps in its own order; the visits of another method are refused."""
    short = visit_method("short", [Step.PRE_CALL_PLAN, Step.CLOSE, Step.POST_CALL_SUMMARY])
    visit = opened("A", machine=short).advance(at=START, machine=short)
    lesson = lessons([visit], machine=short)

    assert list(lesson.steps) == [Step.PRE_CALL_PLAN, Step.CLOSE, Step.POST_CALL_SUMMARY]
    assert lesson.steps[Step.PRE_CALL_PLAN].rate == Rate(1, 1)
    with pytest.raises(ForeignDeal):
        lessons([visit])
    with pytest.raises(ForeignDeal):
        lessons([held()], machine=short)


def test_a_table_of_the_same_name_with_other_steps_is_another_method():
    """The visit stands at a step that this table does not have, or has walked one."""
    twin = visit_method(VISIT.name, [Step.PRE_CALL_PLAN, Step.CLOSE, Step.POST_CALL_SUMMARY])

    with pytest.raises(ForeignDeal):
        lessons([talked(path=LONG[:2])], machine=twin)
    with pytest.raises(SalesflowError):
        lessons([talked(path=LONG[:5])], machine=twin)


# --- findings --------------------------------------------------------------------------------


def habitual(n=5):
    """Visits with all four types of question that met an aim, and others with neither."""
    good = [held(f"good {i}") for i in range(n)]
    bad = {"notes": {Step.NEEDS: QUESTIONS[:1]}, "summary": summary(aims_met=[])}
    return good + [held(f"bad {i}", path=SHORT, **bad) for i in range(n)]


def rising(n=3, **rest):
    """Visits that report rising demand for a class of products."""
    signal = MarketSignal(subject="PCR", trend=Trend.RISING)
    notes = noted(NEEDS=(*NOTES[Step.NEEDS], signal))
    return [held(f"heard {i}", notes=notes, **rest) for i in range(n)]


PROVOKED = {
    "visits_never_count": [held("A", kind=ActivityKind.GIFT)],
    "weakest_step": [held(f"cut {i}", path=LONG[:2]) for i in range(2)]
    + [held(f"on {i}") for i in range(3)],
    "answer_works": answered(ObjectionOutcome.RESOLVED),
    "answer_fails": answered(ObjectionOutcome.UNRESOLVED),
    "habit_pays": habitual(),
    "demand_rising": rising(),
    "promises_overdue": [visit_at("A", on(6, 29), LATE)],
}


def find(key, book, **rest):
    """The findings of this key in the lessons of a book."""
    lesson = lessons(book, **rest)
    return [finding for finding in lesson.findings if finding.key == key]


def test_every_remark_is_provoked():
    """Each row of the table has its book here."""
    assert [remark.key for remark in LESSON_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("key", PROVOKED)
def test_each_remark_is_provoked_and_speaks_both_languages(key):
    """About the visits as a whole, with a next step, and the name of nobody."""
    found = find(key, PROVOKED[key], on=date(2026, 7, 2))

    assert found
    for finding in found:
        assert finding.subject == "visits"
        assert finding.severity in {Severity.WATCH, Severity.AVOID}
        for label in (finding.text, finding.advice):
            assert HAN.search(label.zh)
            assert not HAN.search(label.en)
            assert not any(word in label.zh + label.en for word in ("R-9", "DR-7", "H-3", "{"))


def test_a_team_whose_visits_go_well_has_nothing_to_change():
    """Nothing broken off, nothing overdue: only that its answers work is told."""
    assert keys(lessons([held(f"{i}") for i in range(4)], on=DAY)) == []
    assert keys(lessons([held(f"{i}") for i in range(5)], on=DAY)) == ["answer_works"]


def test_findings_are_about_the_period_by_its_name():
    """As its reports are."""
    (finding,) = lessons(answered(ObjectionOutcome.RESOLVED), JULY, on=DAY).findings

    assert finding.subject == str(JULY)


def test_the_texts_say_how_many_and_of_what():
    """The figures a manager needs, with their n, in the words of each language."""
    texts = {key: find(key, book, on=date(2026, 7, 2))[0].text.en for key, book in PROVOKED.items()}

    assert texts["visits_never_count"] == "visits of a kind that does not count: 1"
    assert "“needs” is the weakest step: 60.0% (n=5) go on" in texts["weakest_step"]
    assert texts["answer_works"] == "answering with “evidence” works: 100.0% (n=5)"
    assert texts["answer_fails"] == "answering with “evidence” fails: 0.0% (n=5)"
    assert "100.0% (n=5)" in texts["habit_pays"]
    assert "0.0% (n=5)" in texts["habit_pays"]
    assert texts["demand_rising"].endswith("by visits: 3, customers: 1")
    assert "of the customer: 1, the oldest by 2 d" in texts["promises_overdue"]


@pytest.mark.parametrize(
    ("key", "book", "ends"),
    [
        ("answer_works", answered(ObjectionOutcome.RESOLVED, 4), {}),
        ("answer_fails", answered(ObjectionOutcome.DEFERRED, 4), {}),
        ("habit_pays", habitual(4), {}),
        ("demand_rising", rising(2), {}),
        ("weakest_step", PROVOKED["weakest_step"], {"least": 6}),
        ("answer_works", PROVOKED["answer_works"], {"least": 6}),
        ("habit_pays", PROVOKED["habit_pays"], {"least": 6}),
        ("demand_rising", PROVOKED["demand_rising"], {"rising": 4}),
        ("promises_overdue", PROVOKED["promises_overdue"], {"on": date(2026, 6, 30)}),
    ],
)
def test_one_case_too_few_is_no_lesson(key, book, ends):
    """Just below its threshold a remark is not made."""
    assert find(key, book, **ends) == []


def test_an_answer_that_works_as_often_as_not_is_no_lesson():
    """Its interval holds one half, whatever its n."""
    book = answered(ObjectionOutcome.RESOLVED) + answered(ObjectionOutcome.UNRESOLVED)

    assert lessons(book).answers["evidence"].rate == Rate(5, 10)
    assert not find("answer_works", book)
    assert not find("answer_fails", book)


def test_an_objection_that_was_put_off_did_not_resolve():
    """Deferred is used, and not resolved."""
    assert find("answer_fails", answered(ObjectionOutcome.DEFERRED))


def test_more_than_five_visits_are_shortened_in_the_text_and_whole_in_the_values():
    """A host that links them all reads the values."""
    (finding,) = find("demand_rising", rising(7))

    assert finding.advice.en.endswith("heard 0, heard 1, heard 2, heard 3, heard 4 …")
    assert finding.values["visits"] == tuple(f"heard {i}" for i in range(7))


def test_promises_of_either_side_are_told_apart():
    """Ours are ours to keep; each finding names its own visits once."""
    ours = [promise("a", by=Party.COMPANY, due=DAY)]
    ours += [promise("b", by=Party.COMPANY, due=date(2026, 7, 8))]
    book = [visit_at("A", START, *ours), visit_at("B", START, promise("c", due=DAY))]
    first, second = find("promises_overdue", book, on=date(2026, 7, 9))

    assert (first.values["party"], first.values["n"], first.values["visits"]) == (
        Party.COMPANY,
        2,
        ("A",),
    )
    assert (second.values["party"], second.values["n"], second.values["visits"]) == (
        Party.CUSTOMER,
        1,
        ("B",),
    )
    assert "我方有 2 个承诺逾期，最久 3 天" in first.text.zh


def test_what_never_counts_is_named_and_left_out():
    """A gift and a dinner among the visits: two ids, no case."""
    book = [held("V"), held("G", kind=ActivityKind.GIFT), held("M", kind=ActivityKind.MEAL)]
    lesson = lessons(book, on=DAY)

    assert (lesson.n, lesson.left_out, lesson.effective) == (1, ("G", "M"), Rate(1, 1))
    (finding,) = lesson.findings
    assert (finding.key, finding.severity, finding.values["visits"]) == (
        "visits_never_count",
        Severity.AVOID,
        ("G", "M"),
    )


@pytest.mark.parametrize("kind", [kind for kind in ActivityKind if kind not in WORK])
def test_invariant_46_each_kind_that_does_not_count_changes_no_lesson(kind):
    """Not a gift, not cash, and nothing that somebody would have to approve first."""
    book = [*PROVOKED["weakest_step"], *answered(ObjectionOutcome.RESOLVED), *habitual(), *rising()]
    signal = MarketSignal(subject="PCR", trend=Trend.RISING)
    late = promise("x", due=DAY)
    treat = held("T", kind=kind, notes=noted(NEEDS=(signal,), CLOSE=(late,)))
    gone = cancelled("G", at=START, kind=kind)
    plain_ones = lessons(book, on=date(2026, 7, 9))
    treated = lessons([treat, *book, gone], on=date(2026, 7, 9))

    assert treated.left_out == ("T", "G")
    assert plain(treated) == plain(plain_ones) | {"left_out": ["T", "G"]}
    assert treated.findings[1:] == plain_ones.findings
    assert treated.findings[0].key == "visits_never_count"


def test_an_answer_is_told_with_the_visits_that_show_it():
    """Those in which it worked, to be copied, or those in which it failed, to be reviewed."""
    good, bad = answered(ObjectionOutcome.RESOLVED, 9), answered(ObjectionOutcome.UNRESOLVED, 1)
    (works,) = find("answer_works", good + bad)
    good, bad = answered(ObjectionOutcome.RESOLVED, 1), answered(ObjectionOutcome.UNRESOLVED, 9)
    (fails,) = find("answer_fails", good + bad)

    assert works.values["visits"] == tuple(f"evidence RESOLVED {i}" for i in range(9))
    assert fails.values["visits"] == tuple(f"evidence UNRESOLVED {i}" for i in range(9))


def test_a_habit_that_does_not_pay_is_not_preached():
    """Where those without it do as well or better, nothing is said."""
    kept = {"notes": {Step.NEEDS: NOTES[Step.NEEDS]}, "summary": summary(aims_met=[])}
    book = [held(f"kept {i}", **kept) for i in range(5)] + [
        held(f"w {i}", notes={}) for i in "abcde"
    ]

    assert lessons(book).habits[Habit.FULL_SPIN].success.difference == Fraction(-1)
    assert not find("habit_pays", book)


def test_lessons_are_a_value():
    """Equal by content, hashable, copied and stored."""
    lesson = lessons(PROVOKED["weakest_step"] + rising(), on=DAY)

    assert lesson == copy.deepcopy(lesson) == pickle.loads(pickle.dumps(lesson))
    assert hash(lesson) == hash(copy.deepcopy(lesson))


def test_a_book_may_be_any_iterable():
    """A generator is read once, and no visits are a book too."""
    assert lessons(visit for visit in [held()]).n == 1
    assert lessons([]).weakest is None
    assert list(lessons([]).steps) == list(Step)


# --- what is no book -------------------------------------------------------------------------


class Fake:
    """Something with the name of a visit."""

    id, kind, trail = SECRET, ActivityKind.VISIT, ()


HOSTILE = {
    "int": (7,),
    "None": (None,),
    "text": (SECRET,),
    "one visit": (held(),),
    "ints in it": ([7],),
    "fakes in it": ([held(), Fake()],),
    "None in it": ([held(), None],),
    "the class": ([Visit],),
    "period of text": ([held()], SECRET),
    "period of a day": ([held()], DAY),
}
ENDS = [
    {"at": datetime(2026, 7, 1)},
    {"at": date(2026, 7, 1)},
    {"at": SECRET},
    {"at": on(1, 1).replace(year=1066)},
    {"on": datetime(2026, 7, 1)},
    {"on": SECRET},
    {"on": 7},
    {"on": date(1066, 7, 1)},
    *({name: bad} for name in ("least", "rising") for bad in (0, -1, True, 1.5, None, SECRET)),
    {"rule": None},
    {"rule": SECRET},
    {"whom": SECRET},
    {"whom": 7},
    {"machine": None},
    {"machine": SECRET},
    {"machine": FUNNEL},
]


@pytest.mark.parametrize("given_", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_book_is_refused(given_):
    """With our own error, that says nothing of what was in it."""
    with pytest.raises(WrongType) as refused:
        lessons(*given_)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("ends", ENDS, ids=repr)
def test_what_is_no_end_is_refused(ends):
    """A naive instant, a datetime for a day, a bool for a count, the table of the funnel."""
    with pytest.raises(SalesflowError) as refused:
        lessons([held()], **ends)

    assert SECRET not in str(refused.value)


def test_promises_are_not_looked_at_after_the_last_instant_that_is_read():
    """What was kept in August is not known to the lessons of July."""
    assert lessons([held()], JULY, on=date(2026, 7, 31)).n == 1
    for ends in ({"on": date(2026, 8, 1)}, {"on": date(2026, 7, 9), "at": on(7, 8)}):
        with pytest.raises(InvalidValue, match="after the last instant") as refused:
            lessons([held()], JULY, **ends)
        assert refused.value.field == "on"
    assert lessons([held()], on=date(2026, 8, 1)).n == 1
    with pytest.raises(InvalidValue, match="after the last instant"):
        lessons([held()], on=date(2026, 7, 9), at=on(7, 8))


def test_a_visit_given_twice_would_be_counted_twice():
    """So it is refused, also where both are of kinds that never count."""
    for kind in (ActivityKind.VISIT, ActivityKind.GIFT):
        with pytest.raises(DuplicateId):
            lessons([held("A"), held("B"), held("A", kind=kind)])


@given(lives())
def test_lessons_of_one_visit_never_break(visit):
    """Whatever a single visit holds, its lessons are told and its texts are whole."""
    lesson = lessons([visit], JULY, least=1, rising=1, machine=VISIT)

    assert lesson.n in {0, 1}
    for finding in lesson.findings:
        assert all(
            label.text(tongue) for label in (finding.text, finding.advice) for tongue in LANGUAGES
        )


def test_a_promise_bears_who_made_it_and_to_whom():
    """The visit, the representative and the customer, for a list to work through."""
    (late,) = lessons([visit_at("A", on(6, 29), LATE)], on=date(2026, 7, 1)).overdue

    assert (late.visit, late.owner, late.customer, late.days) == ("A", "R-9", "H-3", 1)
    assert isinstance(late.promise, Commitment)


def test_a_promise_written_into_a_plan_is_nobodys_yet():
    """It was made once the customer was met; of a visit called off it never was."""
    note = promise("sample", due=date(2026, 6, 30), made_on=date(2026, 6, 29))
    visit = opened().record(note, at=START)
    met, off = visit.advance(at=START), visit.cancel(at=START, reason="no time")
    late = lambda one: [row.days for row in lessons([one], on=date(2026, 7, 9)).overdue]

    assert (late(visit), late(off), late(met)) == ([], [], [9])
