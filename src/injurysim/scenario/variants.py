"""What an experiment varied, read from the scenario that it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.world import World


class Setting(NamedTuple):
    """One value of one variant: a row of a tidy frame.

    Attributes
    ----------
    kind : {'world', 'design'}
        What varies.
    name : str
        The variant, as it stands in the column of that kind of every table.
    of : str
        The world or design it is a variant of.
    path : str
        Where the value stands, below the world or design.
    value : str
        The value, as YAML on one line.
    """

    kind: Literal["world", "design"]
    name: str
    of: str
    path: str
    value: str


def origins_of(scenario: Scenario) -> dict[str, dict[str, str]]:
    """Name what each variant of a world or a design is a variant of, by ``worlds`` and ``designs``."""
    sections: dict[str, Mapping[str, World | Design]] = {
        "worlds": scenario.worlds,
        "designs": scenario.designs,
    }
    return {
        section: {name: each.varied.of for name, each in entries.items() if each.varied is not None}
        for section, entries in sections.items()
    }


def points_of(scenario: Scenario) -> list[Setting]:
    """Return what every variant of a scenario has otherwise than what it is a variant of.

    Examples
    --------
    ``pandas.DataFrame(points_of(scenario))`` has a row for each value; with one axis of designs, joined to results:

    >>> import pandas as pd
    >>> summary = pd.DataFrame({"design": ["pilot-delivery-0_08"], "mean": [1.5]})
    >>> points = [Setting("design", "pilot-delivery-0_08", "pilot", "schemes.injury.rate", "0.08")]
    >>> summary.merge(pd.DataFrame(points), left_on="design", right_on="name")[["value", "mean"]]
      value  mean
    0  0.08   1.5
    """
    sections: dict[Literal["world", "design"], Mapping[str, World | Design]] = {
        "world": scenario.worlds,
        "design": scenario.designs,
    }
    return [
        Setting(kind, name, entry.varied.of, path, value)
        for kind, section in sections.items()
        for name, entry in section.items()
        if entry.varied is not None
        for path, value in entry.varied.set.items()
    ]
