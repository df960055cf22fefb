"""What a rider of the reference model carries from shift to shift: fatigue of past days, meters of week and month."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from injurysim.core.calendar import Calendar
from injurysim.world.reference_fatigue import DAYS_LOOKED_BACK, Tiredness, Weariness
from injurysim.world.reference_limits import Meter, Meters, Rule


class Past:
    """The shifts of a rider so far."""

    __slots__ = ("_kept", "_last_end", "_monday", "_recent", "_row", "_short_on")

    def __init__(self, calendar: Calendar) -> None:
        self._monday = calendar.start.weekday()
        self._recent: deque[tuple[int, int]] = deque(maxlen=DAYS_LOOKED_BACK + 1)
        self._row = 0
        self._last_end: int | None = None
        self._short_on = -2
        self._kept: dict[tuple[str, int | None], tuple[int, float]] = {}

    def weariness(self, law: Tiredness, day: int, start: int) -> Weariness:
        """Begin the shift of a day at a minute: return the fatigue the rider brings along."""
        yesterday = bool(self._recent) and self._recent[-1][0] == day - 1
        self._row = self._row + 1 if yesterday else 1
        if self._last_end is not None and start - self._last_end < law.short_minutes:
            self._short_on = day
        week = sum(worked for when, worked in self._recent if when >= day - DAYS_LOOKED_BACK)
        return law.of_shift(week, self._row, self._short_on >= day - 1)

    def meters(self, rules: Sequence[Rule], apps: int, day: int, month: int) -> Meters:
        """Return the meters of a shift; those of the week and the month read what earlier shifts have left."""
        return Meters(apps, [Meter(rule, self._reading(rule, day, month)) for rule in rules])

    def _reading(self, rule: Rule, day: int, month: int) -> float:
        number, reading = self._kept.get((rule.name, rule.slot), (-1, 0.0))
        return reading if rule.period != "shift" and number == self._number(rule, day, month) else 0

    def _number(self, rule: Rule, day: int, month: int) -> int:
        return month if rule.period == "month" else (day + self._monday) // 7

    def close(self, meters: Meters, day: int, month: int, *, worked: int, end: int) -> None:
        """End the shift of a day after so many minutes worked, its way home included in its end."""
        self._recent.append((day, worked))
        self._last_end = end
        for meter in meters.all:
            rule = meter.rule
            if rule.period != "shift":
                self._kept[rule.name, rule.slot] = (self._number(rule, day, month), meter.reading)
