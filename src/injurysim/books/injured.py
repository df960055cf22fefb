"""Injuries as books see them: who was hurt, when and how, and what it costs the rider."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from injurysim.books.earnings import EarningsHistory
from injurysim.books.setting import Setting
from injurysim.core.calendar import MINUTES_PER_DAY
from injurysim.core.money import round_half_up
from injurysim.scenario.document import Losses
from injurysim.world.month import SITUATIONS, Month
from injurysim.world.population import RELATIONS

MONTHS_OF_EARNINGS = 12
"""Months over which the earnings lost are averaged."""
DAYS_OF_MONTH = 30


@dataclass(frozen=True)
class Injured:
    """One injury.

    Attributes
    ----------
    injury_id : path of the rider, month of the shift and number: the same in every world and design.
    rider, month, minute, app : indices of rider, month of the shift, minute and platform.
    day : date of the injury.
    age_years : age on that day.
    loss_fen : what the injury costs the rider (DESIGN section 9: no pain and suffering); 0 if not valued.
    """

    injury_id: str
    rider: int
    month: int
    minute: int
    day: dt.date
    app: int
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
    def back_minute(self) -> int:
        """Minute from which the rider is back at work."""
        return (self.minute // MINUTES_PER_DAY + 1 + self.days_off) * MINUTES_PER_DAY


def take_in(month: Month, setting: Setting, earnings: EarningsHistory) -> list[Injured]:
    """Read the injuries of a month; ``earnings`` holds the months before it."""
    injuries, population = month.injuries, setting.population
    found = []
    for i in range(len(injuries)):
        rider, minute = int(injuries.rider[i]), int(injuries.minute[i])
        label = setting.calendar.month_label(int(injuries.month[i]))
        monthly = earnings.monthly_fen(rider, MONTHS_OF_EARNINGS)
        age = float(population.age_years[rider]) + minute / (MINUTES_PER_DAY * 365.25)
        facts = (int(injuries.medical_cost_fen[i]), int(injuries.days_off[i]), int(injuries.grade[i]))
        fatal = bool(injuries.fatal[i])
        found.append(
            Injured(
                injury_id=f"{population.rider_id(rider)}/{label}/{int(injuries.k[i])}",
                rider=rider,
                month=int(injuries.month[i]),
                minute=minute,
                day=setting.calendar.date_of(minute // MINUTES_PER_DAY),
                app=int(injuries.app[i]),
                situation=SITUATIONS[int(injuries.situation[i])],
                worked_minutes=int(injuries.worked_minutes[i]),
                relation=RELATIONS[int(population.relation[rider])],
                region=int(population.region[rider]),
                group=int(population.group[rider]),
                severity=setting.severities[int(injuries.severity[i])],
                medical_cost_fen=facts[0],
                days_off=facts[1],
                grade=facts[2],
                fatal=fatal,
                age_years=age,
                monthly_earnings_fen=monthly,
                loss_fen=loss_fen(setting.losses, monthly, *facts, fatal=fatal, age_years=age),
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
    years = max(losses.working_to_age.value - age_years, 0.0)
    interest, absent = float(losses.discount.value), min(days_lost / 365.25, years)
    value = _annuity_certain(interest, years) - _annuity_certain(interest, absent)
    for_life = 12 * Fraction(lost) * Fraction(value)
    months = Fraction(days_lost, DAYS_OF_MONTH) + for_life
    return round_half_up(medical_cost_fen + monthly_earnings_fen * months)


def _annuity_certain(interest: float, years: float) -> float:
    """Value of 1 a year paid evenly over a number of years: (1 - v^n) / delta, or n without interest."""
    return years if interest == 0 else -math.expm1(-math.log1p(interest) * years) / math.log1p(interest)
