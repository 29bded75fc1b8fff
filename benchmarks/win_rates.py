"""Learned win rates: how fast they are learned and applied, and how well they tell.

Prints the time to learn from 10,000 closed deals with eight fields and how it grows with ten times
the deals, and the time to score 100,000 open deals.  Then, on made-up deals whose pipeline is
known, the log loss of what is told of deals not seen, after 10 to 1,000 closed ones, beside
nominal rates and, where scikit-learn is installed, beside plain logistic regression and gradient
boosting.  With `--data FOLDER`, the CRM Sales Opportunities export: learned at the start of each
month of 2017, told within the month, beside nominal rates and one mean rate.
"""

from __future__ import annotations

import argparse
import csv
import gc
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from importlib.util import find_spec
from math import exp, fsum, log
from pathlib import Path
from random import Random
from statistics import mean, median
from time import perf_counter
from typing import NamedTuple

import pendulum

from salesflow import FUNNEL, WIN_RATES, Money, Month, Opportunity, Stage, Status
from salesflow.funnel import LossReason, pipeline
from salesflow.labels import Term
from salesflow.metrics.exposure import clock
from salesflow.metrics.fields import FIELDS
from salesflow.metrics.learning import learn_rates
from salesflow.metrics.rates import LearnedRates

START = pendulum.datetime(2024, 1, 1, tz="UTC")
STAGES = tuple(Stage)
OWNERS, PRODUCTS = 12, 6
GRADES = {"A": 0.7, "B": 0.0, "C": -0.7}
#: eight fields: the ready-made ones, and three of one's own
EIGHT = {
    **FIELDS,
    "grade": lambda deal: deal.customer[0],
    "line": lambda deal: deal.product[-1],
    "worked on": lambda deal: "often" if len(deal.trail) > 3 else "seldom",
}
THREE = ("owner", "product", "customer")
CUTS = (2, 5, 10, 20, 40)


class Case(NamedTuple):
    """A deal standing somewhere, and whether it was won in the end."""

    stage: Term
    days: float
    fields: tuple[str, ...]
    won: bool


def life(draw: Random, at: pendulum.DateTime, quality: float) -> list[tuple[object, Term]]:
    """Draw the events of a deal: good ones go on quickly, bad ones are lost slowly."""
    stage = draw.choice([0, 0, 0, 1, 2])
    events: list[tuple[object, Term]] = [(at, STAGES[stage])]
    while True:
        onward = draw.expovariate(1) * 12 * exp(-0.3 * quality) * (1 + 0.3 * stage)
        out = draw.expovariate(1) ** 0.7 * 19 * (1 + 0.4 * stage) * exp(0.2 * quality)
        at += timedelta(minutes=int(min(onward, out) * 1440))
        stage += 1
        if out <= onward:
            return [*events, (at, LossReason.OTHER)]
        if stage == len(STAGES):
            return [*events, (at, Status.WON)]
        events.append((at, STAGES[stage]))


def made(n: int, seed: int) -> list[Opportunity]:
    """Return closed deals of one market: its owners and products are the same for every seed."""
    market, draw = Random(999), Random(seed)
    owners = {f"R{i}": market.gauss(0, 0.5) for i in range(OWNERS)}
    products = {f"P{i}": market.gauss(0, 0.5) for i in range(PRODUCTS)}
    deals = []
    for index in range(n):
        owner, product = draw.choice(list(owners)), draw.choice(list(products))
        grade = draw.choice("ABBC")
        quality = owners[owner] + products[product] + GRADES[grade] + draw.gauss(0, 0.5)
        at = START + timedelta(hours=draw.randrange(24 * 365))
        deals.append(
            Opportunity.from_history(
                id=f"D-{index}",
                customer=grade,
                owner=owner,
                product=product,
                amount=Money(draw.choice([1_000, 5_000, 20_000, 100_000]), "CNY"),
                events=life(draw, at, quality),
            )
        )
    return deals


# --- speed -------------------------------------------------------------------------------------


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    gc.collect()
    started = perf_counter()
    work()
    return perf_counter() - started


def read(rates: LearnedRates, deals: Iterable[Opportunity]) -> list[tuple[str | None, ...]]:
    """Return the categories of each deal."""
    readers = tuple(rates.readers(EIGHT).values())
    return [tuple(reader(deal) for reader in readers) for deal in deals]


def score(
    rates: LearnedRates,
    deals: Iterable[Opportunity],
    marks: Iterable[tuple[str | None, ...]],
    at: pendulum.DateTime,
) -> float:
    """Return the sum of the probabilities of open deals, so that none is left out."""
    return fsum(
        rates.probability(deal.stage, clock(deal.trail, at), categories)
        for deal, categories in zip(deals, marks, strict=True)
    )


