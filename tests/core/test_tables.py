"""Tables hold what was put in, in one order, or refuse it by name; a digest is of the content alone."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.columns import Column
from injurysim.core.tables import Table, digest

COLUMNS = (
    Column("world", "text", "-", "world"),
    Column("replication", "int32", "-", "replication"),
    Column("month", "month", "-", "month"),
    Column("platform", "text", "-", "platform", nullable=True),
    Column("kind", "text", "-", "kind", levels=("pool", "insurer")),
    Column("amount_fen", "int64", "fen", "amount"),
    Column("grade", "int32", "-", "grade", nullable=True),
    Column("hours", "float64", "hours", "hours"),
    Column("wait", "float64", "days", "wait", nullable=True),
    Column("fatal", "bool", "-", "fatal"),
    Column("at", "time", "-", "when", nullable=True),
    Column("rate", "decimal128(38, 12)", "yuan", "rate"),
)
TOY = Table("toy", "world", "cash", ("month", "platform"), COLUMNS)


def columns(**changed):
    return {
        "month": ["2022-08", "2022-07", "2022-07"],
        "platform": ["A", None, "A"],
        "kind": ["pool", "insurer", "pool"],
        "amount_fen": [3, 2, 1],
        "grade": [None, 2, 1],
        "hours": [3.0, 2.0, 1.0],
        "wait": [0.5, None, float("nan")],
        "fatal": [True, False, False],
        "at": np.array(["2022-08-01T10:00", "NaT", "2022-07-01"], "datetime64[m]"),
        "rate": [Decimal("0.06"), Decimal("0.25"), 1],
        **changed,
    }


def build(**changed):
    return TOY.build(columns(**changed), world="base", replication=0)


def test_a_frame_of_rows_is_the_table_of_their_columns():
    moments = columns()["at"].astype("datetime64[s]")
    given = columns(world=["base"] * 3, replication=[0] * 3, at=moments)
    rows = list(zip(*(given[name] for name in TOY.names), strict=True))
    pd.testing.assert_frame_equal(TOY.frame(rows), TOY.to_pandas(build()))
    pd.testing.assert_frame_equal(TOY.frame([]), TOY.to_pandas(TOY.empty()))
    with pytest.raises(ValueError, match="shorter"):
        TOY.frame([rows[0][:-1]])


def test_rows_come_in_the_order_of_the_key_with_nulls_last():
    table = build()
    assert table.column_names == list(TOY.names)
    assert table["month"].to_pylist() == ["2022-07", "2022-07", "2022-08"]
    assert table["platform"].to_pylist() == ["A", None, "A"]
    assert table["amount_fen"].to_pylist() == [1, 2, 3]
    assert table["wait"].to_pylist() == [None, None, 0.5]
    assert table["rate"].to_pylist() == [Decimal(1), Decimal("0.25"), Decimal("0.06")]
    assert table["world"].to_pylist() == ["base"] * 3
    assert table.schema.equals(TOY.schema, check_metadata=True)
    assert table.schema.field("amount_fen").metadata[b"unit"] == b"fen"


@given(st.permutations(range(3)))
def test_the_order_rows_are_given_in_does_not_matter(order):
    given_ = {name: [list(values)[i] for i in order] for name, values in columns().items()}
    given_["at"] = np.array(given_["at"], "datetime64[s]")
    assert digest(TOY.build(given_, world="base", replication=0)) == digest(build())


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"amount_fen": [1.0, 2.0, 3.0]}, TypeError, "amount_fen.*int64, not double"),
        ({"amount_fen": [True, False, True]}, TypeError, "amount_fen.*int64, not bool"),
        ({"amount_fen": ["1", "2", "3"]}, TypeError, "amount_fen.*int64, not string"),
        ({"amount_fen": [1, None, 3]}, ValueError, r"amount_fen.*missing \(row 1\)"),
        ({"amount_fen": [2**63, 0, 0]}, ValueError, "amount_fen"),
        ({"grade": [2**40, 1, 1]}, ValueError, "grade"),
        ({"hours": [1.0, float("nan"), 1.0]}, ValueError, "hours.*missing"),
        ({"hours": [1.0, float("inf"), 1.0]}, ValueError, "hours.*infinite"),
        ({"platform": ["A", 1, "B"]}, TypeError, "platform"),
        ({"platform": "ABC"}, TypeError, "platform.*one value"),
        ({"platform": [b"A", b"B", b"C"]}, TypeError, "platform.*binary"),
        ({"kind": ["pool", "bank", "pool"]}, ValueError, "kind.*'bank' is not one of pool, insurer"),
        ({"month": ["2022-07", "2022-13", "2022-09"]}, ValueError, "month.*'2022-13'"),
        ({"month": ["2022-07", "2022-7", "2022-09"]}, ValueError, "month.*'2022-7'"),
        ({"fatal": [0, 1, 0]}, TypeError, "fatal"),
        ({"at": [1, 2, 3]}, TypeError, "at.*time, not int64"),
        (
            {"at": np.array(["2022-07-01T00:00:00.5"] * 3, "datetime64[ms]")},
            ValueError,
            "at.*finer than a second",
        ),
        ({"rate": [0.06, 0.25, 1.0]}, TypeError, "rate"),
        ({"rate": [Decimal("1e-13")] * 3}, ValueError, "rate"),
        ({"hours": [1.0]}, ValueError, "differ in length"),
        ({"colour": [1, 2, 3]}, ValueError, "no column 'colour'"),
        ({"world": ["a", "b", "c"]}, ValueError, "'world' is given twice"),
        (
            {"month": ["2022-07"] * 3},
            ValueError,
            "two rows have the key world base, replication 0, month 2022-07, platform A",
        ),
        ({"month": ["2022-07"] * 3, "platform": [None, "A", None]}, ValueError, "platform None"),
    ],
)
def test_what_does_not_fit_is_refused_by_table_and_column(changed, error, words):
    with pytest.raises(error, match=words) as told:
        build(**changed)
    assert "table 'toy'" in str(told.value)


def test_a_column_left_out_is_refused():
    given_ = columns()
    del given_["hours"]
    with pytest.raises(ValueError, match="column 'hours' is not given"):
        TOY.build(given_, world="base", replication=0)


def test_every_usual_container_will_do():
    arrays = build(
        amount_fen=np.array([3, 2, 1], np.int16),
        hours=pd.Series([3, 2, 1], index=[7, 8, 9]),
        platform=pa.chunked_array([["A"], [None, "A"]]).dictionary_encode(),
        kind=pd.Categorical(["pool", "insurer", "pool"]),
        fatal=np.array([True, False, False]),
        month=np.array(["2022-08", "2022-07", "2022-07"]),
        grade=pd.array([None, 2, 1], "Int64"),
        rate=pa.array([Decimal("0.06"), Decimal("0.25"), Decimal(1)], pa.decimal128(5, 2)),
    )
    assert arrays.equals(build())


def test_a_table_without_rows_is_a_table():
    nothing = TOY.build({name: [] for name in columns()}, world="base", replication=0)
    assert nothing.equals(TOY.empty())
    assert digest(nothing) == digest(TOY.empty())
    assert len(TOY.to_pandas(TOY.empty())) == 0


def test_frames_have_the_dtypes_of_the_schema_whatever_the_values():
    full, none = TOY.to_pandas(build(grade=[1, 2, 3])), TOY.to_pandas(build(grade=[None] * 3))
    assert list(full.dtypes) == list(none.dtypes) == list(TOY.to_pandas(TOY.empty()).dtypes)
    assert str(full["grade"].dtype) == "Int32"
    assert str(full["at"].dtype) == "datetime64[s]"
    assert full["rate"][1] == Decimal("0.25")


def test_digest_does_not_know_chunks_nor_where_a_slice_began():
    table = build()
    pieces = pa.concat_tables([table.slice(0, 1), table.slice(1, 1), table.slice(2)])
    assert pieces["platform"].num_chunks == 3
    assert digest(pieces) == digest(table)
    assert digest(TOY.build(columns(hours=[-0.0, 2.0, 1.0]), world="base", replication=0)) == digest(
        build(hours=[0.0, 2.0, 1.0])
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_fen": [3, 2, 0]},
        {"platform": ["A", "", "A"]},
        {"platform": ["AB", None, "A"]},
        {"grade": [0, 2, 1]},
        {"wait": [0.5, 0.0, None]},
        {"hours": [3.0, 2.0, float(np.nextafter(1, 2))]},
        {"fatal": [True, False, True]},
        {"at": np.array(["2022-08-01T10:00:01", "NaT", "2022-07-01"], "datetime64[s]")},
        {"rate": [Decimal("0.060000000001"), Decimal("0.25"), 1]},
    ],
)
def test_digest_knows_every_value(changed):
    assert digest(build(**changed)) != digest(build())


def test_digest_knows_names_types_and_where_texts_end():
    one = pa.table({"a": ["x", "yz"]})
    assert digest(one) != digest(pa.table({"b": ["x", "yz"]}))
    assert digest(one) != digest(pa.table({"a": ["xy", "z"]}))
    assert digest(pa.table({"a": pa.array([1], pa.int32())})) != digest(
        pa.table({"a": pa.array([1], pa.int64())})
    )


def test_digest_is_the_one_that_was_published():
    """Pinned: a change here changes the digest of every run that anybody has kept."""
    assert digest(build()) == "30e3e0252f9f8bb0010dcb69a75fb78cd4a9d71eccc1becaf057633fd0ca6aae"


def test_tables_that_are_not_of_the_schema_are_not_joined():
    with pytest.raises(ValueError, match="its columns are"):
        TOY.join([build().drop_columns(["hours"])])
    with pytest.raises(ValueError, match="two rows have the key"):
        TOY.join([build(), build()])


def test_a_table_starts_with_the_leading_columns_and_its_key():
    with pytest.raises(ValueError, match="must start with the columns world, replication, kind"):
        Table("toy", "world", "cash", ("kind",), COLUMNS)
    with pytest.raises(ValueError, match="twice"):
        Table("toy", "world", "cash", ("month",), (*COLUMNS, COLUMNS[-1]))
    with pytest.raises(KeyError, match="no column 'colour'"):
        TOY.column("colour")
