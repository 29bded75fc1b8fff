"""What is known of a customer grows stale, unless one person keeps it fresh."""

from __future__ import annotations

from datetime import date, timedelta

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from people_strategies import made
from salesflow.customers import Dossier
from salesflow.customers.files import FILE_REMARKS, FRESHNESS, CustomerFile, Freshness
from salesflow.errors import InvalidValue, WrongType
from strategies import dates

TODAY = date(2026, 8, 5)
GOOD = {
    "customer": "H-3",
    "custodian": "R-9",
    "dossiers": list(Dossier),
    "updated_on": date(2026, 8, 1),
    "key": True,
    "discussed_on": date(2026, 8, 3),
}


def file(**boxes):
    """A file in good order, but for these boxes."""
    return CustomerFile(**{**GOOD, **boxes})


def found(one, on=TODAY, **rest):
    """The keys of the findings, in order."""
    return [finding.key for finding in one.findings(on, **rest)]


# --- dossiers --------------------------------------------------------------------------------


@given(st.sets(st.sampled_from(Dossier)))
def test_the_dossiers_still_missing_are_listed_in_the_order_of_the_trade(dossiers):
    """A file is complete with all five of them."""
    one = file(dossiers=dossiers)

    assert one.missing == tuple(d for d in Dossier if d not in dossiers)
    assert ("dossiers_missing" in found(one)) is bool(one.missing)
    assert file(dossiers=[d.value for d in dossiers]) == one


def test_a_missing_dossier_is_named_in_the_language_of_the_text():
    """个人资料 in Chinese; the values keep the words themselves."""
    (finding,) = file(dossiers=set(Dossier) - {Dossier.PERSONAL, Dossier.USAGE_STATUS}).findings(
        TODAY
    )

    assert finding.text.zh == "缺少资料：使用现状, 个人资料"
    assert finding.text.en == (
        "dossiers are missing: what is used today, professional profile of the persons"
    )
    assert finding.values["dossiers"] == (Dossier.USAGE_STATUS, Dossier.PERSONAL)


# --- freshness -------------------------------------------------------------------------------


@given(dates(), st.integers(0, 60), st.integers(0, 60))
def test_a_file_is_fresh_for_as_many_days_as_the_rule_allows(day, age, limit):
    """On the last of these days it is; on the next it is stale."""
    one = file(updated_on=day, discussed_on=None, key=False)
    rule = Freshness(update_days=limit)
    on = day + timedelta(days=age)

    assert one.fresh(on, rule) is (age <= limit)
    assert found(one, on, rule=rule) == ([] if age <= limit else ["information_stale"])


@given(dates(), st.integers(0, 60), st.integers(0, 60))
def test_a_key_customer_is_discussed_as_often_as_the_rule_says(day, age, limit):
    """No other customer has to be."""
    on = day + timedelta(days=age)
    rule = Freshness(discuss_days=limit)
    boxes = {"updated_on": on, "discussed_on": day}

    assert found(file(**boxes, key=False), on, rule=rule) == []
    assert found(file(**boxes), on, rule=rule) == (
        [] if age <= limit else ["key_customer_not_discussed"]
    )


def test_the_rule_is_monthly_updates_and_weekly_discussions():
    """月变更, 周讨论: 31 days and 7."""
    assert FRESHNESS == Freshness() == Freshness(update_days=31, discuss_days=7)
    assert file(updated_on=date(2026, 7, 5)).fresh(TODAY)
    assert not file(updated_on=date(2026, 7, 4)).fresh(TODAY)
    assert found(file(discussed_on=date(2026, 7, 29))) == []
    assert found(file(discussed_on=date(2026, 7, 28))) == ["key_customer_not_discussed"]


def test_a_file_nobody_updated_is_not_fresh():
    """Unknown is not yesterday."""
    assert not file(updated_on=None).fresh(TODAY)


@pytest.mark.parametrize("day", [TODAY, pendulum.date(2026, 8, 5)], ids=["date", "pendulum"])
def test_a_day_of_any_kind_is_a_day(day):
    """Pendulum's dates are dates."""
    assert file(updated_on=pendulum.date(2026, 7, 5)).fresh(day)
    assert not file(updated_on=pendulum.date(2026, 7, 4)).fresh(day)
    assert type(file(updated_on=pendulum.date(2026, 7, 5)).updated_on) is date


