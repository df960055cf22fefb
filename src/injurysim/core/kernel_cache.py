"""Where compiled kernels are kept between runs: one folder, safe to delete, salted with their sources.

Kernels call into each other's files, and a compiled kernel does not notice an edit in another file; so the folder
is named by a digest of all their sources.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

VARIABLE = "INJURYSIM_CACHE"
KERNEL_SOURCES = (
    "books/walks.py", "core/poisson.py", "core/prefetch.py", "core/randomness.py", "core/sums.py", "core/threefry.py", "world/filling.py", "world/lasting.py", "world/layout.py", "world/leg.py",
    "world/limiting.py", "world/minute.py", "world/monthly.py", "world/on_foot.py", "world/packed.py", "world/picks.py", "world/planning.py", "world/roster.py", "world/rows.py", "world/walk.py", "world/workday.py",
)  # fmt: skip


def cache_folder() -> Path:
    """Return the folder of compiled kernels; ``INJURYSIM_CACHE`` moves it from the user's cache."""
    from platformdirs import user_cache_path

    package = Path(__file__).resolve().parent.parent
    sources = hashlib.sha256()
    for source in KERNEL_SOURCES:
        sources.update((package / source).read_bytes())
    chosen = os.environ.get(VARIABLE)
    root = Path(chosen) if chosen else user_cache_path("injurysim", appauthor=False)
    return root / f"kernels-{sources.hexdigest()[:16]}"


def is_cold() -> bool:
    """Say whether the kernel that works the months, which calls most of the others, will have to be compiled."""
    folder = cache_folder()
    return not folder.is_dir() or not any(folder.rglob("workday.work_month-*.nbc"))


def keep_compiled_kernels() -> None:
    """Point numba at the folder; where it cannot be made, numba keeps to its own default."""
    import numba

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function that allocates nothing: cached, without the interpreter's lock, without reference counts.

    Numba counts references to every array of a tuple at every call, with locked instructions that cost more than the
    arithmetic of a kernel. A kernel is handed all its arrays, so there is nothing to count.
    """
    return _compiled(function, inline="never")


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a part of a kernel that is written into its callers.

    For what is called every minute or shift: a call hands a tuple of arrays over word by word, hundreds of them.
    """
    return _compiled(function, inline="always")


def _compiled(function: Callable[P, R], inline: str) -> Callable[P, R]:
    import numba

    keep_compiled_kernels()
    compiled: Callable[P, R] = numba.njit(  # type: ignore[call-overload]
        cache=True, nogil=True, inline=inline, _nrt=False
    )(function)
    return compiled
