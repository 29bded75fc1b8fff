"""Five dossiers are collected before a customer is analysed."""

from __future__ import annotations

from salesflow.customers import Dossier
from salesflow.funnel import FUNNEL, Stage


def test_there_are_five_dossiers():
    """背景资料, 使用现状, 组织结构资料, 个人资料, 竞争对手资料."""
    assert [(dossier.value, dossier.label("zh")) for dossier in Dossier] == [
        ("background", "背景资料"),
        ("usage_status", "使用现状"),
        ("org_structure", "组织结构资料"),
        ("personal", "个人资料"),
        ("competitors", "竞争对手资料"),
    ]


def test_each_dossier_is_a_gate_of_the_collecting_stage():
    """Its key is the key of the gate, and the question names it."""
    gates = {gate.key: gate for gate in FUNNEL.move(Stage.INFO_COLLECTION).gates}

    for dossier in Dossier:
        assert gates[dossier.value].required
        assert dossier.label("zh") in gates[dossier.value].question.zh
        assert dossier.label("en") in gates[dossier.value].question.en
