"""The manifest: what a result was made of, so that it can be made again and compared."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from injurysim.core.parts import TableReceipt
from injurysim.core.program import program_digest, versions

FORMAT = 1
"""Number of the manifest's format."""


def build_manifest(
    *,
    name: str,
    seed: int,
    replications: int,
    engine: str,
    worlds: Sequence[str],
    designs: Sequence[str],
    scenario_digest: str,
    streams_version: int,
    checks: Sequence[str],
    tables: Mapping[str, TableReceipt],
    started: datetime,
    ended: datetime,
    **more: Any,
) -> dict[str, Any]:
    """Put the manifest of a run together.

    Parameters
    ----------
    name, seed, replications, engine, worlds, designs
        What was run.
    scenario_digest : str
        Digest of the scenario as resolved.
    streams_version : int
        Version of the purposes of random numbers.
    checks : sequence of str
        The checks that passed.
    tables : mapping of name to TableReceipt
        What was written.
    started, ended : datetime
        With a time zone.
    **more
        Further entries, as ``baseline`` or ``command``; values that JSON can hold.

    Returns
    -------
    dict
        In it ``run_digest`` is the SHA-256 over the digests of all tables: two runs with one run digest hold the
        same numbers.

    Raises
    ------
    ValueError
        An entry holds an absolute path: a manifest names no place on the machine it was made on.
    """
    manifest = {
        "format": FORMAT,
        "name": name,
        "seed": seed,
        "replications": replications,
        "engine": engine,
        "worlds": list(worlds),
        "designs": list(designs),
        "scenario_digest": scenario_digest,
        "streams_version": streams_version,
        "versions": versions(),
        "program": program_digest(),
        "machine": machine(),
        "checks_passed": list(checks),
        "tables": {
            each: {"rows": receipt.rows, "bytes": receipt.bytes, "digest": receipt.digest}
            for each, receipt in tables.items()
        },
        "run_digest": run_digest({each: receipt.digest for each, receipt in tables.items()}),
        "started": _utc(started),
        "ended": _utc(ended),
        "wall_seconds": round((ended - started).total_seconds(), 3),
        **more,
    }
    _refuse_paths(manifest, "manifest")
    return manifest


def run_digest(digests: Mapping[str, str]) -> str:
    """Return the digest of a run: SHA-256 over name and digest of each table, sorted by name."""
    lines = "".join(f"{name} {digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def machine() -> dict[str, Any]:
    """Describe the processor, on which the last bits of exponentials and logarithms depend."""
    import numpy as np

    config: dict[str, Any] = np.show_config(mode="dicts")  # type: ignore[assignment]
    simd = config.get("SIMD Extensions", {})
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "cpu": _cpu_model(),
        "simd": {"baseline": simd.get("baseline", []), "found": simd.get("found", [])},
        "note": "whole numbers and money do not depend on the processor; the last bits of hours and shares may",
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("started and ended need a time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _refuse_paths(entry: Any, place: str) -> None:
    """Refuse absolute paths anywhere in an entry."""
    if isinstance(entry, Mapping):
        for key, value in entry.items():
            _refuse_paths(value, f"{place}.{key}")
    elif isinstance(entry, (list, tuple)):
        for number, value in enumerate(entry):
            _refuse_paths(value, f"{place}[{number}]")
    elif isinstance(entry, str) and (
        PurePosixPath(entry).is_absolute() or PureWindowsPath(entry).is_absolute()
    ):
        raise ValueError(f"{place} holds a path of this machine: {entry}")


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``manifest.json`` in one canonical form: sorted keys, two spaces, no numbers JSON does not know."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    (folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read ``manifest.json`` of a results folder.

    Raises
    ------
    ValueError
        It is no JSON, or no mapping.
    """
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError("it is no mapping")  # noqa: TRY004  (as for what is no JSON)
    return manifest