def speed(runs: int, n: int) -> None:
    """Measure learning and scoring."""
    large = made(n, 7)
    small = large[: n // 10]
    at = max(deal.trail[-1].at for deal in large) + timedelta(days=1)
    rates = learn_rates(large, as_of=at, fields=EIGHT)
    assert rates.n == n
    middle = START + timedelta(days=180)
    stood = [deal for deal in (deal.as_of(middle) for deal in large) if deal is not None]
    standing = [deal for deal in stood if deal.status is Status.OPEN]
    many = (standing * (100_000 // len(standing) + 1))[:100_000]
    marks = read(rates, many)
    times = [
        (
            timed(lambda: learn_rates(small, as_of=at, fields=EIGHT)),
            timed(lambda: learn_rates(large, as_of=at, fields=EIGHT)),
            timed(lambda: score(rates, many, marks, middle)),
            timed(lambda: read(rates, many)),
        )
        for _ in range(runs)
    ]
    few, all_of_them, scored, looked = (median(run[i] for run in times) for i in range(4))
    print(f"learning from {n:,} closed deals with eight fields: {all_of_them:.2f} s (target 2 s)")
    print(f"ten times the deals take {all_of_them / few:.1f} times the time (linear: 10)")
    kept = "with their effects" if rates.effects else "fields refused"
    print(f"scoring {len(many):,} open deals: {scored:.2f} s (target 1 s), {kept}")
    print(f"reading the eight fields of each before: {looked:.2f} s")


# --- how well, on made-up deals ----------------------------------------------------------------


def cases(deals: Iterable[Opportunity], every: int) -> list[Case]:
    """Look at deals every so many days, and return each that stood open."""
    found = []
    for deal in deals:
        for day in range(every // 2, 600, every):
            at = START + timedelta(days=day)
            stood = deal.as_of(at)
            if stood is not None and stood.status is Status.OPEN:
                who = (deal.owner, deal.product, deal.customer)
                won = deal.status is Status.WON
                found.append(Case(stood.stage, clock(stood.trail, at), who, won))
    return found


def loss(told: Sequence[float], came: Sequence[bool]) -> float:
    """Return the mean log loss."""
    return -mean(log(p if won else 1 - p) for p, won in zip(told, came, strict=True))


def coded(case: Case) -> list[int]:
    """Write a case as the noughts and ones of a plain regression."""
    owner, product, grade = case.fields
    marks = (
        (STAGES.index(case.stage), len(STAGES)),
        (bisect_right(CUTS, case.days), len(CUTS) + 1),
        (int(owner[1:]), OWNERS),
        (int(product[1:]), PRODUCTS),
        ("ABC".index(grade), 3),
    )
    return [int(place == mark) for mark, size in marks for place in range(size)]


def peers(seen: Sequence[Case], asked: Sequence[Case]) -> dict[str, float]:
    """Return the log loss of scikit-learn's two, fitted to looks every ten days."""
    from sklearn.ensemble import GradientBoostingClassifier  # noqa: PLC0415  only where installed
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    came = [case.won for case in seen]
    if len(set(came)) < 2:
        return {}
    told = {
        "logistic": LogisticRegression(max_iter=1000),
        "boosting": GradientBoostingClassifier(n_estimators=60, max_depth=3, random_state=0),
    }
    rows, new = [coded(case) for case in seen], [coded(case) for case in asked]
    losses = {}
    for name, model in told.items():
        chances = model.fit(rows, came).predict_proba(new)[:, 1]
        held = [min(max(float(p), 1e-6), 1 - 1e-6) for p in chances]
        losses[name] = loss(held, [case.won for case in asked])
    return losses


def curve(draws: int) -> None:
    """Print the log loss after so many closed deals."""
    asked = cases(made(2_000, 999), 30)
    Random(1).shuffle(asked)
    asked = asked[:3_000]
    came = [case.won for case in asked]
    pool = made(6_000, 5)
    share = mean(came)
    with_peers = find_spec("sklearn") is not None
    names = ["nominal", "constant", "nested", "learned"]
    names += ["logistic", "boosting"] if with_peers else []
    print(f"\nlog loss on {len(asked):,} looks at made-up deals, mean of {draws} draws")
    if not with_peers:
        print("(scikit-learn is not installed, so its two are left out)")
    print("closed deals " + "".join(f"{name:>10}" for name in names))
    nominal = loss([float(WIN_RATES[case.stage]) for case in asked], came)
    for n in (10, 30, 100, 300, 1_000):
        rows: list[dict[str, float]] = []
        for seed in range(draws):
            taught = Random(seed).sample(pool, n)
            at = max(deal.trail[-1].at for deal in taught) + timedelta(days=1)
            losses = {"nominal": nominal, "constant": loss([share] * len(came), came)}
            for name, fields in (("nested", ()), ("learned", THREE)):
                rates = learn_rates(taught, as_of=at, fields=fields)
                told = [
                    rates.probability(case.stage, case.days, case.fields if fields else ())
                    for case in asked
                ]
                losses[name] = loss(told, came)
            rows.append(losses | (peers(cases(taught, 10), asked) if with_peers else {}))
        shown = (mean(row[name] for row in rows if name in row) for name in names)
        print(f"{n:12,} " + "".join(f"{value:10.3f}" for value in shown))


# --- how well, on a real export ----------------------------------------------------------------


class Engaged(Term):
    """The one stage of the export whose deals have a date."""

    ENGAGING = "engaging", "接洽", "engaging"


CRM = pipeline("crm", Engaged)
NOMINAL = 0.6


def day(text: str) -> pendulum.DateTime:
    """Return the midnight of a date written month first."""
    month, of_month, year = map(int, text.split("/"))
    return pendulum.datetime(year, month, of_month, tz="UTC")


def exported(folder: Path) -> list[Opportunity]:
    """Return the dated deals of the export, at their list price; the account is never used."""
    with (folder / "products.csv").open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        prices = {row["product"].replace(" ", ""): row["sales_price"] for row in rows}
    with (folder / "sales_pipeline.csv").open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["engage_date"]]
    deals = []
    for row in rows:
        events: list[tuple[object, Term]] = [(day(row["engage_date"]), Engaged.ENGAGING)]
        if row["close_date"]:
            end = Status.WON if row["deal_stage"] == "Won" else LossReason.OTHER
            events.append((day(row["close_date"]), end))
        deals.append(
            Opportunity.from_history(
                id=row["opportunity_id"],
                customer="not told",
                owner=row["sales_agent"],
                product=row["product"],
                amount=Money(prices[row["product"].replace(" ", "")], "USD"),
                events=events,
                machine=CRM,
            )
        )
    return deals


def month_of(deals: Sequence[Opportunity], month: Month) -> list[tuple[float, bool]]:
    """Return what was told of each open deal at the start of a month, and what came."""
    rates = learn_rates(
        deals,
        as_of=month.start,
        during=month,
        win_rates={Engaged.ENGAGING: "0.60"},
        fields=("owner", "product"),
        machine=CRM,
    )
    rows = []
    for deal in deals:
        stood = deal.as_of(month.start)
        if stood is not None and stood.status is Status.OPEN:
            days = clock(stood.trail, month.start)
            told = rates.probability(Engaged.ENGAGING, days, (deal.owner, deal.product))
            closed = deal.trail[-1]
            rows.append((told, closed.status is Status.WON and closed.at < month.end))
    return rows


def rolling(folder: Path) -> None:
    """Print the log loss of each month of 2017, learned at its start."""
    deals = exported(folder)
    print(f"\n{len(deals):,} deals of {folder.name}: log loss of winning within the month")
    print("month        open     won   learned   nominal  constant")
    seen: list[tuple[float, float, bool]] = []
    before: list[bool] = []
    for number in range(5, 13):
        told = month_of(deals, Month(2017, number))
        # One rate for all: the share won within a month, in the months shown before.
        constant = mean(before) if before else NOMINAL
        rows = [(chance, constant, came) for chance, came in told]
        before += [came for _, came in told]
        seen += rows if number >= 7 else []
        show(f"2017-{number:02}", rows)
    show("Jul-Dec", seen)


def show(name: str, rows: Sequence[tuple[float, float, bool]]) -> None:
    """Print one row of the table."""
    came = [row[2] for row in rows]
    losses = [
        loss([row[0] for row in rows], came),
        loss([NOMINAL] * len(rows), came),
        loss([row[1] for row in rows], came),
    ]
    figures = "".join(f"{value:10.3f}" for value in losses)
    print(f"{name:9}{len(rows):8,}{sum(came):8,}{figures}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--deals", type=int, default=10_000)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--data", type=Path, help="folder of the CRM Sales Opportunities export")
    options = parser.parse_args()
    assert FUNNEL.stages == STAGES
    speed(options.runs, options.deals)
    curve(options.draws)
    if options.data:
        rolling(options.data)


if __name__ == "__main__":
    main()
