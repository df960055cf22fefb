"""Compiled kernels are found again only while nothing they are made of has changed."""

from __future__ import annotations

import ast
import importlib
import re
from enum import Enum
from pathlib import Path

import numpy as np
import pytest

import injurysim
from injurysim.core import kernel_cache

PACKAGE = Path(injurysim.__file__).parent
DECORATED = re.compile(r"^@(kernel|inlined|intrinsic|njit|numba\.njit)\b", re.MULTILINE)
SOURCES = [PACKAGE / name for name in kernel_cache.KERNEL_SOURCES]


def test_every_module_with_a_kernel_is_one_of_their_sources() -> None:
    found = {path for path in PACKAGE.rglob("*.py") if DECORATED.search(path.read_text(encoding="utf-8"))}
    assert len(found) > 10
    assert found <= set(SOURCES)


@pytest.mark.parametrize("source", SOURCES, ids=kernel_cache.KERNEL_SOURCES)
def test_numbers_that_kernels_take_from_elsewhere_come_from_their_sources(source: Path) -> None:
    """Numba compiles numbers in: one that changes in a file that is not looked at would go unseen."""
    assert source.is_file()
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("injurysim."):
            continue
        home = PACKAGE.parent / f"{node.module.replace('.', '/')}.py"
        if not home.is_file() or home in SOURCES:
            continue
        module = importlib.import_module(node.module)
        for name in node.names:
            value = getattr(module, name.name)
            numbers = isinstance(value, int | float | tuple | np.generic | np.ndarray)
            numbers |= isinstance(value, type) and issubclass(value, Enum)
            assert not numbers, f"{source.name} takes {name.name} from {node.module}"


def test_kernels_are_cold_until_the_month_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(kernel_cache.VARIABLE, str(tmp_path))
    assert kernel_cache.is_cold()
    folder = kernel_cache.cache_folder() / "world_0"
    folder.mkdir(parents=True)
    (folder / "leg.set_out-1.py311.1.nbc").touch()
    assert kernel_cache.is_cold()
    (folder / "workday.work_month-1.py311.1.nbc").touch()
    assert not kernel_cache.is_cold()


def test_a_source_that_changes_has_a_folder_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kernel_cache.cache_folder()
    assert kernel_cache.cache_folder() == before
    (tmp_path / "one.py").write_text("1", encoding="utf-8")
    monkeypatch.setattr(kernel_cache, "KERNEL_SOURCES", (str(tmp_path / "one.py"),))
    first = kernel_cache.cache_folder()
    (tmp_path / "one.py").write_text("2", encoding="utf-8")
    assert len({before, first, kernel_cache.cache_folder()}) == 3
