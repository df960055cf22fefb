"""Drivers at fault: whose fault, what they pay, and what schemes and medical insurance pay beside them."""

from __future__ import annotations

import numpy as np
import pytest

from injurysim.books.third_party import NOTHING, Drivers, Paid, injured_at_fault
from injurysim.core.randomness import Streams
from injurysim.scenario.designs import ThirdParty


def law(share="0.4", paid="0.5", **changes):
    return ThirdParty.model_validate({"at_fault_share": share, "paid_share": paid, **changes})


IDS = [f"east/crew/0/{number}/2024-01/0" for number in range(4000)]


def test_the_share_at_fault_is_drawn_for_the_injury():
    """Within four standard errors; those of a smaller share are among those of a larger; each on its own."""
    few, more = (injured_at_fault(law(share), Streams(1, 0), IDS) for share in ("0.3", "0.6"))
    assert abs(few.mean() - 0.3) < 4 * (0.21 / len(IDS)) ** 0.5
    assert not (few & ~more).any()
    assert injured_at_fault(law("0.3"), Streams(1, 0), IDS[::-1])[::-1].tolist() == few.tolist()
    assert injured_at_fault(law("1"), Streams(1, 0), IDS).all()
    assert not injured_at_fault(law("0"), Streams(1, 0), IDS).any()


@pytest.mark.parametrize(
    ("loss", "medical", "paid"),
    [(1000, 0, Paid(500, 0)), (1000, 300, Paid(500, 300)), (1000, 900, Paid(500, 500)), (1, 1, Paid(1, 1))],
)
def test_they_pay_a_share_of_the_loss_to_medical_cost_first(hurt, loss, medical, paid):
    injured = hurt(loss_fen=loss, medical_cost_fen=medical)
    for deducted in (False, True):
        drivers = Drivers(law("1", deducted=deducted), Streams(1, 0))
        drivers.take_in([injured])
        assert drivers.paid(injured.injury_id) == paid
        assert drivers.deducted_fen(injured.injury_id) == (paid.medical_fen if deducted else 0)


def test_nobody_pays_without_a_rule_or_for_another(hurt):
    for drivers in (Drivers(None, Streams(1, 0)), Drivers(law("1"), Streams(1, 0))):
        drivers.take_in([])
        assert drivers.paid("nobody") == NOTHING
        assert drivers.deducted_fen("nobody") == 0


@pytest.fixture(scope="session")
def beside(small):
    """The same pilot, of medical benefits alone, without drivers, with them, and with what they pay deducted."""
    pilot = small.scheme(
        handling=small.IMMEDIATE, benefits={"medical": {"kind": "medical", "catalogue_share": "0.8"}}
    )
    behind = {"basic_medical": {"reimbursed_share": "0.5"}}
    drivers = {"at_fault_share": "0.5", "paid_share": "0.6"}
    designs = {
        "none": small.design({"pilot": pilot}, **behind),
        "beside": small.design({"pilot": pilot}, third_party=drivers, **behind),
        "deducted": small.design({"pilot": pilot}, third_party={**drivers, "deducted": True}, **behind),
    }
    worlds = {"base": small.world({"crew": small.group(40)})}
    return small.frames(small.document(designs, worlds))


def test_the_tables_of_a_design_with_drivers(small, beside):
    """Each injury by hand: schemes pay 80 % of the cost or of what is left, medical insurance half of the rest."""
    injuries = beside["injuries"]
    fault = injured_at_fault(law("0.5"), Streams(7, 0), injuries["injury_id"].tolist())
    assert 20 < fault.sum() < len(fault) - 20
    all_rows = beside["coverage"].query("dimension == 'all'").groupby("design").sum(numeric_only=True)
    medical = injuries["medical_cost_fen"].to_numpy()
    covered = {
        design: small.of_design(beside["claims"], design)
        .set_index("injury_id")
        .reindex(injuries["injury_id"])
        for design in ("none", "beside", "deducted")
    }
    on_order = covered["none"]["covered"].to_numpy(bool)
    assert on_order.any()
    paid = {design: rows["paid_fen"].to_numpy() for design, rows in covered.items()}
    assert np.array_equal(paid["none"], paid["beside"])
    assert (np.abs(paid["none"] - 0.8 * medical * on_order) <= 0.5).all()
    assert np.array_equal(paid["none"][~fault], paid["deducted"][~fault])
    assert (paid["deducted"] <= paid["none"]).all()
    assert (paid["deducted"][fault & on_order] < paid["none"][fault & on_order]).any()
    # With 60 % of a loss that is at least the medical cost, drivers pay between 60 % and all of the cost.
    left = medical[fault & on_order] - paid["deducted"][fault & on_order] / 0.8
    assert (left >= 0.6 * medical[fault & on_order] - 2).all()
    assert (left <= medical[fault & on_order] + 2).all()
    assert all_rows.loc["beside", "compensated_other_fen"] > all_rows.loc["none", "compensated_other_fen"]
    assert all_rows.loc["deducted", "compensated_fund_fen"] < all_rows.loc["beside", "compensated_fund_fen"]
    assert (all_rows["loss_fen"] == all_rows["loss_fen"].iloc[0]).all()


def test_when_drivers_pay_everything_medical_insurance_reimburses_nothing(small):
    everything = {"at_fault_share": 1, "paid_share": 1, "deducted": True}
    pilot = small.scheme(handling=small.IMMEDIATE, benefits={"medical": {"kind": "medical"}})
    design = small.design({"pilot": pilot}, third_party=everything, basic_medical={"reimbursed_share": 1})
    found = small.frames(small.document({"d": design}))
    rows = found["coverage"].query("dimension == 'all'").sum(numeric_only=True)
    assert rows["compensated_other_fen"] == rows["loss_fen"] > 0
    assert rows["compensated_fund_fen"] == rows["uncompensated_fen"] == rows["overcompensated_fen"] == 0
    assert len(found["payments"]) == 0
