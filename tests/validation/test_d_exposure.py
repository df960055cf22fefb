"""Section D of the validation oracles: hours, fatigue, breaks, caps and frailty, reached from scenario files.

Unless said otherwise a statistical check allows four standard errors: one false alarm in 16 000.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from injurysim.world.timetable import timetable
from scipy.integrate import quad
from scipy.stats import lognorm, nbinom, norm

from injurysim.core.randomness import Streams
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.resolve import exposure_calendar, resolve
from injurysim.world.fast import FastWorld
from injurysim.world.month import Month
from injurysim.world.rules import Logoff, ShiftRules

FOLDER = Path(__file__).parents[2] / "scenarios" / "validation"
D1, D2 = FOLDER / "d1-one-shift.yaml", FOLDER / "d2-breaks.yaml"
RIDERS = "worlds.base.groups.riders"
HAZARD = "worlds.base.injuries.per_1000_hours.delivery"
H0_LOW, H0_HIGH = 2e-5, 0.005
BANDS = ((0, 4, 1.0), (4, 8, 1.2), (8, 10, 1.6), (10, math.inf, 2.5))
DAYS = 31
FOUR = 4.0


def run(path: Path, *overrides: str, replication: int = 0) -> tuple[FastWorld, list[Month]]:
    """Load a scenario with overrides and run its base world."""
    scenario = resolve(load_document(path, Scenario, overrides=overrides).model)
    world = FastWorld(
        scenario.worlds["base"], exposure_calendar(scenario), Streams(scenario.seed, replication)
    )
    return world, list(world.months())


def integral(hours: float, bands: Sequence[tuple[float, float, float]] = BANDS) -> float:
    """The multiplier integrated over a shift without breaks."""
    return sum(max(0.0, min(hours, high) - low) * m for low, high, m in bands)


def wanted(hours: float) -> str:
    return f"{RIDERS}.work.wanted_hours={{kind: constant, value: {hours}}}"


class TestOneShift:
    """D1."""

    TABLE = (
        (4, 4, 80, 0.0198013267, 3.96026534),
        (8, 8.8, 176, 0.0430460425, 7.83438464),
        (10, 12, 240, 0.0582354664, 9.73306263),
        (12, 17, 340, 0.0814877156, 11.5932426),
        (14, 22, 440, 0.104165865, 13.4074945),
    )

    @pytest.mark.parametrize(("hours", "multiplied", "per_million"), [row[:3] for row in TABLE])
    def test_expected_injuries_are_the_integral_of_the_hazard(
        self, hours: int, multiplied: float, per_million: int
    ) -> None:
        _, (month,) = run(D1, wanted(hours))
        shifts = month.rider_days.sum()
        assert shifts == 100 * DAYS
        assert month.online_minutes.sum() == shifts * hours * 60
        mean = month.expected_injuries.sum() / shifts
        assert mean / H0_LOW == pytest.approx(multiplied, rel=1e-6)
        assert mean * 1e6 == pytest.approx(per_million, rel=1e-6)

    @pytest.mark.parametrize(
        ("hours", "multiplied", "chance", "mean_hours"), [(*r[:2], *r[3:]) for r in TABLE]
    )
    def test_of_a_shift_that_an_injury_ends(
        self, hours: int, multiplied: float, chance: float, mean_hours: float
    ) -> None:
        _, (month,) = run(
            D1, wanted(hours), f"{HAZARD}=5", "worlds.base.recovery.kind=ends_shift", f"{RIDERS}.riders=20000"
        )
        shifts, hurt = int(month.rider_days.sum()), len(month.injuries)
        assert shifts == 20000 * DAYS
        assert chance == pytest.approx(-math.expm1(-H0_HIGH * multiplied), rel=1e-8)  # the table's own law

        error = math.sqrt(chance * (1 - chance) / shifts)
        assert error / chance < 0.01  # what this run can see
        assert abs(hurt / shifts - chance) < FOUR * error

        # Time is cut into minutes: a shift ends with the minute of the injury, so up to a minute is added to a
        # shift with an injury, half a minute on average; its spread is far below that of the hours.
        def survival(t: float) -> float:
            return math.exp(-H0_HIGH * integral(t))

        edges = [edge for edge in (4, 8, 10) if edge < hours] or None
        first = quad(survival, 0, hours, points=edges)[0]
        second = quad(lambda t: 2 * t * survival(t), 0, hours, points=edges)[0]
        assert mean_hours == pytest.approx(first, rel=1e-8)
        error = math.sqrt((second - first**2) / shifts)
        assert error / first < 0.001
        half_a_minute = chance / 120
        hours_worked = month.online_minutes.sum() / 60 / shifts
        assert abs(hours_worked - first - half_a_minute) < FOUR * error + half_a_minute / 100

    def test_injuries_come_as_often_as_expected_in_every_band(self) -> None:
        _, (month,) = run(D1, wanted(14), f"{HAZARD}=5", f"{RIDERS}.riders=20000")
        shifts = month.rider_days.sum()
        for low, high, multiplier in BANDS:
            hours = month.injuries.worked_minutes / 60
            found = np.count_nonzero((hours >= low) & (hours < high))
            expected = shifts * H0_HIGH * multiplier * (min(high, 14) - low)
            assert abs(found - expected) < FOUR * math.sqrt(expected)


class TestSeededFault:
    """A fault put in on purpose is found: the bands of D1 begin an hour late."""

    LATE = tuple(
        f"worlds.base.fatigue.bands.{number}.from_hours={hour}" for number, hour in ((1, 5), (2, 9), (3, 11))
    )

    def test_late_bands_are_found_by_the_integral(self) -> None:
        _, (month,) = run(D1, *self.LATE)
        mean = month.expected_injuries.sum() / month.rider_days.sum() / H0_LOW
        assert mean == pytest.approx(11.4, rel=1e-6)
        assert mean != pytest.approx(12, rel=1e-6)

    def test_late_bands_are_found_by_counting(self) -> None:
        """The count of injuries alone finds them: they are 5 % fewer.

        A check at four standard errors finds a relative effect e with 99 % power when e sqrt(expected) is at least
        4 + 2.33: with the 37 200 injuries of this run that is an effect of 3.3 %.
        """
        high = (f"{HAZARD}=5", f"{RIDERS}.riders=20000")
        expected = 20000 * DAYS * H0_HIGH * 12
        found_with_99_percent_power = (FOUR + 2.3264) / math.sqrt(expected)
        assert found_with_99_percent_power < 1 - 11.4 / 12

        def off(*overrides: str) -> float:
            (month,) = run(D1, *high, *overrides)[1]
            return abs(len(month.injuries) - expected) / math.sqrt(expected)

        assert off() < FOUR
        assert off(*self.LATE) > FOUR


class TestBreaks:
    """D2."""

    TABLE = (
        (10, 4, 30, {"0": 12, "1": 11.5, "2": 11, "4": 10.8, "full": 10}, 11.0),
        (12, 3, 30, {"0": 17, "1": 14.95, "2": 13.8, "4": 12.6, "full": 12}, 13.5),
        (12, 4, 60, {"0": 17, "1": 14.2, "2": 13.2, "4": 12, "full": 12}, 14.0),
    )

    @pytest.mark.parametrize("recovery", ["0", "1", "2", "4", "full"])
    @pytest.mark.parametrize("row", TABLE, ids=str)
    def test_breaks_lower_the_integral(
        self, row: tuple[int, int, int, dict[str, float], float], recovery: str
    ) -> None:
        hours, spell, rest, integrals, elapsed = row
        rule = (
            f"worlds.base.fatigue.rest={{kind: full, after_minutes: {rest}}}"
            if recovery == "full"
            else f"worlds.base.fatigue.rest.hours_per_rest_hour={recovery}"
        )
        limit = "worlds.base.limits.break"
        world, (month,) = run(
            D2, wanted(hours), f"{limit}.hours={spell}", f"{limit}.rest_minutes={rest}", rule
        )
        shifts = month.rider_days.sum()
        assert month.online_minutes.sum() == shifts * hours * 60
        assert month.expected_injuries.sum() / shifts / H0_LOW == pytest.approx(integrals[recovery], rel=1e-6)
        assert world.tables.shift_minutes[0, 0, hours * 60] == elapsed * 60

    def test_injuries_fall_outside_the_breaks(self) -> None:
        _, (month,) = run(D2, f"{HAZARD}=20", f"{RIDERS}.riders=2000", wanted(12))
        since_start = month.injuries.minute % 1440 - 6 * 60
        spell, into = np.divmod(since_start, 4 * 60 + 30)
        assert (into < 4 * 60).all()
        assert (month.injuries.worked_minutes == spell * 4 * 60 + into).all()
        assert set(spell.tolist()) == {0, 1, 2}


class TestCaps:
    """D3 and D4 without chance: every number of wanted minutes, weighted by its probability."""

    MEDIAN, SIGMA = 8.5, 0.35
    MOST = 100 * 60

    def limited_mean(self, cap: float) -> float:
        """E[min(X, cap)] of the wanted hours."""
        z = math.log(cap / self.MEDIAN) / self.SIGMA
        below = self.MEDIAN * math.exp(self.SIGMA**2 / 2) * norm.cdf(z - self.SIGMA)
        return float(below + (cap * norm.sf(z) if cap < math.inf else 0.0))

    def means(self, shares: Sequence[float], rules: ShiftRules) -> tuple[float, float]:
        """Mean hours and mean integral of a shift, in hours."""
        reached = lognorm(self.SIGMA, scale=self.MEDIAN).cdf((np.arange(self.MOST + 1) + 0.5) / 60)
        chances = np.diff(reached, prepend=0.0)
        points = [round(share * 10_000) for share in shares]
        points[-1] += 10_000 - sum(points)
        hours = multiplied = 0.0
        for minutes, chance in enumerate(chances):
            if chance > 1e-14:
                shift = timetable(minutes, tuple(points), rules, lambda clock, _: clock)
                worked = sum(segment.minutes for segment in shift) / 60
                hours += chance * worked
                multiplied += chance * integral(worked)
        return hours, multiplied

    @pytest.mark.parametrize(
        ("cap", "hours", "multiplied"),
        [
            (6, 5.84790037, 6.21887937),
            (8, 7.26486629, 7.91923849),
            (10, 8.14179299, 9.3223212),
            (12, 8.61052216, 10.4941441),
            (None, 9.03689971, 11.560088),
        ],
    )
    def test_a_hard_cap(self, cap: int | None, hours: float, multiplied: float) -> None:
        logoff = Logoff(cap * 60) if cap else None
        found = self.means([1.0], ShiftRules(logoff, (), (None,), ((),)))
        assert found == pytest.approx((hours, multiplied), rel=1e-5)
        assert hours == pytest.approx(self.limited_mean(cap or math.inf), rel=1e-8)

    @pytest.mark.parametrize(
        ("shares", "cap", "hours", "multiplied", "hours_all", "multiplied_all"),
        [
            ([0.5, 0.5], 8, 8.94729685, 11.3360808, 7.26486629, 7.91923849),
            ([0.7, 0.3], 8, 8.66599449, 10.6328249, 7.26486629, 7.91923849),
            ([1 / 3, 1 / 3, 1 / 3], 6, 8.99619303, 11.4583213, 5.84790037, 6.21887937),
            ([0.6, 0.4], 5, 7.94191647, 9.00251877, 4.95653242, 5.14923784),
        ],
    )
    def test_evasion_over_several_platforms(
        self,
        shares: list[float],
        cap: int,
        hours: float,
        multiplied: float,
        hours_all: float,
        multiplied_all: float,
    ) -> None:
        none, no_spells = (None,) * len(shares), ((),) * len(shares)
        each = ShiftRules(None, (), (Logoff(cap * 60),) * len(shares), no_spells)
        assert self.means(shares, each) == pytest.approx((hours, multiplied), rel=1e-4)
        total = ShiftRules(Logoff(cap * 60), (), none, no_spells)
        assert self.means(shares, total) == pytest.approx((hours_all, multiplied_all), rel=1e-5)
        assert hours == pytest.approx(sum(p * self.limited_mean(cap / p) for p in shares), rel=1e-8)
        moved = ShiftRules(None, (), (Logoff(cap * 60, switch=True),) * len(shares), no_spells)
        assert self.means(shares, moved)[0] == pytest.approx(self.limited_mean(cap * len(shares)), rel=1e-5)


class TestWhoBearsTheFatigue:
    """D5."""

    @pytest.mark.parametrize(
        ("first", "then", "on_first", "on_second"), [(5, 5, 5.2, 6.8), (8, 4, 8.8, 8.2), (10, 6, 12, 15)]
    )
    def test_the_second_platform_gets_the_tired_hours(
        self, first: int, then: int, on_first: float, on_second: float
    ) -> None:
        share = round(first / (first + then), 4)  # in basis points, far less than a minute of the day
        split = f"{RIDERS}.portfolios.usual.split={{app: {share:.4f}, other: {1 - share:.4f}}}"
        world, (month,) = run(D1, wanted(first + then), split)
        shifts, platform = month.rider_days.sum(), world.population.engagement_platform
        found = np.bincount(platform, month.expected_injuries) / shifts / H0_LOW
        assert month.online_minutes[platform == 0].sum() == shifts * first * 60
        assert found == pytest.approx([on_first, on_second], rel=1e-6)


class TestFrailty:
    """D6, from the first four hours of D1, in which the hazard is flat."""

    @pytest.mark.parametrize(
        ("mean", "shape", "variance", "none"),
        [
            (0.1, 0.5, 0.12, 0.91287093),
            (0.3, 0.8, 0.4125, 0.77510019),
            (0.8, 2.0, 1.12, 0.51020408),
            (0.3, None, 0.3, 0.74081822),
        ],
    )
    def test_counts_are_negative_binomial(
        self, mean: float, shape: float | None, variance: float, none: float
    ) -> None:
        riders = 20_000
        world, months = run(
            D1,
            wanted(4),
            "horizon.months=12",
            f"{RIDERS}.riders={riders}",
            f"{HAZARD}={mean / (4 * 365) * 1000:.12f}",
            *([f"{RIDERS}.frailty={{kind: gamma, shape: {shape}}}"] if shape else []),
        )
        of_month = np.array([np.bincount(month.injuries.rider, minlength=riders) for month in months])
        counts = of_month.sum(axis=0)
        size = shape or 1e7
        law = nbinom(size, size / (size + mean))
        kurtosis = float(law.stats("k"))
        assert law.var() == pytest.approx(variance, rel=1e-4)
        assert abs(counts.mean() - mean) < FOUR * math.sqrt(variance / riders)
        assert abs(counts.var() - variance) < FOUR * variance * math.sqrt((kurtosis + 2) / riders)
        assert abs(np.mean(counts == 0) - none) < FOUR * math.sqrt(none * (1 - none) / riders)
        exposed = np.array([month.expected_injuries for month in months]).sum()
        assert exposed / riders == pytest.approx(mean * world.population.frailty.mean(), rel=1e-6)

        # The same rider in two halves of the year: the covariance is the product of the means over the shape.
        first, second = of_month[:6].sum(axis=0), of_month[6:].sum(axis=0)
        days = np.diff(exposure_days := np.append(0, np.cumsum([m.rider_days[0] for m in months])))
        assert exposure_days[-1] == 365
        means = mean / 365 * np.array([days[:6].sum(), days[6:].sum()])
        products = (first - means[0]) * (second - means[1])
        expected = means.prod() / shape if shape else 0.0
        assert abs(products.mean() - expected) < FOUR * products.std() / math.sqrt(riders)
