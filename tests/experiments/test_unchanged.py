"""The proof that old rows stand: every table and every kind of change is seen, and told by its key."""

from __future__ import annotations

import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from injurysim.core.closed import split_tables
from injurysim.core.errors import CheckFailed
from injurysim.core.parts import forget_cells, packed, part_name, put_file, rows_of_cell
from injurysim.core.schemas import TABLES
from injurysim.experiments.finishing import finish_cells
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan
from injurysim.experiments.unchanged import check_unchanged

PLACE = ("base", 1)
OF_CELLS = [name for name, table in TABLES.items() if table.of != "experiment"]
MOMENTS = {"injuries": "occurred_at", "payments": "paid_at"}


@pytest.fixture(scope="module")
def parts(whole, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    split_tables(whole, folder)
    return folder


@pytest.fixture
def again(parts, tmp_path):
    """Return a run folder with the cells of the whole run once more, to be changed."""
    return shutil.copytree(parts, tmp_path / "again")


def change(folder, name, changed):
    """Put other rows of a table into the folder."""
    rows = changed(rows_of_cell(folder, name, *PLACE))
    put_file(folder / "tables" / name / f"{part_name(*PLACE)}.parquet", packed(rows)[1])


def with_value(rows, column, row, value):
    values = rows[column].to_pylist()
    values[row] = value
    at = rows.schema.get_field_index(column)
    return rows.set_column(at, rows.schema.field(at), pa.array(values, rows[column].type))


def test_the_same_rows_stand(plan, whole, again):
    check_unchanged(whole, plan, plan, again, known=())


@pytest.mark.parametrize("name", OF_CELLS)
def test_a_value_that_changed_is_told_in_any_table(plan, whole, again, name):
    table = TABLES[name]
    column = (
        next(
            column
            for column in table.names
            if column not in table.order and pa.types.is_integer(table.schema.field(column).type)
        )
        if name not in ("attribution", "offices")
        else {"attribution": "share", "offices": "utilisation"}[name]
    )
    change(again, name, lambda rows: with_value(rows, column, 0, (rows[column][0].as_py() or 0) + 1))
    with pytest.raises(
        CheckFailed, match=rf"table {name}, world base, replication 1, .*: {column} was \S+ and is \S+\. "
    ) as told:
        check_unchanged(whole, plan, plan, again, known=())
    assert told.value.exit_code == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda rows: rows.slice(1), "the row is gone"),
        (lambda rows: rows.slice(0, 0), "the row is gone"),
        (
            lambda rows: pa.concat_tables([rows, with_value(rows.slice(0, 1), "account", 0, "zzz")]),
            "account zzz.*: there was no such row",
        ),
    ],
)
def test_rows_that_went_or_came_are_told(plan, whole, again, changed, told):
    change(again, "fund", changed)
    with pytest.raises(CheckFailed, match=rf"table fund, world base, replication 1, design \w+.*{told}"):
        check_unchanged(whole, plan, plan, again, known=())


def test_rows_of_a_new_design_do_not_count(plan, whole, again):
    added = lambda rows: pa.concat_tables([rows, with_value(rows.slice(0, 1), "design", 0, "new")])
    change(again, "fund", added)
    check_unchanged(whole, plan, plan, again, known=())


def test_cells_that_were_taken_over_are_not_compared(plan, whole, again):
    change(again, "fund", lambda rows: rows.slice(1))
    check_unchanged(whole, plan, plan, again, known={Cell(1, "base")})


@pytest.fixture
def longer(short, parts, tmp_path, ran):
    """Return a plan with a month more, and a run folder with its cells."""
    new = Plan(short("horizon.months=2").scenario, replications=2, seed=5)
    finish_cells(new, new.cells, tmp_path / "longer", Means())
    forget_cells(tmp_path / "longer", [(cell.world, cell.replication) for cell in new.cells])
    return new, tmp_path / "longer"


def test_with_more_months_the_past_stands(plan, whole, longer):
    """Cash does not change when the horizon grows; what looks back from a later valuation may."""
    new, folder = longer
    check_unchanged(whole, plan, new, folder, known=())
    change(folder, "position", lambda rows: with_value(rows, "ibnr_fen", 0, -1))
    check_unchanged(whole, plan, new, folder, known=())


@pytest.mark.parametrize("name", [name for name in OF_CELLS if TABLES[name].basis != "origin"])
def test_a_past_that_changed_is_told_and_what_is_new_is_not(plan, whole, longer, name):
    new, folder = longer
    rows = rows_of_cell(folder, name, *PLACE)
    if name in MOMENTS:
        old = pc.less(rows[MOMENTS[name]], pa.scalar("2022-08-01T00:00:00").cast(pa.timestamp("s")))
    else:
        old = pc.less_equal(rows["month"], "2022-07")
    assert pc.any(old).as_py()
    assert not pc.all(old).as_py()
    change(folder, name, lambda rows: rows.filter(old))
    check_unchanged(whole, plan, new, folder, known=())
    change(folder, name, lambda rows: rows.slice(1) if old[0].as_py() else rows.slice(0, len(rows) - 1))
    with pytest.raises(CheckFailed, match=rf"table {name}, world base, replication 1.*the row is gone"):
        check_unchanged(whole, plan, new, folder, known=())
