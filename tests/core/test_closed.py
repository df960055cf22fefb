"""What cells write is what a run holds: same digests whatever the order, the compaction or the number of cells."""

from __future__ import annotations

import errno
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from injurysim.core import closed as closed_folder
from injurysim.core.closed import close_tables, split_tables, sweep, table_digest, write_table
from injurysim.core.errors import InputError
from injurysim.core.parts import (
    combined_digest,
    finished_cells,
    forget_cells,
    keep_cell,
    pack_cell,
    part_name,
    read_table,
)
from injurysim.core.schemas import TABLES
from injurysim.core.tables import digest

small = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "results" / "small_run.py")))
cell, written, CELLS = small.cell, small.written, small.CELLS


def closed(folder, **options):
    receipts = close_tables(folder, **options)
    sweep(folder)
    return receipts


def test_a_run_closes_into_one_file_for_each_small_table(tmp_path):
    receipts = closed(written(tmp_path))
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == sorted(
        f"{name}.parquet" for name in receipts
    )
    assert not (tmp_path / "cells").exists()
    assert set(receipts) == {name for name, table in TABLES.items() if table.of != "experiment"}
    for name, receipt in receipts.items():
        assert receipt.bytes == (tmp_path / "tables" / f"{name}.parquet").stat().st_size
        assert receipt.rows == sum(cell(*place)[name].num_rows for place in CELLS)
        assert receipt.digest == combined_digest(digest(cell(*place)[name]) for place in CELLS)
        assert receipt.digest == table_digest(tmp_path, name)


def test_order_of_cells_and_compaction_do_not_show_in_digests(tmp_path):
    one = closed(written(tmp_path / "one"))
    other = closed(written(tmp_path / "other", CELLS[::-1]))
    parted = closed(written(tmp_path / "parted"), small_rows=0)
    assert one == other
    assert {name: (each.rows, each.digest) for name, each in one.items()} == {
        name: (each.rows, each.digest) for name, each in parted.items()
    }
    assert (tmp_path / "parted" / "tables" / "fund").is_dir()
    for name in one:
        first, second = (
            (tmp_path / run / "tables" / f"{name}.parquet").read_bytes() for run in ("one", "other")
        )
        assert first == second
        assert table_digest(tmp_path / "parted", name) == parted[name].digest
        assert read_table(tmp_path / "one", name).equals(read_table(tmp_path / "parted", name))


def test_reading_gives_back_what_was_written_in_order(tmp_path):
    closed(written(tmp_path))
    for name in ("fund", "claims", "contributions", "injuries", "attribution"):
        table = TABLES[name]
        wanted = table.to_pandas(table.join([cell(*place)[name] for place in CELLS]))
        assert read_table(tmp_path, name).equals(wanted)
    some = read_table(
        tmp_path,
        "fund",
        ["closing_fen", "month"],
        [("design", "==", "pilot"), ("replication", "==", 2), ("world", "==", "base")],
    )
    assert list(some.columns) == ["closing_fen", "month"]
    assert some["closing_fen"].tolist() == [5000, -1100, 7900, 16_400]


def test_tables_of_a_world_are_stored_once(tmp_path):
    receipts = closed(written(tmp_path))
    assert receipts["injuries"].rows == 3 * len(CELLS)
    assert read_table(tmp_path, "fund")["design"].nunique() == 2


def test_only_cells_with_a_receipt_have_happened(tmp_path):
    written(tmp_path, CELLS[:2])
    receipt = keep_cell(tmp_path, pack_cell(*CELLS[2], cell(*CELLS[2])))
    assert set(finished_cells(tmp_path)) == set(CELLS[:3])
    assert finished_cells(tmp_path)[CELLS[2]] == receipt
    # The third cell stopped before its receipt: its parts are left behind and must not count.
    (tmp_path / "cells" / f"{part_name(*CELLS[2])}.json").unlink()
    (tmp_path / "tables" / "fund" / ".part.parquet.writing").write_bytes(b"half")
    assert set(finished_cells(tmp_path)) == set(CELLS[:2])
    assert closed(tmp_path) == closed(written(tmp_path / "clean", CELLS[:2]))


def test_cells_that_are_not_asked_for_are_forgotten(tmp_path):
    """A run that goes on with fewer replications holds those alone, as if it had begun with them."""
    keep = [place for place in CELLS if place[1] < 2]
    forget_cells(written(tmp_path / "more"), keep)
    assert set(finished_cells(tmp_path / "more")) == set(keep)
    assert closed(tmp_path / "more") == closed(written(tmp_path / "fewer", keep))