def test_nothing_is_judged_before_it_happened():
    """An update of tomorrow is a typing mistake, or the wrong day was asked for."""
    tomorrow = TODAY + timedelta(days=1)

    with pytest.raises(InvalidValue, match=r"^updated_on lies after the day that is looked at"):
        file(updated_on=tomorrow).findings(TODAY)
    with pytest.raises(InvalidValue, match=r"^updated_on lies after the day that is looked at"):
        file(updated_on=tomorrow).fresh(TODAY)
    with pytest.raises(InvalidValue, match=r"^discussed_on lies after the day that is looked at"):
        file(discussed_on=tomorrow).findings(TODAY)


@pytest.mark.parametrize("updated_on", [None, date(2026, 8, 1)], ids=["unknown", "known"])
@pytest.mark.parametrize("on", [None, "2026-08-05", 5, pendulum.datetime(2026, 8, 5)], ids=str)
def test_a_file_is_looked_at_on_a_day(on, updated_on):
    """The library has no clock, and a datetime has no date without a zone."""
    with pytest.raises(WrongType, match=r"^on is of type "):
        file(updated_on=updated_on).findings(on)
    with pytest.raises(WrongType, match=r"^on is of type "):
        file(updated_on=updated_on).fresh(on)


# --- findings --------------------------------------------------------------------------------

# For each remark: what provokes it in a file that is in good order otherwise.
PROVOKED = {
    "dossiers_missing": file(dossiers=["background"]),
    "no_custodian": file(custodian=" "),
    "information_stale": file(updated_on=date(2026, 6, 1)),
    "information_never_updated": file(updated_on=None),
    "key_customer_not_discussed": file(discussed_on=None),
}


def test_every_remark_is_provoked():
    """No row of the table of remarks is without its case here, and no key stands twice."""
    assert [remark.key for remark in FILE_REMARKS] == list(PROVOKED)


@pytest.mark.parametrize("remark", FILE_REMARKS, ids=lambda remark: remark.key)
def test_a_remark_comes_with_its_fault_and_goes_with_it(remark):
    """The finding names the customer by id and says in both languages what to do."""
    (finding,) = PROVOKED[remark.key].findings(TODAY)

    assert file().findings(TODAY) == ()
    assert (finding.key, finding.subject) == (remark.key, "H-3")
    assert finding.severity is remark.severity
    for label in (finding.text, finding.advice):
        assert not label.zh.isascii()
        assert not set("{}<>") & set(label.zh + label.en)


def test_an_empty_file_has_everything_wrong_with_it():
    """In the order of the table; the file of nobody's key customer needs no discussion."""
    empty = made(CustomerFile)

    assert found(empty) == ["dossiers_missing", "no_custodian", "information_never_updated"]
    assert found(made(CustomerFile, key=True))[-1] == "key_customer_not_discussed"


def test_the_days_are_told():
    """65 days, more than 31."""
    (finding,) = PROVOKED["information_stale"].findings(TODAY)

    assert finding.text.en == "not updated for 65 days, more than 31"
    assert "65" in finding.text.zh


def test_a_rule_is_a_number_of_days():
    """A rule without a number would compare days with nothing."""
    for boxes in ({"update_days": -1}, {"discuss_days": 7.0}, {"update_days": None}):
        with pytest.raises(InvalidValue, match=f"^{next(iter(boxes))} "):
            Freshness(**boxes)


def test_somebody_who_cannot_be_seen_keeps_no_file():
    """A blank that looks filled is no custodian."""
    assert found(file(custodian="\u2800")) == ["no_custodian"]


def test_a_file_is_judged_by_a_rule():
    """A bare number could be days of either kind."""
    with pytest.raises(WrongType, match=r"^rule "):
        file().findings(TODAY, 31)
    with pytest.raises(WrongType, match=r"^rule "):
        file(updated_on=TODAY).fresh(TODAY, None)
