"""What the figures depend on: the processor, what it can do, versions, and who else was at work."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("injurysim", "numpy", "numba", "llvmlite", "simpy", "pandas", "pyarrow", "starsim", "mesa")


def machine() -> dict[str, object]:
    """Describe the machine and the libraries."""
    from llvmlite import binding  # type: ignore[import-untyped]

    return {
        "cpu": _model(),
        "llvm_cpu": binding.get_host_cpu_name(),
        "avx512": bool(binding.get_host_cpu_features().get("avx512f", False)),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": {name: found for name in PACKAGES if (found := version_of(name))},
    }


def load_average() -> float | None:
    """Return how many processes wanted a core over the last minute; None where the system does not say."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else None


def version_of(name: str) -> str | None:
    """Return the version of a package; None if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _model() -> str:
    """Return the processor's name; virtual machines may tell little of it."""
    told: dict[str, str] = {}
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            told.setdefault(name.strip(), value.strip())
    if "model name" not in told:
        return platform.processor() or platform.machine()
    return f"{told['model name']} (family {told.get('cpu family', '?')}, model {told.get('model', '?')})"
