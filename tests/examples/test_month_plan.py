"""The example of the month plan: every call it prints against the rules, read by hand from CSV."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import (
    EXAMPLES,
    ROOT,
    cells,
    columns,
    example,
    fences,
    fixtures,
    flat,
    manual,
    named,
    said_twice,
    table,
)

FOLDER = EXAMPLES / "territory"
PAGE = ROOT / "docs" / "how-to" / "plan-your-month.md"
COLUMNS = example("month_plan_parts.territory").COLUMNS
SETTINGS = example("month_plan_parts.settings")
FIRST = date(2026, 9, 21)
DAYS = [FIRST + timedelta(days=n) for n in range(28)]
PER_DAY = 15
VISITS = {"grow": 4, "keep": 3, "prepare": 2, "sustain": 2, "observe": 1, "inform": 1}
NAMES = {
    "grow": "grow",
    "keep": "keep",
    "prepare": "prepare the listing",
    "sustain": "sustain",
    "observe": "observe",
    "inform": "inform",
}
REFUSED = {"DR-92", "DR-93", "DR-94"}
report, complaint = fixtures("month_plan")


def section(lines, heading):
    """The lines of one section, without those of others that begin with the same words."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{heading} ─"))
    end = lines.index("", start) if "" in lines[start:] else len(lines)
    return [line.strip() for line in lines[start + 1 : end]]


def share(hits, n):
    return f"{100 * hits / n:.1f}%"


# --- the sample territory, by hand -----------------------------------------------------------


def segment_of(row):
    """The segment of a row, or what the two scores make of it."""
    if row["segment"] or not row["potential"]:
        return row["segment"]
    status, high = int(row["status"]), int(row["potential"]) >= 3
    if status < 0:
        return "prepare" if high else "inform"
    return ("keep" if high else "sustain") if status >= 3 else ("grow" if high else "observe")


def within(hours, on, at):
    """Whether an hour of a day lies in hours such as `08:00-09:30; 3 13:30-17:30`."""
    for part in filter(None, hours.split(";")):
        *weekday, span = part.split()
        start, end = map(time.fromisoformat, span.split("-"))
        if start <= at < end and weekday in ([], [str(on.isoweekday())]):
            return True
    return False


class Hand:
    """The sample territory read with plain loops; what the report must agree with."""

    def __init__(self):
        self.customers = {}
        for row in table(FOLDER / "customers.csv"):
            if row["contact"] not in REFUSED:
                self.customers.setdefault(row["contact"], row)
        self.segment = {name: segment_of(row) for name, row in self.customers.items()}
        self.wanted = {
            name: int(row["visits"]) if row["visits"] else VISITS[self.segment[name]]
            for name, row in self.customers.items()
        }
        days = table(FOLDER / "holidays.csv")
        self.off = {row["day"]: row for row in days if row["kind"] == "off"}
        self.made_up = {row["day"] for row in days if row["kind"] == "make_up"}
        self.off |= {row["day"]: row for row in table(FOLDER / "days_off.csv")}
        self.worked = [
            on
            for on in DAYS
            if str(on) in self.made_up or (on.isoweekday() < 6 and str(on) not in self.off)
        ]
        self.hospitals = {row["hospital"]: row for row in table(FOLDER / "hospitals.csv")}
        self.booked = table(FOLDER / "booked.csv")[:6]
        self.room = PER_DAY * len(self.worked)

    def meets(self, contact, on, at):
        row = self.customers[contact]
        weekdays = row["weekdays"].split() or list("1234567")
        return str(on.isoweekday()) in weekdays and not within(row["busy"], on, at)

    def limit(self, hospital):
        row = self.hospitals[hospital]
        return int(row["visit_days"] or (ceil(Fraction(row["days"])) if row["days"] else 99))


@pytest.fixture(scope="module")
def hand():
    return Hand()


def calls_of(lines):
    """The calls of all days that are told hour by hour: day, hour, contact, place, number, note."""
    found, on = [], None
    for line in lines:
        told = re.match(r"\w{3} (\d{4}-\d\d-\d\d), hour by hour", line)
        on = date.fromisoformat(told[1]) if told else on if line else None
        call = re.match(r" +(\d\d:\d\d) +(\S+) +(\S+) .* (\d+)/(\d+)(?: +(\S.*))?$", line)
        if call and on:
            at, contact, place, nth, of, note = call.groups()
            found.append((on, time.fromisoformat(at), contact, place, (int(nth), int(of)), note))
    return found


@pytest.fixture(scope="module")
def calls(report):
    return calls_of(report("en", "--all-days"))


