"""Orders and earnings of a month against their laws; four standard errors, one false alarm in 16 000 a check."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1, sqrt
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from injurysim.core.calendar import Calendar
from injurysim.core.poisson import poisson_counts
from injurysim.core.randomness import Purpose, Streams, digest32
from injurysim.scenario.world import World
from injurysim.world.month import Month
from injurysim.world.population import Population, draw_riders

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
Ran = tuple[Population, list[Month]]
Days = Callable[..., Calendar]
FOUR = 4.0
ALWAYS = {"workday": 1, "weekend": 1, "holiday": 1}


def every_day(hours: float = 8) -> dict[str, Any]:
    """So many hours from eight o'clock on every day."""
    return {
        "attendance": ALWAYS,
        "start_hour": {"kind": "constant", "value": 8},
        "wanted_hours": {"kind": "constant", "value": hours},
    }


def streams(per_hour: float, minutes: float, kind: str = "poisson", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "per_hour": per_hour, "minutes": {"kind": "exponential", "mean": minutes}, **more}


RIDERS = 10_000


@pytest.fixture(scope="module")
def halves(law: Law, group: Law, run: Run) -> Ran:
    """Six hours on workdays, half of them on each platform."""
    riders = group(
        riders=RIDERS,
        portfolios={"both": {"split": {"alpha": "0.5", "beta": "0.5"}}},
        work={
            "attendance": {"workday": 1, "weekend": 0, "holiday": 0},
            "start_hour": {"kind": "constant", "value": 8},
            "wanted_hours": {"kind": "constant", "value": 6},
        },
    )
    return run(World.model_validate(law(groups={"riders": riders})))


class TestPoisson:
    def test_are_poisson_in_the_minutes_online(self, halves: Ran) -> None:
        population, months = halves
        mine = [population.engagement_platform == code for code in (0, 1)]
        for month, worked in zip(months, (21, 20), strict=True):
            for platform, per_hour in ((0, 3), (1, 2)):
                orders = month.orders[mine[platform]]
                mean = worked * 3 * per_hour
                assert (month.online_minutes[mine[platform]] == worked * 180).all()
                assert abs(orders.mean() - mean) < FOUR * sqrt(mean / RIDERS)
                # The fourth central moment of a Poisson law is mean + 3 mean^2.
                spread = sqrt((mean + 2 * mean**2) / RIDERS)
                assert abs(orders.var() - mean) < FOUR * spread
        # Two platforms, and two months, of one rider are independent.
        one, other = (months[0].orders[mask] for mask in mine)
        for pair in ((one, other), (one, months[1].orders[mine[0]])):
            assert abs(np.corrcoef(*pair)[0, 1]) < FOUR / sqrt(RIDERS)

    def test_pay_is_by_the_order(self, halves: Ran) -> None:
        population, months = halves
        pay = np.array([655, 600])[population.engagement_platform]
        for month in months:
            assert (month.earnings_fen == month.orders * pay).all()

    @pytest.mark.parametrize("hours", [1, 8])
    def test_are_the_exact_inverse_of_the_draw_and_all_are_paid(
        self, law: Law, group: Law, run: Run, hours: int
    ) -> None:
        """93 and 744 orders a month: of 20 000 draws some are too close to a step for anything but the definition."""
        riders = group(riders=20_000, work=every_day(hours), portfolios={"a": {"split": {"alpha": 1}}})
        population, months = run(World.model_validate(law(groups={"riders": riders})))
        for month, days in zip(months, (31, 28), strict=True):
            u = Streams(7, 0).uniform(Purpose.ORDERS, population.who, month.index, digest32("alpha"))
            assert (month.orders == poisson_counts(u, days * hours * 3.0)).all()
            assert (month.earnings_fen == month.orders * 655).all()

    def test_fixed_orders_come_every_day_worked(self, law: Law, run: Run) -> None:
        data = law()
        data["platforms"]["beta"]["orders"] = {"kind": "fixed_per_day", "per_day": 9}
        population, months = run(World.model_validate(data))
        mine = population.engagement_platform == 1
        for month in months:
            assert (month.orders[mine] == 9 * month.days_worked[mine]).all()
            assert (month.engaged_minutes[mine] == month.online_minutes[mine]).all()

    def test_engaged_minutes_are_the_mean_of_an_infinite_server_queue(self, halves: Ran) -> None:
        """P(an order in hand after t minutes) = 1 - exp(-rate E[min(S, t)]), from an empty start of each segment."""
        population, (month, _) = halves
        exponential = quad(lambda t: 1 - exp(-(3 / 60) * 20 * -expm1(-t / 20)), 0, 180)[0]
        constant = quad(lambda t: -expm1(-(2 / 60) * min(t, 25)), 0, 180, points=[25])[0]
        for platform, minutes in ((0, exponential), (1, constant)):
            mine = population.engagement_platform == platform
            a_day = month.engaged_minutes[mine].sum() / month.days_worked[mine].sum()
            assert a_day == pytest.approx(minutes, abs=0.5 / 21 + 1e-4 * minutes)  # rounded once a month
            assert (month.engaged_minutes <= month.online_minutes).all()


