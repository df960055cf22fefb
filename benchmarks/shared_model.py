"""The rider model that the peers carry too: its parameters once, its riders for the peers, its world for the kernel.

Rider side only: who works, how long, on which platforms, how tired, how liable to be hurt. No claims and no weather.
What the peers leave out costs the kernel time and not them: it draws whole orders for every rider and platform, and the
marks of the injured; they only add up the orders expected.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from injurysim.core.calendar import Calendar
    from injurysim.scenario.world import World

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PLATFORMS = 4
SPLITS = ((1.0,), (0.6, 0.4), (0.5, 0.3, 0.2))
"""Shares of the time on a rider's first, second and third platform; the platforms follow one another round a ring."""
ORDERS_PER_HOUR = 3.0
ORDER_RATE_SHAPE = 4.0
"""Gamma shape of a peer rider's order rate; the world has one rate per platform, so the peers agree with it in mean."""
SHORTEST, LONGEST, CAP = 1.0, 16.0, 10.0
"""Hours: wanted shifts are clipped to the first two; the third is the limit over all platforms."""
HAZARD_PER_HOUR = 8e-6
FRAILTY_SHAPE = 2.0
DAYS_OFF = 14
FATIGUE = {0: 1.0, 4: 1.15, 5: 1.3, 6: 1.5, 7: 1.75, 8: 2.05, 9: 2.4}
"""Hour of the shift: multiplier of the hazard from then on."""


@dataclass(frozen=True)
class RiderClass:
    """Riders alike in when and how long they work.

    Attributes
    ----------
    share : of all riders.
    attendance : chance of working on a day.
    median_hours, sigma : of the lognormal wanted shift.
    """

    share: float
    attendance: float
    median_hours: float
    sigma: float


CLASSES = {
    "full-time": RiderClass(0.35, 0.85, 8.0, 0.3),
    "crowdsourced": RiderClass(0.65, 0.45, 5.0, 0.5),
}


@dataclass(frozen=True)
class Fleet:
    """Riders as the peers take them; arrays of shape (riders,), ``split`` (riders, PLATFORMS).

    Attributes
    ----------
    attendance : chance of working on a day.
    mu, sigma : of the logarithm of the wanted hours.
    order_rate : orders an hour.
    hazard : injuries an hour when rested.
    clock : integrated hazard at which the rider is first hurt.
    split : share of the time by platform.
    """

    attendance: Floats
    mu: Floats
    sigma: Floats
    order_rate: Floats
    hazard: Floats
    clock: Floats
    split: Floats

    def __len__(self) -> int:
        return len(self.attendance)


@dataclass(frozen=True)
class Tally:
    """What each rider has come to; arrays of shape (riders,).

    Attributes
    ----------
    shifts : days worked.
    hours : hours worked.
    expected : integrated hazard.
    injuries : times hurt.
    """

    shifts: Floats
    hours: Floats
    expected: Floats
    injuries: Floats


def draw_fleet(riders: int, hazard: float, rng: np.random.Generator) -> Fleet:
    """Draw riders for a peer, their hazard multiplied."""
    kinds = list(CLASSES.values())
    kind = rng.choice(len(kinds), riders, p=[each.share for each in kinds])
    portfolios = np.array([_row(each) for each in _portfolios()])
    return Fleet(
        attendance=np.array([each.attendance for each in kinds])[kind],
        mu=np.log([each.median_hours for each in kinds])[kind],
        sigma=np.array([each.sigma for each in kinds])[kind],
        order_rate=rng.gamma(ORDER_RATE_SHAPE, ORDERS_PER_HOUR / ORDER_RATE_SHAPE, riders),
        hazard=hazard * HAZARD_PER_HOUR * rng.gamma(FRAILTY_SHAPE, 1 / FRAILTY_SHAPE, riders),
        clock=rng.exponential(1.0, riders),
        split=portfolios[rng.integers(len(portfolios), size=riders)],
    )


def tired_hours() -> Floats:
    """Tabulate the hours a shift counts for with its fatigue, by its length in whole minutes up to the cap."""
    bounds = [*FATIGUE, math.inf]
    minutes = np.arange(int(CAP * 60) + 1) / 60
    return sum(
        (
            multiplier * np.clip(minutes - begin, 0, end - begin)
            for (begin, end), multiplier in zip(pairwise(bounds), FATIGUE.values(), strict=True)
        ),
        np.zeros(len(minutes)),
    )


