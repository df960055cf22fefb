"""What this machine has to give, cores and memory; what is given back; how often objects are looked through for garbage."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""What ``mallopt`` of glibc calls them."""
MAPPED_BYTES, KEPT_BYTES = 4_000_000, 16_000_000
"""Bytes from which on an array is mapped, and bytes at the end of the heap that are kept though they are free."""
NO_SUCH_LIBRARY = (OSError, AttributeError, TypeError)
"""What asking for glibc raises where there is none: TypeError on Windows, which cannot name the process itself."""
OBJECTS_BEFORE_A_LOOK = 50_000
"""Python's 700 would look through the young files of a book some thousand times a month."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def available_bytes(root: Path = Path("/")) -> int | None:
    """Return the memory that new processes can have, None where the system does not say.

    That is what the system calls available, or what the limit of the control group leaves if it is less; pages that
    only cache files are free to take.

    Parameters
    ----------
    root : Path
        Where ``proc`` and ``sys`` are found.
    """
    found = [_of_system(root), *_of_groups(root / "sys" / "fs" / "cgroup")]
    return min((number for number in found if number is not None), default=None)


def _of_system(root: Path) -> int | None:
    told = _numbers(root / "proc" / "meminfo")
    if "MemAvailable:" in told:
        return told["MemAvailable:"] * 1024
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None


def _of_groups(folder: Path) -> Iterator[int]:
    """Yield what the limits of control groups leave, in their second and their first version."""
    for limit, usage, statistics, cached in (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (
            "memory/memory.limit_in_bytes",
            "memory/memory.usage_in_bytes",
            "memory/memory.stat",
            "total_inactive_file",
        ),
    ):
        with suppress(OSError, ValueError):  # no such group, or the word "max"
            most = int((folder / limit).read_text(encoding="ascii"))
            used = int((folder / usage).read_text(encoding="ascii"))
            yield max(most - used + _numbers(folder / statistics).get(cached, 0), 0)


def _numbers(path: Path) -> dict[str, int]:
    """Read a file of names with a number each."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    words = [line.split() for line in lines]
    return {each[0]: int(each[1]) for each in words if len(each) > 1 and each[1].isdigit()}


def map_large_arrays() -> None:
    """Let every array of millions have memory of its own, which goes back to the system with it (glibc).

    Left to itself the C library finds out that large arrays come and go, takes them from its heap, and keeps what is
    freed there between others.
    """
    with suppress(*NO_SUCH_LIBRARY):
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES)
        library.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


def give_back_memory() -> None:
    """Give memory that is free inside this process back to the system, where the C library can (glibc).

    It keeps freed memory for itself, and what comes next is seldom made in the same sizes.
    """
    with suppress(*NO_SUCH_LIBRARY):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage less often in a block that makes many objects to keep; nothing else changes."""
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS_BEFORE_A_LOOK, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
