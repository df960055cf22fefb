"""How riders decide to be insured, or to leave: a probability by risk and price, and one draw a decision."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
from scipy.special import expit

from injurysim.books.enrolment.joining import NEVER, Joining
from injurysim.books.enrolment.price import yearly_price_yuan
from injurysim.books.enrolment.year import RiderYears
from injurysim.books.setting import Setting
from injurysim.books.shared import Mask
from injurysim.core.randomness import Purpose, digest32
from injurysim.core.sums import Ints, Truths, Wholes
from injurysim.scenario.choice import Choice, LogitChoice, RiskChoice, StatedShare, WillingnessChoice
from injurysim.scenario.designs import Scheme
from injurysim.world.month import Floats

AT_ONCE = 500_000
"""Riders whose years are worked out together: some twenty arrays of so many numbers."""


@singledispatch
def takes(choice: Choice, risk: Floats, price_yuan: Floats) -> Floats:
    """Return the probability of choosing cover by own risk and its price, in the shape of both.

    Where the price is 0 it is the limit of a price that falls to 0: cover that costs nothing and is worth something.
    Where the risk is 0 too, cover is worth nothing and costs nothing, and r B / price is taken as 1, a fair price.

    Parameters
    ----------
    choice : Choice
        The rule.
    risk : ndarray of float
        Expected injuries of a year.
    price_yuan : ndarray of float
        Yuan a year.
    """
    raise NotImplementedError(f"no choice for {type(choice).__name__}")


@takes.register
def _(choice: StatedShare, risk: Floats, price_yuan: Floats) -> Floats:  # noqa: ARG001
    return np.full(np.shape(risk), float(choice.share.value))


@takes.register
def _(choice: RiskChoice, risk: Floats, price_yuan: Floats) -> Floats:  # noqa: ARG001
    return np.asarray(-np.expm1(-float(choice.b.value) * risk))


@takes.register
def _(choice: LogitChoice, risk: Floats, price_yuan: Floats) -> Floats:
    benefit = risk * float(choice.benefit_yuan.value)
    free = np.where(benefit > 0, np.inf, 1.0)
    with np.errstate(over="ignore"):  # next to nothing for a price is nothing
        worth = np.divide(benefit, price_yuan, out=free, where=np.asarray(price_yuan) > 0)
    b = choice.b.value
    return np.asarray(expit(choice.a.value + (b * (worth - 1) if b else 0.0 * benefit)))


@takes.register
def _(choice: WillingnessChoice, risk: Floats, price_yuan: Floats) -> Floats:
    worth = float(choice.multiple.value) * risk * float(choice.benefit_yuan.value)
    return np.asarray(worth >= price_yuan, np.float64)


@singledispatch
def probabilities(choice: Choice, law: Scheme, years: RiderYears) -> Floats:
    """Return the probability of each rider asked, shape (riders asked,)."""
    return takes(choice, years.risk, yearly_price_yuan(law, years))


@probabilities.register
def _(choice: StatedShare, law: Scheme, years: RiderYears) -> Floats:  # noqa: ARG001
    shares = [float(choice.groups.get(name, choice.share).value) for name in years.setting.population.groups]
    return np.array(shares)[years.setting.population.group[years.riders]]


@probabilities.register
def _(choice: RiskChoice, law: Scheme, years: RiderYears) -> Floats:  # noqa: ARG001
    return takes(choice, years.risk, np.zeros(1))


class Decisions:
    """Riders' decisions: the first in the first month of the rider under the scheme, then every so many months.

    Decision d of a rider is one uniform, keyed by rider, scheme and d, below the probability of being insured or
    not. So whatever raises the probability insures all who were insured and more.

    Parameters
    ----------
    name : str
        Name of the scheme.
    law : Scheme
        Its rules.
    choice : Choice
        What decides.
    every_months : int
        Months between decisions.
    leaves : bool
        Whether the choice is to leave and not to be insured.
    setting, joining
        The stage, and when the scheme begins.
    """

    def __init__(
        self,
        name: str,
        law: Scheme,
        choice: Choice,
        every_months: int,
        *,
        leaves: bool,
        setting: Setting,
        joining: Joining,
    ) -> None:
        self._law, self._choice, self._every, self._leaves = law, choice, every_months, leaves
        self._setting, self._index = setting, digest32(name)
        starts, population = setting.calendar.month_starts, setting.population
        begins = np.where(
            joining.begins == NEVER, NEVER, np.searchsorted(starts, np.maximum(joining.begins, 0))
        )
        entry = np.searchsorted(starts, population.entry_day, side="right") - 1
        self._first = np.maximum(entry, begins[population.region]).astype(np.int32)
        self._insured = np.zeros(len(population), np.bool_)

    def insured(self, month: int, insurable: Mask) -> Truths:
        """Return who is insured by own decision in a month, shape (riders,); the same array while nobody changes."""
        since = month - self._first
        riders: Ints = np.flatnonzero((since >= 0) & (since % self._every == 0))
        if len(riders):
            decided = np.concatenate(
                [
                    self._decide(month, some, since[some] // self._every, insurable)
                    for some in np.array_split(riders, -(-len(riders) // AT_ONCE))
                ]
            )
            if (decided != self._insured[riders]).any():
                self._insured = self._insured.copy()
                self._insured[riders] = decided
        return self._insured

    def _decide(self, month: int, riders: Ints, decision: Wholes, insurable: Mask) -> Truths:
        setting = self._setting
        years = RiderYears(setting, month, riders, insurable)
        chosen = probabilities(self._choice, self._law, years)
        insured = 1 - chosen if self._leaves else chosen
        who = setting.population.who[riders]
        return np.asarray(setting.streams.uniform(Purpose.ENROLMENT, who, decision, self._index) < insured)
