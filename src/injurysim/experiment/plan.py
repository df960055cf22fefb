"""The plan of an experiment: its cells, each a pure function of the scenario, the seed and its own name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from injurysim import __version__
from injurysim.core.randomness import STREAMS_VERSION
from injurysim.replication import Engine
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import dump_resolved, scenario_digest
from injurysim.scenario.stages import stages


@dataclass(frozen=True, order=True)
class Cell:
    """A world and a replication, with all designs."""

    replication: int
    world: str


@dataclass(frozen=True)
class Plan:
    """What is to be run.

    Attributes
    ----------
    scenario : Scenario
        Resolved, holding the worlds and designs to run.
    replications, seed : int
        How many, and from which seed.
    engine : {'fast', 'twin'}
        Which engine runs the worlds.
    """

    scenario: Scenario
    replications: int
    seed: int
    engine: Engine = "fast"

    @property
    def cells(self) -> list[Cell]:
        """Every cell, replication by replication."""
        return [Cell(number, world) for number in range(self.replications) for world in stages(self.scenario)]

    @property
    def scenario_text(self) -> str:
        """The resolved scenario as YAML, as it is saved with the results."""
        return dump_resolved(self.scenario)

    @property
    def scenario_digest(self) -> str:
        """Digest of the scenario's content."""
        return scenario_digest(self.scenario)

    @property
    def fingerprint(self) -> str:
        """What must agree for two runs' cells to be mixed: scenario, seed, engine, streams and version."""
        parts = (self.scenario_digest, self.seed, self.engine, STREAMS_VERSION, __version__)
        return hashlib.sha256(repr(parts).encode()).hexdigest()