def test_the_hand_read_a_real_territory(hand, calls):
    assert len(hand.customers) == 91
    assert len({row["place"] for row in hand.customers.values()}) == 8
    assert set(hand.segment.values()) == set(VISITS)
    assert [on.day for on in hand.worked] == [21, 22, 23, 24, 28, 29, 8, 9, 10, 12, 13, 14, 15, 16]
    assert sum(hand.wanted.values()) > hand.room
    assert any(row["potential"] for row in hand.customers.values())
    assert any(row["importance"] for row in hand.customers.values())


def test_the_headline_is_the_count_by_hand(report, hand, calls):
    text = flat(report("en")[3:6])
    mine = [call for call in calls if call[2] in hand.customers]
    met = {contact for _, _, contact, *_ in mine}

    assert text.startswith(
        f"{len(calls)} calls are planned on {len(hand.worked)} working days that hold "
        f"{hand.room}: {share(len(calls), hand.room)} are used. "
        f"91 customers want {sum(hand.wanted.values())} calls, of which "
        f"{sum(hand.wanted.values()) - len(mine)} do not fit; {len(met)} of them are met at "
        f"least once, {share(len(met), 91)}."
    )


def test_every_call_keeps_to_the_rules(hand, calls):
    for on, at, contact, place, *_ in calls:
        assert on in hand.worked
        assert at.minute in (0, 30)
        assert time(8) <= at <= time(11, 30) or time(13, 30) <= at <= time(17)
        if contact in hand.customers:
            assert place == hand.customers[contact]["place"]
    assert len({(on, at) for on, at, *_ in calls}) == len(calls)
    assert len({(on, contact) for on, _, contact, *_ in calls}) == len(calls)
    assert max(Counter(on for on, *_ in calls).values()) <= PER_DAY


def test_nobody_is_called_upon_when_busy_unless_it_is_booked(hand, calls):
    agreed = {(row["contact"], row["day"], row["hour"]) for row in hand.booked}

    for on, at, contact, *_, note in calls:
        booked = (contact, str(on), at.strftime("%H:%M")) in agreed
        assert (note == "booked") == booked
        if not booked:
            assert hand.meets(contact, on, at), (contact, on, at)
            best = hand.customers[contact]["best"]
            welcome = "best hour" if within(best, on, at) else "not a best hour"
            assert note == (welcome if best else None)
    assert sum(note == "booked" for *_, note in calls) == len(agreed) == 6


def test_nobody_is_called_upon_more_often_than_wanted(hand, calls):
    made = Counter(contact for _, _, contact, *_ in calls)

    for contact, n in made.items():
        assert n <= hand.wanted.get(contact, 1)
        numbers = [number for _, _, one, _, number, _ in calls if one == contact]
        assert numbers == [(nth, n) for nth in range(1, n + 1)]


def test_no_hospital_is_visited_on_more_days_than_it_may(report, hand, calls):
    lines = section(report("en"), "Hospitals: the month plan and the calls")
    days = defaultdict(set)
    for on, _, _, place, *_ in calls:
        days[place].add(on)

    for name, row in hand.hospitals.items():
        here = [one for one, other in hand.customers.items() if other["place"] == name]
        planned = sum(place == name for _, _, _, place, *_ in calls)
        told = cells(lines, f"{name} ")
        assert len(days[name]) <= hand.limit(name)
        assert told[:3] == [str(len(here)), str(sum(hand.wanted[c] for c in here)), str(planned)]
        assert told[3] == (f"{float(row['days']):.1f}" if row["days"] else "–")
        assert float(told[4]) == pytest.approx(planned / PER_DAY, abs=0.051)
        assert told[5] == ("–" if hand.limit(name) == 99 else str(hand.limit(name)))
        assert told[6] == str(len(days[name]))
    given = sum(Fraction(row["days"] or 0) for row in hand.hospitals.values())
    assert cells(lines, "all ")[2:4] == [str(len(calls)), f"{float(given):.1f}"]
    assert cells(lines, "all ")[-1] == str(sum(map(len, days.values())))


