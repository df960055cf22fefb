"""The tables are those of the contract."""

from __future__ import annotations

from typing import get_args

import pytest

from injurysim.core.schemas import RELATIONS, SITUATIONS, TABLES

CONTRACT = {
    "exposure": "month region industry platform group | riders_active rider_days online_hours engaged_hours orders"
    " earnings_fen",
    "riders": "month region group | riders_active rider_days worked_hours orders earnings_fen",
    "injuries": "injury_id | rider_id region industry group relation occurred_at situation platform second_platform"
    " hours_on_shift severity medical_cost_fen days_off disability_grade fatal",
    "claims": "injury_id scheme | valuation claim_id region liable_platform covered reported not_reported_reason"
    " filed_by notified_at accepted_at limit_days first_decision first_decided_at final_decision final_decided_at suspended_days"
    " appraised_at disability_grade closed_at paid_fen outstanding_fen ultimate_fen",
    "attribution": "claim_id purpose platform | valuation share",
    "payments": "claim_id paid_at benefit payer account | payee scheme amount_fen",
    "contributions": "month account scheme payer region industry platform rate_from | base_unit base_true"
    " base_declared rate factor grade due_fen assessed_fen paid_fen written_off_fen arrears_fen"
    " late_fee_fen fine_fen",
    "fund": "month account | kind opening_fen contributions_fen late_fees_fen subsidy_fen return_fen recoveries_fen"
    " benefits_fen handling_fen prevention_fen borrowed_fen repaid_fen transfers_fen background_fen"
    " closing_fen deficit_before_rule_fen fund_ratio_months",
    "position": "month account | valuation outstanding_fen ibnr_fen pension_liability_fen debt_fen net_position_fen",
    "coverage": "month dimension level | valuation riders_eligible riders_insured riders_ever_insured"
    " riders_first_insured orders orders_insured online_hours online_hours_insured injuries injuries_covered injuries_reported"
    " injuries_compensated injuries_open loss_fen compensated_fund_fen compensated_platform_fen"
    " compensated_insurer_fen compensated_other_fen uncompensated_fen overcompensated_fen",
    "offices": "month region office | arrived finished withdrawn backlog utilisation mean_wait_days p95_wait_days"
    " within_limit_share",
    "metrics": "replication metric unit | value",
    "summary": "metric | unit mean sd ci_low ci_high n method level",
    "quantiles": "metric q | unit estimate ci_low ci_high n method level",
    "comparison": "baseline_world baseline_design metric | unit difference se ci_low ci_high method level"
    " joint_low joint_high family correction better_share same_share n n_needed half_width_wanted pairing_gain direction",
    "precision": "baseline_world baseline_design target | metric unit half_width_wanted half_width n n_foreseen"
    " reached method level",
}
LEADING = {
    "world": ["world", "replication"],
    "book": ["world", "design", "replication"],
    "experiment": ["world", "design"],
}


def test_there_are_the_tables_of_the_contract_in_order():
    assert list(TABLES) == list(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_and_key_are_the_contracts(name):
    table = TABLES[name]
    key, rest = (part.split() for part in CONTRACT[name].split("|"))
    assert list(table.names) == [*LEADING[table.of], *key, *rest]
    assert list(table.key) == key


def test_bases_are_the_contracts():
    assert {name for name, table in TABLES.items() if table.basis == "cash"} == {
        *("exposure", "riders", "payments", "contributions", "fund", "offices")
    }
    origin = {name for name, table in TABLES.items() if table.basis == "origin"}
    assert origin == {"claims", "attribution", "position", "coverage"}
    assert all("valuation" in TABLES[name].names for name in origin)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_is_explained_and_of_the_type_its_name_says(table):
    assert table.description
    for column in table.columns:
        assert column.description
        assert column.unit
        if column.name.endswith("_fen"):
            assert (column.type, column.unit, column.nullable) == ("int64", "fen", False)
        if column.name.endswith("_at"):
            assert column.type == "time"
        if column.name in ("month", "valuation"):
            assert (column.type, column.nullable) == ("month", False)
    assert len(table.schema) == len(table.columns)


def test_levels_are_those_of_the_scenario():
    from injurysim.scenario.names import Relation, Situation

    assert get_args(Relation) == RELATIONS
    assert get_args(Situation) == SITUATIONS
