"""Who is rated how: experience kept month by month, grades given when they are due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch
from typing import Protocol

import numpy as np

from injurysim.books.claims import Claim, Payment
from injurysim.books.rating.standing import Standing, Window, first_standing, regraded
from injurysim.books.setting import Setting
from injurysim.core.money import split_fen, to_fen
from injurysim.core.sums import Ints
from injurysim.scenario.rating import Credibility, FixedFactor, Ladder, NoClaim, NoRating, Rating, SetRating

Place = tuple[int, int]
"""A region and a platform, by code."""
Graded = SetRating | Ladder | NoClaim | Credibility
"""Every rating that goes by experience."""


class Rater(Protocol):
    """What a collector asks of a rating; months come in their order."""

    def begin(self, month: int) -> None:
        """Give the grades that take effect with a month."""

    def standing(self, region: int, platform: int) -> Standing:
        """Return how a platform is rated in a region in the month begun."""

    def add(self, dues_fen: Mapping[Place, int], payments: Iterable[Payment]) -> None:
        """Take in what a month's contributions come to, and the payments of the scheme in it."""

    def would_lift(self, region: int, platform: int, month: int, *, amount_fen: int) -> bool:
        """Say whether so much more in benefits charged in a month would lift the factor of a platform in a region.

        It is the next grading with the month in its window that counts, by what is known of the window: the whole
        months before.
        """


class OneForAll:
    """A factor that no experience moves."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def begin(self, month: int) -> None:
        """Give no grades."""

    def standing(self, region: int, platform: int) -> Standing:  # noqa: ARG002
        """Return the one standing."""
        return self._standing

    def add(self, dues_fen: Mapping[Place, int], payments: Iterable[Payment]) -> None:
        """Forget the month."""

    def would_lift(self, region: int, platform: int, month: int, *, amount_fen: int) -> bool:  # noqa: ARG002
        """Say no: nothing moves the factor."""
        return False


class ByExperience:
    """Grades by the paid ratio of a platform, or of a platform in a region.

    Parameters
    ----------
    rule : Graded
        A rating by experience, with its window, lag and dates.
    setting : Setting
        The stage.
    """

    def __init__(self, rule: Graded, setting: Setting) -> None:
        self._rule, self._platforms = rule, len(setting.platforms)
        self._first = setting.calendar.month_of(rule.first_effective)
        self._units = self._platforms * (len(setting.regions) if rule.per_region else 1)
        self._standings = [first_standing(rule)] * self._units
        self._paid: list[Ints] = []
        self._due: list[Ints] = []
        self._cap = None if rule.claim_cap_yuan is None else to_fen(rule.claim_cap_yuan.value)
        self._counted: dict[str, int] = {}

    def _unit(self, region: int, platform: int) -> int:
        return region * self._platforms + platform if self._rule.per_region else platform

    def standing(self, region: int, platform: int) -> Standing:
        """Return how a platform is rated in a region."""
        return self._standings[self._unit(region, platform)]

    def begin(self, month: int) -> None:
        """Grade when a grading takes effect with this month and there is a month of experience to go by."""
        rule = self._rule
        since = month - self._first
        end = month - rule.lag_months.value
        if since < 0 or since % rule.every_months.value or end <= 0:
            return
        window = slice(max(end - rule.window_months.value, 0), end)
        due = np.stack(self._due[:end], axis=1)
        known = (due > 0).sum(axis=1)
        seen = Window(np.stack(self._paid[window], axis=1), due[:, window], known)
        graded = regraded(rule, self._standings, seen)
        self._standings = [
            new if months >= max(rule.newcomer_months.value, 1) else old
            for new, old, months in zip(graded, self._standings, known.tolist(), strict=True)
        ]

    def would_lift(self, region: int, platform: int, month: int, *, amount_fen: int) -> bool:
        """Compare the next grading that a month counts for with and without so much more, by the months before."""
        rule, unit = self._rule, self._unit(region, platform)
        every = rule.every_months.value
        # The first grading whose window ends after the month.
        gradings = max(-(-(month + 1 + rule.lag_months.value - self._first) // every), 0)
        end = self._first + gradings * every - rule.lag_months.value
        window = slice(max(end - rule.window_months.value, 0), month)
        if not self._due[window]:
            return False
        due, paid = np.stack(self._due[:month], axis=1), np.stack(self._paid[window], axis=1)
        known = (due > 0).sum(axis=1)
        if known[unit] < max(rule.newcomer_months.value, 1):
            return False

        def factor() -> Decimal:
            seen = Window(paid, due[:, window], known)
            return regraded(rule, self._standings, seen)[unit].factor

        without = factor()
        paid[unit, -1] += amount_fen if self._cap is None else min(amount_fen, self._cap)
        return factor() > without

    def add(self, dues_fen: Mapping[Place, int], payments: Iterable[Payment]) -> None:
        """Take in the contributions due of a month, and the benefits paid that are charged to ratings."""
        due, paid = np.zeros(self._units, np.int64), np.zeros(self._units, np.int64)
        for place, fen in dues_fen.items():
            due[self._unit(*place)] += fen
        for payment in payments:
            if payment.item.account is not None:
                self._charge(payment, paid)
        self._due.append(due)
        self._paid.append(paid)

    def _charge(self, payment: Payment, paid: Ints) -> None:
        """Charge a payment to the units whose rating the claim burdens, as far as it counts."""
        claim, fen = payment.claim, payment.item.amount_fen
        if self._cap is not None:
            before = self._counted.get(claim.claim_id, 0)
            fen = min(fen, self._cap - before)
            self._counted[claim.claim_id] = before + fen
        charged = charged_to(claim)
        if not charged or not fen:
            return
        for (platform, _), part in zip(charged, split_fen(fen, [share for _, share in charged]), strict=True):
            if platform is not None:
                paid[self._unit(claim.injured.region, platform)] += part


def charged_to(claim: Claim) -> tuple[tuple[int | None, Fraction], ...]:
    """Return the platforms whose rating a claim burdens and the share of each; None is no platform's."""
    return claim.rating_shares


@singledispatch
def rater_of(rule: Rating, setting: Setting) -> Rater:
    """Return the rater of a scheme."""
    raise NotImplementedError(f"no rater for {type(rule).__name__}")


@rater_of.register(NoRating)
@rater_of.register(FixedFactor)
def _(rule: NoRating | FixedFactor, setting: Setting) -> Rater:  # noqa: ARG001
    return OneForAll(first_standing(rule))


@rater_of.register(SetRating)
@rater_of.register(Ladder)
@rater_of.register(NoClaim)
@rater_of.register(Credibility)
def _(rule: Graded, setting: Setting) -> Rater:
    return ByExperience(rule, setting)
