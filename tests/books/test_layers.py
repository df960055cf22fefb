"""Layers: what an offset or secondary scheme still pays, class by class, and what holds of all layers together."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from injurysim.books.benefits.pension import for_life
from injurysim.books.claims import Item
from injurysim.books.layers import left_of
from injurysim.scenario.layer import Layer

CLASSES = ("medical", "income", "disability", "death", "fixed")
KINDS = ("stacked", "offset", "secondary")


def layer(kind, **law):
    return TypeAdapter(Layer).validate_python({"kind": kind, **law})


def award(*amounts):
    """Return an award of items given as (class, fen)."""
    return tuple(
        Item(f"benefit {number}", "fund", "fund", fen, pays_for)
        for number, (pays_for, fen) in enumerate(amounts)
    )


def by_class(items):
    total = Counter()
    for item in items:
        total[item.pays_for] += item.amount_fen
    return total


AWARDS = st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(0, 10**6)), max_size=6).map(
    lambda amounts: award(*amounts)
)


# One scheme behind another


def test_an_offset_pays_the_rest_of_each_class():
    mine = award(("medical", 700), ("income", 300), ("disability", 100))
    theirs = award(("medical", 500), ("income", 900), ("death", 50))
    left = left_of(layer("offset"), mine, theirs)
    assert [item.amount_fen for item in left] == [200, 0, 100]
    assert [item.benefit for item in left] == [item.benefit for item in mine]


def test_an_offset_takes_in_proportion_from_the_benefits_of_a_class():
    """501 of 900 are left: 167 fen of each 300, and the fen nobody divides goes to the first."""
    mine = award(("disability", 300), ("medical", 10), ("disability", 300), ("disability", 300))
    left = left_of(layer("offset"), mine, award(("disability", 400)))
    assert [item.amount_fen for item in left] == [167, 10, 167, 166]


def test_an_offset_lowers_a_pension_in_proportion():
    item = Item("pension", "fund", "fund", 1000, "disability", for_life(5000, 0))
    (left,) = left_of(layer("offset"), (item,), award(("disability", 250)))
    assert left.amount_fen == 750
    assert left.pension.fen(0, 0) == 3750
    (none,) = left_of(layer("offset"), (item,), award(("disability", 2500)))
    assert none.amount_fen == none.pension.fen(0, 0) == 0


def test_a_secondary_pays_where_nobody_else_does():
    mine = award(("medical", 700), ("death", 100))
    assert left_of(layer("secondary"), mine, ()) == mine
    assert left_of(layer("secondary"), mine, award(("income", 0))) == mine
    assert left_of(layer("secondary"), mine, award(("income", 1))) == ()


# All layers of a design


def stacked_up(kinds, awards):
    """Return what each layer of a design pays, each looking at all before it."""
    paid = []
    for kind, mine in zip(kinds, awards, strict=True):
        paid.append(left_of(layer(kind), mine, [item for before in paid for item in before]))
    return paid


@given(st.lists(AWARDS, min_size=1, max_size=4))
def test_offset_layers_pay_the_largest_award_of_each_class(awards):
    """Each names all before it: together they pay max over the layers, class by class, and reach it layer by layer."""
    paid = stacked_up(["offset"] * len(awards), awards)
    for pays_for in CLASSES:
        so_far = list(accumulate(by_class(items)[pays_for] for items in paid))
        assert so_far == list(accumulate((by_class(items)[pays_for] for items in awards), max))


@given(st.lists(AWARDS, min_size=1, max_size=4))
def test_stacked_pays_no_less_than_offset_and_offset_no_less_than_secondary(awards):
    total = [
        sum(item.amount_fen for items in stacked_up([kind] * len(awards), awards) for item in items)
        for kind in KINDS
    ]
    assert total == sorted(total, reverse=True)


@given(st.lists(st.tuples(st.sampled_from(KINDS), AWARDS), min_size=1, max_size=4))
def test_no_layer_pays_less_than_nothing_or_more_than_its_award(layers):
    kinds, awards = zip(*layers, strict=True)
    for mine, paid in zip(awards, stacked_up(kinds, awards), strict=True):
        assert len(paid) in (0, len(mine))
        assert all(0 <= left.amount_fen <= whole.amount_fen for left, whole in zip(paid, mine, strict=False))


# In a book


@pytest.fixture(scope="session")
def stack(small):
    """The pilot with some claims refused and some never reported, and the same accident policy behind it in three ways."""
    pilot = small.scheme(reporting=small.SHARES, handling={**small.OFFICES, "confirmed_share": "0.6"})
    policy = {
        "handling": small.IMMEDIATE,
        "contribution": {"kind": "none"},
        "benefits": {
            "medical": {"kind": "medical", "deductible_yuan": 100, "limit_yuan": 30000},
            "allowance": {"kind": "daily_allowance", "yuan": 100, "most_days": 90},
            "disability": {
                "kind": "disability_sum",
                "sum_yuan": 600000,
                "share": {10: "0.1", 9: "0.2", 1: 1},
            },
            "death": {"kind": "death_sum", "yuan": 2000000},
        },
    }
    accounts = {"fund": small.account(), "insurer": small.account(kind="insurer", handling_share=0)}
    designs = {
        kind: small.design(
            {"pilot": pilot, "policy": small.scheme("insurer", **policy, layer={"kind": kind})}, accounts
        )
        for kind in KINDS
    }
    designs["alone"] = small.design({"policy": small.scheme("insurer", **policy)}, accounts)
    worlds = {"base": small.world({"crew": small.group(60)})}
    return small.frames(small.document(designs, worlds, months=3, runoff_months=12))


def awarded(small, stack, design, scheme):
    rows = small.of_design(stack["claims"], design)
    return rows[rows["scheme"] == scheme].set_index("injury_id")["ultimate_fen"]


def test_the_scheme_in_front_is_the_same_whatever_stands_behind_it(small, stack):
    first = awarded(small, stack, "stacked", "pilot")
    for kind in ("offset", "secondary"):
        assert awarded(small, stack, kind, "pilot").equals(first)
    assert awarded(small, stack, "stacked", "policy").equals(awarded(small, stack, "alone", "policy"))


def test_a_layer_behind_goes_by_claims_that_are_paid_in_the_end(small, stack):
    """Refused or never reported in front, the policy pays in full behind; paid in front, nothing or the rest."""
    pilot, alone = awarded(small, stack, "stacked", "pilot"), awarded(small, stack, "alone", "policy")
    secondary, offset = (awarded(small, stack, kind, "policy") for kind in ("secondary", "offset"))
    assert min((pilot > 0).sum(), ((pilot == 0) & (alone > 0)).sum()) > 10
    assert secondary.equals(alone.where(pilot == 0, 0))
    assert offset[pilot == 0].equals(alone[pilot == 0])
    assert (offset <= alone).all()
    assert (offset[pilot > 0] < alone[pilot > 0]).any()
    assert (offset[pilot > 0] > 0).any()


def test_money_is_that_of_the_awards_once_all_files_are_closed(small, stack):
    claims = stack["claims"]
    assert claims[claims["reported"]]["closed_at"].notna().all()
    assert (claims["paid_fen"] == claims["ultimate_fen"]).all()
    total = {kind: small.of_design(stack["payments"], kind)["amount_fen"].sum() for kind in KINDS}
    assert total["stacked"] > total["offset"] > total["secondary"]
