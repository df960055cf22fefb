"""What accounts get back: of medical benefits from drivers at fault, and of what they advanced for platforms."""

from __future__ import annotations

import math
from decimal import Decimal
from types import SimpleNamespace

import pytest

from injurysim.books.advance import Advance
from injurysim.books.claims import Item, Payment
from injurysim.books.fund.recoveries import Recoveries
from injurysim.books.third_party import Drivers, injured_at_fault
from injurysim.core.randomness import Streams
from injurysim.scenario.designs import Design, ThirdParty

RULE = {"recovered_share": "0.333", "after_months": 2}
PAYS_FOR = {"medical": "medical", "recovery": "income", "grant": "disability"}


def design(small, at_fault="1", **changes):
    law = {"at_fault_share": at_fault, "paid_share": "0.5"}
    found = small.design(
        accounts={"fund": small.account(third_party_recovery=RULE, **changes)}, third_party=law
    )
    return Design.model_validate(found)


def recoveries(small, hurt, at_fault="1"):
    """Return what comes back under a design, once the world has told of the injury."""
    law = design(small, at_fault)
    drivers = Drivers(law.third_party, Streams(1, 0))
    drivers.take_in([hurt()])
    return Recoveries(law, drivers)


def payment(hurt, benefit, fen, advance=None, account="fund", injury="east/crew/0/0/2024-01/0"):
    claim = SimpleNamespace(scheme="pilot", advance=advance, injured=hurt(injury_id=injury))
    return Payment(claim, 0, Item(benefit, "fund", account, fen, PAYS_FOR[benefit]))


def test_medical_benefits_come_back_in_the_share_and_after_the_months_stated(small, hurt):
    back = recoveries(small, hurt)
    back.note(3, payment(hurt, "medical", 1001))
    back.note(3, payment(hurt, "recovery", 1000))
    back.note(4, payment(hurt, "medical", 1000))
    assert [back.due(month) for month in range(3, 8)] == [{}, {}, {"fund": 333}, {"fund": 333}, {}]


def test_nothing_comes_back_where_nobody_is_at_fault_or_no_account_paid(small, hurt):
    back = recoveries(small, hurt, at_fault="0")
    back.note(0, payment(hurt, "medical", 1000))
    back.note(0, payment(hurt, "medical", 1000, account=None))
    assert not any(back.due(month) for month in range(5))


def test_an_advance_comes_back_from_the_platform_whatever_the_benefit(small, hurt):
    back = recoveries(small, hurt, at_fault="0")
    advance = Advance(Decimal("0.8"), 6)
    back.note(1, payment(hurt, "medical", 1000, advance))
    back.note(1, payment(hurt, "grant", 333, advance))
    assert back.due(7) == {"fund": 800 + 266}


def test_fault_is_the_injurys_own_and_a_larger_share_adds_to_it():
    """4 standard errors of a binomial share: one false alarm in 16 000."""
    names = [f"injury {i}" for i in range(2000)]

    def law(share):
        return ThirdParty.model_validate({"at_fault_share": share, "paid_share": 0})

    some, more = (injured_at_fault(law(share), Streams(3, 0), names) for share in ("0.3", "0.5"))
    assert (more[some]).all()
    assert abs(some.mean() - 0.3) < 4 * math.sqrt(0.3 * 0.7 / len(names))
    assert (injured_at_fault(law("0.3"), Streams(3, 0), names[:7]) == some[:7]).all()


@pytest.fixture(scope="module")
def run(small):
    def tables(recovery, months=3, **third):
        law = {"at_fault_share": "0.6", "paid_share": "0", **third}
        found = small.design(
            {"pilot": small.scheme(handling=small.IMMEDIATE)},
            {"fund": small.account(third_party_recovery=recovery)},
            third_party=law,
        )
        return small.frames(small.document({"d": found}, months=months))

    return tables


def test_what_falls_due_after_the_run_is_not_recovered_within_it(run):
    """Whole fen: of every medical payment the half, two months on; the last two months' payments come too late."""
    at_once, late = (
        run({"recovered_share": "0.5", "after_months": months})["fund"]["recoveries_fen"].tolist()
        for months in (0, 2)
    )
    assert sum(at_once) > 0
    assert late == [0, 0, *at_once[:-2]]


def test_nothing_else_moves_when_something_is_recovered(run):
    none, half = (run({"recovered_share": share, "after_months": 1}) for share in ("0", "0.5"))
    for name in ("claims", "payments", "contributions", "injuries"):
        assert none[name].equals(half[name])
    assert half["fund"]["closing_fen"].iloc[-1] > none["fund"]["closing_fen"].iloc[-1]
