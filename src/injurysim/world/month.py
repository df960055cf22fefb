"""What a world hands to every book: one month of exposure, and the injuries in it."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SITUATIONS = ("on_order", "waiting", "travelling")
"""Levels of ``Injuries.situation``, by code."""


@dataclass(frozen=True)
class Injuries:
    """Injuries of one month, in the order of rider and then of ``k``; arrays of shape (n,).

    Attributes
    ----------
    rider : index of the rider in the population.
    month : month index of the shift the injury belongs to (its identity is rider, month, k).
    k : number of the injury of that rider in that month, from 0.
    minute : minute of the injury from the scenario's first midnight.
    app : index of the platform the rider works or travels for.
    second_app : index of the platform of the other order in hand, -1 when there is none.
    situation : code of :data:`SITUATIONS`.
    worked_minutes : minutes worked in the shift up to the injury.
    severity : index of the severity class.
    medical_cost_fen : whole medical cost.
    days_off : calendar days off work after the day of the shift.
    grade : disability grade 1-10, 0 for none.
    fatal : whether the rider dies.
    """

    rider: Ints
    month: Ints
    k: Ints
    minute: Ints
    app: Ints
    second_app: Ints
    situation: Ints
    worked_minutes: Ints
    severity: Ints
    medical_cost_fen: Ints
    days_off: Ints
    grade: Ints
    fatal: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rider)

    @classmethod
    def empty(cls) -> Injuries:
        """Return no injuries."""
        return cls(**{f.name: np.zeros(0, np.bool_ if f.name == "fatal" else np.int64) for f in fields(cls)})


@dataclass(frozen=True)
class Month:
    """One calendar month of a world, read-only.

    Arrays over *engagements* (a rider on one platform of its portfolio) have shape (engagements,) in the order
    of ``Population.engagement_rider``; arrays over riders have shape (riders,).

    Attributes
    ----------
    index : month from 0.
    days_worked : days on which the rider worked on the platform.
    online_minutes : minutes with the platform's app open and accepting.
    engaged_minutes : minutes with at least one order in hand (the mean meter, rounded once a month).
    orders : orders taken.
    earnings_fen : orders times the pay of an order.
    expected_injuries : integrated hazard.
    rider_days : shape (riders,), days worked.
    worked_minutes : shape (riders,), minutes worked, each once however many apps were open.
    injuries : the injuries of the month's shifts.
    """

    index: int
    days_worked: Ints
    online_minutes: Ints
    engaged_minutes: Ints
    orders: Ints
    earnings_fen: Ints
    expected_injuries: Floats
    rider_days: Ints
    worked_minutes: Ints
    injuries: Injuries

    def __post_init__(self) -> None:
        """Close the arrays for writing: every book reads the same month."""
        for part in (self, self.injuries):
            for each in fields(part):
                if isinstance(array := getattr(part, each.name), np.ndarray):
                    array.setflags(write=False)
