"""The table of the eight stages: its rows, its ways off, its profiles, and pipelines like it."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given

from books import GENERAL, HOST, Phase, lives, new_deal
from salesflow.customers import CompanyRole, HospitalRole
from salesflow.errors import InvalidValue, NoSuchMove, SalesflowError, SkippedStage
from salesflow.funnel import FUNNEL, STAGES, WIN_RATES, Stage, StageProfile, Status, pipeline
from salesflow.gates import Gate
from salesflow.labels import Label

INDEX = {stage: number for number, stage in enumerate(Stage, start=1)}
CHINESE = (
    "目标客户群 收集资料 客户分析 建立信任 挖掘需求 呈现价值 赢取承诺 完成回款，并奠定二次销售基础"
)
# What some manuals call trust building; none of it may stand in a definition or in the work.
UNWANTED = [
    "送礼",
    "礼品",
    "聚餐",
    "吃喝",
    "娱乐",
    "公关",
    "虚荣",
    "gift",
    "meal",
    "dinner",
    "entertain",
    "vanity",
]

HOSPITAL = {1: "", 2: "UIE", 3: "UIE", 4: "UIE", 5: "UIE", 6: "UIED", 7: "UIED", 8: "UIED"}
FOCUS = {6: "UIED", 7: "D", 8: "UI"}
COMPANY = {1: "S", 2: "S", 3: "S", 4: "S", 5: "SP", 6: "SP", 7: "SPM", 8: "SP"}
ROLES = {
    "U": HospitalRole.USER,
    "I": HospitalRole.INITIATOR,
    "E": HospitalRole.EVALUATOR,
    "D": HospitalRole.DECISION_MAKER,
    "S": CompanyRole.SALESPERSON,
    "P": CompanyRole.PRODUCT_MANAGER,
    "M": CompanyRole.SALES_MANAGER,
}


def roles(letters):
    return {ROLES[letter] for letter in letters}


def test_there_are_eight_stages_in_the_order_of_the_trade():
    """From the target group to payment and resale, with both names."""
    assert [stage.label("zh") for stage in Stage] == CHINESE.split()
    assert [stage.label("en") for stage in Stage][::7] == [
        "target group",
        "payment and basis of the second sale",
    ]
    assert FUNNEL.stages == tuple(Stage)
    assert FUNNEL.start is Stage.TARGET_GROUP


def test_there_are_three_outcomes_and_two_are_final():
    """Open, won, lost: kept apart from the stage, and in both languages."""
    assert [status.label("zh") for status in Status] == ["进行中", "赢单", "丢单"]
    assert [status.label("en") for status in Status] == ["open", "won", "lost"]
    assert set(FUNNEL.final) == {Status.WON, Status.LOST}


@pytest.mark.parametrize("move", FUNNEL.moves, ids=lambda move: move.source.name)
def test_each_row_leads_one_stage_on_through_gates(move):
    """A row of the path leads to the next stage, or from the last one to the win."""
    last = move.source is Stage.PAYMENT_AND_RESALE

    assert move.target is Status.WON if last else INDEX[move.target] == INDEX[move.source] + 1
    assert move.gates
    assert any(gate.required for gate in move.gates)
    assert FUNNEL.move(move.source) == FUNNEL.move(move.source, move.target) == move


@pytest.mark.parametrize("stage", Stage)
def test_the_ways_off_lead_down_or_out(stage):
    """From each stage: back to every earlier one, or to the loss; no gate stands in the way."""
    ways = [move for move in FUNNEL.departures if move.source is stage]

    assert [move.target for move in ways] == [*list(Stage)[: INDEX[stage] - 1], Status.LOST]
    assert not any(move.gates for move in ways)


@pytest.mark.parametrize("source", Stage)
@pytest.mark.parametrize("target", [*Stage, *Status])
def test_any_other_move_does_not_exist(source, target):
    """Going on too far names the stages left out; anything else that is no row is no move."""
    place = {**INDEX, Status.WON: 9}
    climbed = place.get(target, 0) - place[source]
    if climbed == 1:
        assert FUNNEL.move(source, target).target is target
        return

    with pytest.raises(NoSuchMove) as refused:
        FUNNEL.move(source, target) if target is not Status.OPEN else FUNNEL.departure(
            source, target
        )
    assert (type(refused.value) is SkippedStage) is (climbed > 1)
    if climbed > 1:
        assert refused.value.skipped == tuple(list(Stage)[INDEX[source] : place[target] - 1])


@given(lives())
def test_invariant_01_no_transition_climbs_more_than_one_stage(deal):
    """A stage has an index from 1 to 8, and no event raises it by more than 1."""
    assert all(1 <= INDEX[event.target] <= 8 for event in deal.trail)
    for event in deal.trail[1:]:
        assert INDEX[event.target] - INDEX[event.source] <= 1


def test_the_landmarks_stand_where_the_trade_has_them():
    """The funnel's shape starts at the analysis, a second sale at the needs."""
    assert FUNNEL.landmark("shape") is Stage.CUSTOMER_ANALYSIS
    assert FUNNEL.landmark("resale") is Stage.NEEDS_DISCOVERY
    assert FUNNEL.landmark("unknown") is Stage.TARGET_GROUP


