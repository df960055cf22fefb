"""Sourced, dated, unit-bearing values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from injurysim.scenario.values import Dated, NonNegative, Part, Positive, Share, Unit, Value, iter_values

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000)


class Rates(Part):
    per_order: Annotated[Value[NonNegative], Unit("yuan per order")]
    share: Value[Share] | None = None
    dated: Annotated[Dated[Decimal], Unit("yuan")] = Dated[Decimal](value=Decimal(3))
    by_name: dict[str, Annotated[Value[int], Unit("people")]] = Field(default_factory=dict)
    listed: tuple[Value[Positive], ...] = ()


def test_plain_scalar_means_value() -> None:
    assert Rates.model_validate({"per_order": "0.06"}) == Rates.model_validate(
        {"per_order": {"value": "0.06"}}
    )


@pytest.mark.parametrize("given_as", [Decimal("0.06"), "0.06", 0.06])
def test_decimals_are_exact(given_as: Any) -> None:
    assert Value[Decimal].model_validate(given_as).value == Decimal("0.06")


def test_unit_is_filled_in_and_another_refused() -> None:
    rates = Rates.model_validate({"per_order": 1, "by_name": {"a": {"value": 2, "unit": "people"}}})
    assert rates.per_order.unit == "yuan per order"
    assert rates.dated.unit == "yuan"
    with pytest.raises(ValidationError, match=r"this field is in 'yuan per order', not in 'fen'"):
        Rates.model_validate({"per_order": {"value": 1, "unit": "fen"}})


def test_unit_is_in_the_json_schema() -> None:
    schema = Rates.model_json_schema()["properties"]["per_order"]
    assert schema["unit"] == "yuan per order"
    assert "yuan per order" in schema["description"]


@pytest.mark.parametrize("bounds", [[2, 3], [3, 0], [-2, 0.5]])
def test_range_must_run_upwards_and_contain_the_value(bounds: list[float]) -> None:
    with pytest.raises(ValidationError, match="range"):
        Value[Decimal].model_validate({"value": 1, "range": bounds})


def test_range_of_a_dated_value_contains_every_entry() -> None:
    dated = {"2020-01-01": 1, "2021-01-01": 5}
    assert Dated[Decimal].model_validate({"dated": dated, "range": [1, 5]}).range == (1, 5)
    with pytest.raises(ValidationError, match="does not contain the value 5"):
        Dated[Decimal].model_validate({"dated": dated, "range": [0, 4]})


def test_range_of_text_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="only a number or a date can have a range"):
        Value[Any].model_validate({"value": "a", "range": [1, 2]})


@pytest.mark.parametrize("stated", [{}, {"value": 1, "dated": {"2020-01-01": 1}}, {"dated": {}}])
def test_dated_wants_exactly_one_of_value_and_dated(stated: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="dated"):
        Dated[Decimal].model_validate(stated)


@given(st.dictionaries(DAYS, DECIMALS, min_size=1), DAYS)
def test_at_is_the_last_entry_not_after_the_day(entries: dict[date, Decimal], day: date) -> None:
    value = Dated[Decimal](dated=dict(entries))
    starts = sorted(entries)
    assert value.changes() == starts
    assert value.first_date() == starts[0]
    before = [start for start in starts if start <= day]
    if before:
        assert value.at(day) == entries[before[-1]]
    else:
        with pytest.raises(LookupError, match=str(starts[0])):
            value.at(day)
    assert value.at(starts[-1] + timedelta(days=1)) == entries[starts[-1]]


def test_undated_holds_at_all_times() -> None:
    value = Dated[Decimal].model_validate(2)
    assert value.at(date.min) == value.at(date.max) == 2
    assert value.changes() == []
    assert value.first_date() is None


def test_iter_values_finds_every_value_with_its_path() -> None:
    rates = Rates.model_validate({"per_order": 1, "by_name": {"a": 1, "b": 2}, "listed": [1, 2]})
    assert [path for path, _ in iter_values(rates)] == [
        ("per_order",),
        ("dated",),
        ("by_name", "a"),
        ("by_name", "b"),
        ("listed", 0),
        ("listed", 1),
    ]


def test_iter_values_looks_inside_values() -> None:
    nested = Value[Rates].model_validate({"value": {"per_order": 1}})
    holder = Value[Value[Rates]].model_validate({"value": nested})
    assert ("value", "value", "per_order") in [path for path, _ in iter_values(holder)]


@given(st.builds(lambda v, d: {"per_order": abs(v), "dated": {"dated": d}}, DECIMALS,
                 st.dictionaries(DAYS, DECIMALS, min_size=1)))  # fmt: skip
def test_dump_and_validate_round_trip(data: dict[str, Any]) -> None:
    rates = Rates.model_validate(data)
    assert Rates.model_validate(rates.model_dump()) == rates
    assert Rates.model_validate(rates.model_dump(mode="json", exclude_none=True)) == rates


def test_dump_begins_with_the_value_and_leaves_mandated_out_when_false() -> None:
    value = Value[Decimal].model_validate({"value": 1, "source": "x"})
    assert list(value.model_dump(exclude_none=True)) == ["value", "source"]
    assert value.model_copy(update={"mandated": True}).model_dump(exclude_none=True)["mandated"] is True


def test_a_value_made_without_its_type_is_checked_in_the_field() -> None:
    assert Rates(per_order=Value(value=1)).per_order.value == 1  # type: ignore[arg-type]
    with pytest.raises(ValidationError):
        Rates(per_order=Value(value=-1))  # type: ignore[arg-type]


def test_names_of_parametrized_values_are_short() -> None:
    assert Value[Decimal].__name__ == "Value[Decimal]"
    assert "FieldInfo" not in Value[Share].__name__
