"""Whose an injury is: three questions (liable, rating, paying), each by its rule for two orders in hand and for none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from injurysim.books.injured import Injured
from injurysim.books.setting import Setting
from injurysim.core.randomness import Purpose, digest64
from injurysim.scenario.attribution import Attribution, Whose

Shares = tuple[tuple[int | None, Fraction], ...]
"""Platforms by their index and the exact share of each; ``None`` is all platforms of the scheme together.

The shares add to 1, or there are none: then the injury is nobody's.
"""

EVERYBODY: Shares = ((None, Fraction(1)),)
NOBODY: Shares = ()


@cache
def wholly(platform: int) -> Shares:
    """Return the shares of an injury that is one platform's alone."""
    return ((platform, Fraction(1)),)


def in_proportion(weights: Mapping[int, int | Fraction]) -> Shares:
    """Return shares in proportion to weights, not all zero; a platform of weight zero has none."""
    total = sum(Fraction(weight) for weight in weights.values())
    return tuple((platform, Fraction(weight) / total) for platform, weight in weights.items() if weight)


def largest(shares: Shares) -> int | None:
    """Return the platform with the largest share, the earlier of equals; None where no platform is named."""
    return max(shares, key=lambda each: each[1])[0] if shares else None


@dataclass(frozen=True, slots=True)
class Attributed:
    """Whose an injury is.

    Attributes
    ----------
    liable : who is liable: files and pays employer items.
    rating : whose rating is charged.
    paying : who pays, and so from which account.
    """

    liable: Shares
    rating: Shares
    paying: Shares

    @property
    def files(self) -> int | None:
        """The platform that files: the largest share of those liable, None when nobody or everybody is."""
        return largest(self.liable)


@cache
def _all_of(platform: int) -> Attributed:
    return Attributed(wholly(platform), wholly(platform), wholly(platform))


Rule = Callable[[Injured, int, Setting], Shares]
"""Whose an injury is, with so many recent months to go by."""


def _app(injured: Injured, months: int, setting: Setting) -> Shares:  # noqa: ARG001
    return wholly(injured.app)


def _pooled(injured: Injured, months: int, setting: Setting) -> Shares:  # noqa: ARG001
    return EVERYBODY


def _none(injured: Injured, months: int, setting: Setting) -> Shares:  # noqa: ARG001
    return NOBODY


MEASURED = {
    "by_orders": "orders",
    "by_recent_earnings": "earnings_fen",
    "by_online_time": "online_minutes",
}
"""The measure of the months before that a rule goes by."""


def _recent(measure: str) -> Rule:
    """Go by a recent measure: of the two platforms with an order in hand, or of all when there is none."""

    def rule(injured: Injured, months: int, setting: Setting) -> Shares:
        apps = setting.apps[setting.population.portfolio[injured.rider]]
        asked = list(apps.split) if injured.second_app < 0 else [injured.app, injured.second_app]
        first, last = setting.population.first_engagement[injured.rider : injured.rider + 2].tolist()
        platforms = setting.population.engagement_platform[first:last].tolist()
        recent = setting.past.of(slice(first, last), measure, months).tolist()
        found = dict(zip(platforms, recent, strict=True))
        weights = {platform: found.get(platform, 0) for platform in asked}
        return in_proportion(weights) if any(weights.values()) else in_proportion(apps.among(asked))

    return rule


def _order_next_to(injured: Injured, setting: Setting, which: str) -> Shares:
    """Return the platform of the order before or after a wait.

    In sequence it is the app worked on. With apps at once orders come as independent Poisson streams, so that any one
    of them is a platform's with probability in proportion to its rate: one draw an injury, keyed by the injury and
    each platform's name, the same for every question, scheme and design.
    """
    apps = setting.apps[setting.population.portfolio[injured.rider]]
    if not apps.at_once or not any(apps.orders_per_hour.values()):
        return wholly(injured.app)
    platforms = list(apps.orders_per_hour)
    names = [f"{which}/{setting.platforms[platform]}" for platform in platforms]
    who = np.array([digest64(injured.injury_id)], np.uint64)
    rates = list(apps.orders_per_hour.values())
    return wholly(platforms[int(setting.streams.race(Purpose.ATTRIBUTED, who, names, rates)[0])])


TWO_ORDERS: dict[str, Rule] = {
    "first_accepted": _app,
    "by_orders": _recent(MEASURED["by_orders"]),
    "by_recent_earnings": _recent(MEASURED["by_recent_earnings"]),
    "pooled": _pooled,
}
NO_ORDER: dict[str, Rule] = {
    "open_app": _app,
    "last_completed": lambda injured, _, setting: _order_next_to(injured, setting, "last"),
    "next_accepted": lambda injured, _, setting: _order_next_to(injured, setting, "next"),
    "by_online_time": _recent(MEASURED["by_online_time"]),
    "pooled": _pooled,
    "none": _none,
}


class Attributor:
    """Says whose injuries are under a scheme.

    Parameters
    ----------
    law : Attribution
        Its rules.
    setting : Setting
        The stage.
    """

    def __init__(self, law: Attribution, setting: Setting) -> None:
        self._law, self._setting = law, setting
        for whose in (law.liable, law.rating, law.paying):
            for rule in (whose.two_orders, whose.no_order):
                if rule in MEASURED:
                    setting.past.keep(MEASURED[rule], law.recent_months.value)

    def of(self, injured: Injured) -> Attributed:
        """Return whose an injury is: with one order in hand, the platform of that order."""
        on_order = injured.situation == "on_order"
        if on_order and injured.second_app < 0:
            return _all_of(injured.app)
        months = self._law.recent_months.value

        def shares(whose: Whose) -> Shares:
            rule = TWO_ORDERS[whose.two_orders] if on_order else NO_ORDER[whose.no_order]
            return rule(injured, months, self._setting)

        return Attributed(shares(self._law.liable), shares(self._law.rating), shares(self._law.paying))


def named(shares: Shares, platforms: Sequence[str]) -> list[tuple[str | None, float]]:
    """Return shares by the names of platforms, as rows of a table: what is pooled or nobody's is wholly no platform's."""
    return [
        (None if platform is None else platforms[platform], float(share))
        for platform, share in shares or EVERYBODY
    ]
