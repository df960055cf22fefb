"""A world: everything that happens whether or not anybody is insured."""

from __future__ import annotations

from pydantic import Field

from injurysim.scenario.fatigue import Fatigue
from injurysim.scenario.groups import Group
from injurysim.scenario.injuries import Injuries, Recovery
from injurysim.scenario.limits import Limit
from injurysim.scenario.names import Name, Text, Varied
from injurysim.scenario.platforms import Platform
from injurysim.scenario.values import Part
from injurysim.scenario.weather import Weather


class Region(Part):
    """A place with its own offices, accounts and joining dates; a rider lives in one."""

    title: Text | None = None


class World(Part):
    """Regions, platforms, groups of riders, weather, fatigue and its limits, injuries and recovery."""

    title: Text | None = None
    varied: Varied | None = Field(
        default=None, description="of what it is a variant, where an experiment made it"
    )
    regions: dict[Name, Region] = Field(min_length=1, description="name: a place with its offices")
    platforms: dict[Name, Platform] = Field(min_length=1, description="name: a platform")
    groups: dict[Name, Group] = Field(min_length=1, description="name: riders who are alike")
    weather: Weather | None = Field(default=None, description="always dry when left out")
    fatigue: Fatigue
    limits: dict[Name, Limit] = Field(default_factory=dict, description="name: a fatigue limit or a rule")
    injuries: Injuries
    recovery: Recovery
