"""What was done with customers, or is asked for, to be judged by the policy: `actions.csv`."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from manager_week_parts.cells import choice, flag, whole
from report_parts.rows import Row, once
from salesflow import ActivityKind, Money
from salesflow.conduct import Action
from salesflow.customers import Channel, CompanyRole

__all__ = ["ACTIONS", "action"]

ACTIONS: Final = ("actions.csv", ("id", "kind", "on", "person"))


def action(row: Row, known: Container[str], currency: str) -> Action:
    """Return the action of a row."""
    id_ = row.text("id")
    once(id_, known)
    return Action(
        id=id_,
        kind=_kind(row.text("kind")),
        on=row.day("on"),
        person=row.text("person"),
        role=choice(row, "role", CompanyRole),
        account=row.cell("account"),
        call=row.cell("call"),
        event=row.cell("event"),
        attendees=row.cell("attendees").split(),
        channel=choice(row, "channel", Channel),
        quantity=whole(row, "quantity"),
        value=_money(row, "value", currency),
        estimate=_money(row, "estimate", currency),
        purpose=row.cell("purpose"),
        ref=row.cell("ref"),
        approver=row.cell("approver"),
        tied_to_prescribing=flag(row, "tied_to_prescribing"),
        rewards_referral=flag(row, "rewards_referral"),
    )


def _kind(cell: str) -> ActivityKind | str:
    """Return a kind of the list by its text in either language; any other word is kept."""
    for kind in ActivityKind:
        if cell.casefold() in {kind.value, kind.label("zh"), kind.label("en").casefold()}:
            return kind
    return cell


def _money(row: Row, name: str, currency: str) -> Money | None:
    return row.money(name, currency) if row.cell(name) else None
