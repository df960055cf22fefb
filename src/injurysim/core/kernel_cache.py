"""Where compiled kernels are kept between runs: one folder, safe to delete, salted with their sources.

Kernels call into each other's files, and a compiled kernel does not notice an edit in another file; so the folder
is named by a digest of all their sources.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

VARIABLE = "INJURYSIM_CACHE"
KERNEL_SOURCES = ("core/randomness.py", "core/sums.py", "world/workday.py", "books/walks.py")


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
    """Say whether kernels will have to be compiled."""
    folder = cache_folder()
    return not folder.is_dir() or not any(folder.rglob("*.nbc"))


def keep_compiled_kernels() -> None:
    """Point numba at the folder; where it cannot be made, numba keeps to its own default."""
    import numba

    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
