"""Values as a scenario states them: with a unit, a source, a grade of evidence, and possibly dates."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

T = TypeVar("T")

Grade = Literal["official", "press", "study", "derived", "assumption"]
"""Grade of evidence, from the law's own text down to our own guess."""

Share = Annotated[Decimal, Field(ge=0, le=1)]
"""A number from 0 to 1."""
Positive = Annotated[Decimal, Field(gt=0)]
"""A number above 0."""
NonNegative = Annotated[Decimal, Field(ge=0)]
"""A number of 0 or more."""
Count = Annotated[int, Field(ge=0)]
"""A whole number of 0 or more."""


def distinct(items: tuple[T, ...]) -> tuple[T, ...]:
    """Refuse a list that names something twice."""
    for place, item in enumerate(items):
        if item in items[:place]:
            raise wrong((place,), f"'{item}' stands twice in the list", "Remove one of them.")
    return items


Listed: TypeAlias = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(distinct)]
"""A list of different things, at least one of them."""


class Part(BaseModel):
    """Base of every model of the scenario language: frozen, no unknown keys, no infinities, defaults checked too."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", defer_build=True, allow_inf_nan=False, validate_default=True
    )


class Evidence(Part):
    """What a value says about itself; the common half of `Value` and `Dated`."""

    unit: str | None = Field(default=None, description="Unit; must be the field's own.")
    source: str | None = Field(default=None, description="A key of the scenario's `sources`, or free text.")
    clause: str | None = Field(default=None, description="Clause, table or page of the source.")
    grade: Grade | None = Field(default=None, description="Grade of evidence.")
    mandated: bool = Field(default=False, description="Whether law fixes the value.")
    note: str | None = Field(default=None, description="A remark for the reader.")

    @model_validator(mode="before")
    @classmethod
    def _accept_plain(cls, data: object) -> object:
        """Read a plain `0.06` as `{value: 0.06}`."""
        if isinstance(data, Mapping | cls):
            return data
        if isinstance(data, Evidence):
            return {name: getattr(data, name) for name in data.model_fields_set}
        return {"value": data}

    @model_serializer(mode="wrap")
    def _without_noise(self, handler: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
        """Put the value first, and leave `mandated: false` out where empty keys are left out too."""
        dumped = handler(self)
        if info.exclude_none and not self.mandated:
            dumped.pop("mandated", None)
        return {name: dumped[name] for name in (*_FIRST, *dumped) if name in dumped}

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name a parametrized class briefly, for example ``Value[Decimal ge=0 le=1]``."""
        return f"{cls.__name__}[{', '.join(_type_name(param) for param in params)}]"

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        reference = handler(schema)
        resolved = handler.resolve_ref_schema(reference)
        properties = resolved.get("properties", {})
        if "value" in properties:
            plain = {key: item for key, item in properties["value"].items() if key not in _NAMING}
            options = [option for option in plain.get("anyOf", [plain]) if option != {"type": "null"}]
            full = dict(resolved)
            resolved.clear()
            resolved.update({"title": full.pop("title", cls.__name__), "anyOf": [*options, full]})
        return reference


_NAMING = frozenset({"title", "description", "default"})
_FIRST = ("value", "dated", "range")


def _type_name(annotation: Any) -> str:
    metadata = getattr(annotation, "__metadata__", ())
    if metadata:
        bounds = [str(bound) for item in metadata for bound in getattr(item, "metadata", [item])]
        return " ".join([_type_name(annotation.__origin__), *bounds])
    return (
        getattr(annotation, "__name__", str(annotation)) if isinstance(annotation, type) else str(annotation)
    )


class Value(Evidence, Generic[T]):
    """One value with its unit and source; a plain scalar in YAML means `{value: scalar}`.

    Examples
    --------
    >>> Value[Decimal].model_validate(0.06).value
    Decimal('0.06')
    >>> Value[Decimal].model_validate({"value": "0.06", "source": "notice-2021", "grade": "press"}).grade
    'press'
    """

    value: T = Field(description="The value.")
    range: tuple[T, T] | None = Field(default=None, description="Lowest and highest plausible value.")

    @model_validator(mode="after")
    def _range_holds_value(self) -> Value[T]:
        _check_range(self.range, [self.value])
        return self


def wrong(at: tuple[str | int | date, ...], what: str, fix: str = "") -> PydanticCustomError:
    """Refuse what stands below a model, for its validators: the problem is told at that place.

    Parameters
    ----------
    at : tuple
        Keys and positions from the model down.
    what : str
        What is wrong, without the stop at its end.
    fix : str
        What to do, a sentence.
    """
    return PydanticCustomError("wrong", "{what}", {"at": tuple(map(str, at)), "what": what, "fix": fix})


def is_whole(number: Decimal) -> bool:
    """Say whether a number is whole, however many digits it has.

    Examples
    --------
    >>> is_whole(Decimal("1e40")), is_whole(Decimal("0.5"))
    (True, False)
    """
    return number == number.to_integral_value()


def number(text: str) -> Value[Decimal]:
    """Return a plain number as a value, for defaults."""
    return Value[Decimal](value=Decimal(text))


