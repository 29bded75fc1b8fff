"""What should be known before learned rates are believed is said in both languages."""

from __future__ import annotations

import pytest

from salesflow.metrics import Proof
from salesflow.metrics.doubts import doubts

GOOD = Proof(n=80, nominal=0.6, constant=0.55, nested=0.5, fields=0.49)
SOUND = {"n": 80, "won": 30, "enough": 50, "proof": GOOD, "trusted": True}


def said(**given):
    """The keys of what is found."""
    return [found.key for found in doubts("funnel", **(SOUND | given))]


def test_sound_rates_raise_no_doubt():
    """Enough deals, both outcomes, a trial that history won."""
    assert said() == []


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({"n": 49, "won": 20, "proof": None}, ["little_history"]),
        ({"n": 0, "won": 0, "proof": None}, ["little_history"]),
        ({"won": 80}, ["one_outcome"]),
        ({"won": 0}, ["one_outcome"]),
        ({"refused": ("owner", "product")}, ["fields_refused"]),
        ({"n": 10, "won": 5, "proof": None, "refused": ("owner",)}, ["little_history"]),
        (
            {
                "trusted": False,
                "proof": Proof(n=80, nominal=0.4, constant=0.5, nested=0.6, fields=None),
            },
            ["history_refused"],
        ),
        (
            {"proof": Proof(n=80, nominal=0.6, constant=0.5, nested=0.5, fields=None)},
            ["no_better_than_constant"],
        ),
    ],
)
def test_each_doubt_is_said(given, keys):
    """And no other."""
    assert said(**given) == keys


def test_a_doubt_names_its_figures_in_both_languages():
    """The losses with three decimals, the fields by name."""
    worse = Proof(n=80, nominal=0.4, constant=0.5, nested=0.61234, fields=None)
    (found,) = doubts("funnel", **(SOUND | {"trusted": False, "proof": worse}))

    assert "0.612" in found.text.en
    assert "0.400" in found.text.zh
    (fields,) = doubts("funnel", **SOUND, refused=("owner",))
    assert "owner" in fields.text.zh
    assert "owner" in fields.text.en
