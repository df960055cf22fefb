"""The laboratory for occupational-injury insurance of platform workers.

>>> import injurysim as inj
>>> scenario = inj.load("scenarios/quickstart.yaml")  # doctest: +SKIP
>>> result = inj.run(scenario, replications=20, seed=1)  # doctest: +SKIP
>>> result.summary, result.comparison, result.table("fund")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from injurysim.api import Result, Watch, expand, load, merge, reopen, run, run_shard, shipped

__version__ = "0.1.0"
__all__ = [
    "Result",
    "Watch",
    "__version__",
    "expand",
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
