"""Doubts: what should be known before learned rates are believed.

Little history, one outcome only, history that did worse than the nominal rates, fields that gained
nothing, rates that are no better than one mean rate for everybody: each is said, with what to do.

>>> [found.key for found in doubts("funnel", n=3, won=3, enough=50, proof=None, trusted=True)]
['little_history', 'one_outcome']
"""

from __future__ import annotations

from typing import Final

from attrs import frozen

from salesflow.findings import Finding, Remark, Severity
from salesflow.labels import Label

__all__ = ["Proof", "doubts"]

_FEW: Final = Remark(
    "little_history",
    Severity.WATCH,
    Label(
        "只有 {n} 个已决机会（少于 {enough}），赢率基本仍为阶段默认值",
        "only {n} decided deals (fewer than {enough}): the rates stay close to the nominal ones",
    ),
    Label("继续积累历史，暂按阶段默认值使用", "gather history, and read them as nominal rates"),
)
_ONE_WAY: Final = Remark(
    "one_outcome",
    Severity.WATCH,
    Label(
        "历史中的机会全部同一结局（赢 {won} / 共 {n}），无法区分好坏",
        "all deals of the history ended the same way ({won} won of {n}): nothing tells them apart",
    ),
    Label("核对丢单是否被记录", "check that losses are recorded, not only wins"),
)
_REFUSED: Final = Remark(
    "history_refused",
    Severity.AVOID,
    Label(
        "在以后的机会上，历史赢率的对数损失 {nested} 不优于阶段默认值 {nominal}，未采用",
        "on later deals the rates of history lost {nested} against {nominal} of the "
        "nominal ones, so they are not used",
    ),
    Label(
        "检查历史数据是否完整、口径是否改变", "check whether the record is whole, or has changed"
    ),
)
_NO_FIELDS: Final = Remark(
    "fields_refused",
    Severity.WATCH,
    Label(
        "字段 {fields} 在以后的机会上没有带来改进，未采用",
        "the fields {fields} gained nothing on later deals, so they are not used",
    ),
    Label("换用其他字段，或等待更多历史", "try other fields, or wait for more history"),
)
_CONSTANT: Final = Remark(
    "no_better_than_constant",
    Severity.WATCH,
    Label(
        "在以后的机会上，赢率（{told}）不优于对所有机会使用同一平均赢率（{constant}）",
        "on later deals the rates ({told}) were no better than telling every deal the same mean "
        "rate ({constant})",
    ),
    Label("不要用它区分机会的先后", "do not rank deals by them"),
)


@frozen(kw_only=True)
class Proof:
    """How the rates did on deals they had not seen: mean log loss, lower is better."""

    #: how many deals were told
    n: int
    #: the nominal rates
    nominal: float
    #: one mean rate for every deal
    constant: float
    #: history by stage and time
    nested: float
    #: the same with the fields, at the strength used; None where no field was learned
    fields: float | None


def doubts(
    machine: str,
    *,
    n: int,
    won: int,
    enough: int,
    proof: Proof | None,
    trusted: bool,
    refused: tuple[str, ...] = (),
) -> tuple[Finding, ...]:
    """Return what should be known before rates learned from `n` decided deals are believed.

    `refused` are the fields that were named and are not used.
    """
    found: list[Finding] = []
    if n < enough:
        found.append(_FEW.about(machine, n=n, enough=enough))
    if n and won in {0, n}:
        found.append(_ONE_WAY.about(machine, n=n, won=won))
    if proof is not None and not trusted:
        nested, nominal = _shown(proof.nested), _shown(proof.nominal)
        found.append(_REFUSED.about(machine, nested=nested, nominal=nominal))
    if refused and (proof is not None or n >= enough):
        found.append(_NO_FIELDS.about(machine, fields=refused))
    if proof is not None and _told(proof, trusted=trusted) >= proof.constant:
        told, constant = _shown(_told(proof, trusted=trusted)), _shown(proof.constant)
        found.append(_CONSTANT.about(machine, told=told, constant=constant))
    return tuple(found)


def _told(proof: Proof, *, trusted: bool) -> float:
    """Return the loss of what is told in the end."""
    learned = proof.nested if proof.fields is None else min(proof.nested, proof.fields)
    return learned if trusted else proof.nominal


def _shown(loss: float) -> str:
    return f"{loss:.3f}"
