"""The manager's week: what the page says against counts done by hand from the same CSV files."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter, defaultdict
from datetime import date, timedelta

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

WEEK = EXAMPLES / "week"
PAGE = ROOT / "docs" / "how-to" / "monday-page.md"
TODAY = date(2026, 8, 31)
MONDAY = date(2026, 8, 24)
DAYS = [MONDAY + timedelta(days=n) for n in range(5)]
FOLDER = example("manager_week_parts.folder")
SETTINGS = example("manager_week_parts.settings")
ACTS = example("manager_week_parts.notices").ACTS
report, complaint = fixtures("manager_week")


def section(lines, heading):
    """The lines of one section; its heading begins so."""
    start = next(n for n, line in enumerate(lines) if line.startswith(heading))
    found = []
    for line in lines[start + 1 :]:
        if line.endswith("──") and not line.startswith(" "):
            break
        found.append(line.strip())
    return found


def week(name):
    return table(WEEK / name)


def day(cell):
    return date.fromisoformat(cell[:10])


# --- the sample, by hand ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def sellers():
    return [row["id"] for row in week("people.csv") if row["role"] == "salesperson"]


@pytest.fixture(scope="module")
def logs():
    """The rows of each log of a person and day, without the one that cannot be read."""
    found = defaultdict(list)
    for row in week("logs.csv"):
        if row["id"] != "L-99":
            found[row["person"], day(row["on"])].append(row)
    return found


def lacking(rows):
    """The columns that a log leaves open, in the entries that are work."""
    boxes = ("place", "customer", "content", "problem", "help", "contact")
    open_ = {box for row in rows for box in boxes if row["kind"] != "meal" and not row[box]}
    return open_ | (set() if any(r["tomorrow"] or r["tomorrow_note"] for r in rows) else {"plan"})


def test_the_sample_is_a_team_of_five(sellers):
    assert len(sellers) == 5
    assert len(week("deals.csv")) == 13
    assert {row["act"] for row in week("notice_events.csv")} == set(ACTS) - {"helped"}


def test_the_matrix_of_the_logs_is_the_count_by_hand(report, sellers, logs):
    lines = section(report("en"), "Logs of last week (2026-W35)")
    away = {
        (row["id"], day(one)) for row in week("people.csv") for one in (row["leave"] or "").split()
    }
    done = due = 0
    for who in sellers:
        told = cells(lines, who)
        words = []
        for one in DAYS:
            rows = logs.get((who, one))
            word = "NONE" if not rows else "part" if lacking(rows) else "full"
            words.append("leave" if (who, one) in away else word)
        assert told[:5] == words, who
        full, asked = words.count("full"), 5 - words.count("leave")
        assert told[5:7] == [f"{full}/{asked}", f"{100 * full / asked:.1f}%"]
        done, due = done + full, due + asked
    assert cells(lines, "team")[5:7] == [f"{done}/{due}", f"{100 * done / due:.1f}%"]
    assert (done, due) == (20, 24)
    assert any("R-3, 08-26: the log lacks: what help is needed" in line for line in lines)


def test_whose_plan_was_kept_is_the_count_by_hand(report, sellers, logs):
    lines = section(report("en"), "Logs of last week")
    written = sorted({one for _, one in logs})

    for who in sellers:
        planned = kept = 0
        mine = [one for one in written if (who, one) in logs]
        for one, rows in ((one, logs[who, one]) for one in mine):
            # the next day with a log, or the next working day where there is none
            following = one + timedelta(days=3 if one.weekday() == 4 else 1)
            if (who, following) == ("R-5", date(2026, 8, 27)):
                following += timedelta(days=1)
            if following not in DAYS:
                continue
            names = {name for row in rows for name in row["tomorrow"].split()}
            seen = {r["customer"] for r in logs.get((who, following), []) if r["kind"] != "meal"}
            planned, kept = planned + len(names), kept + len(names & seen)
        assert cells(lines, who)[7:] == [f"{100 * kept / planned:.1f}%", f"(n={planned})"], who


def test_who_owes_the_weekly_form_is_the_count_by_hand(report, sellers):
    given_in = {row["person"] for row in week("forms.csv") if day(row["monday"]) == MONDAY}
    owing = [who for who in sellers if who not in given_in]
    text = flat(section(report("en"), "Weekly forms (2026-W35)"))

    assert owing == ["R-5"]
    assert text == "Handed in: 4 of 5. Still owed by: R-5."
    assert "  已交 4 份，应交 5 份；未交：R-5。" in report("zh")


def test_the_spot_check_can_be_drawn_again_by_hand(report, logs):
    ids = {row["id"] for (_, on), rows in logs.items() if on in DAYS for row in rows}

    def drawn(seed):
        return sorted(ids, key=lambda id_: hashlib.sha256(f"{seed}:{id_}".encode()).digest())[:3]

    def told(*argv):
        text = flat(section(report("en", *argv), "Spot check of this week"))
        return re.findall(r"L-[0-9]+", text), text

    assert TODAY.isocalendar().week == 36
    sample, text = told()
    assert (sample, len(ids)) == (drawn(36), 22)
    assert f"Drawn from the {len(ids)} logs of last week with seed 36 (the ISO number" in text
    sample, text = told("--seed", "7")
    assert sample == drawn(7)
    assert "seed 7 (--seed)" in text


class Notice:
    """A notice of the sample, walked by hand."""

    def __init__(self, row):
        self.row, self.first = row, day(row["due"])
        self.events = [one for one in week("notice_events.csv") if one["notice"] == row["id"]]
        self.events.sort(key=lambda one: one["at"])
        receipts = [one for one in self.events if one["act"] == "receipt"]
        self.due = day(receipts[-1]["due"]) if receipts else self.first
        acts = {one["act"]: day(one["at"]) for one in self.events}
        self.done, self.cancelled = acts.get("done"), "cancel" in acts
        self.open = self.done is None and not self.cancelled

    def late(self, due):
        return max(0, ((self.done or TODAY) - due).days)


@pytest.fixture(scope="module")
def notices():
    return [Notice(row) for row in week("notices.csv") if row["id"] != "N-7"]


def test_overdue_notices_are_the_count_by_hand(report, notices):
    lines = section(report("en"), "Overdue: notices and promises")
    late = [one for one in notices if one.open and one.due < TODAY]

    assert sorted(one.row["id"] for one in late) == ["N-1", "N-4"]
    for one in late:
        told = cells(lines, one.row["id"])
        assert told[:3] == [one.row["department"], one.row["contact"], one.row["issuer"]]
        assert told[-3:] == [str(one.first), str(one.due), str(one.late(one.due))]


def test_the_rates_of_departments_are_the_count_by_hand(report, notices):
    lines = section(report("en"), "On time, by department")

    for name in {one.row["department"] for one in notices}:
        mine = [one for one in notices if one.row["department"] == name and not one.cancelled]
        told = cells(lines, name)
        late = [one for one in mine if one.open and one.due < TODAY]
        put_off = [one for one in mine if one.open and one.due != one.first]
        done = [one for one in mine if one.done]
        open_ = len(mine) - len(done)
        assert told[:4] == [str(n) for n in (open_, len(late), len(put_off), len(done))]
        rates = []
        for first in (True, False):
            days = [one.late(one.first if first else one.due) for one in mine]
            decided = [n for one, n in zip(mine, days, strict=True) if n or one.done]
            share = f"{100 * decided.count(0) / len(decided):.1f}%" if decided else "–"
            rates += [share, f"(n={len(decided)})"]
            if first:
                mean = f"{sum(decided) / len(decided):.1f}" if decided else "–"
        assert told[4:] == [*rates, mean], name


def promises():
    """The promises of the sample that nobody kept, with the visit of each."""
    rows = week("visits/records.csv")
    kept = {(row["visit"], row["key"]) for row in rows if row["state"] == "kept"}
    made_in = {row["id"]: row for row in week("visits/visits.csv")}
    return [
        (row, made_in[row["visit"]])
        for row in rows
        if row["due"] and (row["visit"], row["key"]) not in kept
    ]


def test_promises_overdue_and_due_are_the_count_by_hand(report, notices):
    lines = report("en")
    overdue = section(lines, "Overdue: notices and promises")
    soon = section(lines, "Due within the next 6 days")
    until = TODAY + timedelta(days=6)

    for row, visit in promises():
        late = (TODAY - day(row["due"])).days
        if late > 0:
            told = next(line for line in overdue if row["text"] in line).split()
            assert told[-6:] == [
                *(row["who"], visit["customer"], visit["id"], row["text"], row["due"], str(late))
            ]
    due = [(row["due"], row["visit"]) for row, _ in promises()]
    due += [(str(one.due), one.row["id"]) for one in notices if one.open]
    due += [(row["expected_close"], row["id"]) for row in week("deals.csv")]
    near = sorted(one for one in due if one[0] and TODAY <= day(one[0]) <= until)
    told = [line.split() for line in soon if line.startswith("2026-")]
    assert sorted((one[0], one[2]) for one in told) == near
    assert [one[2] for one in told] == ["N-3", "V-01", "D-10"]


def test_what_people_wait_for_is_told(report):
    lines = section(report("en"), "Open problems and requests for help")
    told = [line.split() for line in lines if line.startswith("2026-")]

    assert [(one[0], one[1], one[2]) for one in told] == [
        ("2026-08-25", "R-3", "H-08"),
        ("2026-08-25", "R-3", "H-08"),
        ("2026-08-25", "库房", "N-1"),
    ]
    assert not any("H-12" in line for line in lines)  # solved by the next log


def money_and_reasons_of_deals():
    """What the open deals of each customer have still to bring, and what is wrong with them."""
    acts = week("events.csv")
    won = {row["deal"] for row in acts if row["act"] == "win"}
    money, reasons = Counter(), defaultdict(set)
    for row in acts:
        if row["act"] == "collect" and row["deal"] not in won:
            customer = next(d["customer"] for d in week("deals.csv") if d["id"] == row["deal"])
            money[customer] -= int(row["amount"])
    for row in week("deals.csv"):
        if row["id"] in won:
            continue
        money[row["customer"]] += int(row["amount"])
        limit = {"value_presentation": 30, "payment_and_resale": 120}.get(row["stage"], 60)
        if (TODAY - day(row["opened_at"])).days > limit:
            reasons[row["customer"]].add(f"{row['id']} stands at")
        if row["expected_close"] and day(row["expected_close"]) < TODAY:
            reasons[row["customer"]].add(f"{row['id']} was expected to close")
    return money, reasons


def test_the_customers_to_discuss_follow_the_rule_by_hand(report):
    money, reasons = money_and_reasons_of_deals()
    for row, visit in promises():
        if day(row["due"]) < TODAY:
            reasons[visit["customer"]].add(f"“{row['key']}” of {visit['id']}")
    reasons["H-08"] |= {"open problem (R-3", "help needed (R-3"}
    for row in week("customers.csv"):
        if (TODAY - day(row["updated_on"])).days > 31:
            reasons[row["id"]].add("not updated for")
        if row["key"] == "yes" and (TODAY - day(row["discussed_on"])).days > 7:
            reasons[row["id"]].add("a key customer not discussed")
    keys = {row["id"] for row in week("customers.csv") if row["key"] == "yes"}
    ranked = sorted(reasons, key=lambda one: (one not in keys, -money[one], one))

    lines = section(report("en"), "Customers to discuss this week")
    text = "\n".join(lines)
    blocks = re.split(r"^(?=[0-9]\. )", text.split("\nThe rule:")[0], flags=re.MULTILINE)[1:]
    assert [block.split()[1].rstrip(",") for block in blocks] == ranked[:5]
    assert ranked[0] == "H-07"
    for block, customer in zip(blocks, ranked[:5], strict=True):
        assert f"{money[customer]:,} CNY in open deals" in block
        assert block.count("\n- ") == len(reasons[customer])
        assert all(reason in block for reason in reasons[customer])
    assert f"Not shown: {len(ranked) - 5}." in flat(lines)


def test_the_roadmap_is_the_count_by_hand(report):
    lines = section(report("en"), "Roadmap: what is missing")
    stages = [
        *("target_group", "info_collection", "customer_analysis", "trust_building"),
        *("needs_discovery", "value_presentation", "winning_commitment", "payment_and_resale"),
    ]
    asked = {row["name"]: row["value"] for row in week("settings.csv")}

    def reach(who, stage):
        mine = [row["stage"] for row in week("deals.csv") if row["owner"] == who]
        return sum(stages.index(one) >= stages.index(stage) for one in mine)

    def told(who, standard):
        start = next(n for n, line in enumerate(lines) if line.startswith(who))
        row = next(line for line in lines[start:] if line.startswith(standard))
        return row.split("in the phase")[1].split()

    for who, phase, standard, key, stage in (
        ("R-1", "A", "target customers", "target_customers", "target_group"),
        ("R-1", "A", "lead customers", "lead_customers", "info_collection"),
        ("R-2", "B", "prospects", "prospects", "info_collection"),
        ("R-4", "D", "customers in analysis", "in_analysis", "customer_analysis"),
    ):
        n, least = reach(who, stage), int(asked[f"standard.{phase}.{key}"])
        assert told(who, standard) == [str(n), str(least), str(least - n)], (who, key)
    # what was reached is no gap
    assert reach("R-3", "customer_analysis") == int(asked["standard.C.in_analysis"])
    r3 = lines[next(n for n, line in enumerate(lines) if line.startswith("R-3")) :][:2]
    assert "C months of growth with quota, to 2026-11-10" in r3[0]
    assert r3[1].startswith("key customers discussed with the manager")
    cash = sum(int(row["amount"]) for row in week("events.csv") if row["act"] == "collect"
               and row["deal"] == "D-12")  # fmt: skip
    year = next(line for line in lines if line.startswith("sales to new customers a year (CNY)"))
    assert year.split()[-3:] == [f"{cash:,}", "200,000", f"{200_000 - cash:,}"]


def test_hours_and_numbers_given_are_told_of_the_last_week(report):
    lines = section(report("en"), "Roadmap: what is missing")
    minutes = Counter()
    ends = {
        row["visit"]: row["at"]
        for row in week("visits/events.csv")
        if row["step"] == "post_call_summary"
    }
    begins = {row["visit"]: row["at"] for row in reversed(week("visits/events.csv"))}
    for row in week("visits/visits.csv"):
        if row["owner"] == "R-2":
            (h, m), (since_h, since_m) = (
                map(int, at[row["id"]].split()[1].split(":")) for at in (ends, begins)
            )
            minutes[day(row["day"]).isocalendar().week] += 60 * (h - since_h) + m - since_m
    hours = cells(lines, "hours visiting customers")

    assert (minutes[35], minutes[33]) == (90, 120)
    assert hours == ["week", "4", "1.5", "2", "0.5", "1/4"]
    # 20, 22, 15, 18 of 20
    assert cells(lines, "customers' data collected") == ["week", "4", "18", "20", "2", "2/4"]
    assert cells(lines, "able to hold a first conversation") == ["in", "the", "phase", "no", "yes"]
    text = flat(lines)
    assert "R-2, measured by nobody: able to discuss product and technique" in text


def test_compliance_names_what_has_to_be_seen_to(report):
    lines = section(report("en"), "Compliance")
    text = flat(lines)
    recent = [row for row in week("actions.csv") if day(row["on"]) >= MONDAY]

    assert f"from 2026-08-24 on: {len(recent)} (allow 1, review 2, deny 3)" in text
    assert re.findall(r"X-[0-9]+", " ".join(line for line in lines if line.startswith("["))) == [
        *("X-03", "X-04", "X-06", "X-07")
    ]
    assert "“meal per head”: 260.00 CNY, at most 100.00 CNY" in text  # and 180 for two is not
    assert "seen in: D-13" in text  # a deal of the medical representative
    assert "seen in: D-12" in text  # a salesperson who informs doctors of a medicine
    for subject in ("D-11: ", "V-06: ", "L-22: "):
        assert subject in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_a_page_and_nothing_disagrees(report, language):
    lines = report(language)

    assert max(map(columns, lines)) <= 100
    assert not any("DOES NOT" in line or "不符！" in line for line in lines)
    assert not re.search(r"[{}]|None\b|Fraction|Money\(|Traceback", "\n".join(lines))


def test_the_chinese_page_tells_the_same(report):
    def figures(language):
        text = "\n".join(report(language))
        return Counter(
            re.findall(r"[0-9]+\.[0-9]%|\b[A-Z]{1,2}-[0-9]+|2026-[0-9]{2}-[0-9]{2}", text)
        )

    english, chinese = figures("en"), figures("zh")
    assert english == chinese
    words = set(re.findall(r"\b[a-z]{4,}\b", "\n".join(report("zh"))))
    assert words <= {
        *("people", "customers", "deals", "events", "visits", "records", "summaries", "logs"),
        *("forms", "given", "notices", "notice_events", "actions"),
        *("quote", "trial", "tender", "study", "seed", "compliance"),
    }


def test_every_row_of_the_sample_is_accounted_for(report):
    lines = section(report("en"), "Reconciliation")

    for path in sorted(WEEK.rglob("*.csv")):
        if path.name != "settings.csv":
            name = path.relative_to(WEEK).as_posix()
            n, refused = len(table(path)), int(name in {"logs.csv", "notices.csv"})
            assert cells(lines, f"{name} ") == [str(n), str(n - refused), str(refused), "agrees"]


def test_the_page_is_the_same_on_every_run():
    told = said_twice("manager_week", "zh")

    assert told[0] == told[1]
    assert "经理周一页" in told[0].decode()


def test_another_day_knows_only_what_was_known_then(report):
    lines = report("--on", "2026-08-24")

    assert "2026-08-24 (2026-W35)" in lines[1]
    assert "lies after the day that is looked at" in flat(lines)  # files of customers of later
    assert "with seed 35" in flat(lines)
    overdue = section(lines, "Overdue: notices and promises")
    assert overdue[0] == "Nothing is overdue."  # V-03 promised it for that very day
    assert re.search(r"- [0-9]+ entries are of a time after 2026-08-24", flat(lines))


# --- a folder of one's own -------------------------------------------------------------------


@pytest.fixture
def own(tmp_path):
    """The sample in another folder, to be changed."""
    return shutil.copytree(WEEK, tmp_path / "own")


def add(folder, name, *rows):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.writelines(f"{row}\n" for row in rows)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", FOLDER.OPTIONAL)
def test_a_file_that_is_not_there_is_said_and_left_out(report, own, name, language):
    path = own / name
    shutil.rmtree(path) if name.endswith("/") else path.unlink()
    lines = report(language, own)

    said = {"en": "Not in the folder, so that what needs", "zh": "文件夹中没有以下文件"}[language]
    notes = flat(lines).split(said)[1]
    assert name in notes[:200]
    assert max(map(columns, lines)) <= 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_people_are_enough(report, tmp_path, language):
    (tmp_path / "people.csv").write_text("id,role\nR-1,salesperson\n", encoding="utf-8")
    lines = report(language, tmp_path, "--on", "2026-08-31")

    for name in FOLDER.OPTIONAL:
        assert name in flat(lines).replace(" ", "")
    left_out = {"en": "Left out", "zh": "略"}[language]
    assert sum(left_out in line for line in lines) >= 6
    said = {"en": "no day of entry in people.csv", "zh": "没有入职日期"}[language]
    assert said in flat(lines)
    assert cells(lines, "people.csv ")[:3] == ["1", "1", "0"]


def test_without_people_or_a_day_there_is_no_page(complaint, own):
    (own / "settings.csv").unlink()
    assert "which day? give --on, or a row 'day' in settings.csv" in complaint(own)
    (own / "people.csv").unlink()
    assert "holds no people.csv" in complaint(own, "--on", "2026-08-31")


def test_where_every_person_is_refused_the_page_says_so_first(report, own):
    (own / "people.csv").write_text("id,role\nR-1,boss\n=A1,engineer\n", encoding="utf-8")
    lines = report(own, code=1)

    assert "No person was read: all 2 rows of people.csv" in lines[3]
    assert "people.csv names no salesperson." in flat(lines)
    assert "Not in people.csv: MR-1, R-1, R-2, R-3, R-4, R-5." in flat(lines)


def test_a_missing_column_is_one_clear_line(complaint, own):
    (own / "logs.csv").write_text("id,person\n", encoding="utf-8")
    assert "logs.csv lacks the columns on" in complaint(own)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "neither a language"),
        (["en", "zh"], "one language"),
        (["--on", "Monday"], "--on: the day 'Monday' is not written like 2026-07-31"),
        (["--on", "9999-12-31"], "--on lies outside the calendar"),
        (["--seed", "-1"], "--seed is a whole number from 0"),
        (["--seed", "x"], "invalid int value"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_bad_argument_is_one_clear_line(complaint, argv, said):
    assert said in complaint(*argv)


def test_help_names_the_files_and_the_page():
    text = manual("manager_week").replace("- ", "-")

    assert all(name in text for name in FOLDER.OPTIONAL)
    assert "docs/how-to/monday-page.md" in text


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("quota,5", "the name 'quota' is unknown; known are day, time_zone"),
        ("day,soon", "settings.csv, day: value 'soon' is no date"),
        ("day,9999-01-01", "settings.csv, day: day lies outside the calendar"),
        ("time_zone,Mars/Olympus", "tz is not a known time zone"),
        ("currency,GOLD", "currency is not a currency"),
        ("holidays,2026-10-01 Friday", "holidays: value 'Friday' is no date"),
        ("make_up,2026-10-01", "make_up holds a holiday"),
        ("warning_days,few", "warning_days: value 'few' is no whole number"),
        ("stalled_after.lunch,3", "no such stage; known are target_group"),
        ("limit.tea,most_value=5", "is not written like kinds=meal most_value=100"),
        ("limit.tea,kinds=meal cups=5", "is not written like kinds=meal most_value=100"),
        ("limit.tea,kinds=meal", "limit has no measure"),
        ("limit.tea,kinds=meal most_value=much", "limit.tea: "),
        ("limit.tea,kinds=meal window=day most_value=5", "limit.tea: window has no member"),
        ("limit.tea,kinds=meal ruling=maybe most_value=5", "limit.tea: "),
        ("limit.tea,kinds=meal since=soon most_value=5", "since 'soon' is no date"),
        ("standard.Z.prospects,3", "standard.Z.prospects: phase is not one of success"),
        ("standard.B.lunches,3", "standard.B.lunches: metric"),
        ("standard.A.prospects,3", "metric is not asked for in A"),
        ("standard.B.prospects,many", "value 'many' is no whole number"),
        ("standard.B.visit_hours,much", "value 'much' is no number"),
    ],
)
def test_a_setting_of_no_use_is_one_clear_line(complaint, own, setting, said):
    add(own, "settings.csv", setting)
    text = complaint(own)

    assert text.startswith("manager_week.py: settings.csv") or said in text
    assert said in text


HOSTILE = [
    ("people.csv", "R-1,engineer,,", "the id occurs twice"),
    ("people.csv", "R-9,boss,,", "role 'boss' is unknown"),
    ("people.csv", "R-9,,,", "role is missing"),
    ("people.csv", "R-9,engineer,soon,", "entered_on 'soon' is no date"),
    ("people.csv", "R-9,engineer,0001-01-01,", "lies outside the calendar"),
    ("people.csv", "R-9,engineer,,2026-08-24 x", "leave 'x' is no date"),
    ("people.csv", "=R,engineer,,", "spreadsheet formula"),
    ("customers.csv", "H-07,yes,,,", "the id occurs twice"),
    ("customers.csv", "H-99,maybe,,,", "key 'maybe' is neither yes nor no"),
    ("customers.csv", "H-99,yes,,,2026-09-30", "lies after the day"),
    ("deals.csv", "D-99,H-1,R-1,P,much,CNY,,,2026-08-01 09:00", "amount 'much'"),
    ("deals.csv", "D-99,H-1,R-1,P,9,USD,,,2026-08-01 09:00", "is in USD, not in CNY"),
    ("events.csv", "D-99,2026-08-01 09:00,win,,,,,,", "its deal was refused or is not in"),
    ("visits/events.csv", "V-01,2026-08-30 09:00,fly,,,", "the act 'fly' is unknown"),
    ("visits/records.csv", "V-01,2026-08-25 10:20,gift,,,,,,,,", "the type 'gift' is unknown"),
    ("logs.csv", "L-06,R-2,2026-08-24,,,,,,,,,,,,", "person or day is another than in its first"),
    ("logs.csv", "L-90,R-2,,,,,,,,,,,,,", "on is blank"),
    ("logs.csv", "L-90,R-2,2026-08-24,,,,dance,,,,,,,,", "kind 'dance' is unknown"),
    ("logs.csv", "L-90,R-2,2026-08-24,,,,,,water,,perhaps,,,,", "open 'perhaps' is neither"),
    ("logs.csv", "L-90,R-2", "has 2 cells instead of 15"),
    ("forms.csv", "R-1,2026-08-25,", "2026-08-25 is no Monday"),
    ("forms.csv", ",2026-08-24,", "person is missing"),
    ("given.csv", "R-1,Q,first_talk,,yes", "phase is not one of success"),
    ("given.csv", "R-1,A,trust,,3", "metric is not asked for in A"),
    ("given.csv", "R-1,A,dancing,,yes", "metric"),
    ("given.csv", "R-1,A,first_talk,,yes", "the number is given twice"),
    ("given.csv", "R-1,A,first_talk,2,yes", "turn is the number of the week or month"),
    ("given.csv", "R-2,B,lead_days,,3", "turn is the number of the week or month"),
    ("given.csv", "R-2,B,lead_days,999,3", "turn is the number of the week or month"),
    ("given.csv", "R-2,B,lead_days,5,", "value is blank"),
    ("given.csv", "R-2,B,lead_days,5,-3", "is below zero"),
    ("given.csv", "R-2,B,customer_data,5,2.5", "is no whole number"),
    ("notices.csv", "N-1,d,W-1,R-1,,text,,2026-08-01 09:00,2026-08-02", "the id occurs twice"),
    ("notices.csv", "N-9,d,W-1,R-1,,text,,2026-08-03 09:00,2026-08-02", "due lies before"),
    ("notices.csv", "N-9,d,,R-1,,text,,2026-08-03 09:00,2026-08-04", "contact is missing"),
    ("notice_events.csv", "N-9,2026-08-30 09:00,accept,,,", "its notice was refused or is not in"),
    ("notice_events.csv", "N-1,2026-08-30 09:00,burn,,,", "the act 'burn' is unknown"),
    ("notice_events.csv", "N-1,2026-08-30 09:00,receipt,late,,2026-08-29", "due is not later than"),
    ("notice_events.csv", "N-1,2026-08-30 09:00,receipt,,,2026-09-03", "reason is missing"),
    ("notice_events.csv", "N-2,2026-08-30 09:00,cancel,over,,", "no such move"),
    ("notice_events.csv", "N-3,2026-08-30 09:00,helped,,,", "help is not open"),
    ("notice_events.csv", "N-1,yesterday,done,,,", "at 'yesterday' is no instant"),
    ("actions.csv", "X-01,visit,2026-08-24,R-1,,,,,,,", "the id occurs twice"),
    ("actions.csv", "X-99,visit,2026-08-24,R-1,boss,,,,,,", "role 'boss' is unknown"),
    ("actions.csv", "X-99,meal,2026-08-24,R-1,,,,-5,,,", "value is negative"),
    ("actions.csv", "X-99,meal,2026-08-24,R-1,,,DR-1 DR-1,,,,", "attendees name somebody twice"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_row_is_listed_never_a_traceback(report, own, hostile, language):
    name, row, reason = hostile
    before = table(own / name)
    add(own, name, row)
    lines = report(language, own, "--all-rows")
    counted = cells(lines, f"{name} ")

    assert int(counted[0]) == len(before) + 1
    assert int(counted[2]) == 1 + (name in {"logs.csv", "notices.csv"})
    if language == "en":
        assert f"{name} row" in flat(lines)
        assert reason in flat(lines)


def test_a_receipt_that_was_helped_and_a_second_reader(report, own):
    add(own, "notice_events.csv", "N-1,2026-08-26 09:00,helped,,,")

    assert "跟医院协商" in flat(report("en"))
    assert "跟医院协商" not in flat(report("en", own))


def test_days_off_and_days_made_up_change_what_is_due(report, own):
    text = (own / "settings.csv").read_text(encoding="utf-8")
    text = text.replace("holidays,", "holidays,2026-08-24 ").replace(
        "make_up,", "make_up,2026-08-29 "
    )
    (own / "settings.csv").write_text(text, encoding="utf-8")
    lines = section(report(own), "Logs of last week")

    assert lines[0].split()[1:6] == ["08-25", "08-26", "08-27", "08-28", "08-29"]
    assert cells(lines, "team")[4] == "0/5"
    assert "Logs that were not due: L-06, L-11, L-15, L-20, L-24" in flat(lines)


def test_a_calendar_that_nobody_vouches_for_is_noted(report, own):
    rows = [row for row in table(own / "settings.csv") if row["name"] != "official_until"]
    with (own / "settings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["name", "value"])
        writer.writeheader()
        writer.writerows(rows)

    assert "the calendar settings.csv is not official on 2026-08-24" in flat(report(own))


def test_an_own_word_of_action_and_a_stricter_policy_are_judged(report, own):
    add(
        own,
        "actions.csv",
        "X-90,boat_trip,2026-08-25,R-1,,,,,,,",
        "X-91,赞助,2026-08-25,R-1,,,,,,,",
    )
    text = flat(section(report(own), "Compliance"))

    assert "X-90 2026-08-25 R-1 boat_trip: a kind of activity that the policy does not name" in text
    assert "[deny] X-91 2026-08-25 R-1 sponsorship" in text


def test_a_team_of_another_currency_restates_its_money(report, own):
    add(own, "settings.csv", "currency,USD")
    deals = (own / "deals.csv").read_text(encoding="utf-8")
    (own / "deals.csv").write_text(deals.replace("CNY", "USD"), encoding="utf-8")
    lines = report(own)

    assert "900,000 USD in open deals" in flat(lines)
    year = next(line for line in lines if "sales to new customers a year (USD)" in line)
    assert year.split()[-3:] == ["150,000", "200,000", "50,000"]
    rows = [row for row in table(own / "settings.csv") if "new_sales" not in row["name"]]
    text = "\n".join(["name,value", *(f"{row['name']},{row['value']}" for row in rows), ""])
    (own / "settings.csv").write_text(text, encoding="utf-8")
    assert "E: restate its money in settings.csv" in flat(report(own))


def test_who_left_the_roadmap_or_has_not_come_yet_is_said(report, own):
    add(own, "people.csv", "R-8,销售人员,2024-01-08,", "R-9,salesperson,2026-09-14,")
    text = flat(section(report(own), "Roadmap"))

    assert "R-8 entered 2024-01-08, beyond the last phase" in text
    assert "R-9 enters on 2026-09-14" in text


def test_no_gap_is_told_from_no_data(report, own):
    for row in ("R-8,salesperson,2026-08-17,", "R-9,salesperson,2025-10-13,"):
        add(own, "people.csv", row)
    attested = ("product_memorised", "answers_memorised", "first_talk", "consultative_selling")
    add(own, "given.csv", *(f"R-8,A,{one},,yes" for one in attested))
    add(own, "given.csv", "R-8,A,target_customers,,20", "R-8,A,lead_customers,,5")
    add(own, "given.csv", "R-9,E,new_customers,,2", "R-9,E,new_sales_of_year,,200000")

    def told():
        lines = section(report(own), "Roadmap")
        return [
            lines[next(n for n, line in enumerate(lines) if line.startswith(who)) + 1].strip()
            for who in ("R-8", "R-9")
        ]

    assert told() == ["nothing known is missing"] * 2
    add(own, "given.csv", "R-9,E,existing_growth,,0.3")
    assert told()[1] == "nothing is missing"
    (own / "given.csv").unlink()
    (own / "deals.csv").unlink()
    assert told() == ["nobody measured anything"] * 2


def test_a_file_of_chinese_excel_is_read_and_the_notes_say_so(report, own):
    path = own / "notices.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    lines = report(own)

    assert "encoding of Chinese Excel: notices.csv." in flat(lines)
    assert any(line.strip().startswith("库房") for line in lines)


# --- the page beside it ----------------------------------------------------------------------


def test_the_page_names_every_column_act_and_setting_and_no_other():
    for path in WEEK.glob("*.csv"):
        if path.name in {"settings.csv", "deals.csv", "events.csv"}:
            continue
        head = path.read_text(encoding="utf-8").split("\n")[0].split(",")
        more = {
            "actions.csv": {
                *("call", "event", "channel", "quantity", "estimate"),
                *("tied_to_prescribing", "rewards_referral"),
            }
        }.get(path.name, set())
        assert named(PAGE, path.name) == {*head, *more}, path.name
    families = {"stalled_after.STAGE", "limit.NAME", "standard.PHASE.METRIC"}
    assert named(PAGE, "settings.csv") == {*SETTINGS.KNOWN, *families}
    text = PAGE.read_text(encoding="utf-8")
    acts = text.split("| `act` | what")[1].split("##")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", acts, re.MULTILINE)) == set(ACTS)
    assert all(f"`{word}`" in text for word in SETTINGS.LIMIT_WORDS)
    assert all(f"`{name}`" in text for name in FOLDER.OPTIONAL)


def test_the_folder_of_the_page_is_read_and_reported_as_it_says(report, tmp_path):
    told = fences(PAGE)
    for name in ("people.csv", "logs.csv", "notices.csv", "notice_events.csv", "settings.csv"):
        (tmp_path / name).write_text(told[name], encoding="utf-8")
    lines = report(tmp_path)

    assert "\n".join(lines[3:5]) == told["The page begins so"].rstrip()
    assert section(lines, "Rows that could not be read")[0] == "None."
    printed = told["and its matrix of the logs is this"].splitlines()
    assert set(printed) <= set(lines)
    sample = told["Of the sample team in `docs/examples/week`, the page says this first"]
    assert set(sample.splitlines()) <= set(report("en"))


CELL = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "R-1", "H-07", "2026-08-25 09:44", "2026-08-25", "none", "yes", "salesperson", "meal",
         "accept", "A", "first_talk", "1", "90%", "N-1", "day", "L-06", "1E+999999"]
    ),
)  # fmt: skip
FILES = [name for name in FOLDER.OPTIONAL if name.endswith(".csv")] + ["people.csv"]


@given(st.sampled_from(FILES), st.lists(st.lists(CELL, min_size=15, max_size=15), max_size=4))
def test_no_cell_whatever_stops_the_page(report, tmp_path_factory, name, rows):
    folder = shutil.copytree(WEEK, tmp_path_factory.mktemp("weeks") / "own")
    n = (folder / name).read_text(encoding="utf-8").split("\n")[0].count(",") + 1
    with (folder / name).open("a", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(row[:n] for row in rows)

    assert report(folder)


def test_nothing_is_owed_before_the_entry(report, own):
    """Who comes in three weeks owes no log and no form; who came on Wednesday two days of logs."""
    file = own / "people.csv"
    people = file.read_text(encoding="utf-8")

    def logs_of(entered_on):
        file.write_text(people.replace("R-5,salesperson,2025-11-03", entered_on), encoding="utf-8")
        lines = report(own)
        return lines, [line.split() for line in lines if re.match("  R-5 .*[0-9]/[0-9]", line)]

    lines, rows = logs_of("R-5,salesperson,2026-09-20")
    assert "  Handed in: 4 of 4. Still owed by: nobody." in lines
    assert rows == []
    _, (row,) = logs_of("R-5,salesperson,2026-08-26")
    assert "1/2" in row
