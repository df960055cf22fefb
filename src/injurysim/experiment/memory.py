"""How much memory a cell takes, before it is run: what would not fit is refused rather than left to the system."""

from __future__ import annotations

import os
from pathlib import Path

from injurysim.core.errors import InputError
from injurysim.scenario.document import Scenario
from injurysim.scenario.groups import Group
from injurysim.scenario.resolve import exposure_calendar
from injurysim.world.population import cohorts

GIB = 1 << 30
PROCESS_BYTES = 450_000_000
"""An interpreter with the libraries, compiled kernels and a small world's tables (measured: 400 MB)."""
RIDER_BYTES, ENGAGEMENT_BYTES = 210, 170
"""What a rider and an engagement take in the world, its month and the books of one design (see docs/performance.md)."""
DESIGN_RIDER_BYTES = 2
"""What one more design keeps of a rider from month to month."""


def cell_bytes(scenario: Scenario, world: str) -> int:
    """Estimate the memory of a cell of a resolved scenario: a process, its riders, their engagements, the designs."""
    law, calendar = scenario.worlds[world], exposure_calendar(scenario)
    riders: dict[str, int] = {}
    for (group, _), size in cohorts(law, calendar).items():
        riders[group] = riders.get(group, 0) + size
    people = sum(riders.values())
    engagements = sum(size * _platforms_of(law.groups[group]) for group, size in riders.items())
    designs = DESIGN_RIDER_BYTES * len(scenario.designs)
    return round(PROCESS_BYTES + people * (RIDER_BYTES + designs) + engagements * ENGAGEMENT_BYTES)


def _platforms_of(group: Group) -> float:
    """Mean number of platforms of a rider of the group."""
    weights = [float(portfolio.weight.value) for portfolio in group.portfolios.values()]
    sizes = [len(portfolio.split) for portfolio in group.portfolios.values()]
    return sum(w * size for w, size in zip(weights, sizes, strict=True)) / sum(weights)


def available_bytes() -> int | None:
    """Return the memory that is free for use, and allowed by a control group; None where the system does not say."""
    found = []
    meminfo = Path("/proc/meminfo")
    if meminfo.is_file():
        for line in meminfo.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]) * 1024)
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (text := limit.read_text(encoding="ascii").strip()).isdigit():
        used = Path("/sys/fs/cgroup/memory.current")
        found.append(int(text) - (int(used.read_text(encoding="ascii")) if used.is_file() else 0))
    if not found and hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found) if found else None


def refuse_what_does_not_fit(scenario: Scenario, workers: int, available: int | None) -> None:
    """Refuse workers that would not fit into memory together.

    Raises
    ------
    InputError
        If workers × the largest cell is more than is available.
    """
    if available is None:
        return
    need = max(cell_bytes(scenario, world) for world in scenario.worlds)
    if workers * need > available:
        fit = available // need
        raise InputError.of(
            f"{workers} worker(s) of about {need / GIB:.1f} GiB each do not fit into {available / GIB:.1f} GiB of memory",
            f"Use --workers {fit}." if fit else "Simulate fewer riders, or use a machine with more memory.",
            where="--workers",
        )
