"""The mean meter against closed forms and numerical integration."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, expm1
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from injurysim.core.distributions import Constant, Distribution, Exponential, Gamma, Uniform
from injurysim.scenario.platforms import OneAtATime
from injurysim.world import minute
from injurysim.world.meters import MOST_MINUTES, busy_one_at_a_time, by_hour, dispersion, still_in_hand

Law = Callable[..., dict[str, Any]]
MIDDLES = np.arange(MOST_MINUTES) + 0.5


@pytest.mark.parametrize("factor", [1.0, 1.3])
@pytest.mark.parametrize(
    "law", [Constant(25.0), Exponential(20.0), Gamma(2.5, 9.0), Uniform(5.0, 40.0)], ids=str
)
def test_still_in_hand_is_the_limited_mean(law: Distribution, factor: float) -> None:
    """The integral of P(f S > x) to t is E[min(f S, t)]."""
    expected = [factor * law.limited_mean(t / factor) for t in MIDDLES[:300]]
    assert still_in_hand(law, factor)[:300] == pytest.approx(expected, abs=0.07, rel=1e-4)
    assert still_in_hand(law, factor)[-1] == pytest.approx(factor * law.mean(), rel=3e-3)


def test_still_in_hand_is_exact_for_a_constant_of_whole_minutes() -> None:
    assert still_in_hand(Constant(25.0), 1.0) == pytest.approx(np.minimum(MIDDLES, 25.0), rel=1e-12)


class TestOneAtATime:
    @pytest.mark.parametrize(("per_hour", "mean"), [(1, 30), (3, 20), (0.4, 60)])
    def test_exponential_orders_are_the_chain_of_two_states(self, per_hour: float, mean: float) -> None:
        """B(t) = l / (l + m) (1 - exp(-(l + m) t))."""
        offered, done = per_hour / 60, 1 / mean
        (busy,) = busy_one_at_a_time(Exponential(mean), 1.0, offered, np.ones(24))
        both = offered + done
        # In steps of a minute: off by a term of the second order.
        exact = offered / both * -np.expm1(-both * MIDDLES)
        assert busy == pytest.approx(exact, abs=offered * both / 8)
        assert busy[-1] == pytest.approx(exact[-1], rel=1e-5)

    @pytest.mark.parametrize("law", [Constant(25.0), Gamma(2.0, 15.0), Uniform(5.0, 40.0)], ids=str)
    def test_in_the_long_run_it_is_the_share_of_the_cycle(self, law: Distribution) -> None:
        (busy,) = busy_one_at_a_time(law, 1.0, 2 / 60, np.ones(24))
        assert busy[-1] == pytest.approx(law.mean() / (30 + law.mean()), rel=1e-6)

    def test_a_factor_on_the_minutes_is_a_longer_order(self) -> None:
        one = busy_one_at_a_time(Exponential(20.0), 1.5, 0.03, np.ones(24))
        assert one == pytest.approx(busy_one_at_a_time(Exponential(30.0), 1.0, 0.03, np.ones(24)))

    def test_demand_by_hour_solves_the_equation_of_the_two_states(self) -> None:
        """B' = l(t) (1 - B) - m B for exponential orders, by small steps, for an opening at a quarter past nine."""
        demand = by_hour({0: 0.3, 9: 1.0, 10: 3.0, 12: 0.5})
        opening, rate, mean = 9 * 4 + 1, 2 / 60, 20.0
        busy = busy_one_at_a_time(Exponential(mean), 1.0, rate, demand)[opening]
        chance, steps, found = 0.0, 100, []
        for step in range(300 * steps):
            t = opening * 15 + step / steps
            offered = rate * demand[int(t) // 60 % 24]
            if step % steps == steps // 2:
                found.append(chance)
            chance += (offered * (1 - chance) - chance / mean) / steps
        assert busy[:300] == pytest.approx(found, abs=1e-3)

    def test_nothing_offered_is_nothing_in_hand(self) -> None:
        assert not busy_one_at_a_time(Exponential(20.0), 1.0, 0.0, np.ones(24)).any()


class TestDispersion:
    def orders(self, per_hour: float, **minutes: Any) -> OneAtATime:
        return OneAtATime.model_validate({"kind": "one_at_a_time", "per_hour": per_hour, "minutes": minutes})

    def test_is_that_of_the_renewal_process(self) -> None:
        wait = 30.0
        for orders, mean, variance in (
            (self.orders(2, kind="constant", value=20), 20, 0),
            (self.orders(2, kind="exponential", mean=20), 20, 400),
            (self.orders(2, kind="gamma", mean=20, cv=0.5), 20, 100),
        ):
            cycle, spread = wait + mean, wait**2 + variance
            assert dispersion(orders) == pytest.approx(spread / cycle**2, rel=1e-3)

    def test_orders_that_take_no_time_are_poisson(self) -> None:
        assert dispersion(self.orders(2, kind="constant", value=1e-6)) == pytest.approx(1, rel=1e-6)
        assert dispersion(self.orders(0, kind="constant", value=20)) == 1


def chance(law_of_shift: Any, at: int, open_for: int) -> float:
    """Chance of an order in hand on the only app of a walk in one minute."""
    chances = np.zeros(1)
    minute.fill_chances(law_of_shift, 0, 0, 0, at, open_for, 1, chances)
    return float(chances[0])


class TestChanceOfAnOrder:
    """What the walk reads: 1 - exp(-mean) with a Poisson stream, M(t)/G/infinity."""

    def world(self, law: Law, walks: Any, **orders: Any) -> Any:
        data = law()
        data["platforms"]["alpha"]["orders"] = {"kind": "poisson", "per_hour": 3, **orders}
        return walks(data)

    def test_constant_demand(self, law: Law, walks: Any) -> None:
        law_of_shift = self.world(law, walks, minutes={"kind": "exponential", "mean": 20}).law
        for minutes in (0, 5, 60, 600):
            expected = -expm1(-(3 / 60) * 20 * -expm1(-(minutes + 0.5) / 20))
            assert chance(law_of_shift, 480 + minutes, minutes) == pytest.approx(expected, rel=1e-3)

    @pytest.mark.parametrize(
        "minutes", [{"kind": "exponential", "mean": 40}, {"kind": "gamma", "mean": 30, "cv": "0.6"}]
    )
    def test_demand_by_the_hour(self, law: Law, walks: Any, minutes: dict[str, Any]) -> None:
        steps = {0: "0.2", 9: 1, 11: "2.5", 13: "0.6", 23: 4}
        world = self.world(law, walks, minutes=minutes, demand={"by_hour": steps})
        demand = by_hour({hour: float(each) for hour, each in steps.items()})
        lasts = world.world.platforms["alpha"].orders.minutes.law()
        # Opened at half past ten, after some minutes, across an hour or several, and across midnight.
        for opened, minutes_open in (
            (630, 10),
            (630, 29),
            (630, 31),
            (630, 200),
            (1430, 9),
            (1430, 11),
            (1430, 90),
        ):
            now = opened + minutes_open + 0.5
            edges = [now - 60 * hour for hour in range(int(opened // 60), int(now // 60) + 1)]
            inside = sorted(each for each in edges if 0 < each < now - opened)
            mean = quad(
                lambda x, now=now: 3 / 60 * demand[int((now - x) // 60) % 24] * (1 - lasts.cdf(x)),
                0, now - opened, points=inside or None, limit=200,
            )[0]  # fmt: skip
            found = chance(world.law, opened + minutes_open, minutes_open)
            assert found == pytest.approx(1 - exp(-mean), rel=2e-3)

    def test_demand_that_is_the_same_every_hour_is_steady(self, law: Law, walks: Any) -> None:
        minutes = {"kind": "gamma", "mean": 30, "cv": "0.6"}
        steady = self.world(law, walks, minutes=minutes, demand={"by_hour": {0: "1.5"}})
        # A factor that differs in an hour nobody works is not steady, and gives the same.
        other = self.world(law, walks, minutes=minutes, demand={"by_hour": {0: "1.5", 23: 3}})
        assert (steady.law.steady[0, 0], other.law.steady[0, 0]) == (1, 0)
        assert steady.shift(400).row == pytest.approx(other.shift(400).row, rel=1e-9)
