"""What every book of a world may know: the calendar, the names, the riders, the month just gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from injurysim.books.apps import Apps, apps_of
from injurysim.books.enrolment.expecting import ExpectedYears
from injurysim.books.past import Past
from injurysim.books.shared import SharedMonth, Strata
from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.document import Losses, Scenario
from injurysim.scenario.platforms import OneAtATime
from injurysim.scenario.world import World
from injurysim.world.injuries import severity_names
from injurysim.world.month import Month
from injurysim.world.population import Population


@dataclass(frozen=True)
class Setting:
    """The stage on which the books of a world are kept.

    Attributes
    ----------
    calendar : months of exposure and of run-off, with a margin for the offices.
    exposure_months : months with exposure; later ones are run-off.
    streams : seed and replication.
    population : riders of the world.
    industries : industry of each platform, in the order of ``population.platforms``.
    turnover_yuan : what each platform takes for an order.
    severities : severity classes by code.
    losses : how the loss of an injury is valued, or None.
    world : the law of the world: what its riders and platforms expect.
    """

    calendar: Calendar
    exposure_months: int
    streams: Streams
    population: Population
    industries: tuple[str, ...]
    turnover_yuan: tuple[Decimal, ...]
    severities: tuple[str, ...]
    losses: Losses | None
    world: World
    _last: list[SharedMonth] = field(default_factory=list, init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls, scenario: Scenario, world: str, calendar: Calendar, streams: Streams, population: Population
    ) -> Setting:
        """Set the stage for a world of a scenario."""
        law = scenario.worlds[world]
        return cls(
            calendar=calendar,
            exposure_months=scenario.horizon.months,
            streams=streams,
            population=population,
            industries=tuple(platform.industry for platform in law.platforms.values()),
            turnover_yuan=tuple(
                platform.turnover_per_order_yuan.value for platform in law.platforms.values()
            ),
            severities=severity_names(law),
            losses=scenario.losses,
            world=law,
        )

    @property
    def platforms(self) -> tuple[str, ...]:
        """Names of the platforms, by code."""
        return self.population.platforms

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the regions, by code."""
        return self.population.regions

    @cached_property
    def strata(self) -> Strata:
        """The riders by all that a rule asks of them."""
        platforms = self.world.platforms.values()
        one_at_a_time = [isinstance(platform.orders, OneAtATime) for platform in platforms]
        return Strata(self.population, self.industries, one_at_a_time)

    @cached_property
    def past(self) -> Past:
        """The months that are over."""
        return Past(self.calendar)

    @cached_property
    def expected(self) -> ExpectedYears:
        """The year that riders may expect before any month is over."""
        return ExpectedYears.of(self.world, self.population)

    def shared(self, month: Month) -> SharedMonth:
        """Return what the books know of a month; when another is asked for, it is over and only the past keeps of it."""
        if not self._last or self._last[0].month is not month:
            if self._last:
                self.past.add(self._last[0].month)
            self._last[:] = [SharedMonth(month, self.strata)]
        return self._last[0]

    def end(self, month: Month) -> None:
        """Say that every book has read a month: only the past keeps of it."""
        if self._last and self._last[0].month is month:
            self._last.clear()
            self.past.add(month)

    @cached_property
    def apps(self) -> tuple[Apps, ...]:
        """The apps of each portfolio, by its code."""
        return apps_of(self.world, self.population)

    @cached_property
    def valuation(self) -> str:
        """Label of the last month, from which origin tables look back."""
        return self.calendar.month_label(self.calendar.months - 1)
