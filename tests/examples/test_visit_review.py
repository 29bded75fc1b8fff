"""The example of visits: its figures against counts done by hand from the same CSV files."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta

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

BOOK = EXAMPLES / "visits"
PAGE = ROOT / "docs" / "how-to" / "review-your-visits.md"
TODAY = "2026-07-31"
STEPS = {
    "pre_call_plan": "pre-call plan",
    "opening": "opening",
    "needs": "needs",
    "solution": "solution",
    "objections": "objections",
    "close": "close",
    "post_call_summary": "post-call summary",
}
PARTS = example("visit_review_parts.book")
FILES = PARTS.FILES
TYPES = example("visit_review_parts.records").TYPES
report, complaint = fixtures("visit_review")


def section(lines, heading):
    """The lines of one section, without those of others that begin with the same words."""
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{heading} ─"))
    return [line.strip() for line in lines[start + 1 : lines.index("", start)]]


def share(hits, n):
    return f"{100 * hits / n:.1f}%"


# --- the sample book, by hand ----------------------------------------------------------------


class Hand:
    """The sample book read with plain loops; what the report must agree with."""

    def __init__(self):
        self.visits = {row["id"]: row for row in table(BOOK / "visits.csv")}
        self.read = {i: v for i, v in self.visits.items() if v["day"] != "下周三"}
        self.team = {i: v for i, v in self.read.items() if v["kind"] != "meal"}
        self.events, self.records = defaultdict(list), defaultdict(list)
        for row in table(BOOK / "events.csv"):
            self.events[row["visit"]].append(row)
        for row in table(BOOK / "records.csv"):
            self.records[row["visit"]].append(row)
        self.summaries = {row["visit"]: row for row in table(BOOK / "summaries.csv")}
        self.held = [i for i in self.team if self.acts(i, "advance")]
        self.cancelled = [i for i in self.team if self.acts(i, "cancel")]
        settings = {row["name"]: row["value"] for row in table(BOOK / "settings.csv")}
        self.group = {
            contact: name.removeprefix("group.")
            for name, value in settings.items()
            if name.startswith("group.")
            for contact in value.split()
        }

    def acts(self, visit, act):
        return [row for row in self.events[visit] if row["act"] == act]

    def said(self, visit, kind):
        return [row for row in self.records[visit] if row["type"] == kind]

    def latest(self, visit, kind):
        """The records of a type by their keys, later cells over earlier ones."""
        found = defaultdict(dict)
        for row in self.said(visit, kind):
            found[row["key"]] |= {name: cell for name, cell in row.items() if cell}
        return found

    def reached(self, step):
        return [
            i
            for i in self.held + self.cancelled
            if step == "pre_call_plan"
            or step in {row["step"] for row in self.events[i]}
            # Broken off is a way to the summary too.
            or (step == "post_call_summary" and self.acts(i, "abort"))
        ]

    def broken_at(self, step):
        if step == "pre_call_plan":
            return self.cancelled
        return [
            i
            for i in self.held
            if self.acts(i, "abort") and self.acts(i, "advance")[-1]["step"] == step
        ]

    def result(self, visit):
        """Whether an aim was met, or the customer promised something."""
        aims = {row["key"] for row in self.said(visit, "aim")}
        met = aims & set(self.summaries.get(visit, {"aims_met": ""})["aims_met"].split())
        promises = self.latest(visit, "commitment").values()
        stand = [r for r in promises if r["kind"] == "customer" and r.get("state") != "withdrawn"]
        return bool(met or stand)

    def effective(self, visit):
        if visit not in self.summaries or not self.said(visit, "aim"):
            return False
        over = (self.acts(visit, "abort") or self.acts(visit, "advance"))[-1]["at"]
        late = datetime.fromisoformat(self.summaries[visit]["at"]) - datetime.fromisoformat(over)
        return self.result(visit) and late <= timedelta(days=1)

    def judged(self, step):
        """The visits held that came to a step: talked to the end, or with a word said there."""
        whole = {i for i in self.held if self.acts(i, "close") and not self.acts(i, "abort")}
        said = {"needs": "question", "solution": "fab"}[step]
        return [i for i in self.held if i in whole or self.said(i, said)]

    def kept(self, visits):
        """How many of the visits planned for days that are over were held, and of how many."""
        days = {i: [self.visits[i]["day"]] for i in visits if self.visits[i]["day"] != "ad_hoc"}
        for i, found in days.items():
            found += [row["day"] for row in self.acts(i, "postpone")]
        planned = [
            i
            for i, found in days.items()
            if found[-1] <= TODAY or i in self.held or i in self.cancelled
        ]
        return sum(i in self.held for i in planned), len(planned)

    def answers(self):
        """For each technique, its uses: the kind, the group, whether it resolved the objection."""
        uses = defaultdict(list)
        for i in self.held:
            for one in self.latest(i, "objection").values():
                if "answer" in one and "state" in one:
                    whom = self.group.get(self.visits[i]["contact"])
                    uses[one["answer"]].append((one["kind"], whom, one["state"] == "resolved"))
        return uses

    def overdue(self):
        """Days by which promises of either side are overdue, each with its visit."""
        late = defaultdict(list)
        for i in self.team:
            for one in self.latest(i, "commitment").values():
                if one["due"] < TODAY and "state" not in one:
                    days = datetime.fromisoformat(TODAY) - datetime.fromisoformat(one["due"])
                    late[one["kind"]].append((days.days, i))
        return {party: sorted(found, reverse=True) for party, found in late.items()}


@pytest.fixture(scope="module")
def hand():
    return Hand()


def test_the_hand_read_a_real_book(hand):
    acts = {row["act"] for rows in hand.events.values() for row in rows}
    types = {row["type"] for rows in hand.records.values() for row in rows}

    assert 60 <= len(hand.visits) <= 80
    assert acts == set(PARTS.ACTS)
    assert types == set(TYPES)
    assert len({v["owner"] for v in hand.visits.values()}) == 4
    assert len({v["contact"] for v in hand.visits.values()}) == 25
    assert len({v["customer"] for v in hand.visits.values()}) == 10
    assert len({v["product"] for v in hand.visits.values()}) == 2


def test_the_headline_is_the_count_by_hand(report, hand):
    text = flat(report("en"))
    waiting = len(hand.team) - len(hand.held) - len(hand.cancelled)
    effective = sum(map(hand.effective, hand.held))
    people = len({hand.team[i]["contact"] for i in hand.held})
    kept, planned = hand.kept(hand.team)

    assert (len(hand.held), len(hand.cancelled), waiting, effective) == (67, 2, 1, 37)
    assert (people, kept, planned) == (24, 66, 69)
    assert f"By {TODAY}, 67 visits were held, 1 unplanned, with 24 people; 2 cancelled, 1" in text
    assert f"Held of those planned: 66 of 69, {share(66, 69)} (95% interval 88.0% – 98.5%)." in text
    told = f"Effective of those held: 37 of 67, {share(37, 67)} (95% interval 43.4% – 66.5%)."
    assert told in text


def test_what_became_of_the_visits_is_the_count_by_hand(report, hand):
    lines = section(report("en"), "What became of the visits")
    broken = [i for i in hand.held if hand.acts(i, "abort")]
    closed = [i for i in hand.held if hand.acts(i, "close") and i not in broken]

    assert cells(lines, "talked to the end, and summed up")[0] == str(len(closed))
    assert cells(lines, "broken off")[0] == str(len(broken))
    assert cells(lines, "still running") == ["1", *(set(hand.held) - {*broken, *closed})]
    assert cells(lines, "kinds that do not count") == ["1", *(hand.read.keys() - hand.team)]
    ad_hoc = [i for i, visit in hand.team.items() if visit["day"] == "ad_hoc"]
    assert cells(lines, "unplanned ones among these") == ["1", *ad_hoc]


def test_the_steps_are_the_count_by_hand(report, hand):
    lines = section(report("en"), "Where conversations break off")

    for step, name in STEPS.items():
        reached, broken = map(len, (hand.reached(step), hand.broken_at(step)))
        assert cells(lines, name)[0:3:2] == [str(reached), str(broken)], name
    assert len(hand.broken_at("needs")) == max(len(hand.broken_at(step)) for step in STEPS) == 9
    assert f"{share(56, 65)}" == cells(lines, "needs")[4]


def test_the_answers_are_the_count_by_hand_and_tell_for_whom(report, hand):
    lines = section(report("en"), "Answers to objections")
    uses = hand.answers()

    assert {name: len(found) for name, found in uses.items()} == {
        "case": 10,
        "discount": 11,
        "evidence": 23,
        "insist": 2,
    }
    for name, found in uses.items():
        start = next(n for n, line in enumerate(lines) if line.startswith(name))
        rows = {("", ""): found}
        for kind, whom, _ in found:
            rows[f"objection: {kind}", ""] = [use for use in found if use[0] == kind]
            if whom:
                rows["", f"customers: {whom}"] = [use for use in found if use[1] == whom]
        for parts, some in rows.items():
            resolved = sum(done for *_, done in some)
            told = cells(lines[start:], "".join(parts) or f"{name:9}  all ")
            assert told[:3] == [str(resolved), str(len(some)), share(resolved, len(some))]
    academic = [done for _, whom, done in uses["evidence"] if whom == "academic"]
    assert academic == [True] * 18


def test_a_habit_is_the_count_by_hand(report, hand):
    every = {"situation", "problem", "implication", "need_payoff"}
    judged = hand.judged("needs")
    kept = [i for i in judged if every <= {row["kind"] for row in hand.said(i, "question")}]
    rest = set(judged) - set(kept)
    told = cells(section(report("en"), "Habits, and what comes of them"), "all four types of")
    good, bad = (sum(map(hand.result, some)) for some in (kept, rest))

    assert told[1:6] == [
        *(share(len(kept), len(judged)), share(good, len(kept)), f"(n={len(kept)})"),
        *(share(bad, len(rest)), f"(n={len(rest)})"),
    ]
    assert (len(judged), len(hand.held), told[6]) == (65, 67, "*")


def test_a_habit_of_the_product_is_judged_where_the_product_was_named(report, hand):
    lines = section(report("en"), "Habits, and what comes of them")
    judged = hand.judged("solution")
    rates = re.findall(r"n=([0-9]+)", next(x for x in lines if x.startswith("complete statements")))

    assert sum(map(int, rates)) == len(judged) == 56
    assert not {i for i in hand.held if hand.broken_at("needs").count(i)} & set(judged)


def test_signals_and_overdue_promises_are_the_count_by_hand(report, hand):
    lines = report("en")
    heard = Counter()
    for i in hand.held:
        heard.update((row["key"], row["kind"]) for row in hand.said(i, "signal"))
    for name in ("single-pill", "GLP-1", "insulin"):
        told = cells(section(lines, "Signals of the market"), name)
        trends = ("rising", "steady", "falling")
        assert told[:3] == [str(heard[name, trend]) for trend in trends]
    late = hand.overdue()

    assert heard["single-pill", "rising"] == 5
    assert [days for days, _ in late["company"]] == [21, 10, 4]
    told = [line.split() for line in section(lines, "Overdue promises")[2:]]
    assert [(int(row[-1]), row[-4]) for row in told[:3]] == late["company"]
    assert sorted(int(row[-1]) for row in told[3:]) == sorted(d for d, _ in late["customer"])


def test_representatives_sum_to_the_team(report, hand):
    lines = section(report("en"), "By representative")
    owners = [cells(lines, owner) for owner in ("R-1", "R-2", "R-3", "R-4")]
    team = cells(lines, "team")

    for column in (0, 1, 2, 3, 4, -1):
        assert sum(int(owner[column]) for owner in owners) == int(team[column])
    assert int(team[-1]) == len(hand.overdue()["company"])
    mine = [i for i in hand.held if hand.team[i]["owner"] == "R-3"]
    assert owners[2][2:5] == [
        *(str(len(mine)), str(sum(bool(hand.acts(i, "abort")) for i in mine))),
        str(sum(map(hand.effective, mine))),
    ]
    for name, told in zip(("R-1", "R-2", "R-3", "R-4"), owners, strict=True):
        kept, planned = hand.kept(i for i, visit in hand.team.items() if visit["owner"] == name)
        assert told[:2] == [str(planned), str(kept)]


def test_practice_is_told_in_a_few_lines_a_representative(report, hand):
    lines = section(report("en"), "Practice: what each representative leaves out most")
    mine = [i for i in hand.held if hand.team[i]["owner"] == "R-3"]
    every = {"situation", "problem", "implication", "need_payoff"}
    asked = ({row["kind"] for row in hand.said(i, "question")} for i in mine)
    missing = [every - kinds for kinds in asked if kinds and not every <= kinds]
    times = Counter(kind for kinds in missing for kind in kinds)

    assert sum(" of " in line[:14] for line in lines) == 4 * 3
    assert cells(lines, "R-3")[:3] == [str(len(missing)), "of", str(len(mine))]
    not_asked = "implication ×17, need-payoff ×14, situation ×4, problem ×2"
    assert f"types of question not asked: {not_asked}" in flat(lines)
    assert times == {"implication": 17, "need_payoff": 14, "situation": 4, "problem": 2}


FOUND = {
    "en": (
        "visits of a kind that does not count: 1",
        "V-47",
        "[avoid] V-25: absolute words in a claim: 无副作用",
        "“needs” is the weakest step: 86.2% (n=65)",
        "answering with “discount” fails: 9.1% (n=11)",
        "visits with “every objection resolved”",
        "visits with “all four types of question”",
        "more habits like these: 2, with a * in “Habits, and what comes of them”",
        "rising demand for “single-pill” is reported by visits: 5, customers: 4",
        "overdue promises of our side: 3, the oldest by 21 d",
        "[keep] answering with “evidence” works: 82.6% (n=23)",
        "[keep] “all four types of question” is clearly better",
    ),
    "zh": (
        "的活动类型不计入",
        "V-47",
        "[避免] V-25：使用了绝对化用语：无副作用",
        "最弱的步骤是“确定需求”：仅 86.2% (n=65)",
        "应对异议的“discount”效果差：9.1% (n=11)",
        "“异议都当场解决”的拜访",
        "“四类SPIN问题齐全”的拜访",
        "另有 2 个习惯也是如此，见“好习惯与成果”中带 * 的行",
        "5 次拜访（4 家客户）反映“single-pill”需求上升",
        "我方有 3 个承诺逾期，最久 21 天",
        "[保持] 应对异议的“evidence”有效：82.6% (n=23)",
        "[保持] “四类SPIN问题齐全”明显改善",
    ),
}
HEADINGS = {"en": "Findings and advice", "zh": "发现与建议"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_story_of_the_sample_is_found(report, language):
    text = flat(section(report(language), HEADINGS[language]))
    places = [text.index(found) for found in FOUND[language]]

    assert places == sorted(places)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_a_page_and_nothing_disagrees(report, language):
    lines = report(language)

    assert max(map(columns, lines)) <= 100
    assert not any("DOES NOT" in line or "不符！" in line for line in lines)


def test_the_chinese_report_tells_the_same(report):
    english, chinese = (
        Counter(re.findall(r"[0-9]+\.[0-9]%|V-[0-9]+", "\n".join(report(x)))) for x in ("en", "zh")
    )

    assert english == chinese


def test_what_cannot_be_read_is_listed_with_row_and_reason(report, hand):
    lines = report("en")
    text = flat(lines)
    rows = [row["id"] for row in table(BOOK / "visits.csv")]

    assert f"visits.csv row {rows.index('V-72') + 2} (V-72): day '下周三' is no date" in text
    assert "(V-56): the way to “close” is shut: Is each objection resolved, or followed" in text
    assert "(V-59): kind 'vanity' is unknown" in text
    assert "(V-72): its visit was refused or is not in visits.csv" in text
    for name, refused in zip(FILES, (1, 1, 2, 1), strict=True):
        n = len(table(BOOK / name))
        assert cells(lines, f"{name} ") == [str(n), str(n - refused), str(refused), "agrees"]
    assert "第 73 行（V-72）：day 不是日期：下周三" in flat(report("zh"))


def test_every_visit_of_the_sample_is_accounted_for(report, hand):
    assert len(hand.read) == 67 + 2 + 1 + 1
    text = flat(report("en"))

    assert "71 visits read = 67 held + 2 cancelled + 1 not begun + 1 of kinds that do not" in text
    assert "+ 0 outside the period: agrees." in text
    assert "The lessons are of 69 visits = held + cancelled = the sum of the repr" in text


def copied(folder, keep=lambda row: True):
    """The sample book in another folder, with the rows that are to be kept."""
    for path in BOOK.iterdir():
        rows = table(path)
        with (folder / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(row for row in rows if keep(row))
    return folder


def test_a_dinner_changes_no_figure(report, tmp_path):
    copied(tmp_path, lambda row: "V-47" not in (row.get("id"), row.get("visit")))
    headings = ("Where conversations break off", "Answers to objections", "By representative")
    sober, dined = report(tmp_path), report("en")

    assert sober[3:6] == dined[3:6]
    assert [section(sober, one) for one in headings] == [section(dined, one) for one in headings]


def test_a_promise_kept_after_the_visit_is_no_longer_overdue(report, tmp_path):
    copied(tmp_path)
    with (tmp_path / "records.csv").open("a", encoding="utf-8") as file:
        file.write("V-03,2026-07-30 09:00,commitment,ours,,,kept,,,,\n")

    assert "overdue promises of our side: 2, the oldest by 10 d" in flat(report(tmp_path))
    early = flat(report(tmp_path, "--at", "2026-07-29"))
    assert "overdue promises of our side: 3, the oldest by 19 d" in early


def test_other_days_can_be_looked_at(report, hand):
    cut = report("en", "--at", "2026-07-17")
    held = [i for i in hand.held if hand.acts(i, "advance")[0]["at"] < "2026-07-18"]

    assert f"By 2026-07-17, {len(held)} visits were held" in cut[3]
    assert any("rows are of a time after 2026-07-17 and are in no figure" in x for x in cut)
    last = report("--weeks", "2")
    late = [i for i in hand.held if hand.acts(i, "advance")[0]["at"] >= "2026-07-20"]
    assert f"By {TODAY}, {len(late)} visits were held" in last[3]
    assert last == report("--from", "2026-07-20")
    assert f"+ {len(hand.read) - len(late) - 3} outside the period: agrees." in flat(last)


def test_the_halves_are_compared_unless_nobody_asks(report, hand):
    lines = report("en", "--compare")
    heading = "Before and after: 2026-07-06 – 2026-07-19 and 2026-07-20 – 2026-08-02"
    told = cells(section(lines, heading), "effective visits")
    first = [i for i in hand.held if hand.acts(i, "advance")[0]["at"] < "2026-07-20"]

    assert told[:2] == [share(sum(map(hand.effective, first)), len(first)), f"(n={len(first)})"]
    assert not any(line.startswith("Before and after") for line in report("--no-compare"))
    assert not any(line.startswith("Before and after") for line in report("--to", "2026-07-06"))


def test_the_report_is_the_same_on_every_run():
    told = said_twice("visit_review", "zh")

    assert told[0] == told[1]
    assert "拜访回顾" in told[0].decode()


# --- what is no use as input -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "neither a language"),
        (["en", "zh"], "one language"),
        (["--from", "soon"], "--from: the day 'soon' is not written like 2026-07-31"),
        (["--to", "2026-02-30"], "--to: the day '2026-02-30'"),
        (["--to", "9999-12-31"], "--to lies outside the calendar"),
        (["--to", "2200-12-31"], "lies outside the calendar"),
        (["--to", "2026-07-05"], "ends on 2026-07-05, before it begins on 2026-07-06"),
        (["--weeks", "0"], "--weeks is a number from 1 to 520"),
        (["--weeks", "2", "--from", "2026-07-06"], "in place of --from"),
        (["--weeks", "two"], "invalid int value"),
        (["--at", "2026-08-03"], "does not lie in 2026-07-06 to 2026-08-02"),
        (["--at", "yesterday"], "--at: the day 'yesterday'"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_bad_argument_is_one_clear_line(complaint, argv, said):
    assert said in complaint(*argv)


def test_help_names_the_files_and_the_page():
    text = manual("visit_review").replace("- ", "-")

    assert all(name in text for name in FILES)
    assert "docs/how-to/review-your-visits.md" in text


HEADS = {path.name: path.read_text(encoding="utf-8").split("\n")[0] for path in BOOK.iterdir()}
GOOD = "G-1,2026-07-03 16:00,2026-07-06,R-1,H-1,DR-1,P,,first_visit,09:40,,"
HERE = ("time_zone,Asia/Shanghai", "from,2026-07-06", "to,2026-07-19")
BEGUN = ("G-1,2026-07-06 09:40,advance,opening,,", "G-1,2026-07-06 09:43,advance,needs,,")


def write(folder, visits=(GOOD,), *, encoding="utf-8", **rows):
    """A book with one visit that has begun, where no other rows are given."""
    for name, head in HEADS.items():
        given = {"visits": visits, "events": BEGUN, "settings": HERE, **rows}
        some = given.get(name.removesuffix(".csv"), ())
        (folder / name).write_bytes("\n".join([head, *some, ""]).encode(encoding))
    return folder


def test_a_missing_file_or_column_is_one_clear_line(complaint, tmp_path):
    write(tmp_path)
    (tmp_path / "events.csv").write_text("visit,at\n", encoding="utf-8")
    assert "events.csv lacks the columns act (is it" in complaint(tmp_path)
    (tmp_path / "events.csv").write_text("visit;at;act\n", encoding="utf-8")
    assert "separated by semicolons" in complaint(tmp_path)
    (tmp_path / "events.csv").unlink()
    (tmp_path / "records.csv").unlink()
    assert "holds no events.csv, records.csv" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("until,2026-07-19", "the name 'until' is unknown; known are from, to, at, time_zone and"),
        ("from,Monday", "settings.csv: value 'Monday' is no date"),
        ("at,3026-07-06", "at lies outside the calendar"),
        ("time_zone,Mars/Olympus", "tz is not a known time zone"),
        ("group.b,DR-2 DR-1", "'DR-1' stands in two groups"),
    ],
)
def test_a_setting_of_no_use_is_one_clear_line(complaint, tmp_path, setting, said):
    assert said in complaint(write(tmp_path, settings=["group.a,DR-1", setting]))


def test_settings_and_columns_that_are_not_required_may_be_missing(report, tmp_path):
    write(tmp_path)
    (tmp_path / "settings.csv").unlink()
    required = "id,opened_at,day,owner,customer,contact,product"
    row = "G-1,2026-07-03T16:00+08:00,2026-07-09,R-1,H-1,DR-1,P"
    (tmp_path / "visits.csv").write_text(f"{required}\n{row}\n", encoding="utf-8")
    lines = report(tmp_path)

    assert "review of 2026-07-06 – 2026-07-12" in lines[1]
    assert any("The period was not given in full: reviewed is 2026-07-06 to" in x for x in lines)
    assert cells(lines, "visits.csv ")[:3] == ["1", "1", "0"]
    assert cells(lines, "events.csv ")[:3] == ["2", "0", "2"]
    assert "has no offset such as +08:00, and settings.csv no time_zone" in flat(lines)


HOSTILE = [
    ("visits", GOOD, "the id occurs twice"),
    ("visits", "B-1,2026-07-03 16:00,,R-1,H-1,DR-1,P,,,,,", "day is blank"),
    ("visits", "B-1,soon,2026-07-06,R-1,H-1,DR-1,P,,,,,", "is no instant"),
    ("visits", "B-1,2026-07-03 16:00,2026-07-06,R-1,H-1,=A1,P,,,,,", "spreadsheet formula"),
    ("visits", "B-1,2026-07-03 16:00,2026-07-06,R-1,H-1,DR-1,P,golf,,,,", "'golf' is unknown"),
    ("visits", "B-1,2026-07-03 16:00,2026-07-06,R-1,H-1,DR-1,P,,,25:00,,", "is no hour: 14:30"),
    ("visits", "B-1,2026-07-03 16:00", "has 2 cells instead of 12"),
    ("visits", 'B-1,"', "quotes or cells are broken"),
    ("events", "G-9,2026-07-06 10:00,close,,,", "its visit was refused or is not in visits.csv"),
    ("events", "G-1,2026-07-06 10:00,fly,,,", "the act 'fly' is unknown"),
    ("events", "G-1,2026-07-06 10:00,advance,dinner,,", "step 'dinner' is unknown"),
    ("events", "G-1,2026-07-06 10:00,advance,close,,", "skips SOLUTION, OBJECTIONS"),
    ("events", "G-1,2026-07-06 10:00,advance,opening,,", "no such move from NEEDS to OPENING"),
    ("events", "G-1,2026-07-06 10:00,abort,,,", "reason is missing"),
    ("events", "G-1,2026-07-06 10:00,cancel,,late,", "cancel is refused, the visit is RUNNING"),
    ("events", "G-1,2026-07-01 10:00,cancel,,late,", "cannot follow one at"),
    ("records", "G-1,2026-07-06 10:00,gift,,,,,,,,", "the type 'gift' is unknown"),
    ("records", "G-1,,need,speed,,,,,,,", "at '' is no instant"),
    ("records", "G-1,2026-07-06 10:00,need,speed,vanity,,,,,,", "kind 'vanity' is unknown"),
    ("records", "G-1,2026-07-06 10:00,need,speed,,,sure,,,,", "state 'sure' is unknown"),
    ("records", "G-1,2026-07-06 10:00,need,,,,,,,,", "key is missing"),
    ("records", "G-1,2026-07-06 10:00,fab,,,a → b → c → d,,,,,", "more than three parts"),
    ("records", "G-1,2026-07-06 10:00,commitment,quote,we,,,,,,", "kind 'we' is unknown"),
    ("records", "G-1,2026-07-06 10:00,commitment,quote,company,,,,,2026-07-01,", "due lies before"),
    ("records", "G-1,2026-07-06 10:00,aim,more,cases,,2 → 3,,,,", "plan made afterwards"),
    ("records", "G-1,,aim,more,cases,,much → more,,,,", "'much' is no figure and no rung"),
    ("records", "G-1,,aim,more,cases,,NaN,,,,", "not a finite number"),
    ("summaries", "G-1,2026-07-06 10:00,good talk,,,,,", "summary before the last step"),
    ("summaries", "G-1,2026-07-06 10:00,,,,,,", "points is missing"),
    ("summaries", "G-1,2026-07-06 10:00,good talk,,,,great,", "result 'great' is unknown"),
]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_row_is_listed_never_a_traceback(report, tmp_path, hostile, language):
    name, row, reason = hostile
    before = {"visits": (GOOD,), "events": BEGUN}.get(name, ())
    lines = report(language, write(tmp_path, **{name: (*before, row)}))

    assert cells(lines, f"{name}.csv ")[1:3] == [str(len(before)), "1"]
    if language == "en":
        assert f"{name}.csv row {len(before) + 2}" in flat(lines)
        assert reason in flat(lines)


EVERY_TYPE = (
    "G-1,,aim,rung,adoption,one up,aware → trial,,DR-1,2026-07-31,",
    "G-1,,aim,paper,papers,read one,0 -> 1 -> 2.5,,,,",
    "G-1,,message,speed,cost,a → b → c,,,,,STUDY-1",
    "G-1,,prediction,,,too dear,,shown,,,",
    "G-1,2026-07-06 00:20,question,,problem,what is hard?,closed,,,,",
    "G-1,2026-07-06 00:20,need,speed,成本,slow,explicit,,,,",
    "G-1,2026-07-06 00:21,need,speed,,,confirmed,,,,“slow”",
    "G-1,2026-07-06 00:22,fab,speed,cost,a → b,off_label,,,,",
    "G-1,2026-07-06 00:23,objection,price,price,dear,,,,,",
    "G-1,2026-07-06 00:24,objection,price,,,deferred,evidence,,2026-07-09,",
    "G-1,2026-07-06 00:24,objection,price,,,已解决,,,,",
    "G-1,2026-07-06 00:25,commitment,quote,company,send it,,,R-1,2026-07-08,",
    "G-1,2026-07-06 00:25,feedback,form,negative,too long,,,,2026-07-08,",
    "G-1,2026-07-06 00:25,signal,kits,falling,less asked for,,,,,",
    "G-1,2026-07-07T16:10Z,feedback,form,,,,made shorter,,,",
    "G-1,2026-07-09 00:10,commitment,quote,,,kept,,,,",
)
MINUTE = (  # all in one minute: a record, the move that leaves its step, the summary, the close
    "G-1,2026-07-06 00:15,advance,opening,,",
    "G-1,2026-07-06 00:16,advance,needs,,",
    "G-1,2026-07-06 00:25,close,,,",
    "G-1,2026-07-06 00:25,abort,,called away,",
)


def test_every_type_of_record_is_read_into_its_boxes(tmp_path):
    told = "G-1,2026-07-06 00:25,short,likes it,a trial,next week,declined,rung"
    write(tmp_path, events=MINUTE, records=EVERY_TYPE, summaries=[told])
    read = PARTS.book(tmp_path, "Asia/Shanghai")
    sheet, days = read.visits[0].sheet, [f"2026-07-0{n}" for n in (6, 8, 9)]

    assert read.refused == ()
    assert sheet.plan.aims[0].missing == ()
    assert [part.value for part in sheet.plan.aims[1].missing] == ["specific", "timed"]
    assert (sheet.plan.key_messages[0].benefit, sheet.plan.predicted[0].answer) == ("c", "shown")
    assert (sheet.questions[0].spin.value, sheet.questions[0].form.value) == ("problem", "closed")
    need, said, raised = sheet.needs[0], sheet.statements[0], sheet.objections[0]
    assert (need.dimension.value, need.explicit, need.confirmed) == ("cost", True, True)
    assert (need.text, need.evidence, sheet.need_first) == ("slow", "“slow”", True)
    assert (said.advantage, said.benefit, said.on_label, said.value.value) == (
        *("b", "", False),
        "cost",
    )
    assert (raised.kind, raised.technique, raised.outcome.value) == (
        "price",
        "evidence",
        "resolved",
    )
    promise, heard = sheet.commitments[0], sheet.feedback[0]
    assert [str(day) for day in (promise.made_on, promise.due, promise.fulfilled_on)] == days
    assert [str(day) for day in (heard.received_on, heard.handled_on)] == days[:2]
    assert (sheet.signals[0].trend.value, sheet.summary.declined) == ("falling", True)
    assert (read.visits[0].status.value, sheet.aims_met) == ("closed", ("rung",))


def test_after_the_visit_an_objection_stays_settled(report, tmp_path):
    told = "G-1,2026-07-06 00:25,short,likes it,a trial,next week,declined,rung"
    prepared = [row.replace(",2026-07-09,", ",,") for row in EVERY_TYPE]  # no day to come back
    late = (
        "G-1,2026-07-10 09:00,objection,price,,,unresolved,,,,",
        "G-1,2026-07-10 09:01,objection,price,,,deferred,,,2026-07-14,",
    )
    book = write(tmp_path, events=MINUTE, records=(*prepared, *late), summaries=[told])
    lines = report(book)

    assert cells(lines, "records.csv ")[1:3] == [str(len(EVERY_TYPE) + 1), "1"]
    row = f"records.csv row {len(EVERY_TYPE) + 2} (G-1)"
    assert f"{row}: records leave an objection open" in flat(lines)


def test_a_promise_that_the_customer_withdrew_is_no_result(report, tmp_path):
    told = "G-1,2026-07-06 00:25,short,likes it,a trial,next week,,"
    kept = (
        "G-1,,aim,rung,adoption,one up,aware → trial,,DR-1,2026-07-31,",
        "G-1,2026-07-06 00:20,commitment,trial,customer,try it,,,DR-1,2026-07-18,",
    )
    broken = "G-1,2026-07-08 09:00,commitment,trial,,,withdrawn,,,,"
    write(tmp_path, events=MINUTE, records=kept, summaries=[told])
    assert "Effective of those held: 1 of 1" in flat(report(tmp_path))
    write(tmp_path, events=MINUTE, records=(*kept, broken), summaries=[told])
    assert "Effective of those held: 0 of 1" in flat(report(tmp_path))


def test_who_made_none_of_the_planned_visits_has_a_line_too(report, tmp_path):
    idle = GOOD.replace("G-1", "G-2").replace("R-1", "R-2")
    lines = section(report(write(tmp_path, [GOOD, idle])), "By representative")

    assert cells(lines, "R-2")[:5] == ["1", "0", "0", "0", "0"]
    assert cells(lines, "team")[:5] == ["2", "1", "1", "0", "0"]


def test_a_visit_without_a_plan_cannot_begin(report, tmp_path):
    lines = report(write(tmp_path, [GOOD.replace("first_visit,09:40", ",")]))

    assert "the way to “opening” is shut: Is the visit planned?" in flat(lines)
    assert lines[3].strip().startswith("By 2026-07-19, 0 visits were held, 0 unplanned, with 0")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_every_visit_is_refused_the_report_says_so_first(
    report, complaint, tmp_path, language
):
    write(tmp_path, [GOOD.replace("2026-07-06", "soon").replace("16:00", "16:00+08:00")])

    lines = report(language, tmp_path, code=1)
    said = {"en": "No visit was read: all 1 rows of visits.csv", "zh": "没有读入任何拜访"}
    assert said[language] in lines[3]
    (tmp_path / "settings.csv").unlink()
    assert "no visit can be read (row 2: day 'soon' is no date" in complaint(tmp_path)


def test_a_file_of_chinese_excel_is_read_and_the_notes_say_so(report, tmp_path):
    lines = report(write(tmp_path, [GOOD.replace("R-1", "代表一")], encoding="gb18030"))

    assert cells(lines, "visits.csv ")[:3] == ["1", "1", "0"]
    assert any(line.startswith("  代表一 ") for line in lines)
    note = "  - Not UTF-8, so read as GB18030, the encoding of Chinese Excel: visits.csv."
    assert note in lines


def test_the_book_of_the_page_is_read_and_reported_as_it_says(report, tmp_path):
    told = fences(PAGE)
    for name in (*FILES, "settings.csv"):
        (tmp_path / name).write_text(told[name], encoding="utf-8")
    lines = report(tmp_path)

    assert "\n".join(lines[3:6]) == told["The report begins so"].rstrip()
    assert all(cells(lines, f"{name} ")[2:] == ["0", "agrees"] for name in FILES)
    objections = told["Of the sample book in `docs/examples/visits`, the report says this about obj"
                      "ections"].splitlines()  # fmt: skip
    assert set(objections) <= set(report("en"))


def test_the_page_names_every_column_act_type_and_setting_and_no_other():
    text = PAGE.read_text(encoding="utf-8")

    for name in FILES:
        assert named(PAGE, name) == set(HEADS[name].split(",")), name
    assert named(PAGE, "settings.csv") == {*PARTS.KNOWN, "group.NAME"}
    for heading, names in (("| `act` | what", PARTS.ACTS), ("| `type` | `key`", TYPES)):
        rows = text.split(heading)[1].split("##")[0]
        assert set(re.findall(r"^\| `(\w+)` \|", rows, re.MULTILINE)) == set(names)


CELL = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "G-1", "2026-07-06 09:44", "2026-07-06", "advance", "close", "abort", "need", "aim"]
    ),
)


@given(st.sampled_from(FILES), st.lists(st.lists(CELL, min_size=12, max_size=12), max_size=5))
def test_no_cell_whatever_stops_the_report(report, tmp_path_factory, name, rows):
    folder = write(tmp_path_factory.mktemp("visits"))
    n = HEADS[name].count(",") + 1
    with (folder / name).open("a", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(row[:n] for row in rows)

    assert report(folder)
