"""The weather of the regions: the state of each day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Purpose, Streams, digest64
from injurysim.scenario.weather import RegionWeather, WeatherEffect
from injurysim.scenario.world import World

DRY = "dry"
STATES = (DRY, "rain", "snow", "heat", "storm")
"""States of the weather, by code."""
DRY_EFFECT = WeatherEffect()


def weather_states(world: World, calendar: Calendar, streams: Streams) -> NDArray[np.int64]:
    """Return the state of every day of the calendar's months, shape (regions, days), codes of :data:`STATES`.

    A day's draw is keyed by the region's name and the day: its first uniform says whether the state of the day before
    stays, its second which state is drawn otherwise.
    """
    days = int(calendar.month_starts[-1])
    states = np.zeros((len(world.regions), days), np.int64)
    for code, name in enumerate(world.regions):
        law = world.weather.regions.get(name) if world.weather else None
        if law is not None:
            states[code] = _chain(law, calendar, streams, digest64("weather", name))
    return states


def _chain(law: RegionWeather, calendar: Calendar, streams: Streams, who: int) -> NDArray[np.int64]:
    days = int(calendar.month_starts[-1])
    stays, lot = streams.pairs(Purpose.WEATHER, who, np.arange(days))
    drawn = np.zeros(days, np.int64)
    for month in range(calendar.months):
        chances = law.of_month(calendar.month_date(month).month)
        reached = np.cumsum(
            [float(chances[state].value) if state in chances else 0.0 for state in STATES[1:]]
        )
        its = slice(int(calendar.month_starts[month]), int(calendar.month_starts[month + 1]))
        drawn[its] = (np.searchsorted(reached, lot[its], side="right") + 1) % len(STATES)
    # A day has the state that was drawn on the last day on which the weather did not stay.
    changes = stays >= float(law.persistence.value)
    changes[:1] = True
    return drawn[np.maximum.accumulate(np.where(changes, np.arange(days), 0))]


def effect_of(world: World, state: int) -> WeatherEffect:
    """Return what a day in a state is like."""
    if world.weather is None or state == 0:
        return DRY_EFFECT
    return world.weather.effects.get(STATES[state], DRY_EFFECT)  # type: ignore[call-overload, no-any-return]
