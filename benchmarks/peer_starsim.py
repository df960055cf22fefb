"""The shared rider model as a starsim module on arrays, one step a day.

Written as a careful user of starsim would for speed: a fixed population, whole arrays without masks, two draws a
rider-day from starsim's own distributions, no draw for injuries, orders settled once at the end.
"""

from __future__ import annotations

import numpy as np
import starsim as ss
from shared_model import CAP, DAYS_OFF, LONGEST, SHORTEST, Fleet, Floats, Tally, draw_fleet, tired_hours


class RiderDays(ss.Module):  # type: ignore[misc]
    """Riders work, tire and are hurt, a day a step."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self.fleet = fleet
        self.chance, self.length, self.clock = ss.random(), ss.normal(), ss.expon(1.0)
        self.tired = tired_hours()
        self.define_states(
            *(
                ss.FloatArr(name, default=0.0)
                for name in ("shifts", "hours", "gathered", "hurt", "back_on", "due")
            )
        )

    def init_post(self) -> None:
        """Set the clocks when the states exist."""
        super().init_post()
        self.due.raw[: len(self.fleet)] = self.fleet.clock

    def step(self) -> None:
        """Work one day."""
        everyone, day, fleet, size = self.sim.people.auids, self.ti, self.fleet, len(self.fleet)
        hours_to, gathered, back_on = self.hours.raw[:size], self.gathered.raw[:size], self.back_on.raw[:size]
        at_work = (self.chance.rvs(everyone) < fleet.attendance) & (back_on <= day)
        wanted = np.exp(fleet.mu + fleet.sigma * self.length.rvs(everyone))
        hours = np.minimum(np.clip(wanted, SHORTEST, LONGEST), CAP) * at_work
        self.shifts.raw[:size] += at_work
        hours_to += hours
        gathered += fleet.hazard * self.tired[np.rint(hours * 60).astype(np.int64)]
        injured = np.flatnonzero(gathered >= self.due.raw[:size])
        if len(injured):
            self.hurt.raw[injured] += 1
            back_on[injured] = day + 1 + DAYS_OFF
            self.due.raw[injured] = gathered[injured] + self.clock.rvs(ss.uids(injured))

    def orders(self) -> Floats:
        """Return the orders expected by platform."""
        return (self.fleet.order_rate * self.hours.raw[: len(self.fleet)]) @ self.fleet.split


class Run:
    """So many riders over so many days, ready to go."""

    def __init__(self, riders: int, days: int, seed: int, hazard: float = 1.0) -> None:
        riding = RiderDays(draw_fleet(riders, hazard, np.random.default_rng(seed)))
        self._sim = ss.Sim(
            n_agents=riders, modules=riding, dur=ss.days(days - 1), dt=ss.days(1), rand_seed=seed, verbose=0,
            copy_inputs=False,
        )  # fmt: skip
        self._sim.init()
        self._riding = riding

    def go(self) -> None:
        """Run all days and settle the orders."""
        self._sim.run()
        self._riding.orders()

    def tally(self) -> Tally:
        """Return what the riders have come to."""
        riding, size = self._riding, len(self._riding.fleet)
        return Tally(
            *(each.raw[:size].copy() for each in (riding.shifts, riding.hours, riding.gathered, riding.hurt))
        )
