"""The shared rider model as mesa agents, one call a rider and day.

Written as a careful user of mesa would for speed: the standard library's random numbers, which are the fastest one
at a time, no draw for injuries, orders settled once at the end.
"""

from __future__ import annotations

from math import exp

import mesa
import numpy as np
from shared_model import CAP, DAYS_OFF, SHORTEST, Fleet, Floats, Tally, draw_fleet, tired_hours


class Rider(mesa.Agent):  # type: ignore[misc]
    """A rider who works, tires and is hurt."""

    def __init__(
        self, model: Riding, chance: float, mu: float, sigma: float, hazard: float, due: float
    ) -> None:
        super().__init__(model)
        self.chance, self.mu, self.sigma, self.hazard, self.due = chance, mu, sigma, hazard, due
        self.shifts = self.hurt = self.back_on = 0
        self.hours = self.gathered = 0.0

    def work(self) -> None:
        """Work one day, or stay at home."""
        model = self.model
        day, random = model.steps, model.random
        if random.random() >= self.chance or day < self.back_on:
            return
        # The cap is below the longest shift, so one comparison clips from above.
        hours = min(max(exp(random.gauss(self.mu, self.sigma)), SHORTEST), CAP)
        self.shifts += 1
        self.hours += hours
        self.gathered += self.hazard * model.tired[round(hours * 60)]
        if self.gathered >= self.due:
            self.hurt += 1
            self.back_on = day + 1 + DAYS_OFF
            self.due = self.gathered + random.expovariate(1.0)


class Riding(mesa.Model):  # type: ignore[misc]
    """All riders, a day a step."""

    def __init__(self, fleet: Fleet, seed: int) -> None:
        super().__init__(seed=seed)
        self.fleet, self.tired = fleet, tired_hours().tolist()
        columns = (fleet.attendance, fleet.mu, fleet.sigma, fleet.hazard, fleet.clock)
        self.riders = [Rider(self, *row) for row in zip(*(each.tolist() for each in columns), strict=True)]

    def step(self) -> None:
        """Work one day."""
        self.agents.do("work")

    def column(self, name: str) -> Floats:
        """Collect an attribute of all riders."""
        return np.array([getattr(rider, name) for rider in self.riders], np.float64)

    def orders(self) -> Floats:
        """Return the orders expected by platform."""
        return (self.fleet.order_rate * self.column("hours")) @ self.fleet.split


class Run:
    """So many riders over so many days, ready to go."""

    def __init__(self, riders: int, days: int, seed: int, hazard: float = 1.0) -> None:
        self._model = Riding(draw_fleet(riders, hazard, np.random.default_rng(seed)), seed)
        self._days = days

    def go(self) -> None:
        """Run all days and settle the orders."""
        for _ in range(self._days):
            self._model.step()
        self._model.orders()

    def tally(self) -> Tally:
        """Return what the riders have come to."""
        return Tally(*(self._model.column(name) for name in ("shifts", "hours", "gathered", "hurt")))
