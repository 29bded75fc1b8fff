"""The one shape of a finding: what is wrong, about whom, and what to do next.

Bad conduct and doubtful data are never raised; they are returned, so that a report can show all
of them and a host can decide.  The severities are the three risk levels of China's 2025 guideline
against commercial bribery in pharma (禁止, 避免, 关注).

>>> LATE = Remark("late", Severity.WATCH, Label("{days} 天未动", "no move for {days} days"),
...               Label("安排拜访", "plan a visit"))
>>> finding = LATE.about("D-1", days=40)
>>> finding.subject, finding.text.en, finding.severity.label("zh")
('D-1', 'no move for 40 days', '关注')
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Final, cast

from attrs import frozen

from salesflow.labels import Label, Language, Term
from salesflow.tables import Table

__all__ = ["Finding", "Remark", "Severity", "watch"]


# Ids named in one sentence; `values` holds them all.
_SHOWN: Final = 5
# A value quoted in a sentence.
_LONGEST: Final = 200
_NO_VALUES: Final[Table[str, object]] = Table({})


class Severity(Term):
    """How much a finding weighs."""

    BLOCK = "block", "禁止", "block"
    AVOID = "avoid", "避免", "avoid"
    WATCH = "watch", "关注", "watch"


@frozen(kw_only=True)
class Finding:
    """Something a manager should know, with the evidence for it and the next step."""

    #: machine key, stable between versions
    key: str
    #: how much it weighs
    severity: Severity
    #: id of the deal, or name of the stage or period, it is about
    subject: str
    #: what is wrong, in both languages
    text: Label
    #: what to do next, in both languages
    advice: Label
    #: the values in the texts, by name, for a host that shows them its own way
    values: Table[str, object] = _NO_VALUES


@frozen
class Remark:
    """A row in a table of possible findings; the texts name their values in braces."""

    #: machine key, stable between versions
    key: str
    #: how much it weighs
    severity: Severity
    #: what is wrong
    text: Label
    #: what to do next
    advice: Label

    def about(self, subject: str, *, severity: Severity | None = None, **values: object) -> Finding:
        """Return the finding about `subject`; a `Label` or `Term` fills in its own language."""
        zh = {name: _say(value, "zh") for name, value in values.items()}
        en = {name: _say(value, "en") for name, value in values.items()}
        return Finding(
            key=self.key,
            severity=severity or self.severity,
            subject=subject,
            text=Label(self.text.zh.format(**zh), self.text.en.format(**en)),
            advice=Label(self.advice.zh.format(**zh), self.advice.en.format(**en)),
            values=Table(values),
        )


def watch(key: str, text: tuple[str, str], advice: tuple[str, str]) -> Remark:
    """Return a remark of the mildest weight; its texts are pairs of Chinese and English."""
    return Remark(key, Severity.WATCH, Label(*text), Label(*advice))


def _say(value: object, language: Language) -> str:
    match value:
        case Term():
            return value.label(language)
        case Label():
            return value.text(language)[:_LONGEST]
        case tuple():
            return _few(cast("tuple[object, ...]", value), language)
        case Fraction():
            tenths = floor(value * 10 + Fraction(1, 2))
            return f"{tenths / 10:.1f}" if tenths % 10 else str(tenths // 10)
        case _:
            said = str(value)
            return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _few(items: tuple[object, ...], language: Language) -> str:
    few = ", ".join(_say(item, language) for item in items[:_SHOWN])
    return f"{few} …" if len(items) > _SHOWN else few or "–"
