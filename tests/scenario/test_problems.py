"""pydantic's refusals in the user's words and places."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import Field, ValidationError, model_validator

from injurysim.core.errors import Problem
from injurysim.scenario import planned
from injurysim.scenario.composing import parse
from injurysim.scenario.nodes import to_plain
from injurysim.scenario.problems import misplaced_booleans, translate, useless_nulls
from injurysim.scenario.values import Dated, NonNegative, Part, Share, Unit, Value


class Flat(Part):
    kind: Literal["flat"]
    flat: Annotated[Dated[NonNegative], Unit("yuan per day")]


class PerOrder(Part):
    kind: Literal["per_order"]
    industries: dict[str, Annotated[Value[NonNegative], Unit("yuan per order")]]


class Limit(Part):
    kind: Literal["day_logoff"]
    hours: Annotated[int, Field(gt=0, le=24)]


class Other(Part):
    kind: Literal["rest"]


Contribution = Annotated[Flat | PerOrder, Field(discriminator="kind")]


class World(Part):
    riders: Value[int]
    share: Value[Share] | None = None
    contribution: Contribution | None = None
    limits: dict[str, Annotated[Limit | Other, Field(discriminator="kind")]] = Field(default_factory=dict)
    start: dt.date | None = None
    response: Literal["stop", "switch"] = "stop"
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(default=(), max_length=7)
    by_grade: dict[Annotated[int, Field(ge=1, le=10)], Decimal] = Field(default_factory=dict)
    cap: Decimal | Literal["none"] | None = None
    rule: Limit | Literal["off"] | None = None
    pair: tuple[float, float] | None = None
    title: str | None = None
    open_all_night: bool = False
    free: Any = None

    @model_validator(mode="after")
    def _pair_rises(self) -> Self:
        if self.pair and self.pair[0] > self.pair[1]:
            raise ValueError("'pair' must rise")
        return self


class Doc(Part):
    name: str
    worlds: dict[str, World] = Field(default_factory=dict)


def told(text: str) -> list[Problem]:
    node = parse(text, "s.yaml")
    with pytest.raises(ValidationError) as caught:
        Doc.model_validate(to_plain(node))
    return translate(caught.value, node, Doc)


def one(body: str) -> Problem:
    """Return the only problem of a world with this extra line, which is line 4 of the file."""
    (problem,) = told(f"name: x\nworlds:\n  base:\n    {body}\n    riders: 3\n")
    return problem


@pytest.mark.parametrize(
    ("body", "place", "what", "fix"),
    [
        ("ridders: 3", (4, 5, "ridders"), "Unknown key 'ridders'.", "Did you mean 'riders'? Allowed: riders, share"),
        ("share: 1.5", (4, 12, "share"), "1.5 is above 1.", "It must be 1 or less."),
        ("share: {value: abc}", (4, 20, "share.value"), "'abc' is not a number.", ""),
        ("share: [1]", (4, 5, "share"), "A list is not a number.", ""),
        ("share: {source: s}", (4, 5, "share.value"), "'value' is missing.", "Add it: The value."),
        ("share: {value: 1, surce: s}", (4, 23, "share.surce"), "Unknown key 'surce'.", "Did you mean 'source'?"),
        ("share: {value: 0, grade: good}", (4, 30, "share.grade"), "'good' is not allowed here.", "Allowed: official"),
        ("share: {value: 0, range: [1, 1]}", (4, 23, "share.range"), "The range 1 to 1 does not contain", ""),
        ("contribution: {kind: flt}", (4, 26, "contribution.kind"), "Unknown kind 'flt'.", "Did you mean 'flat'?"),
        ("contribution: {rate: 3}", (4, 5, "contribution.kind"), "'kind' is missing.", "one of: flat, per_order."),
        ("contribution: 3", (4, 19, "contribution"), "3 is not a mapping of keys.", "Write 'key: value'"),
        ("contribution: {kind: flat, flat: -1}", (4, 38, "contribution.flat"), "-1 is below 0.", "It must be 0 or more."),
        ("contribution: {kind: flat}", (4, 5, "contribution.flat"), "'flat' is missing.", "Add it (unit: yuan per day)."),
        ("contribution: {kind: flat, flat: {value: 1, unit: fen}}", (4, 55, "contribution.flat.unit"),
         "This field is in 'yuan per day', not in 'fen'.", ""),
        ("contribution: {kind: flat, flat: {dated: {1 May: 3}}}", (4, 47, "contribution.flat.dated.1 May"),
         "The key '1 May' is not a date.", "Write it as 2022-07-01."),
        ("contribution: {kind: flat, flat: {dated: {2022-07-01: x}}}", (4, 59, "contribution.flat.dated.2022-07-01"),
         "'x' is not a number.", ""),
        ("contribution: {kind: flat, flat: {}}", (4, 32, "contribution.flat"), "Give either 'value' or 'dated'", ""),
        ("contribution: {kind: per_order, industries: {food: x}}", (4, 56, "contribution.industries.food"),
         "'x' is not a number.", ""),
        ("limits: {day: {kind: day_logoff, hours: 25}}", (4, 45, "limits.day.hours"), "25 is above 24.", "24 or less"),
        ("limits: {day: {kind: day_logoff, hours: 0}}", (4, 45, "limits.day.hours"), "0 is not above 0.", "above 0"),
        ("limits: {day: {kind: day_logoff, hours: 1.5}}", (4, 45, "limits.day.hours"), "1.5 is not a whole number.", ""),
        ("start: 2022-02-30", (4, 12, "start"), "'2022-02-30' is not in the calendar.", "Write it as 2022-07-01."),
        ("start: soon", (4, 12, "start"), "'soon' is not a date.", "Write it as 2022-07-01."),
        ("response: stopp", (4, 15, "response"), "'stopp' is not allowed here.", "Did you mean 'stop'?"),
        ("days: [1, 9]", (4, 15, "days.1"), "9 is above 6.", "It must be 6 or less."),
        ("days: 3", (4, 11, "days"), "3 is not a list.", "Write [a, b]"),
        ("days: [1, 1, 1, 1, 1, 1, 1, 1]", (4, 5, "days"), "A list has more than 7 entries.", "at most 7"),
        ("pair: [1]", (4, 5, "pair.1"), "'1' is missing.", ""),
        ("by_grade: {11: 1}", (4, 16, "by_grade.11"), "The key '11' is above 10.", "10 or less"),
        ("by_grade: {a: 1}", (4, 16, "by_grade.a"), "The key 'a' is not a whole number.", ""),
        ("cap: many", (4, 10, "cap"), "'many' is not allowed here.", "Allowed: a number, or 'none'."),
        ("rule: {kind: day_logoff, hours: 30}", (4, 37, "rule.hours"), "30 is above 24.", "24 or less"),
        ("rule: on", (4, 11, "rule"), "'on' is not allowed here.", "Allowed: a mapping of keys, or 'off'."),
        ("pair: [2, 1]", (3, 3, ""), "'pair' must rise.", ""),
        ("title: 2022", (4, 12, "title"), "2022 is not text.", "Put it in quotes."),
        ("title: 2022-07-01", (4, 12, "title"), "2022-07-01 is not text.", "Put it in quotes."),
        ("open_all_night: maybe", (4, 21, "open_all_night"), "'maybe' is not true or false.", ""),
        ("based_on: x", (4, 5, "based_on"), "Unknown key 'based_on'.", "It belongs directly into a world, a design, a group"),
        ("pair: [.inf, .inf]", (4, 12, "pair.0"), ".inf is not a finite number.", ""),
    ],
)  # fmt: skip
def test_each_fault_is_told_in_place_and_in_words(
    body: str, place: tuple[int, int, str], what: str, fix: str
) -> None:
    problem = told(f"name: x\nworlds:\n  base:\n    {body}\n    riders: 3\n")[0]
    line, column, where = place
    assert (problem.line, problem.column) == (line, column)
    assert problem.where == ("worlds.base." + where).rstrip(".")
    assert what in problem.what
    assert fix in problem.fix
    assert problem.file == "s.yaml"


def test_one_problem_per_fault_and_all_of_them() -> None:
    text = "nam: x\nworlds:\n  a: {riders: x, cap: y}\n  b: {share: 2, limits: {d: {kind: rest, x: 1}}}\n"
    assert [(p.line, p.where) for p in told(text)] == [
        (1, "nam"),
        (3, "worlds.a.riders"),
        (3, "worlds.a.cap"),
        (4, "worlds.b.riders"),
        (4, "worlds.b.share"),
        (4, "worlds.b.limits.d.x"),
    ]


def test_pydantic_is_never_heard() -> None:
    text = "worlds:\n  a: {riders: {}, cap: [], limits: 3, contribution: {kind: 7}, rule: {kind: 1}, pair: x, by_grade: []}\n"
    spoken = " ".join(str(problem) for problem in told(text))
    for jargon in (
        "Input",
        "valid dictionary",
        "union",
        "literal[",
        "function-",
        "[key]",
        "Value[",
        "Extra",
        "constrained",
    ):
        assert jargon not in spoken


def test_a_tag_with_the_name_of_a_key_is_not_confused() -> None:
    problem = one("contribution: {kind: flat, flat: {value: x}}")
    assert problem.where == "worlds.base.contribution.flat.value"


def test_what_is_planned_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "PLANNED", {"limits": {"week_logoff": "a weekly limit"}})
    problem = one("limits: {week: {kind: week_logoff}}")
    assert problem.what == (
        "kind 'week_logoff' (a weekly limit) is part of the language but not available in this version."
    )
    assert problem.fix == "Available: day_logoff, rest."


def test_booleans_are_not_numbers() -> None:
    text = "name: x\nworlds:\n  a:\n    riders: true\n    open_all_night: true\n    free: true\n    days: [false]\n    pair: [1, true]\n"
    tree = parse(text, "s.yaml")
    found = misplaced_booleans(tree, Doc)
    assert [(p.line, p.column, p.what) for p in found] == [
        (4, 13, "true is not a whole number."),
        (7, 12, "false is not a whole number."),
        (8, 15, "true is not a number."),
    ]
    # What was made of it says the same: there they are 1 and 0.
    assert misplaced_booleans(tree, Doc, Doc.model_validate(to_plain(tree))) == found


def test_a_null_that_removes_nothing_unknown_is_a_slip() -> None:
    text = "name: x\nworlds:\n  base: {share: null, shre: null}\n  bse: null\n"
    found = useless_nulls(parse(text, "s.yaml"), Doc)
    assert [(p.line, p.column, p.where) for p in found] == [(3, 23, "worlds.base.shre"), (4, 3, "worlds.bse")]
    assert "Did you mean 'share'?" in found[0].fix
    assert "Did you mean 'base'?" in found[1].fix