def test_the_segments_are_the_count_by_hand_and_sum_up(report, hand, calls):
    lines = section(report("en"), "By segment")
    made = Counter(contact for _, _, contact, *_ in calls)

    for key, name in NAMES.items():
        those = [one for one, segment in hand.segment.items() if segment == key]
        wanted, planned = (sum(some[one] for one in those) for some in (hand.wanted, made))
        met = sum(made[one] > 0 for one in those)
        assert cells(lines, f"{name} ") == [
            *map(str, (len(those), wanted, planned, wanted - planned, met)),
            share(met, len(those)),
        ]
    columns_ = zip(*(cells(lines, f"{name} ")[:5] for name in NAMES.values()), strict=True)
    assert cells(lines, "all ")[:5] == [str(sum(map(int, column))) for column in columns_]
    names = [line.split("  ")[0] for line in lines[2:8]]
    assert names == list(NAMES.values())  # the most important first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_grid_has_a_line_for_each_day_and_names_the_holidays(report, hand, calls, language):
    lines = section(report(language), {"en": "The four weeks", "zh": "四周安排"}[language])
    weekend = {"en": "weekend", "zh": "周末"}[language]

    for n, on in enumerate(DAYS):
        line = next(one for one in lines if str(on) in one)
        week, told = line.split(str(on))
        assert week.strip() == ("" if n % 7 else str(n // 7 + 1))
        today = Counter(place for day, _, _, place, *_ in calls if day == on)
        if on in hand.worked:
            assert told.split()[1] == str(today.total())
            assert dict(re.findall(r"(H-\d\d) \((\d+)\)", told)) == {
                place: str(n) for place, n in today.items()
            }
            made_up = {"en": "[makes up for a day off]", "zh": "（补班）"}[language]
            assert (made_up in told) == (str(on) in hand.made_up)
        else:
            name = hand.off[str(on)][language] if str(on) in hand.off else weekend
            assert told.strip().endswith(name)
    for name in ("National Day", "Mid-Autumn Festival", "company training"):
        assert (name in flat(lines)) == (language == "en")


def test_the_first_day_is_told_hour_by_hour_or_the_one_asked_for(report, calls):
    assert calls_of(report("en")) == [call for call in calls if call[0] == FIRST]
    asked = report("--day", "2026-10-10")
    assert calls_of(asked) == [call for call in calls if call[0] == date(2026, 10, 10)]
    assert section(report("--day", "2026-10-01"), "Thu 2026-10-01, hour by hour") == ["No calls."]


REASONS = (
    "too few working days on which the customer can be met",
    "the month plan gives the hospital too few days",
    "no free hour suits on the days that have room",
    "all days or weeks are full: booked calls, customers as important or more",
)


def test_what_did_not_fit_is_told_whole_with_the_reason(report, hand, calls):
    lines = section(report("--all-rows"), "What did not fit, and why")
    made = Counter(contact for _, _, contact, *_ in calls)
    short = {one: n - made[one] for one, n in hand.wanted.items() if made[one] < n}
    told = {}
    for line in lines:
        row = re.match(r"(DR-\d+) +(H-\d+) +(.+?) +([ABC]) +(\d+) of (\d+) +(\d+) ", line)
        if row:
            contact, place, segment, grade, planned, wanted, missing = row.groups()
            told[contact] = int(missing)
            one = hand.customers[contact]
            assert (place, grade) == (one["place"], one["grade"])
            assert segment == NAMES[hand.segment[contact]]
            assert (int(planned), int(wanted)) == (made[contact], hand.wanted[contact])
    heads = [line for line in lines if line.startswith(REASONS)]

    assert told == short
    assert len(short) > 15
    sums = [re.search(r": (\d+) customers, (\d+) calls$", line).groups() for line in heads]
    assert [sum(map(int, column)) for column in zip(*sums, strict=True)] == [
        len(short),
        sum(short.values()),
    ]
    few = section(report("en"), "What did not fit, and why")
    assert "The full list: --all-rows" in few
    assert few != lines


def test_days_on_which_nobody_can_meet_the_customer_are_the_reason(report, hand, calls):
    """Where fewer days than calls are possible at all, and more hospital days would not help."""
    lines = section(report("--all-rows"), "What did not fit, and why")
    start = next(n for n, line in enumerate(lines) if line.startswith(REASONS[0]))
    end = next(n for n, line in enumerate(lines) if n > start and line.startswith(REASONS))
    told = re.findall("DR-[0-9]+", "\n".join(lines[start:end]))
    hours = [time(h, m) for h in range(8, 18) for m in (0, 30) if not 12 <= h + m / 60 < 13.5]

    few = [
        contact
        for contact, wanted in hand.wanted.items()
        if sum(any(hand.meets(contact, on, at) for at in hours) for on in hand.worked) < wanted
    ]
    limited = {contact for contact, one in hand.customers.items() if one["place"] == "H-07"}
    assert set(told) < set(few)
    assert set(few) - set(told) <= limited | {"DR-77"}


def test_the_evenness_is_the_count_by_hand(report, calls):
    lines = section(report("en"), "How even repeated calls are")
    days = defaultdict(list)
    for on, _, contact, *_ in calls:
        days[contact].append(on)

    for n in (4, 3, 2):
        those = [some for some in days.values() if len(some) == n]
        gaps = sorted((b - a).days for some in those for a, b in pairwise(some))
        assert cells(lines, f"{n} ")[:5] == [
            str(len(those)),
            f"{28 / n + 1e-9:.1f}",
            *map(str, (gaps[0], gaps[len(gaps) // 2], gaps[-1])),
        ]


def test_the_month_plan_is_checked(report, hand):
    text = flat(section(report("en"), "The month plan"))
    found = flat(section(report("en"), "Findings and advice"))

    assert text.startswith("14 working days, 14.5 given to hospitals: 0.5 too many.")
    assert "09-21 H-01 H-02; 09-28 H-02 H-03" in text
    assert "the days of the hospitals are more than the working days, over: 0.5" in found
    assert "H-08: the target hospital was given no number of days" in found
    assert "H-09" not in found  # zero was said on purpose


def test_findings_bear_an_advice_and_thin_days_are_found(report, hand, calls):
    lines = section(report("en"), "Findings and advice")
    text = flat(lines)
    loads = Counter(on for on, *_ in calls)

    for on in hand.worked:
        thin = f"{on}: {loads[on]} calls, fewer than the 10 of a day" in text
        assert thin == (loads[on] < 10)
    assert sum(line.startswith("→") for line in lines) == sum(line[0] == "[" for line in lines)
    assert "[watch] DR-14: 2 calls are planned of 4 wanted: too few working days" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_a_page_and_nothing_disagrees(report, language):
    for lines in (report(language), report(language, "--all-days", "--all-rows")):
        assert max(map(columns, lines)) <= 98
        assert not any("DOES NOT" in line or "不符！" in line for line in lines)
        assert not re.search(r"[{}]|None|Fraction|Traceback", "\n".join(lines))


def test_neither_language_is_mixed_with_the_other(report):
    english, chinese = report("en", "--all-days"), report("zh", "--all-days")

    assert not re.search("[一-鿿]", "".join(english))
    told = Counter(re.findall(r"DR-[0-9]+|[0-9]+\.[0-9]%?|\([0-9]+\)", "\n".join(english)))
    assert told == Counter(re.findall(r"DR-[0-9]+|[0-9]+\.[0-9]%?|\([0-9]+\)", "\n".join(chinese)))


def test_what_cannot_be_read_is_listed_with_row_and_reason(report):
    text = flat(report("en"))

    for said in (
        "customers.csv row 32 (DR-16): the id occurs twice",
        "customers.csv row 94 (DR-92): segment 'vip' is unknown",
        "(DR-93): visits, segment and potential are blank, so nobody says how often",
        "(DR-94): weekdays '1-5' are no weekdays such as 1 3 5",
        "booked.csv row 8 (DR-10): booked lie on a day that is not worked",
        "(DR-21): booked name a customer twice on a day",
        "(DR-77): booked lie at an hour at which no call begins",
        "(DR-99): the contact 'DR-99' was not read from customers.csv, and place is blank",
        "days_off.csv row 3 (2026-09-31): day '2026-09-31' is no date",
    ):
        assert said in text
    assert "booked.csv 第 8 行（DR-10）：预约的日子不是工作日" in flat(report("zh"))


def test_every_row_customer_and_call_is_accounted_for(report, hand, calls):
    lines = section(report("en"), "Reconciliation: nothing is dropped")
    text = flat(lines)
    made = Counter(contact for _, _, contact, *_ in calls)
    short = [one for one, n in hand.wanted.items() if made[one] < n]
    none = [one for one, n in hand.wanted.items() if not n]
    out = [one for one in short if not made[one]]
    full = 91 - len(short) - len(none)

    for name, refused in {"customers": 4, "hospitals": 0, "booked": 4, "days_off": 1}.items():
        n = len(table(FOLDER / f"{name}.csv"))
        told = cells(lines, f"{name}.csv ")
        assert told == [str(n), str(n - refused), str(refused), "agrees"]
    assert (
        f"91 customers read = {full} planned in full + {len(short) - len(out)} in part + "
        f"{len(out)} not at all + 1 wanted no call + 0 of other representatives: agrees." in text
    )
    wanted, mine = sum(hand.wanted.values()), sum(made[one] for one in hand.customers)
    assert (
        f"{wanted} calls wanted = {mine} planned - 0 booked beyond that + {wanted - mine} not "
        "fitting: agrees." in text
    )
    assert f"{len(calls)} calls of the plan = {mine} on customers + 1 booked with others" in text
    assert text.endswith("the 6 booked ones are among them: agrees.")


def test_the_report_is_the_same_on_every_run():
    told = said_twice("month_plan", "zh")

    assert told[0] == told[1]
    assert "月计划 · R-1" in told[0].decode()


# --- the calendar ----------------------------------------------------------------------------


def test_an_official_calendar_passes_in_silence_and_another_is_said(report):
    assert "is not official" not in flat(report("en"))
    english, chinese = report("--calendar", "weekdays"), report("zh", "--calendar", "weekdays")

    said = "Mind: the calendar weekdays is not official on 2026-09-21; add the official days off"
    assert said in flat(english[3:9])
    assert "注意：2026-09-21 不在日历“weekdays”的官方范围内" in flat(chinese[3:9])
    assert "on 19 working days" in english[3]
    assert "company training" in flat(english)  # the days off come on top of every calendar


def test_the_calendar_of_the_country_agrees_with_the_file(report):
    pytest.importorskip("holidays")
    lines = report("--calendar", "CN")

    assert lines[3] == report("en")[3]
    assert "The calendar is CN." in flat(lines)
    assert "National Day (observed)" in flat(lines)


def test_without_the_package_a_country_is_one_clear_line(complaint, monkeypatch):
    monkeypatch.delitem(sys.modules, "salesflow.calendars", raising=False)
    monkeypatch.setitem(sys.modules, "holidays", None)

    said = complaint("--calendar", "CN")
    assert "the calendar CN cannot be read" in said
    assert "install salesflow[calendars]" in said


# --- what is no use as input -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "neither a language"),
        (["en", "zh"], "one language"),
        (["--from", "soon"], "--from: the day 'soon' is not written like 2026-07-31"),
        (["--from", "9999-12-31"], "--from lies outside the calendar"),
        (["--from", "2200-12-31"], "lies outside the calendar"),
        (["--day", "2026-10-19"], "--day 2026-10-19 does not lie in 2026-09-21 – 2026-10-18"),
        (["--day", "tomorrow"], "--day: the day 'tomorrow'"),
        (["--calendar", "Mars"], "the calendar 'Mars' is not file, weekdays or a country"),
        (["--representative", "R\n1"], "representative"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_bad_argument_is_one_clear_line(complaint, argv, said):
    assert said in complaint(*argv)


def test_help_names_the_files_and_the_page():
    text = manual("month_plan").replace("- ", "-")

    assert all(name in text for name in COLUMNS)
    assert "docs/how-to/plan-your-month.md" in text


HEADS = {path.name: path.read_text(encoding="utf-8").split("\n")[0] for path in FOLDER.iterdir()}
GOOD = "DR-1,H-1,grow,A,,,,,,,,"
HERE = ("from,2026-01-05",)


def write(folder, customers=(GOOD,), *, encoding="utf-8", **rows):
    """A territory with one customer, where no other rows are given."""
    for name, head in HEADS.items():
        given = {"customers": customers, "settings": HERE, **rows}
        some = given.get(name.removesuffix(".csv"), ())
        (folder / name).write_bytes("\n".join([head, *some, ""]).encode(encoding))
    return folder


def test_customers_alone_are_enough(report, complaint, tmp_path):
    (tmp_path / "customers.csv").write_text("contact,place,visits\nDR-1,H-1,4\n", encoding="utf-8")

    assert "nobody says when the four weeks begin; give --from" in complaint(tmp_path)
    lines = report(tmp_path, "--from", "2026-01-05")
    assert (
        lines[3].strip() == "4 calls are planned on 20 working days that hold 300: 1.3% are used."
    )
    assert "Everything fits." in section(lines, "What did not fit, and why")
    assert cells(section(lines, "How even repeated calls are"), "4 ")[:5] == [
        "1",
        "7.0",
        "7",
        "7",
        "7",
    ]
    assert "the calendar weekdays is not official" in flat(lines)
    assert cells(section(lines, "By segment"), "none ")[:2] == ["1", "4"]


def test_a_missing_file_or_column_is_one_clear_line(complaint, tmp_path):
    write(tmp_path)
    (tmp_path / "hospitals.csv").write_text("days\n", encoding="utf-8")
    assert "hospitals.csv lacks the columns hospital (is it" in complaint(tmp_path)
    (tmp_path / "customers.csv").write_text("contact;place\n", encoding="utf-8")
    assert "separated by semicolons" in complaint(tmp_path)
    (tmp_path / "customers.csv").unlink()
    assert "customers.csv can't be opened" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("until,2026-07-19", "the name 'until' is unknown; known are from, confirmed_from,"),
        ("place.5,H-1", "the name 'place.5' is unknown"),
        ("from,Monday", "settings.csv: from 'Monday' is no date"),
        ("confirmed_until,3026-07-06", "confirmed_until lies outside the calendar"),
        ("profile,golf", "the profile 'golf' is not detailing or projects"),
        ("most_daily,many", "most_daily 'many' is no whole number"),
        ("visit_minutes,0", "visit_minutes are none"),
        ("worked,8 to 5", "worked '8 to 5' is no time"),
        ("worked,1 08:00-12:00", "worked name a weekday"),
        ("worked,08:00-08:10", "worked hold no call"),
        ("calendar,MARS", "the calendar 'MARS' is not file"),
        ("representative,=R1", "looks like a spreadsheet formula"),
    ],
)
def test_a_setting_of_no_use_is_one_clear_line(complaint, tmp_path, setting, said):
    assert said in complaint(write(tmp_path, settings=[*HERE, setting]))


def test_settings_change_what_a_day_holds(report, tmp_path):
    folder = write(
        tmp_path,
        [f"DR-{n},H-1,,A,1,,,,,,," for n in range(8)],
        settings=[*HERE, "profile,projects", "most_weekly,1", "worked,09:00-12:00"],
    )
    lines = report(folder)

    assert lines[3].strip().startswith("4 calls are planned on 20 working days that hold 4: 100.0%")
    assert len(calls_of(report(folder, "--all-days"))) == 4
    assert {at for _, at, *_ in calls_of(report(folder, "--all-days"))} == {time(9)}


def test_a_capacity_of_nothing_is_no_division(report, tmp_path):
    lines = report(write(tmp_path, settings=[*HERE, "most_daily,0"]))

    assert "0 calls are planned on 20 working days that hold 0: – are used." in flat(lines)
    assert "1 not at all" in flat(lines)


def test_scores_tell_segment_and_frequency(report, tmp_path):
    folder = write(tmp_path, ["DR-1,H-1,,A,,,,,,P,1,4", "DR-2,H-1,,A,5,,,,,P,-2,1"])
    lines = section(report(folder), "By segment")

    assert cells(lines, "grow ")[:2] == ["1", "4"]
    assert cells(lines, "inform ")[:2] == ["1", "5"]


def test_an_importance_of_ones_own_is_stronger(report, tmp_path):
    rows = ["DR-1,H-1,grow,A,1,1,,,,,,", "DR-2,H-1,inform,C,1,1,,,9,,,"]
    one_day = [*HERE, "most_daily,1"]
    holidays = [f"2026-01-{day},off,," for day in (12, 19, 26)]
    folder = write(tmp_path, rows, settings=one_day, holidays=holidays)
    (told,) = calls_of(report(folder))

    assert told[:3] == (date(2026, 1, 5), time(8), "DR-2")
    told = flat(report(folder))
    assert "DR-1: 0 calls are planned of 1 wanted: all days or weeks are full" in told


def test_half_a_day_is_a_day_on_which_the_hospital_is_visited(report, tmp_path):
    folder = write(tmp_path, hospitals=["H-1,1.5,,yes"])
    lines = report(folder)

    assert cells(section(lines, "Hospitals: the month plan and the calls"), "H-1 ") == [
        *("1", "4", "2", "1.5", "0.1", "2", "2")
    ]
    assert "half a day counts as one" in flat(lines)
    stronger = report(write(tmp_path, hospitals=["H-1,1.5,3,yes"]))
    assert cells(section(stronger, "Hospitals: the month plan and the calls"), "H-1 ")[5] == "3"
    assert "half a day counts as one" not in flat(stronger)


def test_more_is_booked_than_wanted_and_the_sums_agree(report, tmp_path):
    booked = ["DR-1,2026-01-05,09:00,", "DR-1,2026-01-06,09:00,", "DR-9,2026-01-06,10:00,H-9"]
    folder = write(tmp_path, ["DR-1,H-1,grow,A,1,,,,,,,"], booked=booked)
    text = flat(report(folder))

    assert "1 calls wanted = 2 planned - 1 booked beyond that + 0 not fitting: agrees." in text
    assert "3 calls of the plan = 2 on customers + 1 booked with others" in text
    assert "DOES NOT" not in text


def test_a_folder_of_several_representatives_needs_one_of_them(report, complaint, tmp_path):
    write(tmp_path)
    head = "contact,place,visits,representative\n"
    rows = "DR-1,H-1,1,R-1\nDR-2,H-1,2,R-2\nDR-3,H-1,4,\n"
    (tmp_path / "customers.csv").write_text(head + rows, encoding="utf-8")
    (tmp_path / "days_off.csv").write_text(
        "day,representative\n2026-01-05,R-1\n2026-01-06,R-2\n2026-01-07,\n", encoding="utf-8"
    )

    assert "has several representatives (R-1, R-2); say --representative" in complaint(tmp_path)
    assert "has no customer of 'R-9'" in complaint(
        write_only(tmp_path, head + "DR-1,H-1,1,R-1\n"), "--representative", "R-9"
    )
    write_only(tmp_path, head + rows)
    lines = report(tmp_path, "--representative", "R-2")
    assert lines[1].strip() == "Month plan · R-2 · 2026-01-05 – 2026-02-01"
    assert "6 calls are planned on 18 working days" in lines[3]
    assert "3 customers read = 2 planned in full" in flat(lines)
    assert "+ 1 of other representatives: agrees." in flat(lines)
    alone = report(write_only(tmp_path, head + "DR-1,H-1,1,R-1\n"))
    assert "· R-1 ·" in alone[1]


def write_only(folder, text):
    (folder / "customers.csv").write_text(text, encoding="utf-8")
    return folder


HOSTILE = [
    ("customers", GOOD, "the id occurs twice"),
    ("customers", ",H-1,grow,A,,,,,,,,", "contact is missing"),
    ("customers", "DR-2,,grow,A,,,,,,,,", "place is missing"),
    ("customers", "=A1,H-1,grow,A,,,,,,,,", "spreadsheet formula"),
    ("customers", "DR-2,H-1,golf,A,,,,,,,,", "segment 'golf' is unknown"),
    ("customers", "DR-2,H-1,grow,Z,,,,,,,,", "grade 'Z' is unknown"),
    ("customers", "DR-2,H-1,grow,A,often,,,,,,,", "visits 'often' is no whole number"),
    ("customers", "DR-2,H-1,grow,A,2.5,,,,,,,", "visits '2.5' is no whole number"),
    ("customers", "DR-2,H-1,grow,A,29,,,,,,,", "visits are more than days in a cycle"),
    ("customers", "DR-2,H-1,,A,,,,,,,,", "nobody says how often"),
    ("customers", "DR-2,H-1,grow,A,,8,,,,,,", "weekdays '8' are no weekdays"),
    ("customers", "DR-2,H-1,grow,A,,,noon,,,,,", "busy 'noon' is no time"),
    ("customers", "DR-2,H-1,grow,A,,,10:00-09:00,,,,,", "end is not after the start"),
    ("customers", "DR-2,H-1,grow,A,,,,25:00-26:00,,,,", "best '25:00' is no time"),
    ("customers", "DR-2,H-1,,A,,,,,,P,1,5", "potential is no score from 0 to 4"),
    ("customers", "DR-2,H-1,,A,,,,,,P,,4", "status is blank"),
    ("customers", "DR-2,H-1,,A,,,,,,,1,4", "product is missing"),
    ("customers", "DR-2,H-1,,A,,,,,,P,-9,4", "status is no status"),
    ("customers", "DR-2,H-1", "has 2 cells instead of 12"),
    ("customers", 'DR-2,"', "quotes or cells are broken"),
    ("hospitals", ",3,,", "hospital is missing"),
    ("hospitals", "H-1,3.7,,", "days '3.7' are no days"),
    ("hospitals", "H-1,-1,,", "days '-1' are no days"),
    ("hospitals", "H-1,3,few,", "visit_days 'few' is no whole number"),
    ("hospitals", "H-1,3,,perhaps", "the choice 'perhaps' is unknown"),
    ("booked", "DR-1,soon,09:00,", "day 'soon' is no date"),
    ("booked", "DR-1,2026-01-05,nine,", "hour 'nine' is no time"),
    ("booked", "DR-1,2026-01-10,09:00,", "lie on a day that is not worked"),
    ("booked", "DR-1,2027-01-05,09:00,", "lie on a day that is not worked"),
    ("booked", "DR-1,2026-01-05,12:30,", "lie at an hour at which no call begins"),
    ("booked", "DR-8,2026-01-05,09:00,", "was not read from customers.csv"),
    ("days_off", "soon,,", "day 'soon' is no date"),
    ("days_off", "9999-12-31,,", "day lies outside the calendar"),
    ("holidays", "2026-01-06,party,,", "the kind 'party' is unknown"),
    ("holidays", "2026-01-32,off,,", "day '2026-01-32' is no date"),
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_row_is_listed_never_a_traceback(report, tmp_path, hostile, language):
    name, row, reason = hostile
    before = {"customers": (GOOD,)}.get(name, ())
    lines = report(language, write(tmp_path, **{name: (*before, row)}))

    assert cells(lines, f"{name}.csv ")[1:3] == [str(len(before)), "1"]
    if language == "en":
        assert f"{name}.csv row {len(before) + 2}" in flat(lines)
        assert reason in flat(lines)


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("hospitals", "H-1,3,,", "the id occurs twice"),
        ("days_off", "2026-01-06,,", "the day occurs twice"),
        ("holidays", "2026-01-06,off,,", "the day occurs twice"),
        ("booked", "DR-1,2026-01-06,09:00,", "booked take an hour twice"),
    ],
)
def test_of_two_rows_of_one_thing_the_first_counts(report, tmp_path, name, row, reason):
    lines = report(write(tmp_path, **{name: (row, row)}))

    assert cells(lines, f"{name}.csv ")[:3] == ["2", "1", "1"]
    assert reason in flat(lines)


def test_a_hospital_or_a_week_can_be_booked_up(report, tmp_path):
    booked = [f"DR-1,2026-01-0{day},09:00," for day in (5, 6, 7)]
    two_days = report(write(tmp_path, hospitals=["H-1,2,,"], booked=booked))
    assert "booked lie on more days than place_days gives the hospital" in flat(two_days)
    weekly = [*HERE, "most_weekly,2"]
    assert "booked fill a day or a week beyond its capacity" in flat(
        report(write(tmp_path, settings=weekly, booked=booked))
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_every_customer_is_refused_the_report_says_so_first(report, tmp_path, language):
    folder = write(tmp_path, [GOOD.replace("grow", "vip")])

    said = {"en": "No customer was read: all 1 rows of customers.csv", "zh": "没有读入任何客户"}
    assert said[language] in report(language, folder, code=1)[3]


def test_a_territory_of_nobody_is_a_report(report, tmp_path):
    text = flat(report(write(tmp_path, [])))

    assert "0 customers want 0 calls, of which 0 do not fit" in text
    assert "No customer is called upon twice." in text


def test_a_file_of_chinese_excel_is_read_and_the_notes_say_so(report, tmp_path):
    rows = [GOOD.replace("DR-1", "代表一")]
    lines = report(write(tmp_path, rows, encoding="gb18030"))

    assert cells(lines, "customers.csv ")[:3] == ["1", "1", "0"]
    assert {contact for _, _, contact, *_ in calls_of(lines)} == {"代表一"}
    note = "  - Not UTF-8, so read as GB18030, the encoding of Chinese Excel: customers.csv."
    assert note in lines


# --- the page --------------------------------------------------------------------------------


def test_the_territory_of_the_page_is_read_and_reported_as_it_says(report, tmp_path):
    told = fences(PAGE)
    for name in (*COLUMNS, "settings.csv"):
        (tmp_path / name).write_text(told[name], encoding="utf-8")
    lines = report(tmp_path)

    assert "\n".join(lines[3:5]) == told["The report begins so"].rstrip()
    assert all(cells(lines, f"{name} ")[2:] == ["0", "agrees"] for name in COLUMNS)
    shown = told["Of the sample territory in `docs/examples/territory`, the report says this about "
                 "the first days"].splitlines()  # fmt: skip
    assert set(shown) <= set(report("en"))


def test_the_page_names_every_column_setting_and_option_and_no_other():
    for name in COLUMNS:
        whose = set() if name == "holidays.csv" else {"representative"}
        assert named(PAGE, name) == {*HEADS[name].split(","), *whose}, name
    known = {"place.1", "place.2", "place.3", "place.4"}
    assert named(PAGE, "settings.csv") == {*SETTINGS.KNOWN, "place.N"}
    assert set(SETTINGS._PLACES) == known
    options = set(re.findall(r"(--[a-z-]+)", manual("month_plan"))) - {"--help"}
    assert named(PAGE, "Options") == options


CELL = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "DR-1", "H-1", "grow", "3", "1 3", "08:00-09:30", "2026-01-06", "09:00", "off", "yes"]
    ),
)


@given(
    st.sampled_from(sorted(HEADS)[:-1]),
    st.lists(st.lists(CELL, min_size=12, max_size=12), max_size=5),
)
def test_no_cell_whatever_stops_the_report(report, tmp_path_factory, name, rows):
    folder = write(tmp_path_factory.mktemp("territory"))
    n = HEADS[name].count(",") + 1
    with (folder / name).open("a", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(row[:n] for row in rows)

    lines = report(folder)
    assert not any("DOES NOT" in line for line in lines)
