"""The laboratory for occupational-injury insurance of platform workers.

>>> import injurysim as inj
>>> scenario = inj.load(inj.shipped("quickstart"), designs=["status-quo", "pilot-2022"])
>>> list(scenario.scenario.designs)
['status-quo', 'pilot-2022']

``inj.run(scenario, replications=20)`` gives a result with ``summary``, ``comparison`` and ``table("fund")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from injurysim.api import Result, Watch, expand, experiment, load, merge, reopen, run, run_shard, shipped

__version__ = "0.1.0"
__all__ = [
    "Result",
    "Watch",
    "__version__",
    "expand",
    "experiment",
    "load",
    "merge",
    "reopen",
    "run",
    "run_shard",
    "shipped",
]


def __getattr__(name: str) -> object:
    """Import the public face when it is first used, so that ``import injurysim`` stays quick."""
    if name in __all__:
        from injurysim import api

        return getattr(api, name)
    raise AttributeError(f"module 'injurysim' has no attribute '{name}'")
