"""The example that asks whether the period is made: what it says against what is computed."""

from __future__ import annotations

import re
from functools import cache

import pytest

from reports import EXAMPLES, columns, example, exported, fixtures, flat, manual
from salesflow import FUNNEL, Money, Status, wan
from salesflow.metrics import (
    accuracy,
    decisive,
    dependence,
    learn_rates,
    learn_shock,
    needed,
    outlook,
    smallest_set,
)

BOOK = EXAMPLES / "book"
QUOTA = wan(500)
EXAMPLE = example("will_we_make_it")
report, complaint = fixtures("will_we_make_it")


def three_digits(money):
    """An amount to three digits, half up."""
    spare = 10 ** max(0, len(str(money.minor)) - 3)
    return Money.of_minor((money.minor + spare // 2) // spare * spare, money.currency)


def shown(money):
    return f"{int(money.amount):,}"


def in_wan(money):
    return f"{money.amount / 10000:,.2f}"


def whole(probability):
    return f"{int(probability * 100 + 0.5)}%"


def asked(*argv):
    given = EXAMPLE.parser().parse_args([str(word) for word in argv])
    return EXAMPLE._asked(EXAMPLE.place(given, EXAMPLE.SAMPLE)[1], given)


@cache
def computed(*argv):
    """The question and what is told of it: the same in both languages, so computed once."""
    question = asked(*argv)
    return question, EXAMPLE.told(question.job)


def written(language, *argv):
    """The lines of a report, in a language that takes no new computation."""
    return EXAMPLE._written(*computed(*argv), language).lines


# --- the sample book -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def job():
    return computed()[0].job


@pytest.fixture(scope="module")
def sample(job):
    """The outlook of the sample, under the rates of the stages."""
    return outlook(job.source.deals, job.during, shock=learn_shock(()), at=job.at)


def test_the_answer_comes_first_and_is_that_of_the_library(report, sample):
    likely = whole(sample.probability(at_least=QUOTA))

    assert report("en")[3] == (
        f"  We make 5,000,000 CNY in 2026-Q3 with a probability of {likely}, as things stand on "
        "2026-08-31."
    )
    assert (
        report("zh")[3] == f"  2026-Q3 完成 500.00 万元，概率：{likely}（截至 2026-08-31 所知）。"
    )


def test_the_three_figures_are_quantiles(report, sample):
    quantiles = [three_digits(sample.quantile(level)) for level in (0.1, 0.5, 0.9)]
    english, chinese = report("en"), report("zh")

    words = "a careful figure", "the middle", "a lucky one"
    for name, money in zip(words, quantiles, strict=True):
        assert any(name in line and line.endswith(f" {shown(money)} CNY") for line in english)
    for name, money in zip(("谨慎的", "居中的", "走运的"), quantiles, strict=True):
        assert any(name in line and line.endswith(f" {in_wan(money)} 万元") for line in chinese)


def test_the_sum_leads_to_the_mean(report, sample):
    lines = report("en")

    for name, money in (
        ("done already: cash collected", sample.completed),
        ("+ expected from 12 open deals", sample.pipeline),
        ("= expected on average", sample.mean),
    ):
        assert any(re.fullmatch(rf" +{re.escape(name)} +{shown(money)} CNY", ln) for ln in lines)
    assert sample.completed + sample.pipeline == sample.mean


def test_what_enters_no_figure_is_named(report, sample):
    text = flat(report("en"))

    assert f"{sample.undated.n} without an expected close (830,000 CNY)" in text
    assert f"{sample.outside.later.n} expected later (6,300,000 CNY)" in text
    assert "New business is not counted" in text


@pytest.mark.parametrize(("language", "mark"), [("en", "◄ the quota lies"), ("zh", "◄ 指标在此")])
def test_the_chart_has_a_bar_for_each_bin_and_marks_the_quota(report, sample, language, mark):
    lines = report(language)
    found = (re.search("% +([░▒█])\\1*(?= |$)", line) for line in lines)
    bars = "".join(match[1] for match in found if match)
    bins = sample.bins(8)
    short = sum(one.high < QUOTA for one in bins)

    assert bars == "░" * short + "▒" + "█" * (len(bins) - short - 1)
    assert sum(mark in line for line in lines) == 1


def test_the_deals_that_decide_are_those_of_the_library(report, sample):
    lines = report("en")

    for swing in decisive(sample, at_least=QUOTA)[:5]:
        cells = next(line for line in lines if line.startswith(f"  {swing.id} ")).split()
        assert cells[1:3] == [swing.owner, shown(swing.outstanding)]
        assert cells[-2:] == [whole(swing.if_won), whole(swing.if_lost)]


def test_what_would_help_is_said(report, sample):
    text = flat(report("en"))
    largest = dependence(sample, at_least=QUOTA)
    found = smallest_set(sample, at_least=QUOTA, level=0.8)
    missing = three_digits(needed(sample, at_least=QUOTA, level=0.8))

    assert f"The largest deal, {largest.id} " in text
    assert f"goes from {whole(largest.now)} to {whole(largest.without)}." in text
    assert f"win {len(found.ids)} deals ({', '.join(found.ids)}; " in text
    assert f"then it is {whole(found.probability)}" in text
    assert f"it would take {shown(missing)} CNY, for certain, to bring it to 80%" in text


def test_little_history_is_said_and_leaves_the_nominal_rates(report, job):
    rates = learn_rates(
        job.source.deals,
        as_of=job.at,
        during=job.during,
        fields=("owner", "product"),
        machine=FUNNEL,
    )
    english, chinese = flat(report("en")), "".join(report("zh")).replace(" ", "")

    assert f"{rates.n} deals stood open at this point of an earlier quarter" in english
    assert "not learned" in english
    assert [finding.key for finding in rates.findings()] == ["little_history"]
    assert rates.findings()[0].text.en[1:] in english
    assert rates.findings()[0].text.zh.replace(" ", "") in chinese
    assert "44% in a weak one and 56% in a strong one, an assumption" in english
    assert "History is too short to tell: the first deals were closed in 2026-Q2" in english
    assert "历史太短，无从回测：最早的结案在2026-Q2" in chinese


def test_both_languages_tell_the_same_percentages(report):
    def percentages(language):
        return sorted(re.findall(r"[0-9.]+%", " ".join(report(language))))

    assert percentages("en") == percentages("zh")


def test_neither_language_is_mixed_with_the_other(report):
    english, chinese = report("en"), report("zh")

    assert not re.search("[一-鿿]", "".join(english))
    words = set(re.findall(r"\b[a-z]{3,}\b", " ".join(chinese)))
    assert words <= {"quarter_review", "py"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("--quota", "100wan"),
        ("--quota", "9000wan"),
        ("--quota", "1"),
        ("--month", "2026-08"),
        ("--month", "2026-09", "--quota", "300wan"),
        ("--quarter", "2026Q4"),
        ("--quarter", "2025Q1"),
        ("--at", "2026-09-30"),
        ("--at", "2026-07-01"),
    ],
)
def test_every_report_fits_the_page_and_has_no_holes(language, argv):
    lines = written(language, *argv)

    assert max(map(columns, lines)) <= 100
    assert len(lines) <= 75
    assert not re.search(r"[{}]|None|Fraction|Money\(|nan|Traceback", "\n".join(lines))


def test_a_quota_that_is_made_is_said_to_be(report):
    text = flat(report("--quota", "100wan"))

    assert "We have made 1,000,000 CNY in 2026-Q3: 2,150,000 CNY are in by 2026-08-31." in text
    assert "no deal decides any more" in text


def test_a_quota_out_of_reach_is_said_to_be(report):
    text = flat(report("--quota", "9000wan"))

    assert "with a probability of less than 1%" in text
    assert "Even winning every open deal would not" in text


def test_a_quota_and_a_day_that_nobody_gave_are_noted(report, tmp_path):
    for name in ("deals.csv", "events.csv"):
        (tmp_path / name).write_bytes((BOOK / name).read_bytes())
    text = flat(report(tmp_path, "--tz", "Asia/Shanghai"))

    assert "No quota was given: assumed is what was collected in 2026-Q2." in text
    assert "No day was given: what is known by 2026-" in text


def test_where_every_deal_is_refused_the_report_says_so(report, tmp_path):
    head = "id,customer,owner,product,amount,currency,opened_at"
    row = "G-1,H-1,R-1,P,many,CNY,2026-07-02T09:00+08:00"
    (tmp_path / "deals.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    (tmp_path / "events.csv").write_text("deal,at,act\n", encoding="utf-8")

    lines = report(tmp_path, "--quarter", "2026Q3", "--quota", "100wan", code=1)
    assert "No deal was read: all 1 rows of deals.csv" in flat(lines)


# --- what is no use as input -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["nowhere"], "neither a language"),
        (["en", "zh"], "one language"),
        (["--quota", "lots"], "the quota 'lots'"),
        (["--quota", "0"], "the quota is zero"),
        (["--quarter", "2026Q5"], "the quarter '2026Q5'"),
        (["--month", "2026"], "the month '2026'"),
        (["--month", "2026-13"], "month is out of range"),
        (["--month", "2026-08", "--quarter", "2026Q3"], "not allowed with"),
        (["--month", "2025-02"], "nothing was collected in 2025-01"),
        (["--at", "yesterday"], "the day 'yesterday'"),
        (["--at", "2026-01-31"], "does not lie in 2026-Q3"),
        (["--currency", "GOLD"], "currency is not a currency"),
        (["--tz", "Mars/Olympus"], "tz is not a known time zone"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_a_bad_argument_is_one_clear_line(complaint, argv, said):
    assert said in complaint(*argv)


def test_a_folder_without_known_files_is_one_clear_line(complaint, tmp_path):
    assert "holds no files that are known" in complaint(tmp_path)


def test_help_is_help():
    assert "how likely a quarter or a month is made" in manual("will_we_make_it")


# --- the data set ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def december():
    """The question about December 2017, and what is told of it."""
    return computed(exported("crm_sales_opportunities"))


def test_of_the_data_set_everything_is_learned(december):
    _, told = december

    assert str(told.job.during) == "2017-12"
    assert told.learned
    assert told.rates.fields == ("owner", "product")
    assert told.rates.during == told.job.during
    assert told.exact.new_business is not None
    assert told.exact.shock == learn_shock(told.past.predictions)
    done = sum(
        deal.amount.minor
        for deal in told.job.source.deals
        if deal.status is Status.WON and told.job.during.start <= deal.trail[-1].at <= told.job.at
    )
    assert told.exact.completed.minor == done


def test_the_report_of_the_data_set_says_what_was_computed(december):
    question, told = december
    text = flat(EXAMPLE._written(question, told, "en").lines)
    found = accuracy(told.past.totals)

    likely = whole(told.outlook.probability(at_least=told.job.quota))
    assert f"We make 938,943 USD in 2017-12 with a probability of {likely}" in text
    assert "No period was given: asked is 2017-12" in text
    cover = found.cover[0.8]
    assert f"held what came in in {cover.hits} of {cover.n} months" in text
    assert f"{told.rates.n:,} deals stood open" in text
    assert text.count("from nominal 64% to") == 2
    assert float(found.wape) < float(found.nominal_wape)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_of_the_data_set_fits_the_page(december, language):
    lines = EXAMPLE._written(*december, language).lines

    assert max(map(columns, lines)) <= 100
    assert len(lines) <= 80
    assert not re.search(r"[{}]|None|Fraction|Money\(|nan", "\n".join(lines))
    if language == "en":
        assert not re.search("[一-鿿]", "".join(lines))