class TestOneAtATime:
    def test_mean_and_variance_are_those_of_the_renewal_process(self, law: Law, group: Law, run: Run) -> None:
        """Long shifts from an empty start; the mean is exact, the variance that of a long time: an approximation."""
        riders, hours = 6_000, 10
        data = law(
            groups={
                "riders": group(
                    riders=riders, work=every_day(hours), portfolios={"a": {"split": {"alpha": 1}}}
                )
            }
        )
        data["platforms"]["alpha"]["orders"] = streams(2, 20, "one_at_a_time")
        _, months = run(World.model_validate(data))
        offered, done = 2 / 60, 1 / 20
        both = offered + done
        busy = offered / both * (hours * 60 - -expm1(-both * hours * 60) / both)
        spread = (30**2 + 20**2) / 50**2
        for month, days in zip(months, (31, 28), strict=True):
            mean = days * offered * (hours * 60 - busy)
            assert month.engaged_minutes.mean() == pytest.approx(days * busy, rel=1e-3)
            assert abs(month.orders.mean() - mean) < FOUR * sqrt(spread * mean / riders) + 1e-3 * mean
            # Rounding to whole orders adds a twelfth.
            variance = spread * mean + 1 / 12
            assert abs(month.orders.var() - variance) < FOUR * variance * sqrt(2 / riders) + 2e-3 * variance

    def test_orders_are_never_below_zero(self, law: Law, group: Law, run: Run) -> None:
        data = law(groups={"riders": group(work=every_day(0.25), portfolios={"a": {"split": {"alpha": 1}}})})
        data["platforms"]["alpha"]["orders"] = streams(0.1, 20, "one_at_a_time")
        _, months = run(World.model_validate(data))
        assert all((month.orders >= 0).all() for month in months)
        assert any((month.orders > 0).any() for month in months)


class TestEarnings:
    def world(self, law: Law, group: Law, riders: int = 1500, **changes: Any) -> dict[str, Any]:
        work = {**every_day(), **changes}
        return law(
            groups={"riders": group(riders=riders, work=work, portfolios={"a": {"split": {"alpha": 1}}})}
        )

    def test_a_floor_by_the_hour_tops_up(self, law: Law, group: Law, run: Run) -> None:
        """248 hours at 19.65 yuan on average: some earn less than 19.70, and get that; nobody else changes."""
        plain, floored = (
            run(World.model_validate(self.world(law, group, **more)))[1][0]
            for more in ({}, {"earnings_floor_yuan_per_hour": "19.7"})
        )
        floor = 1970 * 248
        assert (floored.earnings_fen == np.maximum(plain.earnings_fen, floor)).all()
        assert 0.2 < np.mean(plain.earnings_fen < floor) < 0.8
        assert (floored.orders == plain.orders).all()

    def test_holidays_pay_more_for_the_orders_of_the_day(self, law: Law, group: Law, run: Run) -> None:
        """Two of 31 days at twice the pay: the mean pay of an order of the month, as hours are alike; half up."""
        data = self.world(law, group)
        data["platforms"]["alpha"]["holiday_pay_factor"] = 2
        _, (january, february) = run(World.model_validate(data))
        assert (january.earnings_fen == np.floor(january.orders * 655 * 33 / 31 + 0.5)).all()
        assert (february.earnings_fen == february.orders * 655).all()

    def test_holidays_pay_more_by_the_demand_of_the_day(self, law: Law, group: Law, run: Run) -> None:
        data = self.world(law, group)
        data["platforms"]["alpha"]["holiday_pay_factor"] = 2
        data["platforms"]["alpha"]["orders"]["demand"] = {"holiday": 3}
        _, (january, _) = run(World.model_validate(data))
        assert january.earnings_fen == pytest.approx(
            january.orders * 655 * (29 + 2 * 3 * 2) / (29 + 2 * 3), abs=1
        )

    def test_holidays_pay_more_for_fixed_orders(self, law: Law, group: Law, run: Run) -> None:
        data = self.world(law, group)
        data["platforms"]["alpha"] |= {
            "holiday_pay_factor": "1.5",
            "orders": {"kind": "fixed_per_day", "per_day": 9},
        }
        _, (january, _) = run(World.model_validate(data))
        assert set(january.earnings_fen.tolist()) == {9 * 655 * 32}  # 29 days, and two that count half more


