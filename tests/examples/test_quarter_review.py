"""The main example: its figures against sums done by hand from the same CSV files."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import (
    EXAMPLES,
    ROOT,
    cells,
    columns,
    example,
    exported,
    fences,
    fixtures,
    flat,
    manual,
    named,
    table,
)

BOOK = EXAMPLES / "book"
PAGE = ROOT / "docs" / "how-to" / "review-your-csv.md"
ZERO = Decimal(0)
report, complaint = fixtures("quarter_review")

STAGES = (
    "target_group",
    "info_collection",
    "customer_analysis",
    "trust_building",
    "needs_discovery",
    "value_presentation",
    "winning_commitment",
    "payment_and_resale",
)
RATES = dict(
    zip(
        STAGES,
        map(Decimal, ["0.02", "0.02", "0.05", "0.10", "0.20", "0.30", "0.60", "0.90"]),
        strict=True,
    )
)
START = datetime.fromisoformat("2026-07-01T00:00+08:00")
SEEN = datetime.fromisoformat("2026-09-01T00:00+08:00")


def amount(cell):
    return Decimal(cell.replace(",", ""))


def wan(value):
    return f"{value / 10000:,.2f}"


# --- the sample book, by hand ----------------------------------------------------------------


class Hand:
    """The sample book walked with plain sums; what the report must agree with."""

    def __init__(self):
        self.deals = table(BOOK / "deals.csv")
        self.events = table(BOOK / "events.csv")
        self.bad = {r["id"] for r in self.deals if not r["amount"].isdigit()}
        self.bad |= {r["id"] for r in self.deals if r["stage"] not in {*STAGES, ""}}
        self.now = {r["id"]: self.opened(r) for r in self.deals if r["id"] not in self.bad}
        self.before = {}
        self.cash = ZERO
        for event in sorted(self.events, key=lambda e: datetime.fromisoformat(e["at"])):
            if event["deal"] not in self.bad:
                self.perform(event, datetime.fromisoformat(event["at"]))

    @staticmethod
    def opened(row):
        # The second sale enters at needs discovery.
        return {
            "opened": datetime.fromisoformat(row["opened_at"]),
            "entered": Decimal(row["amount"]),
            "amount": Decimal(row["amount"]),
            "stage": STAGES.index(row["stage"] or "needs_discovery"),
            "status": "open",
            "paid": ZERO,
            "close": row["expected_close"],
        }

    def perform(self, event, at):
        deal = self.now[event["deal"]]
        if at >= START and event["deal"] not in self.before:
            self.before[event["deal"]] = dict(deal)
        match event["act"]:
            case "advance" if event["gates"] != "proposal_written solution_presented":
                deal["stage"] += 1
            case "regress":
                deal["stage"] = STAGES.index(event["stage"])
            case "win":
                deal["status"] = "won"
            case "lose":
                deal["status"] = "lost"
            case "reopen":
                deal["status"] = "open"
            case "collect":
                deal["paid"] += Decimal(event["amount"])
                self.cash += Decimal(event["amount"]) if at >= START else 0
            case "revise":
                deal["amount"] = Decimal(event["amount"] or deal["amount"])
                deal["close"] = event["expected_close"] or deal["close"]

    def at_start(self):
        """How each deal that was there stood at the start of the quarter."""
        return {
            id_: self.before.get(id_, deal)
            for id_, deal in self.now.items()
            if deal["opened"] < START
        }

    def bridge(self):
        past = self.at_start()
        opening = {id_ for id_, deal in past.items() if deal["status"] == "open"}
        created = self.now.keys() - past.keys()
        exposed = {
            id_
            for id_, deal in self.now.items()
            if id_ in opening | created or (deal["status"] == "open")
        }
        reopened = exposed - opening - created
        change = {
            id_: self.now[id_]["amount"] - past.get(id_, self.now[id_])["amount"] for id_ in exposed
        }

        def total(ids):
            return sum((self.now[id_]["amount"] - change[id_] for id_ in ids), ZERO)

        def latest(status):
            return sum(
                (self.now[i]["amount"] for i in exposed if self.now[i]["status"] == status), ZERO
            )

        return {
            "open at the start": total(opening),
            "+ created": total(created),
            "+ reopened": total(reopened),
            "+ raised": sum((c for c in change.values() if c > 0), ZERO),
            "- lowered": -sum((c for c in change.values() if c < 0), ZERO),
            "- lost": latest("lost"),
            "- won": latest("won"),
            "= open at the end": latest("open"),
        }

    def weighted(self):
        return sum(
            (
                (deal["amount"] - deal["paid"]) * RATES[STAGES[deal["stage"]]]
                for deal in self.now.values()
                if deal["status"] == "open" and "2026-07-01" <= deal["close"] < "2026-10-01"
            ),
            ZERO,
        )


@pytest.fixture(scope="module")
def hand():
    return Hand()


def test_the_hand_walked_a_real_book(hand):
    assert 35 <= len(hand.deals) <= 45
    assert len(hand.bad) == 2
    assert {e["act"] for e in hand.events} == {
        *("advance", "collect", "hold", "lose", "record"),
        *("regress", "reopen", "resume", "revise", "win"),
    }


def test_the_forecast_of_the_sample_is_the_sum_by_hand(report, hand):
    quota = Decimal(5_000_000)
    expected = hand.cash + hand.weighted()
    lines = report("en")

    assert amount(cells(lines, "completed: collected in the quarter")[0]) == hand.cash
    assert amount(cells(lines, "weighted: open deals × win rate")[0]) == hand.weighted()
    assert amount(cells(lines, "expected = completed + weighted")[0]) == expected
    assert amount(cells(lines, "gap = quota − expected")[0]) == quota - expected
    assert cells(lines, "forecast ")[0] == f"{expected / quota:.1%}" == "85.3%"


def test_the_bridge_of_the_sample_is_the_sum_by_hand(report, hand):
    lines = report("en")

    for name, money in hand.bridge().items():
        assert amount(cells(lines, name)[0]) == money, name
    assert any(line.endswith("it balances.") for line in lines)


def test_the_ratios_of_the_sample_are_the_sums_by_hand(report, hand):
    bridge = hand.bridge()
    whole = bridge["- lost"] + bridge["- won"] + bridge["= open at the end"]
    lines = report("en")

    share, money, _ = cells(lines, "churn: lost")
    assert (share, amount(money)) == (f"{bridge['- lost'] / whole:.1%}", bridge["- lost"])
    names = ("progress: advanced or won", "churn: lost", "unchanged", "regressed: went back")
    assert sum(amount(cells(lines, name)[1]) for name in names) == whole
    assert any("The last four sum to 100.0%" in line for line in lines)


def test_the_chinese_report_tells_the_same_in_wan(report, hand):
    lines = report("zh")

    assert cells(lines, "已完成：期内回款")[0] == wan(hand.cash)
    assert cells(lines, "进行中机会加权预计 ")[0] == wan(hand.weighted())
    assert cells(lines, "＝ 期末在手")[0] == wan(hand.bridge()["= open at the end"])
    assert "85.3%" in lines[4]


def test_owners_sum_to_the_team(report, hand):
    lines = report("en")
    owners = [cells(lines, owner) for owner in ("R-1", "R-2", "R-3", "R-4")]
    team = cells(lines, "team")

    assert len({deal["owner"] for deal in hand.deals}) == len(owners)
    for column in range(6):
        assert sum(amount(owner[column]) for owner in owners) == amount(team[column])


def test_what_cannot_be_read_is_listed_with_row_and_reason(report, hand):
    text = flat(report("en"))
    rows = {row["id"]: number for number, row in enumerate(hand.deals, 2)}
    shut = next(
        number
        for number, row in enumerate(hand.events, 2)
        if row["act"] == "advance" and row["gates"] == "proposal_written solution_presented"
    )
    orphan = next(n for n, row in enumerate(hand.events, 2) if row["deal"] in hand.bad)

    assert f"deals.csv row {rows['D-41']} (D-41): amount '面议' is not a plain amount" in text
    assert f"deals.csv row {rows['D-42']} (D-42): stage 'closing' is unknown" in text
    assert f"events.csv row {shut} (D-20): the way from VALUE_PRESENTATION" in text
    assert f"events.csv row {orphan} (D-42): its deal was refused" in text


def test_a_gift_is_a_finding_and_heads_the_list(report):
    lines = report("en")
    first = next(line for line in lines if line.strip().startswith("["))

    assert first.strip().startswith("[block] D-25: gift filed")
    assert any("D-37: lost to a competitor that is not named" in line for line in lines)


def test_every_row_and_every_amount_of_the_sample_is_accounted_for(report, hand):
    lines = report("en")
    readable = [Decimal(r["amount"]) for r in hand.deals if r["amount"].isdigit()]
    refused = sum(Decimal(r["amount"]) for r in hand.deals if r["stage"] == "closing")

    assert cells(lines, "deals.csv ") == [str(len(hand.deals)), str(len(hand.now)), "2", "agrees"]
    used = len(hand.events) - 2
    assert cells(lines, "events.csv ") == [str(len(hand.events)), str(used), "2", "agrees"]
    assert amount(cells(lines, "amount in the file")[0]) == sum(readable)
    assert amount(cells(lines, "-  in refused rows")[0]) == refused
    read, agrees = cells(lines, "=  deals read, when opened")
    assert (amount(read), agrees) == (sum(readable) - refused, "agrees")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_a_page(report, language):
    assert max(map(columns, report(language))) <= 100


def test_an_earlier_day_can_be_looked_at(report, hand):
    lines = report("en", "--at", "2026-07-31")
    cash = sum(
        Decimal(e["amount"])
        for e in hand.events
        if e["act"] == "collect" and e["at"].startswith("2026-07")
    )

    assert amount(cells(lines, "completed: collected in the quarter")[0]) == cash
    assert any("events happened after 2026-07-31" in line for line in lines)


def test_the_quota_of_the_command_line_wins_and_none_is_assumed_silently(report, tmp_path):
    assert cells(report("--quota", "1000wan"), "quota")[0] == "10,000,000"
    for name in ("deals.csv", "events.csv"):
        (tmp_path / name).write_bytes((BOOK / name).read_bytes())
    lines = report(tmp_path, "--tz", "Asia/Shanghai")

    assert any("quota (assumed, see the notes)" in line for line in lines)
    assert any("of an assumed quota of 2026-Q3" in line for line in lines)
    assert any("No quota was given" in line for line in lines)


def test_a_limit_for_all_stages_can_be_given(report):
    assert any("No deal is stalled." in line for line in report("--stalled-after", "1000"))


# --- what is no use as input -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "neither a language"),
        (["en", "zh"], "one language"),
        (["--quota", "lots"], "the quota 'lots'"),
        (["--quota", "0"], "quota is zero"),
        (["--quarter", "2026Q5"], "the quarter '2026Q5'"),
        (["--at", "yesterday"], "the day 'yesterday'"),
        (["--at", "2026-08-31T10:00"], "no offset"),
        (["--at", "2026-01-31"], "does not lie in 2026-Q3"),
        (["--at", "2026-10-01"], "does not lie in 2026-Q3"),
        (["--currency", "GOLD"], "currency is not a currency"),
        (["--tz", "Mars/Olympus"], "tz is not a known time zone"),
        (["--stalled-after", "-1"], "no whole number of days"),
        (["--stalled-after", "soon"], "invalid int value"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_bad_argument_is_one_clear_line(complaint, argv, said):
    assert said in complaint(*argv)


def test_a_folder_without_known_files_is_one_clear_line(complaint, tmp_path):
    assert "holds no files that are known" in complaint(tmp_path)


def test_help_names_the_folders_it_knows():
    text = manual("quarter_review")

    assert "sales_pipeline.csv" in text
    assert "docs/how-to/review-your-csv.md" in text
    assert "2022Q2 for a Salesforce export" in text


DEALS = "id,customer,owner,product,amount,currency,expected_close,stage,opened_at,origin"
EVENTS = (
    "deal,at,act,stage,amount,expected_close,reason,competitor,note,gates,kind,ref,value,approver"
)
GOOD = "G-1,H-1,R-1,CLIA-900,500000,CNY,2026-09-20,winning_commitment,2026-07-01T09:00+08:00,"
NOW = ("--quota", "100wan", "--quarter", "2026Q3", "--tz", "Asia/Shanghai")


def write(folder, deals=(), events=(), encoding="utf-8"):
    for name, head, rows in (("deals.csv", DEALS, deals), ("events.csv", EVENTS, events)):
        (folder / name).write_bytes("\n".join([head, *rows, ""]).encode(encoding))
    return folder


HOSTILE = [
    ("B-1,H-1,R-1,P,100", "has 5 cells instead of 10"),
    ("B-1,H-1,R-1,P,100,CNY,31/12/2026,target_group,2026-07-01T09:00+08:00,", "is no date"),
    ("B-1,H-1,R-1,P,100,CNY,2026-02-30,target_group,2026-07-01T09:00+08:00,", "is no date"),
    ("B-1,H-1,R-1,P,100,CNY,,target_group,2026-07-01T9.00,", "is no instant"),
    ("B-1,H-1,R-1,P,100,CNY,,target_group,2026-13-01T09:00+08:00,", "is no instant"),
    ("B-1,H-1,R-1,P,100,CNY,,target_group,3026-07-01T09:00+08:00,", "outside the calendar"),
    ("B-1,H-1,R-1,P," + "9" * 400 + ",CNY,,,2026-07-01T09:00+08:00,", "is not a plain amount"),
    ("B-1,H-1,R-1,P,1e9,CNY,,,2026-07-01T09:00+08:00,", "is not a plain amount"),
    ("B-1,H-1,R-1,P,-5,CNY,,,2026-07-01T09:00+08:00,", "amount is negative"),
    ("B-1,H-1,R-1,P,=1+1,CNY,,,2026-07-01T09:00+08:00,", "is not a plain amount"),
    ("=cmd()|A1,H-1,R-1,P,100,CNY,,,2026-07-01T09:00+08:00,", "looks like a spreadsheet formula"),
    ("B-1,@SUM(A1),R-1,P,100,CNY,,,2026-07-01T09:00+08:00,", "looks like a spreadsheet formula"),
    ("B-1,,R-1,P,100,CNY,,,2026-07-01T09:00+08:00,", "customer is missing"),
    ("B-1,H-1,R-1,P,,CNY,,,2026-07-01T09:00+08:00,", "amount is blank"),
    ("B-1,H-1,R-1,P,100,USD,,,2026-07-01T09:00+08:00,", "is in USD, not in CNY"),
    ("B-1,H-1,R-1,P,100,CNY,,closing,2026-07-01T09:00+08:00,", "'closing' is unknown"),
    ("B-1,H-1,R-1,P,100,CNY,,,2026-07-01T09:00+08:00,X-9", "its first sale 'X-9' is not here"),
    ("B-1,H\u202e1,R-1,P,100,CNY,,,2026-07-01T09:00+08:00,", "direction character"),
    (GOOD, "the id occurs twice"),
    ('B-1,"H-1,R-1', "quotes or cells are broken"),
    ("B-1," + "x" * 200_000 + ",R-1,P,100,CNY,,,2026-07-01T09:00+08:00,", "cells are broken"),
]


@pytest.mark.parametrize(("row", "reason"), HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hostile_row_is_listed_never_a_traceback(report, tmp_path, row, reason, language):
    lines = report(language, write(tmp_path, [GOOD, row]), *NOW)
    text = flat(lines)

    assert cells(lines, "deals.csv ")[:3] == ["2", "1", "1"]
    if language == "en":
        assert "deals.csv row 3" in text
        assert reason in text


EAST = GOOD.replace("G-1", "G-2").replace("H-1", "华东医院")


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_a_file_of_chinese_excel_is_read_and_the_notes_say_so(report, tmp_path, encoding):
    lines = report(write(tmp_path, [GOOD, EAST], encoding=encoding), *NOW)

    assert cells(lines, "deals.csv ")[:3] == ["2", "2", "0"]
    assert any(" 华东医院 " in line for line in lines)
    note = "  - Not UTF-8, so read as GB18030, the encoding of Chinese Excel: deals.csv."
    assert note in lines


def test_a_broken_row_in_good_utf_8_is_listed_and_nothing_else(report, tmp_path):
    write(tmp_path, [GOOD, EAST])
    with (tmp_path / "deals.csv").open("ab") as file:
        file.write(GOOD.replace("G-1", "G-3").encode().replace(b"H-1", b"H\xa1\xa1"))
    lines = report(tmp_path, *NOW)

    assert any("deals.csv row 4 (G-3): customer is not UTF-8 text" in line for line in lines)
    assert any(" 华东医院 " in line for line in lines)
    assert not any("GB18030" in line for line in lines)


def test_a_file_in_no_encoding_at_all_is_listed(report, tmp_path):
    write(tmp_path, [GOOD])
    with (tmp_path / "deals.csv").open("ab") as file:
        file.write(GOOD.replace("G-1", "G-3").encode().replace(b"H-1", b"H\xff"))

    assert any("customer is not UTF-8 text" in line for line in report(tmp_path, *NOW))


def settled(folder, **settings):
    rows = [f"{name.replace('__', '.')},{value}" for name, value in settings.items()]
    (folder / "settings.csv").write_text("\n".join(["name,value", *rows]), encoding="utf-8")
    return folder


HERE = {"time_zone": "Asia/Shanghai", "quarter": "2026Q3", "quota": "100wan"}


@pytest.mark.parametrize("written", ["2026-07-01T00:30", "2026-07-01 00:30:00", "2026/7/1 0:30"])
def test_an_instant_without_offset_is_read_in_the_zone_of_the_book(report, tmp_path, written):
    row = GOOD.replace("2026-07-01T09:00+08:00", written)
    event = f"G-1,{written.replace('30', '45', 1)},collect,,1000,,,,,,,,,"
    lines = report(settled(write(tmp_path, [row], [event]), **HERE))

    # In UTC both would lie in the quarter before.
    assert cells(lines, "+ created")[0] == "500,000"
    assert cells(lines, "completed: collected in the quarter")[0] == "1,000"
    assert "  - Instants without an offset are read in Asia/Shanghai." in lines


def test_the_zone_of_the_book_reads_its_instants_whatever_the_quarter_is_cut_by(report, tmp_path):
    row = GOOD.replace("2026-07-01T09:00+08:00", "2026-07-01T00:30")
    lines = report(settled(write(tmp_path, [row]), **HERE), "--tz", "UTC")

    assert cells(lines, "open at the start")[0] == "500,000"


def test_without_any_zone_an_instant_without_offset_is_refused(report, tmp_path):
    row = GOOD.replace("G-1", "G-2").replace("+08:00", "")
    lines = report(write(tmp_path, [GOOD, row]), "--quota", "1", "--quarter", "2026Q3")

    assert "has no offset such as +08:00, and settings.csv no time_zone" in flat(lines)


def test_currencies_may_be_written_small(report, tmp_path):
    rows = [GOOD.replace("CNY", "cny"), GOOD.replace("G-1", "G-2")]
    settled(write(tmp_path, rows), **HERE, currency="cny")

    assert cells(report(tmp_path), "deals.csv ")[:3] == ["2", "2", "0"]
    assert cells(report(tmp_path, "--currency", "Cny"), "deals.csv ")[:3] == ["2", "2", "0"]


def test_columns_that_are_never_required_may_be_missing(report, tmp_path):
    required = "id,customer,owner,product,amount,currency,opened_at"
    (tmp_path / "deals.csv").write_text(
        f"{required}\nG-1,H-1,R-1,P,500000,CNY,2026-07-02T09:00+08:00\n", encoding="utf-8"
    )
    (tmp_path / "events.csv").write_text(
        "deal,at,act,reason\nG-1,2026-07-03T09:00+08:00,lose,other\n", encoding="utf-8"
    )
    lines = report(tmp_path, *NOW)

    assert cells(lines, "- lost")[0] == "500,000"
    assert cells(lines, "events.csv ") == ["1", "1", "0", "agrees"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"quotta": "1"}, "the name 'quotta' is unknown; known are quarter, at, quota"),
        ({"stalled_after__nowhere": "9"}, "'stalled_after.nowhere' names no stage"),
        ({"stalled_after": "soon"}, "stalled_after 'soon' is no whole number of days"),
        ({"time_zone": "Mars/Olympus"}, "tz is not a known time zone"),
        ({"currency": "gold"}, "currency is not a currency"),
    ],
)
def test_a_setting_of_no_use_is_one_clear_line(complaint, tmp_path, settings, said):
    assert said in complaint(settled(write(tmp_path, [GOOD]), **{**HERE, **settings}))


def test_the_limits_of_the_book_say_what_is_stalled(report, tmp_path):
    write(tmp_path, [GOOD])

    assert "No limit is set, so none counts as stalled" in " ".join(report(tmp_path, *NOW))
    settled(tmp_path, **HERE, stalled_after__winning_commitment="30")
    assert "    G-1  winning commitment, 91 days (limit 30)" in report(tmp_path)
    settled(tmp_path, **HERE, stalled_after="90")
    assert "    G-1  winning commitment, 91 days (limit 90)" in report(tmp_path)
    assert any("No deal is stalled." in line for line in report(tmp_path, "--stalled-after", "92"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_every_deal_is_refused_the_report_says_so_first(report, tmp_path, language):
    write(tmp_path, [GOOD.replace("500000", "many"), GOOD.replace("500000", "")])

    lines = report(language, tmp_path, *NOW, code=1)
    said = {"en": "No deal was read: all 2 rows of deals.csv", "zh": "没有读入任何机会"}
    assert said[language] in lines[3]
    assert cells(lines, "deals.csv ")[:3] == ["2", "0", "2"]


def test_where_every_deal_is_refused_and_no_report_can_be_made_the_line_says_why(
    complaint, tmp_path
):
    write(tmp_path, [GOOD.replace("500000", "many")])

    assert "no deal can be read (row 2: amount 'many'" in complaint(tmp_path)
    assert "no deal can be read (row 2: amount 'many'" in complaint(tmp_path, *NOW[2:])


@pytest.mark.parametrize(("mark", "said"), [(";", "separated by semicolons"), ("\t", "by tabs")])
def test_another_separator_gets_a_hint(complaint, tmp_path, mark, said):
    write(tmp_path, [GOOD])
    text = (tmp_path / "deals.csv").read_text(encoding="utf-8").replace(",", mark)
    (tmp_path / "deals.csv").write_text(text, encoding="utf-8")

    assert said in complaint(tmp_path, *NOW)


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_the_ends_of_the_calendar_stop_nothing(report, tmp_path, year):
    row = GOOD.replace("G-1", "G-2").replace("2026-07-01T09:00+08:00", f"{year}-01-01T00:00")

    assert cells(report(write(tmp_path, [GOOD, row]), *NOW), "deals.csv ")[:2] == ["2", "1"]


def test_a_quarter_that_nobody_chose_is_noted(report, tmp_path):
    lines = report(write(tmp_path, [GOOD]), "--quota", "1", "--tz", "Asia/Shanghai")

    note = "No quarter was given: reviewed is 2026-Q3, that of the last event."
    assert any(note in line for line in lines)
    assert not any("No quarter was given" in line for line in report("en"))


def test_what_is_above_the_quota_is_no_negative_gap(report, tmp_path):
    write(tmp_path, [GOOD])
    now = ("--quota", "10wan", *NOW[2:])

    assert cells(report(tmp_path, *now), "above quota = expected − quota")[0] == "200,000"
    assert cells(report("zh", tmp_path, *now), "超额 = 预计 − 指标")[0] == "20.00"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("G-1,2026-07-02T09:00+08:00,fly,,,,,,,,,,,", "the act 'fly' is unknown"),
        ("G-1,2026-07-02T09:00+08:00,collect,,900000,,,,,,,,,", "more than is outstanding"),
        ("G-1,2026-06-02T09:00+08:00,collect,,1,,,,,,,,,", "cannot follow one at"),
        ("G-1,2026-07-02T09:00+08:00,win,,,,,,,,,,,", "skips PAYMENT_AND_RESALE"),
        ("G-1,2026-07-02T09:00+08:00,advance,,,,,,,,,,,", "missing: commitment_given"),
        ("G-1,2026-07-02T09:00+08:00,lose,,,,bored,,,,,,,", "reason 'bored' is unknown"),
        ("G-1,2026-07-02T09:00+08:00,resume,,,,,,,,,,,", "finds the deal not on hold"),
        ("G-1,2026-07-02T09:00+08:00,record,,,,,,,no_gate,visit,V-1,,", "answers a gate unknown"),
        ("G-1,2026-07-02T09:00+08:00,record,,,,,,,installed,visit,V,NaN,", "not a finite number"),
        ("G-1,2026-07-02T09:00+08:00,record,,,,,,,installed,visit,V,much,", "is unknown"),
        ("G-1,2026-07-02T09:00+08:00,revise,,,soon,,,,,,,,", "is no date"),
        ("G-9,2026-07-02T09:00+08:00,win,,,,,,,,,,,", "is not in deals.csv"),
        ("G-1,noon,win,,,,,,,,,,,", "is no instant"),
    ],
)
def test_an_event_that_breaks_a_rule_is_listed(report, tmp_path, event, reason):
    lines = report(write(tmp_path, [GOOD], [event]), *NOW)
    text = flat(lines)

    assert "events.csv row 2" in text
    assert reason in text
    assert cells(lines, "events.csv ") == ["1", "0", "1", "agrees"]


def test_a_cleared_date_makes_a_deal_undated(report, tmp_path):
    event = "G-1,2026-07-02T09:00+08:00,revise,,,none,,,,,,,,"
    lines = report(write(tmp_path, [GOOD], [event]), *NOW)

    assert any(line.strip() == "no expected close: G-1" for line in lines)


def test_a_missing_column_is_one_clear_line(complaint, tmp_path):
    write(tmp_path, [GOOD])
    (tmp_path / "events.csv").write_text("deal,at\n", encoding="utf-8")

    assert "events.csv lacks the columns act (is it" in complaint(tmp_path, *NOW)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_that_is_no_csv_is_one_clear_line(complaint, tmp_path, encoding):
    assert "is it a CSV in UTF-8?" in complaint(write(tmp_path, [GOOD], encoding=encoding), *NOW)


def test_an_empty_book_can_be_reviewed(report, complaint, tmp_path):
    assert any("No deal" in line for line in report(write(tmp_path), *NOW))
    assert "give --quarter" in complaint(tmp_path)


def test_the_book_of_the_page_is_read_and_reported_as_it_says(report, tmp_path):
    told = fences(PAGE)
    for name in ("deals.csv", "events.csv", "settings.csv"):
        (tmp_path / name).write_text(told[name], encoding="utf-8")
    lines = report(tmp_path)

    assert "\n".join(lines[3:5]) == told["The report begins so"].rstrip()
    assert cells(lines, "deals.csv ") == ["5", "5", "0", "agrees"]
    assert cells(lines, "events.csv ") == ["5", "5", "0", "agrees"]


def test_the_page_names_every_column_and_setting_and_no_other():
    known = example("quarter_review_parts.book").KNOWN
    below = PAGE.read_text(encoding="utf-8").split("| `act` | what")[1]
    acts = set(re.findall(r"^\| `(\w+)` \|", below, re.MULTILINE))

    assert named(PAGE, "deals.csv") == set(DEALS.split(","))
    assert named(PAGE, "events.csv") == set(EVENTS.split(","))
    assert named(PAGE, "settings.csv") == {*known, "stalled_after.STAGE"}
    assert {row["act"] for row in table(BOOK / "events.csv")} <= acts | {"advance", "win"}


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "2026-07-01T09:00+08:00", "100", "CNY", "G-1", "target_group", '"', "=A1"]
    ),
)


@given(st.lists(st.lists(CELL, min_size=10, max_size=10), max_size=6))
def test_no_cell_whatever_stops_the_report(report, tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("book")
    write(folder, [GOOD])
    with (folder / "deals.csv").open("a", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)

    assert report(folder, *NOW)


# --- the exports -----------------------------------------------------------------------------


def dated(cell, day, month, year):
    parts = [int(part) for part in cell.split("/")]
    return date(parts[year], parts[month], parts[day])


def in_quarter(moment, year, quarter):
    return (moment.year, (moment.month + 2) // 3) == (year, quarter)


def test_the_salesforce_export_agrees_with_sums_by_hand(report):
    folder = exported("salesforce_export")
    deals, history = table(folder / "Opportunity.csv"), table(folder / "OpportunityHistory.csv")
    closed: Counter[tuple[str, bool]] = Counter()
    last = {}
    for row in history:
        seen = dated(row["CreatedDate"], 0, 1, 2)
        last[row["OppID"]] = max(last.get(row["OppID"], seen), seen)
    for row in deals:
        for quarter in (1, 2):
            if row["Amount"] and in_quarter(last[row["Id"]], 2022, quarter):
                closed[row["StageName"], quarter] += int(row["Amount"])
    lines = report("en", folder)

    assert amount(cells(lines, "completed: collected in the quarter")[0]) == closed["Closed Won", 2]
    assert amount(cells(lines, "- won")[0]) == closed["Closed Won", 2]
    assert amount(cells(lines, "- lost")[0]) == closed["Closed Lost", 2]
    assert any(
        "quota (assumed" in line and f"{closed['Closed Won', 1]:,}" in line for line in lines
    )
    blank = sum(not row["Amount"] for row in deals)
    read = len(deals) - blank
    assert cells(lines, "Opportunity.csv ") == [str(len(deals)), str(read), str(blank), "agrees"]
    total = sum(int(row["Amount"] or 0) for row in deals)
    assert amount(cells(lines, "=  deals read, when opened")[0]) == total
    rows = [n for n, row in enumerate(deals, 2) if not row["Amount"]]
    assert any(f"Opportunity.csv row {rows[0]} (" in line for line in lines)
    assert any(line.strip().startswith("- 21 histories end elsewhere") for line in lines)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["salesforce_export", "crm_sales_opportunities"])
def test_the_reports_of_the_exports_fit_the_page(report, name, language):
    lines = report(language, exported(name))

    assert max(map(columns, lines)) <= 100
    assert not any("DOES NOT" in line or "不符" in line for line in lines)


def test_the_crm_set_agrees_with_sums_by_hand(report):
    folder = exported("crm_sales_opportunities")
    deals = table(folder / "sales_pipeline.csv")
    price = {
        r["product"].replace(" ", ""): int(r["sales_price"]) for r in table(folder / "products.csv")
    }
    worth = Counter()
    n = Counter()
    for row in deals:
        stage = row["deal_stage"]
        n[stage] += 1
        listed = price[row["product"].replace(" ", "")]
        worth[stage] += int(row["close_value"]) if stage == "Won" else listed
        if row["close_date"] and in_quarter(dated(row["close_date"], 1, 0, 2), 2017, 4):
            worth[stage, "now"] += int(row["close_value"]) if stage == "Won" else listed
    lines = report("en", folder)

    assert amount(cells(lines, "completed: collected in the quarter")[0]) == worth["Won", "now"]
    assert amount(cells(lines, "- lost")[0]) == worth["Lost", "now"]
    assert amount(cells(lines, "= open at the end")[0]) == worth["Engaging"]
    read = n.total() - n["Prospecting"]
    counts = [f"{k:,}" for k in (n.total(), read, n["Prospecting"])]
    assert cells(lines, "sales_pipeline.csv ") == [*counts, "agrees"]
    assert amount(cells(lines, "amount in the file")[0]) == worth["Won"]
    lost = cells(lines, f"+  {n['Lost']:,} amounts filled in: lost deals, 0 in the file")
    assert amount(lost[0]) == worth["Lost"]
    opened = cells(lines, f"+  {n['Engaging']:,} amounts filled in: open deals, blank in the file")
    assert amount(opened[0]) == worth["Engaging"]


def test_the_full_list_names_every_prospect(report):
    folder = exported("crm_sales_opportunities")
    ids = [
        r["opportunity_id"] for r in table(folder / "sales_pipeline.csv") if not r["engage_date"]
    ]
    text = "\n".join(report("en", folder, "--all-rows"))

    assert len(ids) == 500
    assert all(id_ in text for id_ in ids)


@pytest.mark.parametrize(("quarter", "day"), [("2026Q2", "2026-06-30"), ("2026Q4", "2026-10-01")])
def test_another_quarter_of_the_sample_is_read_up_to_a_day_in_it(report, quarter, day):
    lines = report("--quarter", quarter)

    assert lines[3].startswith(f"  By {day}, ")
    assert cells(lines, "all open")[1] == cells(lines, "= open at the end")[0]
