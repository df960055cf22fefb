"""What books share: ten designs count as each alone, and a month counts the same in any integer type."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from unittest.mock import patch

import numpy as np
import pytest

from injurysim.books.shared import SharedMonth
from injurysim.core.schemas import TABLES
from injurysim.replication import run_cell
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import resolve
from injurysim.world.fast import FastWorld


@pytest.fixture(scope="session")
def designs(small):
    """Return designs that differ in who is in them, from when, what is charged and covered; two are the same."""
    some = {"relations": ["not_fully"], "industries": ["food"]}
    late = {"kind": "mandatory", "joins": "2024-02-01", "platforms": {"beta": "2024-03-01"}}
    payroll = {
        "kind": "payroll",
        "payer": "platform",
        "rate": "0.01",
        "floor_yuan": 3000,
        "ceiling_yuan": 5000,
    }
    schemes = {
        "plain": [small.scheme()],
        "same": [small.scheme()],
        "some": [small.scheme(eligible=some, cover={"kind": "online"})],
        "late": [
            small.scheme(enrolment=late, contribution={"kind": "per_day", "payer": "worker", "yuan": 1})
        ],
        "wages": [small.scheme(contribution=payroll, base_wage={"kind": "own_earnings", "months": 2})],
        "higher": [small.scheme(contribution={**payroll, "floor_yuan": 4000})],
        "layers": [
            small.scheme(eligible=some),
            small.scheme(
                cover={"kind": "online"},
                enrolment=late,
                contribution={"kind": "per_month", "payer": "worker", "yuan": 3},
            ),
        ],
    }
    return {
        name: small.design({f"s{number}": law for number, law in enumerate(laws)})
        for name, laws in schemes.items()
    }


@pytest.fixture(scope="session")
def world(small):
    groups = {"crew": small.group(25), "others": small.group(8, [{"beta": 1}], region="west")}
    return small.world(groups, regions={"east": {}, "west": {}})


def test_designs_side_by_side_are_as_each_alone(small, designs, world):
    together = small.frames(small.document(designs, {"base": world}, months=4))
    for name, law in designs.items():
        alone = small.frames(small.document({name: law}, {"base": world}, months=4))
        for table in small.BOOK_TABLES:
            one, other = small.of_design(together[table], name), small.of_design(alone[table], name)
            assert one.equals(other), (name, table)
        for table in ("exposure", "riders", "injuries"):
            assert together[table].equals(alone[table]), (name, table)


def test_designs_that_agree_share_their_counts_and_others_do_not(small, designs, world):
    books, _ = small.books(small.document(designs, {"base": world}))
    months = {name: book.coverage.months for name, book in books.items()}
    assert all(one is other for one, other in zip(months["plain"], months["same"], strict=True))
    assert all(one is not other for one, other in zip(months["plain"], months["some"], strict=True))


def narrower(world, kind, days_kind):
    """Let a world hand over months of smaller integers; money keeps its 64 bits."""
    months = world.months()
    wide = {"index", "earnings_fen", "expected_injuries", "injuries"}
    for month in months:
        given = {
            each.name: getattr(month, each.name).astype(days_kind if "days" in each.name else kind)
            for each in fields(month)
            if each.name not in wide
        }
        assert all((given[name] == getattr(month, name)).all() for name in given)
        yield replace(month, **given)


@pytest.mark.parametrize(("kind", "days_kind"), [(np.int32, np.int16), (np.int32, np.int8)])
def test_months_of_small_integers_give_the_same_tables(small, designs, world, kind, days_kind):
    given = small.document(designs, {"base": world}, months=4)
    wanted = small.tables(given)
    months = FastWorld.months
    with patch.object(
        FastWorld,
        "months",
        lambda self: narrower(type("", (), {"months": lambda _: months(self)})(), kind, days_kind),
    ):
        found = run_cell(resolve(Scenario.model_validate(given)), "base", 0, seed=7)
    for name, parts in found.items():
        assert TABLES[name].join(parts).equals(wanted[name]), name


def test_a_payroll_above_what_32_bits_hold_is_exact(small):
    """A ceiling of 60 million yuan on earnings of as much an order, in fen: far beyond 2**31."""
    platforms = {"alpha": small.platform(pay=40_000_000), "beta": small.platform("parcel", 2, "7")}
    payroll = {"kind": "payroll", "payer": "platform", "rate": "0.01", "ceiling_yuan": 60_000_000}
    law = small.scheme(contribution=payroll, handling=small.IMMEDIATE)
    world = small.world({"crew": small.group(2, [{"alpha": 1}])}, (0, 0), platforms=platforms)
    found = small.frames(small.document({"plan": small.design({"plan": law})}, {"base": world}, months=1))
    assert found["contributions"]["base_true"].tolist() == [2 * 6_000_000_000]
    assert found["contributions"]["rate"].tolist() == [Decimal("0.0001")]


def test_every_measure_is_summed_once_for_all_designs(small, designs, world):
    asked, made = [], []
    total = SharedMonth.total

    def counted(self, name, values, mask=None):
        asked.append((self.month.index, name, mask))
        return total(self, name, lambda: made.append((self.month.index, name, mask)) or values(), mask)

    with patch.object(SharedMonth, "total", counted):
        small.books(small.document(designs, {"base": world}))
    assert len(made) == len(set(made)) == len(set(asked)) < len(asked)


def test_a_rider_who_is_away_all_month_is_in_no_count_but_keeps_the_rows(small):
    away = small.group(
        9, work={**small.group()["work"], "attendance": {"workday": 0, "weekend": 0, "holiday": 0}}
    )
    found = small.frames(small.document(worlds={"base": small.world({"crew": small.group(4), "away": away})}))
    rows = found["coverage"].query("dimension == 'group' and level == 'away'")
    numbers = rows.select_dtypes("number").drop(columns="replication")
    assert len(rows) == 3
    assert (numbers == 0).all(axis=None)
    assert (found["riders"].query("group == 'away'")["riders_active"] == 0).all()


def test_hours_are_those_of_the_rider_and_not_the_sum_over_apps(small):
    """With two apps open at once the minutes of a rider are fewer than the sum of the apps' minutes."""
    months = FastWorld.months

    def at_once(self):
        return (replace(month, worked_minutes=month.worked_minutes // 2) for month in months(self))

    given = small.document(worlds={"base": small.world({"crew": small.group(20)})}, months=1)
    with patch.object(FastWorld, "months", at_once):
        found = run_cell(resolve(Scenario.model_validate(given)), "base", 0, seed=7)
    riders, exposure = (TABLES[name].to_pandas(found[name][0]) for name in ("riders", "exposure"))
    assert riders["worked_hours"].sum() == pytest.approx(exposure["online_hours"].sum() / 2, rel=0.001)
    bands = TABLES["coverage"].to_pandas(found["coverage"][0]).query("dimension == 'hours_band'")
    usual = small.frames(given)["coverage"].query("dimension == 'hours_band'")
    assert bands["riders_eligible"].sum() == usual["riders_eligible"].sum()
    assert bands["riders_eligible"].tolist() != usual["riders_eligible"].tolist()


def test_the_second_platform_is_that_of_the_other_order_in_hand(small):
    months = FastWorld.months

    def two_in_hand(self):
        for month in months(self):
            injuries = month.injuries
            other = np.where((injuries.situation == 0) & (injuries.k == 0), 1 - injuries.app, -1)
            yield replace(month, injuries=replace(injuries, second_app=other))

    given = small.document(worlds={"base": small.world({"crew": small.group(20)})}, months=1)
    with patch.object(FastWorld, "months", two_in_hand):
        found = run_cell(resolve(Scenario.model_validate(given)), "base", 0, seed=7)
    injuries = TABLES["injuries"].to_pandas(found["injuries"][0])
    two = (injuries["situation"] == "on_order") & injuries["injury_id"].str.endswith("/0")
    assert 0 < two.sum() < len(injuries)
    swapped = injuries["platform"].map({"alpha": "beta", "beta": "alpha"})
    assert (injuries["second_platform"][two] == swapped[two]).all()
    assert injuries["second_platform"][~two].isna().all()


def test_a_world_without_riders_keeps_its_books(small, designs):
    world = small.world({"crew": small.group(0)}, regions={"east": {}, "west": {}})
    document = small.document(designs, {"base": world}, months=2)
    tables = run_cell(resolve(Scenario.model_validate(document)), "base", 0, seed=1)
    contributions = TABLES["contributions"].to_pandas(TABLES["contributions"].join(tables["contributions"]))
    assert not contributions["due_fen"].any()