def test_the_table_is_a_value():
    """It compares, copies and pickles, and nothing about it can be set."""
    assert pickle.loads(pickle.dumps(Stage.TRUST_BUILDING)) is Stage.TRUST_BUILDING
    assert copy.deepcopy(Stage.TRUST_BUILDING) is Stage.TRUST_BUILDING
    assert evolve(FUNNEL) == FUNNEL
    with pytest.raises(FrozenInstanceError):
        FUNNEL.name = "mine"
    with pytest.raises(TypeError):
        STAGES[Stage.TRUST_BUILDING] = STAGES[Stage.TARGET_GROUP]


def test_a_changed_table_is_another_value():
    """Replacing a gate leaves the funnel itself as it was."""
    key = "investment_far_below_output"

    assert HOST != FUNNEL
    assert HOST.gates[key].threshold == 3
    assert FUNNEL.gates[key].threshold is None
    assert HOST.name == FUNNEL.name


# --- profiles --------------------------------------------------------------------------------


def test_every_stage_has_its_profile():
    """The table of profiles has the eight stages, in order, each saying what it is about."""
    assert list(STAGES) == list(Stage)
    assert all(profile.stage is stage for stage, profile in STAGES.items())
    assert all(isinstance(profile, StageProfile) for profile in STAGES.values())


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_needs_the_roles_of_the_trade(stage):
    """The roles on both sides, and those that matter most."""
    profile, number = STAGES[stage], INDEX[stage]

    assert set(profile.hospital_roles) == roles(HOSPITAL[number])
    assert set(profile.focus) == roles(FOCUS.get(number, ""))
    assert set(profile.company_roles) == roles(COMPANY[number])
    assert set(profile.focus) <= set(profile.hospital_roles)


def test_one_table_says_all_of_a_stage():
    """Its gates and win rate are those of the funnel, row by row."""
    for stage, row in STAGES.items():
        assert row.gates == FUNNEL.move(stage).gates
        assert row.win_rate == WIN_RATES[stage]


def test_the_buying_centre_widens_and_never_narrows():
    """Whoever had to be known at a stage has to be known at the next one."""
    for before, after in pairwise(STAGES.values()):
        assert before.hospital_roles <= after.hospital_roles


@pytest.mark.parametrize("stage", Stage)
def test_each_stage_is_defined_by_professional_work(stage):
    """Definition and work are said in both languages, and no hospitality is among them."""
    profile = STAGES[stage]
    texts = [profile.definition, *profile.work]

    assert profile.work
    assert not any(label.zh.isascii() for label in texts)
    for word in UNWANTED:
        assert not any(word in label.zh or word in label.en.lower() for label in texts)


# --- pipelines of one's own ------------------------------------------------------------------


