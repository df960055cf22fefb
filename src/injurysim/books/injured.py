"""Injuries as books see them: who was hurt, when and how, and what it costs the rider."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from functools import cache

from injurysim.books.earnings import MONTHS_OF_EARNINGS, EarningsHistory
from injurysim.books.setting import Setting
from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.money import round_half_up, scaling
from injurysim.scenario.document import Losses
from injurysim.world.month import SITUATIONS, Month
from injurysim.world.population import RELATIONS, path_of

DAYS_OF_MONTH = 30


@dataclass(frozen=True, slots=True)
class Injured:
    """One injury.

    Attributes
    ----------
    injury_id : path of the rider, month of the shift and number: the same in every world and design.
    rider, month, minute, app : indices of rider, month of the shift, minute and platform.
    second_app : index of the platform of the other order in hand, -1 when there is none.
    day : date of the injury.
    monthly_earnings_fen : mean monthly earnings by which the loss is valued; 0 if it is not.
    age_years : age on that day.
    loss_fen : what the injury costs the rider (DESIGN section 9: no pain and suffering); 0 if not valued.
    """

    injury_id: str
    rider: int
    month: int
    minute: int
    day: dt.date
    app: int
    second_app: int
    situation: str
    worked_minutes: int
    relation: str
    region: int
    group: int
    severity: str
    medical_cost_fen: int
    days_off: int
    grade: int
    fatal: bool
    age_years: float
    monthly_earnings_fen: int
    loss_fen: int

    @property
    def rider_id(self) -> str:
        """Path of the rider, with which the injury's begins."""
        return self.injury_id.rsplit("/", 2)[0]

    @property
    def back_minute(self) -> int:
        """Minute from which the rider is back at work."""
        return (self.minute // MINUTES_PER_DAY + 1 + self.days_off) * MINUTES_PER_DAY


def take_in(month: Month, setting: Setting, earnings: EarningsHistory) -> list[Injured]:
    """Read the injuries of a month; ``earnings`` holds the months before it."""
    injuries, population = month.injuries, setting.population
    of_rider = {
        name: getattr(population, name)[injuries.rider].tolist()
        for name in ("relation", "region", "group", "age_years", "cohort", "ordinal")
    }
    columns = {each.name: getattr(injuries, each.name).tolist() for each in fields(injuries)}
    monthly = (
        [0] * len(injuries)
        if setting.losses is None
        else earnings.monthly_fen_of(injuries.rider, MONTHS_OF_EARNINGS)
    )
    label_of, date_of = cache(setting.calendar.month_label), cache(setting.calendar.date_of)
    regions, groups = population.regions, population.groups
    found = []
    for i, minute in enumerate(columns["minute"]):
        facts = (columns["medical_cost_fen"][i], columns["days_off"][i], columns["grade"][i])
        fatal = columns["fatal"][i]
        region, group = of_rider["region"][i], of_rider["group"][i]
        age = of_rider["age_years"][i] + minute / (MINUTES_PER_DAY * 365.25)
        rider_id = path_of(regions[region], groups[group], of_rider["cohort"][i], of_rider["ordinal"][i])
        month_of_shift = columns["month"][i]
        found.append(
            Injured(
                injury_id=f"{rider_id}/{label_of(month_of_shift)}/{columns['k'][i]}",
                rider=columns["rider"][i],
                month=month_of_shift,
                minute=minute,
                day=date_of(minute // MINUTES_PER_DAY),
                app=columns["app"][i],
                second_app=columns["second_app"][i],
                situation=SITUATIONS[columns["situation"][i]],
                worked_minutes=columns["worked_minutes"][i],
                relation=RELATIONS[of_rider["relation"][i]],
                region=region,
                group=group,
                severity=setting.severities[columns["severity"][i]],
                medical_cost_fen=facts[0],
                days_off=facts[1],
                grade=facts[2],
                fatal=fatal,
                age_years=age,
                monthly_earnings_fen=monthly[i],
                loss_fen=loss_fen(setting.losses, monthly[i], *facts, fatal=fatal, age_years=age),
            )
        )
    return found


def loss_fen(
    losses: Losses | None,
    monthly_earnings_fen: int,
    medical_cost_fen: int,
    days_off: int,
    grade: int,
    *,
    fatal: bool,
    age_years: float,
) -> int:
    """Value the loss of an injury, in fen, rounded half up once.

    Medical cost, plus earnings lost while off work (monthly / 30 a day), plus the value of earnings lost for
    life: a year's earnings, paid evenly from the return to work to the working age, times the capacity lost, or
    for a death from the injury on, times one less own consumption.
    """
    if losses is None:
        return 0
    if fatal:
        days_lost, lost = 0, 1 - losses.own_consumption.value
    else:
        capacity = losses.earning_capacity_lost.get(grade)
        days_lost, lost = days_off, Decimal(0) if capacity is None else capacity.value
    if not lost:
        return _for_days(medical_cost_fen * DAYS_OF_MONTH + monthly_earnings_fen * days_lost)
    years = max(losses.working_to_age.value - age_years, 0.0)
    interest, absent = float(losses.discount.value), min(days_lost / 365.25, years)
    value = _annuity_certain(interest, years) - _annuity_certain(interest, absent)
    for_life = 12 * Fraction(lost) * Fraction(value)
    months = Fraction(days_lost, DAYS_OF_MONTH) + for_life
    return round_half_up(medical_cost_fen + monthly_earnings_fen * months)


_for_days = scaling(Fraction(1, DAYS_OF_MONTH))


def _annuity_certain(interest: float, years: float) -> float:
    """Value of 1 a year paid evenly over a number of years: (1 - v^n) / delta, or n without interest."""
    return years if interest == 0 else -math.expm1(-math.log1p(interest) * years) / math.log1p(interest)