class Dated(Evidence, Generic[T]):
    """A value that law may change from a date on: either `value`, or `dated` with one entry per change.

    Examples
    --------
    >>> rate = Dated[Decimal](dated={date(2022, 7, 1): Decimal("0.06"), date(2025, 1, 1): Decimal("0.05")})
    >>> rate.at(date(2024, 12, 31))
    Decimal('0.06')
    >>> rate.at(date(2022, 1, 1))
    Traceback (most recent call last):
    ...
    LookupError: there is no value before 2022-07-01 (asked for 2022-01-01)
    """

    value: T | None = Field(default=None, description="The value, when it never changes.")
    dated: dict[date, T] | None = Field(default=None, description="First day of each value, and the value.")
    range: tuple[T, T] | None = Field(default=None, description="Lowest and highest plausible value.")

    @model_validator(mode="after")
    def _one_of_two(self) -> Dated[T]:
        if (self.value is None) == (self.dated is None):
            raise PydanticCustomError("dated", "give either 'value' or 'dated', exactly one of the two")
        if self.dated is not None:
            if not self.dated:
                raise PydanticCustomError("dated", "'dated' needs at least one date with its value")
            ordered = dict(sorted(self.dated.items()))
            self.dated.clear()
            self.dated.update(ordered)
        _check_range(self.range, self.entries())
        return self

    def entries(self) -> list[T]:
        """Every value it ever takes, in the order of their dates."""
        if self.dated is not None:
            return list(self.dated.values())
        return [] if self.value is None else [self.value]

    def at(self, day: date) -> T:
        """Return the value in force on a day.

        Parameters
        ----------
        day : date
            The day asked about.

        Returns
        -------
        T
            The last entry that starts on or before the day.

        Raises
        ------
        LookupError
            If the day lies before the first entry.
        """
        if self.dated is None:
            return self.entries()[0]
        starts = list(self.dated)
        place = bisect_right(starts, day)
        if place == 0:
            raise LookupError(f"there is no value before {starts[0]} (asked for {day})")
        return self.dated[starts[place - 1]]

    def first_date(self) -> date | None:
        """First day with a value; None when the value holds at all times."""
        return next(iter(self.dated)) if self.dated else None

    def changes(self) -> list[date]:
        """Days on which a new value starts, ascending (the first entry included); empty when undated."""
        return list(self.dated or ())


def _check_range(bounds: tuple[Any, Any] | None, values: list[Any]) -> None:
    if bounds is None:
        return
    low, high = bounds
    try:
        if low > high:
            raise PydanticCustomError("range", "the range must run from low to high, but {low} is above {high}",
                                      {"low": str(low), "high": str(high)})  # fmt: skip
        for value in values:
            if not low <= value <= high:
                raise PydanticCustomError("range", "the range {low} to {high} does not contain the value {value}",
                                          {"low": str(low), "high": str(high), "value": str(value)})  # fmt: skip
    except TypeError:
        raise PydanticCustomError("range", "only a number or a date can have a range") from None


@dataclass(frozen=True)
class Unit:
    """Annotation that fixes the unit of a field: `Annotated[Value[Decimal], Unit("yuan per order")]`.

    It refuses another `unit:`, fills a missing one in, and adds the unit to the JSON Schema.
    """

    text: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        described = dict(handler(schema))
        described["unit"] = self.text
        described.setdefault("description", f"In {self.text}.")
        return described

    def _check(self, value: Any) -> Any:
        if not isinstance(value, Evidence):
            return value
        if value.unit is None:
            return value.model_copy(update={"unit": self.text})
        if value.unit != self.text:
            raise PydanticCustomError(
                "unit",
                "this field is in '{expected}', not in '{given}'",
                {"expected": self.text, "given": value.unit},
            )
        return value


AnyValue: TypeAlias = Value[Any] | Dated[Any]


def iter_values(model: Part) -> Iterator[tuple[tuple[str | int, ...], AnyValue]]:
    """Walk a model and yield every sourced value in it, in the order of the fields.

    Parameters
    ----------
    model : Part
        Any part of a scenario.

    Yields
    ------
    tuple of path and value
        The path is a tuple of keys and positions; the value a `Value` or a `Dated`.
    """
    for path, part in iter_parts(model):
        if isinstance(part, Value | Dated):
            yield path, part


def iter_parts(
    item: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Part]]:
    """Walk a model and yield every part in it with its path, itself first."""
    waiting = [(path, item)]
    while waiting:
        path, item = waiting.pop()
        inside: Iterable[tuple[str | int, object]] = ()
        if isinstance(item, Part):
            yield path, item
            inside = ((key, getattr(item, name)) for name, key in _keys(type(item)))
        elif isinstance(item, Mapping):
            inside = ((str(key), child) for key, child in item.items())
        elif isinstance(item, list | tuple):
            inside = enumerate(item)
        below = [((*path, key), child) for key, child in inside if isinstance(child, _HOLDS_PARTS)]
        waiting.extend(reversed(below))


_HOLDS_PARTS = (Part, Mapping, list, tuple)
"""What a part may stand in; texts and numbers, of which there are most, are not looked into."""


@cache
def _keys(kind: type[Part]) -> tuple[tuple[str, str], ...]:
    """Name of each field in a model, and its key in a file."""
    return tuple((name, field.alias or name) for name, field in kind.model_fields.items())