def test_a_run_without_rows_has_every_table(tmp_path):
    receipts = closed(tmp_path)
    assert all(receipt.rows == 0 for receipt in receipts.values())
    for name in receipts:
        assert len(read_table(tmp_path, name)) == 0
        assert table_digest(tmp_path, name) == receipts[name].digest


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(KeyError, match="no table 'funds'"):
        read_table(tmp_path, "funds")
    with pytest.raises(FileNotFoundError, match="holds no table 'fund'"):
        read_table(tmp_path, "fund")
    closed(tmp_path)
    with pytest.raises(KeyError, match="no column 'balance'"):
        read_table(tmp_path, "fund", ["balance"])


def test_tables_of_the_experiment_are_written_as_one(tmp_path):
    rows = TABLES["summary"].build(
        {"metric": ["orders"], "design": [None]},
        world="base",
        unit="orders",
        mean=1.0,
        sd=None,
        ci_low=None,
        ci_high=None,
        n=1,
        method="t",
        level=0.95,
    )
    receipt = write_table(tmp_path, "summary", rows)
    assert receipt.digest == table_digest(tmp_path, "summary") == combined_digest([digest(rows)])
    assert read_table(tmp_path, "summary")["mean"].tolist() == [1.0]


@pytest.mark.parametrize("small_rows", [0, 10**6])
def test_a_closed_run_comes_apart_into_the_cells_it_was_made_from(tmp_path, small_rows):
    receipts = closed(written(tmp_path / "whole"), small_rows=small_rows)
    split_tables(tmp_path / "whole", tmp_path / "apart")
    again = finished_cells(written(tmp_path / "again"))
    assert finished_cells(tmp_path / "apart") == again
    assert closed(tmp_path / "apart", small_rows=small_rows) == receipts


def test_a_closing_that_was_cut_short_is_done_again(tmp_path, monkeypatch):
    wanted = closed(written(tmp_path / "whole"))
    folder = written(tmp_path / "cut")
    rooms = iter([None] * 4)

    def full(*given):
        if next(rooms, "full") == "full":
            raise OSError(errno.ENOSPC, "No space left on device")
        return put(*given)

    put = closed_folder.put_file
    monkeypatch.setattr(closed_folder, "put_file", full)
    with pytest.raises(OSError, match="No space"):
        close_tables(folder)
    monkeypatch.undo()
    assert set(finished_cells(folder)) == set(CELLS)
    assert closed(folder) == wanted
    assert table_digest(folder, "fund") == wanted["fund"].digest


@pytest.mark.parametrize("small_rows", [0, 10**6])
def test_sweeping_may_be_cut_short_anywhere(tmp_path, monkeypatch, small_rows):
    """Every step of it fails once; done again, the folder is as if nothing had happened, and no part is lost."""
    wanted = closed(written(tmp_path / "whole"), small_rows=small_rows)
    folder = written(tmp_path / "cut")
    (folder / "tables" / "fund" / "part-stray.parquet").write_bytes(b"of a cell that was never finished")
    close_tables(folder, small_rows)
    steps = {Path: ("unlink", "rename"), closed_folder.shutil: ("rmtree",)}
    for place, names in steps.items():
        for name in names:
            with monkeypatch.context() as cut:
                cut.setattr(place, name, cut_short)
                with pytest.raises(OSError, match="cut short"):
                    sweep(folder)
    sweep(folder)
    assert {name: table_digest(folder, name) for name in wanted} == {
        name: receipt.digest for name, receipt in wanted.items()
    }
    assert sorted(path.name for path in folder.rglob("*")) == sorted(
        path.name for path in (tmp_path / "whole").rglob("*")
    )


def cut_short(*_given, **_options):
    raise OSError("cut short")


def test_small_tables_of_an_earlier_closing_do_not_outlive_one_with_large_tables(tmp_path):
    """As when a run was stopped while it was closed, and goes on with more replications."""
    folder = written(tmp_path / "run", CELLS[:2])
    close_tables(folder)
    receipts = closed(written(folder), small_rows=0)
    assert table_digest(folder, "fund") == receipts["fund"].digest


def test_of_a_closed_run_some_cells_are_taken_with_the_digests_of_the_whole(tmp_path):
    receipts = closed(written(tmp_path / "whole"))
    wanted = {CELLS[0], CELLS[4], ("idle", 0)}
    made = {name: receipt.digest for name, receipt in receipts.items()}
    with pytest.raises(InputError, match=r"were changed after the run: fund\."):
        split_tables(tmp_path / "whole", tmp_path / "some", wanted, {**made, "fund": "another"})
    assert finished_cells(tmp_path / "some") == {}
    split_tables(tmp_path / "whole", tmp_path / "some", wanted, made)
    taken = finished_cells(tmp_path / "some")
    assert set(taken) == wanted
    assert taken["idle", 0].tables == {}, "a cell without rows has run as well"
    whole = finished_cells(written(tmp_path / "again"))
    assert all(taken[cell] == whole[cell] for cell in (CELLS[0], CELLS[4]))
