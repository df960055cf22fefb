"""What a cell writes is kept whole or not at all, and what is damaged is noticed."""

from __future__ import annotations

import errno
import hashlib
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from injurysim.core.errors import InputError
from injurysim.core.parts import (
    combined_digest,
    finished_cells,
    forget_damaged_cells,
    keep_cell,
    pack_cell,
    part_name,
    read_table,
)
from injurysim.core.schemas import TABLES
from injurysim.core.tables import digest

small = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "results" / "small_run.py")))
cell, written, CELLS = small.cell, small.written, small.CELLS


def test_a_table_digest_is_sha256_over_the_sorted_part_digests():
    assert combined_digest(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()


def test_several_designs_may_be_given_as_several_tables(tmp_path):
    import pyarrow.compute as pc

    whole = cell()
    parts = {
        name: [table.filter(pc.equal(table["design"], design)) for design in ("policy", "pilot")]
        for name, table in whole.items()
        if "design" in table.column_names
    }
    assert keep_cell(tmp_path / "a", pack_cell("base", 0, parts)).tables["fund"].digest == digest(
        whole["fund"]
    )
    with pytest.raises(ValueError, match="two rows have the key"):
        keep_cell(tmp_path / "b", pack_cell("base", 0, {"fund": [whole["fund"], whole["fund"]]}))


def test_rows_of_another_cell_are_refused(tmp_path):
    with pytest.raises(ValueError, match="table 'exposure': a row of replication 1 in the cell of 0"):
        keep_cell(tmp_path, pack_cell("base", 0, cell("base", 1)))
    with pytest.raises(ValueError, match="a row of world limit in the cell of base"):
        keep_cell(tmp_path, pack_cell("base", 0, cell("limit", 0)))


def test_odd_world_names_make_plain_file_names_that_differ():
    names = {part_name(world, 0) for world in ("base", "base~pilot", "base-pilot", "城市", "城", "x" * 300)}
    assert len(names) == 6
    assert all(name.isascii() and len(name) < 100 and "~" not in name for name in names)


def test_no_half_written_file_takes_the_room_that_is_left(tmp_path, monkeypatch):
    def full(path, _content):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        keep_cell(tmp_path, pack_cell(*CELLS[0], cell(*CELLS[0])))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_parts_of_some_cells_are_read_alone(tmp_path):
    folder = written(tmp_path)
    some = read_table(folder, "fund", cells=[("limit", 2), ("base", 0), ("nowhere", 7)])
    whole = TABLES["fund"].to_pandas(TABLES["fund"].join([cell("base", 0)["fund"], cell("limit", 2)["fund"]]))
    assert some.equals(whole)
    assert len(read_table(folder, "fund", cells=[])) == 0


def cut_off(path):
    path.write_bytes(path.read_bytes()[:-20])


def scribbled_over(path):
    content = path.read_bytes()
    path.write_bytes(content[:200] + bytes(byte ^ 1 for byte in content[200:204]) + content[204:])


def of_another_cell(path):
    other = path.with_name(f"{part_name('limit', 2)}.parquet").read_bytes()
    path.write_bytes(other)


@pytest.mark.parametrize("damage", [Path.unlink, cut_off, scribbled_over, of_another_cell, Path.touch])
def test_a_cell_whose_files_are_not_what_its_receipt_says_is_not_finished(tmp_path, damage):
    folder = written(tmp_path)
    damage(folder / "tables" / "fund" / f"{part_name('limit', 1)}.parquet")
    harmless = damage is Path.touch
    assert forget_damaged_cells(folder) == ([] if harmless else ["world limit, replication 1"])
    assert set(finished_cells(folder)) == set(CELLS) - (set() if harmless else {("limit", 1)})


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"world": "base"}', '{"world": "base", "tables": {"fund": {}}}']
)
def test_a_receipt_that_says_nothing_is_taken_away(tmp_path, text):
    folder = written(tmp_path)
    receipt = folder / "cells" / f"{part_name('base', 0)}.json"
    receipt.write_text(text)
    with pytest.raises(InputError, match="is damaged"):
        finished_cells(folder)
    assert forget_damaged_cells(folder) == [receipt.name]
    assert set(finished_cells(folder)) == set(CELLS[1:])


def test_a_damaged_file_is_told_by_its_name(tmp_path):
    folder = written(tmp_path)
    cut_off(folder / "tables" / "fund" / f"{part_name('base', 0)}.parquet")
    with pytest.raises(InputError, match=r"fund.* is damaged"):
        read_table(folder, "fund", cells=CELLS)
