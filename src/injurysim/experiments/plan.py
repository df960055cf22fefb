"""The plan of an experiment: its cells, each a pure function of the scenario, the seed and its own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from injurysim.core.errors import InputError
from injurysim.core.program import program_digest
from injurysim.replication import Engine
from injurysim.scenario.document import Baseline, Scenario
from injurysim.scenario.loading import dump_resolved, scenario_digest
from injurysim.scenario.names import Text
from injurysim.scenario.precision import MOST
from injurysim.scenario.stages import base_of, stages

READ_BY_CELLS = ("format", "calendar", "horizon", "scale", "losses", "worlds", "designs")
"""Parts of a scenario that rows depend on; the others say how much of it is run, and how it is told."""


@dataclass(frozen=True, order=True)
class Cell:
    """A world and a replication, with all designs."""

    replication: int
    world: str

    @property
    def key(self) -> tuple[str, int]:
        """World and replication: what a run folder knows it by."""
        return self.world, self.replication

    def __str__(self) -> str:
        return f"world {self.world}, replication {self.replication}"


@dataclass(frozen=True)
class Shard:
    """One of several shares of the cells of a plan, for machines that know nothing of each other.

    Attributes
    ----------
    number, of : int
        Which one, from 1, of how many.
    """

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read a shard as ``2/3``.

        Raises
        ------
        InputError
            If it is no such text, or there is no such shard.

        Examples
        --------
        >>> Shard.parse("2/3")
        Shard(number=2, of=3)
        """
        number, slash, of = text.partition("/")
        if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
            raise InputError.of(
                f"'{text}' is no shard.", "Write 1/3, 2/3 and 3/3 for three of them.", where="--shard"
            )
        return cls(int(number), int(of))

    def share(self, cells: Sequence[Cell]) -> list[Cell]:
        """Return its cells: every ``of``-th, so that each shard has its part of every world.

        Examples
        --------
        >>> [cell.replication for cell in Shard(2, 3).share([Cell(number, "base") for number in range(7)])]
        [1, 4]
        """
        return list(cells[self.number - 1 :: self.of])

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def check_replications(number: int) -> None:
    """Refuse a number of replications that cannot be run.

    Raises
    ------
    InputError
        If it is below 1 or above what any run may have.
    """
    if not 1 <= number <= MOST:
        what = f"replications must be from 1 to {MOST:,}, not {number:,}."
        raise InputError.of(what, where="replications")


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

    @cached_property
    def scenario_digest(self) -> str:
        """Digest of the scenario's content."""
        return scenario_digest(self.scenario)

    @property
    def inputs(self) -> dict[str, str | int]:
        """What must agree before cells of two runs are put together, whatever their number of replications."""
        return {
            "scenario": self.scenario_digest,
            "seed": self.seed,
            "engine": self.engine,
            "program": program_digest(),
        }

    @property
    def inputs_of_worlds(self) -> dict[str, str]:
        """For each world that is run the digest of all that its cells depend on besides seed, engine and program."""
        return {world: scenario_digest(self._alone(world)) for world in stages(self.scenario)}

    def _alone(self, world: str) -> Scenario:
        """Return the scenario with one world and the designs kept on it, without what its cells do not read."""
        base = base_of(world)
        kept = stages(self.scenario)[world]
        unread = {
            name: field.get_default(call_default_factory=True)
            for name, field in Scenario.model_fields.items()
            if name not in READ_BY_CELLS
        }
        return self.scenario.model_copy(
            update={
                **unread,
                "name": "cell",
                "title": Text(en=world),
                "seed": 0,
                "baseline": Baseline(world=base, design=kept[0]),
                "worlds": {base: self.scenario.worlds[base]},
                "designs": {name: self.scenario.designs[name] for name in kept},
            }
        )


def inputs_in(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of the :attr:`Plan.inputs` of its run; None for what it does not say."""
    return {
        "scenario": manifest.get("scenario_digest"),
        **{name: manifest.get(name) for name in ("seed", "engine", "program")},
    }
