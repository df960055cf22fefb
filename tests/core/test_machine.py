"""What the machine has to give, read from files laid out as a system lays them out."""

from __future__ import annotations

import gc
import os
import platform
from pathlib import Path

import numpy as np
import pytest

from injurysim.core.machine import (
    available_bytes,
    cores,
    give_back_memory,
    map_large_arrays,
    seldom_collected,
)

GIB = 2**30
FREE_KIB = 8 * 2**20


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A system with 8 GiB available and no control group."""
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "meminfo").write_text(f"MemTotal: 999 kB\nMemAvailable:   {FREE_KIB} kB\n")
    (tmp_path / "sys" / "fs" / "cgroup" / "memory").mkdir(parents=True)
    return tmp_path


def limited(system: Path, limit: object, used: int, cached: int) -> Path:
    folder = system / "sys" / "fs" / "cgroup"
    for name, content in (("max", limit), ("current", used), ("stat", f"anon 5\ninactive_file {cached}")):
        (folder / f"memory.{name}").write_text(f"{content}\n")
    return system


def test_without_a_limit_it_is_what_the_system_calls_available(system: Path) -> None:
    assert available_bytes(system) == 8 * GIB
    assert available_bytes(limited(system, "max", 5 * GIB, 0)) == 8 * GIB


def test_a_lower_limit_of_the_control_group_holds_and_cached_files_are_free(system: Path) -> None:
    assert available_bytes(limited(system, 4 * GIB, 3 * GIB, GIB)) == 2 * GIB
    assert available_bytes(limited(system, 64 * GIB, 3 * GIB, GIB)) == 8 * GIB
    assert available_bytes(limited(system, 2 * GIB, 3 * GIB, 0)) == 0


def test_the_first_version_of_control_groups(system: Path) -> None:
    folder = system / "sys" / "fs" / "cgroup" / "memory"
    (folder / "memory.limit_in_bytes").write_text(f"{6 * GIB}\n")
    (folder / "memory.usage_in_bytes").write_text(f"{5 * GIB}\n")
    (folder / "memory.stat").write_text(f"cache 7\ntotal_inactive_file {2 * GIB}\n")
    assert available_bytes(system) == 3 * GIB


def test_this_machine_has_a_core_and_some_memory() -> None:
    assert cores() >= 1
    found = available_bytes()
    assert found is None or found > 0


def test_garbage_is_looked_for_as_before_when_the_block_has_ended() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    with pytest.raises(ZeroDivisionError), seldom_collected():
        _ = 1 / 0
    assert gc.get_threshold() == before


on_glibc = pytest.mark.skipif(
    not Path("/proc/self/statm").is_file() or platform.libc_ver()[0] != "glibc", reason="glibc on Linux"
)


@on_glibc
def test_a_large_array_goes_back_to_the_system_with_its_memory() -> None:
    map_large_arrays()
    size = 8_000_000
    for _ in range(3):  # left to itself glibc keeps it from the second time on
        large = np.ones(size, np.uint8)
        after = np.ones(1 << 16, np.uint8)  # above it, were both in the heap
        held = resident_bytes()
        del large
        assert held - resident_bytes() > size / 2
        assert after.all()


@on_glibc
def test_freed_memory_goes_back_to_the_system() -> None:
    size, number = 1 << 16, 1_000  # less than what is mapped on its own
    kept = [np.ones(size, np.uint8) for _ in range(number)]
    last = kept[-1]  # at the upper end: what is free below it is kept
    del kept
    before = resident_bytes()
    give_back_memory()
    assert before - resident_bytes() > size * number / 2
    assert last.all()


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