class TestOfferedAgain:
    def world(self, law: Law, group: Law, share: str) -> World:
        """Half the riders are logged off at four hours of eight; the other half keeps no limit."""
        limit = {"kind": "day_logoff", "scope": "platform", "hours": 4, "compliance": "0.5"}
        town = group(region="town", riders=500, work=every_day(), portfolios={"a": {"split": {"alpha": 1}}})
        city = group(riders=2000, work=every_day(), portfolios={"a": {"split": {"alpha": 1}}})
        data = law(regions={"city": {}, "town": {}}, groups={"riders": city, "others": town},
                   limits={"cap": {**limit, "regions": ["city"]}})  # fmt: skip
        data["platforms"]["alpha"]["reoffer_share"] = share
        return World.model_validate(data)

    @pytest.mark.parametrize("share", ["0.4", "1"])
    def test_a_share_of_what_is_lost_comes_back_to_all_in_the_region(
        self, law: Law, group: Law, run: Run, share: str
    ) -> None:
        population, (month, _) = run(self.world(law, group, share))
        city = population.region == 0
        short = city & (month.worked_minutes == 31 * 240)
        kept = short.sum()
        lost, expected = kept * 31 * 4 * 3, (2 * 2000 - kept) * 31 * 4 * 3
        more = 1 + float(share) * lost / expected
        for those, hours, factor in ((short, 4, more), (city & ~short, 8, more), (~city, 8, 1)):
            mean = 31 * hours * 3 * factor
            assert abs(month.orders[those].mean() - mean) < FOUR * sqrt(mean / those.sum())
        if share == "1":  # all that is lost is done by somebody
            total = 2000 * 31 * 8 * 3
            assert abs(month.orders[city].sum() - total) < FOUR * sqrt(total)

    def test_nothing_lost_nothing_offered_again(self, law: Law, group: Law, run: Run) -> None:
        data = self.world(law, group, "1").model_dump(mode="json", exclude_none=True)
        data["limits"] = {}
        with_share = run(World.model_validate(data))[1]
        data["platforms"]["alpha"]["reoffer_share"] = {"value": 0}
        for one, other in zip(with_share, run(World.model_validate(data))[1], strict=True):
            assert (one.orders == other.orders).all()


def test_orders_are_keyed_by_rider_month_and_platform(law: Law, run: Run, days: Days) -> None:
    """A part of the riders alone, in another order, has its own orders."""
    world, calendar, some = World.model_validate(law()), days(), np.array([199, 3, 64])
    everybody, months = run(world)
    few, alone = run(world, None, draw_riders(world, calendar, Streams(7, 0), {("riders", 0): some}))
    for one, other in zip(months, alone, strict=True):
        mine = [
            e
            for rider in some
            for e in range(everybody.first_engagement[rider], everybody.first_engagement[rider + 1])
        ]
        assert other.orders.tolist() == one.orders[mine].tolist()
    assert len(few) == 3
