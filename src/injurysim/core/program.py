"""Which program this is: what must agree before figures that two processes worked out are put together."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from injurysim.core.randomness import STREAMS_VERSION

LIBRARIES = ("injurysim", "numpy", "scipy", "simpy", "numba", "pandas", "pyarrow")
"""Libraries that figures depend on."""


def versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


@cache
def program_digest() -> str:
    """Return the SHA-256 over every source file of the package, the versions and that of the streams.

    Two processes with one digest work out the same figures from the same input, but for the last bit of numbers that
    are not whole on processors of different kinds.
    """
    package = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256(repr((STREAMS_VERSION, sorted(versions().items()))).encode())
    for path in sorted(package.rglob("*.py")):
        whole.update(f"{path.relative_to(package).as_posix()}\n".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()