def shared_world(riders: int, hazard: Decimal | int = 1) -> World:
    """State the model as a world of the package."""
    portfolios = {
        f"portfolio-{number}": {"split": {f"app-{app}": Decimal(str(share)) for app, share in each.items()}}
        for number, each in enumerate(_portfolios())
    }
    return _world(riders, hazard, PLATFORMS, portfolios, scope="all_platforms")


def capped_world(riders: int, platforms: int) -> World:
    """Let every rider work on every platform, each with a cap of its own: for how time grows with platforms."""
    split = {f"app-{app}": Decimal(1) / platforms for app in range(platforms)}
    return _world(riders, 1, platforms, {"all": {"split": split}}, scope="platform")


def months_of(number: int) -> Calendar:
    """Lay out so many months; all days are alike in this model."""
    from injurysim.core.calendar import Calendar

    return Calendar.build(date(2022, 7, 1), number, (), ())


def _portfolios() -> list[dict[int, float]]:
    """List the portfolios, equally likely: platform and share of the time."""
    return [
        {(first + place) % PLATFORMS: share for place, share in enumerate(shares)}
        for shares in SPLITS
        for first in range(PLATFORMS)
    ]


def _row(portfolio: dict[int, float]) -> list[float]:
    return [portfolio.get(app, 0.0) for app in range(PLATFORMS)]


def _world(
    riders: int, hazard: Decimal | int, platforms: int, portfolios: dict[str, Any], scope: str
) -> World:
    from injurysim.scenario.world import World

    sizes, before, share = {}, 0, 0.0
    for name, each in CLASSES.items():
        share += each.share
        sizes[name] = round(riders * share) - before
        before += sizes[name]
    return World.model_validate(
        {
            "regions": {"city": {}},
            "platforms": {
                f"app-{app}": {
                    "industry": "delivery",
                    "orders": {
                        "kind": "poisson",
                        "per_hour": Decimal(str(ORDERS_PER_HOUR)),
                        "minutes": {"kind": "constant", "value": 15.0},
                    },
                }
                for app in range(platforms)
            },
            "groups": {
                name: _group(each, sizes[name], portfolios) for name, each in CLASSES.items()
            },
            "fatigue": {
                "kind": "hours_on_shift",
                "bands": [
                    {"from_hours": hour, "multiplier": Decimal(str(times))} for hour, times in FATIGUE.items()
                ],
                "rest": {"kind": "full", "after_minutes": 240},
            },
            "limits": {"cap": {"kind": "day_logoff", "hours": Decimal(str(CAP)), "scope": scope}},
            "injuries": {
                "kind": "hazard",
                "per_1000_hours": {"delivery": Decimal(str(HAZARD_PER_HOUR)) * 1000 * hazard},
                "severities": {
                    "any": {
                        "share": 1,
                        "medical_yuan": {"kind": "lognormal", "mean": 3000.0, "cv": 1.5},
                        "days_off": {"kind": "constant", "value": float(DAYS_OFF)},
                    }
                },
            },
            "recovery": {"kind": "off_work"},
        }
    )  # fmt: skip


def _group(each: RiderClass, riders: int, portfolios: dict[str, Any]) -> dict[str, Any]:
    chance = Decimal(str(each.attendance))
    return {
        "region": "city",
        "riders": riders,
        "relation": {"own_account": 1},
        "portfolios": portfolios,
        "work": {
            "attendance": dict.fromkeys(("workday", "weekend", "holiday"), chance),
            "start_hour": {"kind": "uniform", "low": 8.0, "high": 12.0},
            "wanted_hours": _clipped(each),
        },
        "frailty": {"kind": "gamma", "shape": Decimal(str(FRAILTY_SHAPE))},
        "age_years": {"kind": "constant", "value": 33.0},
    }


def _clipped(each: RiderClass) -> dict[str, Any]:
    """State the clipped lognormal by the whole minute: the language truncates a law, which is not the same."""
    minutes = np.arange(round(SHORTEST * 60), round(LONGEST * 60) + 1)
    edges = np.log((minutes[:-1] + 0.5) / 60 / each.median_hours) / each.sigma
    below = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in edges])
    weights = np.diff(np.concatenate([[0.0], below, [1.0]]))
    return {"kind": "discrete", "values": tuple(minutes / 60), "weights": tuple(weights)}
