"""Section F of the validation oracles: coverage and adverse selection, reached from scenario files.

A check allows four standard errors, computed from the run's own riders: one false alarm in 16 000. It states the largest
relative standard error it accepts, and :class:`TestSeededFaults` shows that a fault of each kind is found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from numpy.typing import NDArray

from injurysim.analysis.selection import Market, RiskClass, market_of
from injurysim.books.book import Book
from injurysim.books.earnings import EarningsHistory, expected_monthly_fen
from injurysim.books.enrolment import choosing
from injurysim.books.enrolment.joining import Joining
from injurysim.books.enrolment.year import RiderYears
from injurysim.books.injured import take_in
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask
from injurysim.core.distributions import Uniform
from injurysim.core.randomness import Streams
from injurysim.replication import make_world
from injurysim.scenario.choice import WillingnessChoice
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import book_calendar, resolve
from injurysim.world.month import Month

FOLDER = Path(__file__).parents[2] / "scenarios" / "validation"
F1, F2, F3, F5 = sorted(FOLDER.glob("f*.yaml"))
CHOICE = "designs.plan.schemes.plan.enrolment.choice"
GROUPS = "worlds.base.groups"
FOUR = 4.0

Floats = NDArray[np.float64]


def loaded(path: Path, *overrides: str) -> Scenario:
    return resolve(load_document(path, Scenario, overrides=overrides).model)


@dataclass
class Ran:
    """What a run shows of each rider: whether insured, the risk of a year, injuries, those covered; orders likewise."""

    insured: Floats
    risk: Floats
    injuries: Floats
    covered: Floats
    orders: Floats
    orders_insured: Floats


def run(path: Path, *overrides: str) -> Ran:
    """Keep the only book of a scenario and sum up its riders."""
    scenario = loaded(path, *overrides)
    streams = Streams(scenario.seed, 0)
    world = make_world(scenario, "base", streams, "fast")
    setting = Setting.of(scenario, "base", book_calendar(scenario), streams, world.population)
    book = Book("plan", scenario.designs["plan"], setting)
    earnings = EarningsHistory(expected_monthly_fen(scenario.worlds["base"], world.population), 0)
    riders = len(world.population)
    sums = np.zeros((6, riders))
    (scheme,) = book.schemes
    masks, insured = {}, scheme.members.insured

    def watched(month: Month) -> Mask:
        masks[month.index] = (mask := insured(month)).engagements
        return mask

    scheme.members.insured = watched  # type: ignore[method-assign]
    for month in world.months():
        hurt = take_in(month, setting, earnings)
        book.keep(month, hurt, earnings)
        mask = masks[month.index]
        of = world.population.engagement_rider
        worked = mask & (month.days_worked > 0)
        sums[0] = np.maximum(sums[0], np.bincount(of, worked, riders) > 0)
        sums[1] += np.bincount(of, month.expected_injuries, riders)
        sums[2] += np.bincount([each.rider for each in hurt], minlength=riders) if hurt else 0
        sums[4] += np.bincount(of, month.orders, riders)
        sums[5] += np.bincount(of, month.orders * mask, riders)
    mine = [claim.injured.rider for claim in scheme.claims if claim.covered]
    sums[3] = np.bincount(mine, minlength=riders) if mine else 0
    sums[1] *= 365.25 / float(setting.calendar.month_starts[-1])
    return Ran(*sums)


def z_of(estimate: float, influence: Floats, truth: float, most_relative: float) -> float:
    """Standard errors between an estimate and the truth, after a look at how much the run can see.

    ``influence`` is what each rider adds to the estimate, times the number of riders, less its mean.
    """
    error = influence.std() / math.sqrt(len(influence))
    assert error < most_relative * truth, f"the run sees no better than {error / truth:.3f} of the truth"
    if error == 0:  # all riders alike: nothing is left to chance
        return 0.0 if estimate == truth else math.inf
    return abs(estimate - truth) / error


def ratio(top: Floats, bottom: Floats) -> tuple[float, Floats]:
    """Return a ratio of means over riders and its influence."""
    found = top.mean() / bottom.mean()
    return found, (top - found * bottom) / bottom.mean()


def selection_ratio(ran: Ran) -> tuple[float, Floats]:
    """Return mean risk of the insured over that of all riders, and its influence."""
    of_insured, one = ratio(ran.insured * ran.risk, ran.insured)
    mean = ran.risk.mean()
    return of_insured / mean, one / mean - of_insured / mean**2 * (ran.risk - mean)


def checks(ran: Ran, coverage: float, selected: float, claims: float) -> dict[str, float]:
    """Standard errors by which a run is off its closed forms."""
    return {
        "coverage": z_of(float(ran.insured.mean()), ran.insured - ran.insured.mean(), coverage, 0.02),
        "selection": z_of(*selection_ratio(ran), selected, 0.02),
        "claims": z_of(*ratio(ran.covered, ran.injuries), claims, 0.08),
    }


class TestTwoTypes:
    """F1."""

    TABLE = (
        ((0.8, 0.2), (0.01, 0.05), (0.3, 0.7), 0.38, 0.018, 0.024736842, 1.374269, 0.52222222),
        ((0.5, 0.5), (0.008, 0.03), (0.5, 0.5), 0.5, 0.019, 0.019, 1, 0.5),
        ((0.9, 0.1), (0.005, 0.06), (0.2, 0.9), 0.27, 0.0105, 0.023333333, 2.2222222, 0.6),
    )

    @staticmethod
    def overrides(shares: Sequence[float], risks: Sequence[float], takes: Sequence[float]) -> list[str]:
        low, high = f"{GROUPS}.low", f"{GROUPS}.high"
        return [
            f"{low}.riders={round(20000 * shares[0])}",
            f"{high}.riders={round(20000 * shares[1])}",
            f"{low}.hazard_factor={risks[0]}",
            f"{high}.hazard_factor={risks[1]}",
            f"{CHOICE}.groups={{low: {takes[0]}, high: {takes[1]}}}",
        ]

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_a_run_covers_riders_risks_and_claims_as_the_table_says(self, row) -> None:  # type: ignore[no-untyped-def]
        shares, risks, takes, coverage, mean, insured_mean, selected, claims = row
        assert coverage == pytest.approx(np.dot(shares, takes))  # the table's own law
        assert insured_mean / mean == pytest.approx(selected, rel=1e-6)
        ran = run(F1, *self.overrides(shares, risks, takes))
        assert ran.risk.mean() == pytest.approx(mean, rel=1e-6)
        found = checks(ran, coverage, selected, claims)
        assert max(found.values()) < FOUR, found
        assert z_of(*ratio(ran.insured * ran.risk, ran.insured), insured_mean, 0.02) < FOUR

    def test_the_file_as_it_stands_is_the_first_row(self) -> None:
        given = loaded(F1)
        assert given.model_dump() == loaded(F1, *self.overrides(*self.TABLE[0][:3])).model_dump()


class TestBreakEven:
    """F2: expected values, all fixed points, and the lagged path."""

    TABLE = (
        ((0.8, 0.2), (0.01, 0.05), 10000, -0.2, 1.5, ((273.8954, 0.339752),)),
        ((0.6, 0.4), (0.01, 0.02), 12000, 0.5, 1.0, ((175.48967, 0.609191),)),
        ((0.9, 0.1), (0.004, 0.08), 20000, 0.0, 2.5, ((862.05356, 0.173901),)),
        (
            *((0.9, 0.1), (0.004, 0.08), 20000, 15.5, 20.0),
            ((254.57757, 0.870673), (353.65152, 0.555451), (1191.7747, 0.136718)),
        ),
    )
    PATHS = (
        (100.0, 232.0014, 244.3412, 249.4177, 251.8648, 253.1226, 253.7893),
        (300.0, 288.9768, 278.8475, 270.5529, 264.4816, 260.4440, 257.9460),
        (500.0, 599.2170, 757.2693, 944.9024, 1084.8477, 1152.8953, 1178.6905),
    )

    @staticmethod
    def market(row) -> Market:  # type: ignore[no-untyped-def]
        shares, risks, benefit, a, b, _ = row
        overrides = TestTwoTypes.overrides(shares, risks, (0, 0))[:-1]
        scenario = loaded(
            F2, *overrides, f"{CHOICE}.a={a}", f"{CHOICE}.b={b}", f"{CHOICE}.benefit_yuan={benefit}"
        )
        scheme = scenario.designs["plan"].schemes["plan"]
        return market_of(scenario.worlds["base"], scheme.eligible, scheme.enrolment.choice)  # type: ignore[union-attr]

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_every_break_even_premium_is_reported_from_the_lowest(self, row) -> None:  # type: ignore[no-untyped-def]
        found = self.market(row).break_even()
        assert len(found) == len(row[-1])
        for each, (premium, coverage) in zip(found, row[-1], strict=True):
            assert each.premium_yuan == pytest.approx(premium, rel=2e-7)
            assert each.enrolled.coverage == pytest.approx(coverage, abs=6e-7)
        assert [each.attracts for each in found] == [number % 2 == 0 for number in range(len(found))]

    @pytest.mark.parametrize("path", PATHS, ids=str)
    def test_last_year_s_cost_leads_to_one_of_two_outcomes(self, path: tuple[float, ...]) -> None:
        market = self.market(self.TABLE[-1])
        assert market.lagged_path(path[0], 7) == pytest.approx(path, abs=6e-5)
        end = market.lagged_path(path[0], 400)[-1]
        points = market.break_even()
        wanted = points[0 if path[0] < points[1].premium_yuan else 2]
        assert end == pytest.approx(wanted.premium_yuan, rel=1e-6)

    def test_a_run_at_the_premium_enrols_as_many_and_pays_for_them(self) -> None:
        premium, coverage = self.TABLE[0][-1][0]
        ran = run(F2)
        assert z_of(float(ran.insured.mean()), ran.insured - ran.insured.mean(), coverage, 0.02) < FOUR
        cost, influence = ratio(ran.insured * ran.risk * 10000, ran.insured)
        assert z_of(cost, influence, premium, 0.02) < FOUR


class TestGammaRisk:
    """F3."""

    TABLE = (
        (2, 0.02, 40.0, 0.48979592, 1.297619, 0.63556851),
        (0.8, 0.02, 40.0, 0.42565082, 1.6746718, 0.71282541),
        (5, 0.01, 100.0, 0.59812243, 1.1119831, 0.66510202),
    )

    @staticmethod
    def overrides(shape: float, mean: float, b: float) -> list[str]:
        riders = f"{GROUPS}.riders"
        return [f"{riders}.frailty.shape={shape}", f"{riders}.hazard_factor={mean}", f"{CHOICE}.b={b}"]

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_a_run_selects_as_the_closed_form_says(self, row) -> None:  # type: ignore[no-untyped-def]
        shape, mean, b, coverage, selected, claims = row
        theta = mean / shape
        assert coverage == pytest.approx(1 - (1 + b * theta) ** -shape, rel=1e-7)
        found = checks(run(F3, *self.overrides(shape, mean, b)), coverage, selected, claims)
        assert max(found.values()) < FOUR, found

    def test_the_solver_s_market_has_the_same_riders(self) -> None:
        """A stated price changes nothing of this choice: the market of the file covers what the closed form says."""
        scenario = loaded(F3)
        scheme = scenario.designs["plan"].schemes["plan"]
        classes = market_of(
            scenario.worlds["base"],
            scheme.eligible,
            WillingnessChoice.model_validate({"kind": "willingness", "multiple": 1, "benefit_yuan": 1}),
        ).classes
        market = Market(classes, scheme.enrolment.choice, 1.0)  # type: ignore[union-attr]
        enrolled = market.enrolled(1.0)
        assert enrolled.coverage == pytest.approx(self.TABLE[0][3], rel=1e-5)
        assert enrolled.mean_risk / 0.02 == pytest.approx(self.TABLE[0][4], rel=1e-5)


class TestUnravelling:
    """F4: cost uniform on (0, 1), willing to pay m times the own cost."""

    TABLE = ((1.1, 0.9166666667, 0.1666666667), (1.25, 0.8333333333, 0.3333333333), (1.5, 0.75, 0.5), (1.9, 0.6785714286, 0.6428571429))  # fmt: skip

    @staticmethod
    def market(multiple: float) -> Market:
        choice = {"kind": "willingness", "multiple": multiple, "benefit_yuan": 1}
        return Market((RiskClass(1.0, Uniform(0, 1)),), WillingnessChoice.model_validate(choice), 1.0)

    @pytest.mark.parametrize(("multiple", "premium", "coverage"), TABLE)
    def test_the_only_premium_and_its_coverage(
        self, multiple: float, premium: float, coverage: float
    ) -> None:
        (found,) = self.market(multiple).break_even()
        assert found.premium_yuan == pytest.approx(premium, rel=1e-9)
        assert found.enrolled.coverage == pytest.approx(coverage, rel=1e-8)
        assert found.attracts

    def test_where_nobody_pays_more_than_the_own_cost_the_market_vanishes(self) -> None:
        market = self.market(1.0)
        assert market.break_even() == []
        path = market.lagged_path(0.5, 60)
        assert all(later > earlier for earlier, later in pairwise(path) if earlier < 1 - 1e-6)
        assert market.enrolled(path[-1]).coverage < 1e-6


class TestPartialPilots:
    """F5."""

    TABLE = (
        ((0.5, 0.3, 0.2), (0.6, 0.4, 0.3), (1, 1, 0), 60, 0.8, 0.76),
        ((0.7, 0.2, 0.1), (0.8, 0.3, 0.2), (1, 0, 0), 24, 0.7, 0.8),
        ((0.4, 0.4, 0.2), (0.5, 0.5, 0.5), (0, 1, 1), 5, 0.6, 0.75),
    )
    """Order shares, chances of working for each, in the pilot, orders a day at share 1 and chance 1; and the truth."""

    @staticmethod
    def overrides(row) -> list[str]:  # type: ignore[no-untyped-def]
        shares, chances, pilot, scale, _, _ = row
        per_day = [round(scale * share / chance) for share, chance in zip(shares, chances, strict=True)]
        assert np.dot(per_day, chances) / scale == pytest.approx(1)
        given = [
            f"worlds.base.platforms.{name}.orders.per_day={n}" for name, n in zip("abc", per_day, strict=True)
        ]
        for name in ("none", "a", "b", "c", "ab", "ac", "bc", "abc"):
            works = [letter in name and name != "none" for letter in "abc"]
            weight = math.prod(p if yes else 1 - p for p, yes in zip(chances, works, strict=True))
            given.append(f"{GROUPS}.riders.portfolios.{name}.weight={weight:.6f}")
        for name, yes in zip("abc", pilot, strict=True):
            if yes or name in "ab":  # of the file
                date = "2023-01-01" if yes else "null"
                given.append(f"designs.plan.schemes.plan.enrolment.platforms.{name}={date}")
        return given

    @staticmethod
    def checks(ran: Ran, orders: float, riders: float) -> dict[str, float]:
        return {
            "orders": z_of(*ratio(ran.orders_insured, ran.orders), orders, 0.02),
            "riders": z_of(float(ran.insured.mean()), ran.insured - ran.insured.mean(), riders, 0.02),
        }

    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_a_run_covers_orders_and_riders_as_the_table_says(self, row) -> None:  # type: ignore[no-untyped-def]
        found = self.checks(run(F5, *self.overrides(row)), *row[-2:])
        assert max(found.values()) < FOUR, found

    def test_the_file_as_it_stands_is_the_first_row(self) -> None:
        found = self.checks(run(F5), *self.TABLE[0][-2:])
        assert max(found.values()) < FOUR, found


class TestSeededFaults:
    """Each fault is put in, and the checks of its oracle find it."""

    def test_f1_one_share_for_all_groups(self) -> None:
        def same(choice, law, years):  # type: ignore[no-untyped-def]
            return np.full(len(years.riders), 0.38)

        with patch.object(choosing, "probabilities", same):
            found = checks(run(F1), *TestTwoTypes.TABLE[0][3:4], *TestTwoTypes.TABLE[0][6:])
        assert found["coverage"] < FOUR  # coverage is right, and would not have told
        assert found["selection"] > FOUR
        assert found["claims"] > FOUR

    def test_f3_riders_who_do_not_know_their_frailty(self) -> None:
        with patch.object(RiderYears, "_own_factor", lambda self: np.ones(len(self.riders))):
            found = checks(run(F3), *TestGammaRisk.TABLE[0][3:])
        assert min(found["coverage"], found["selection"]) > FOUR

    def test_f5_a_date_that_holds_for_every_platform(self) -> None:
        joined = Joining.joined

        def everywhere(self, month):  # type: ignore[no-untyped-def]
            return np.broadcast_to(
                joined(self, month).any(axis=1, keepdims=True), self.first_day.shape
            ).copy()

        with patch.object(Joining, "joined", everywhere):
            found = TestPartialPilots.checks(run(F5), *TestPartialPilots.TABLE[0][-2:])
        assert min(found.values()) > FOUR

    def test_f2_a_solver_that_follows_the_path_alone_misses_two_premiums(self) -> None:
        market = TestBreakEven.market(TestBreakEven.TABLE[-1])
        ends = {round(market.lagged_path(first, 400)[-1], 3) for first in np.linspace(80, 1600, 39)}
        assert len(ends) == 2  # no path ends at the middle one, which break_even reports
        assert len(market.break_even()) == 3