def test_a_pipeline_has_the_shape_of_the_funnel():
    """Stairs up to the win, a way off at each stage, the gates given and no others."""
    assert GENERAL.stages == tuple(Phase)
    assert [move.target for move in GENERAL.moves] == [*list(Phase)[1:], Status.WON]
    assert len(GENERAL.departures) == 6 + 5 + 4 + 3 + 2 + 1
    assert GENERAL.move(Phase.OBJECTIONS).gates == ()
    assert [gate.key for gate in GENERAL.move(Phase.CLOSE).gates] == ["paid", "content"]
    assert set(GENERAL.final) == {Status.WON, Status.LOST}


def test_a_pipeline_without_gates_or_landmarks_starts_at_its_start():
    """Gates and landmarks are optional, and a single stage is a pipeline."""
    single = pipeline("single", [Phase.CLOSE])

    assert single.stages == (Phase.CLOSE,)
    assert single.landmark("resale") is Phase.CLOSE
    assert len(single.gates) == 0
    assert [move.target for move in single.departures] == [Status.LOST]
    assert new_deal(machine=single).unmet(machine=single) == ()


def test_a_pipeline_takes_any_run_of_stages_once():
    """An iterator will do; order is as given, not as the stages are defined."""
    short = pipeline("short", iter([Phase.NEEDS, Phase.CONTACT]))

    assert short.stages == (Phase.NEEDS, Phase.CONTACT)
    assert short.move(Phase.NEEDS).target is Phase.CONTACT


LOOSE = Gate("loose", Label("行？", "ok?"))


ASTRAY = {
    "no name": {"name": ""},
    "a name that is no text": {"name": None},
    "a name with a control": {"name": "a\x00b"},
    "no stage": {"stages": []},
    "a stage twice running": {"stages": [Phase.NEEDS, Phase.NEEDS]},
    "a stage twice": {"stages": [Phase.NEEDS, Phase.CONTACT, Phase.NEEDS]},
    "an end as a stage": {"stages": [Phase.NEEDS, Status.WON]},
    "a landmark off the path": {"landmarks": [("resale", Phase.CLOSE)]},
    "a landmark at the end": {"landmarks": [("resale", Status.WON)]},
    "a gate twice": {"gates": {Phase.NEEDS: [LOOSE, LOOSE]}},
    "a key with two meanings": {
        "gates": {Phase.NEEDS: [LOOSE], Phase.CONTACT: [evolve(LOOSE, threshold=2)]}
    },
    "a group of one": {"gates": {Phase.NEEDS: [evolve(LOOSE, any_of="alone")]}},
    "gates nobody comes through": {"gates": {Phase.CLOSE: [LOOSE]}},
}


@pytest.mark.parametrize("astray", ASTRAY.values(), ids=ASTRAY)
def test_a_pipeline_that_is_no_stairs_is_refused(astray):
    """No stage, a stage twice, an end as a stage, gates or landmarks astray: none is a pipeline."""
    table = {"name": "mine", "stages": [Phase.NEEDS, Phase.CONTACT]} | astray

    with pytest.raises(SalesflowError):
        pipeline(**table)


@pytest.mark.parametrize("name", ["  mine  ", "cafe\u0301"], ids=["blanks", "accents"])
def test_a_deal_of_a_pipeline_knows_it_by_its_name(name):
    """Whatever blanks or accents the host wrote, deal and table agree on the name."""
    machine = pipeline(name, Phase)
    deal = new_deal(machine=machine)
    fields = ("id", "customer", "owner", "product", "machine", "origin", "trail")
    stored = type(deal)(**{field: getattr(deal, field) for field in fields})

    assert stored == deal
    assert stored.unmet(machine=machine) == ()


@pytest.mark.parametrize("stage", [Status.WON, Status.OPEN, Phase.NEEDS, "target_group", None])
def test_only_the_stages_of_a_table_are_its_stages(stage):
    """An outcome, a stage of another table and a bare text are refused."""
    with pytest.raises(InvalidValue):
        FUNNEL.stage(stage)
