"""Nothing an author can write is left untold: every kind has a sentence, every key is in it, in both languages."""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta
from pydantic import BaseModel, ValidationError

from injurysim.describe.catalogue import LANGUAGES, Language, sections, words
from injurysim.describe.description import describe
from injurysim.describe.telling import Teller
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.document import China, Scenario
from injurysim.scenario.loading import load_document
from injurysim.scenario.names import Source, Text
from injurysim.scenario.values import Dated, Part, Value, iter_parts
from injurysim.scenario.world import World

RICH = Path(__file__).with_name("rich.yaml")
HOLDERS = {Scenario, World, Design, Scheme, Source, Text}
"""Parts that are told by the outline, key by key under labels, rather than by a sentence."""
SAID_ELSEWHERE = {
    "kind": "chooses the sentence",
    "title": "is the name by which a part is told",
    "source": "is told by its number and in the list of sources",
    "clause": "stands in the list of sources",
    "grade": "is the mark of the number, and counted",
    "note": "stands in the list of assumptions",
}
EVIDENCE = (Value, Dated)


def parts_in(annotation: Any) -> Iterator[type[Part]]:
    """Yield the parts an annotation may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if not issubclass(annotation, EVIDENCE):
            yield typing.cast(type[Part], annotation)
        return
    for argument in typing.get_args(annotation):
        yield from parts_in(argument)


@cache
def language_of_scenarios() -> tuple[type[Part], ...]:
    """Return every part of the scenario language."""
    found: dict[type[Part], None] = {}
    waiting: list[type[Part]] = [Scenario]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found[model] = None
            for field in model.model_fields.values():
                waiting.extend(parts_in(field.annotation))
    return tuple(found)


def mentioned(language: Language, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the fields a template mentions, in the fragments it includes too."""
    tree = Teller(language, {}, {}).environment.parse(sections(language)[name])
    found = set(meta.find_undeclared_variables(tree))
    for other in set(meta.find_referenced_templates(tree)) - seen:
        assert other is not None
        found |= mentioned(language, other, seen | {name})
    return found


TOLD = [part for part in language_of_scenarios() if part not in HOLDERS]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", TOLD, ids=lambda part: part.__name__)
def test_every_part_has_a_sentence_with_every_key(part: type[Part], language: Language) -> None:
    assert part.__name__ in sections(language), f"{part.__name__} has no sentence"
    missing = set(part.model_fields) - mentioned(language, part.__name__) - set(SAID_ELSEWHERE)
    assert missing == set()


def test_parts_are_told_apart_by_their_names() -> None:
    names = [part.__name__ for part in language_of_scenarios()]
    assert len(names) == len(set(names))


def test_both_languages_have_the_same_sentences_and_words() -> None:
    assert sections("en").keys() == sections("zh").keys()
    other = {"relation_class", "count_unit", "name"}
    """Tables in which Chinese says otherwise what English says alike."""
    english, chinese = (
        {key for key in words(language) if key.split(".")[0] not in other} for language in LANGUAGES
    )
    assert english == chinese


def test_no_sentence_is_left_over() -> None:
    models = {part.__name__ for part in TOLD}
    loose = {name for name in sections("en") if name[0].isupper()} - models
    assert loose == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_level_of_an_enumeration_has_a_word(language: Language) -> None:
    from injurysim.scenario import names

    tables = {
        "relation": names.Relation,
        "engager": names.Engager,
        "wet": names.Wet,
        "situation": names.Situation,
    }
    for table, literal in tables.items():
        assert {f"{table}.{level}" for level in typing.get_args(literal)} <= words(language).keys()


@cache
def rich() -> Any:
    return load_document(RICH, Scenario)


def test_the_rich_scenario_holds_every_part() -> None:
    held = {type(part) for _, part in iter_parts(rich().model)}
    assert {part.__name__ for part in language_of_scenarios()} - {part.__name__ for part in held} == {
        China.__name__  # the other calendar, told in test_description.py
    }


def told(scenario: Scenario, language: Language) -> str:
    return describe(scenario, language, rich().based_on)


LEAF_KEPT = {
    ("format",): "there is one format",
    ("name",): "is the name of the results folder; the title is told",
}
UNTOLD_EVIDENCE = {"note", "clause", "range", "mandated", "unit"}
"""Told of assumptions and sources only; every value's own stand in docs/parameters.md. A unit is the field's.
The grade is a mark where it is an assumption, and counted otherwise."""


def leaves(item: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every leaf of plain data with its path."""
    if isinstance(item, dict):
        for key, child in item.items():
            yield from leaves(child, (*path, key))
    elif isinstance(item, list | tuple):
        for place, child in enumerate(item):
            yield from leaves(child, (*path, place))
    else:
        yield path, item


def others(value: Any) -> Iterator[Any]:
    """Yield values near a value, for a key to be set to instead."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, Decimal | float):
        number = Decimal(str(value))
        yield from (number * Decimal("1.01"), number * Decimal("0.99"), number + Decimal("0.5"), number / 2)
    elif isinstance(value, dt.datetime):
        yield value + dt.timedelta(days=1)
    elif isinstance(value, dt.date):
        month = dt.date(value.year + value.month // 12, value.month % 12 + 1, 1)
        yield from (month, value + dt.timedelta(days=1))
    elif isinstance(value, str):
        yield from (*LEVELS.get(value, ()), f"{value}-x", f"{value} x")


LEVELS: dict[str, list[str]] = {"base": ["plain"], "stacked": ["other"]}
"""What a text may be instead: another level of its enumeration, another world or design."""


def _collect_levels(annotation: Any) -> None:
    if typing.get_origin(annotation) is typing.Literal:
        levels = [each for each in typing.get_args(annotation) if isinstance(each, str)]
        for level in levels:
            LEVELS.setdefault(level, []).extend(each for each in levels if each != level)
    for argument in typing.get_args(annotation):
        _collect_levels(argument)


for _part in language_of_scenarios():
    for _field in _part.model_fields.values():
        _collect_levels(_field.annotation)


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return plain data with the leaf at a path replaced."""
    if not path:
        return value
    key, *rest = path
    if isinstance(data, dict):
        return {
            name: changed(item, tuple(rest), value) if name == key else item for name, item in data.items()
        }
    return [changed(item, tuple(rest), value) if place == key else item for place, item in enumerate(data)]


def changes(data: Any, *, skip: Callable[[tuple[Any, ...]], bool]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each leaf of plain data with data in which it alone is another, several times over."""
    for path, value in leaves(data):
        names = [each for each in path if isinstance(each, str)]
        kept = path in LEAF_KEPT or "range" in names or names[-1] in {*UNTOLD_EVIDENCE, "kind"}
        if not kept and not skip(path):
            yield path, (changed(data, path, other) for other in others(value) if other != value)


def first_valid(model: type[Part], candidates: Iterator[Any]) -> Part | None:
    """Return the first of several that is valid."""
    for each in candidates:
        try:
            return model.model_validate(each)
        except ValidationError:
            continue
    return None


def whole_parts() -> Iterator[tuple[tuple[Any, ...], Part]]:
    """Yield the parts that stand directly in a holder: each is told by a sentence or a list of its own."""
    parts = dict(iter_parts(rich().model))
    below: tuple[Any, ...] | None = None
    for path, part in parts.items():
        if below is not None and path[: len(below)] == below:
            continue
        if type(part) not in HOLDERS:
            below = path
            if not isinstance(part, EVIDENCE):
                yield path, part


def test_every_key_of_a_part_is_told() -> None:
    """Change one leaf after the other of every part; its sentences must change, in English and in Chinese."""
    tellers = [Teller(language, {}, {}) for language in LANGUAGES]
    untold, checked = [], 0
    for place, part in whole_parts():
        before = [teller.tell(part) for teller in tellers]
        data = part.model_dump(mode="python", exclude_unset=True)
        for path, candidates in changes(
            data, skip=lambda path: path[0] == "title" or path[-1] in ("en", "zh", "grade")
        ):
            other = first_valid(type(part), candidates)
            if other is not None:
                checked += 1
                after = [teller.tell(other) for teller in tellers]
                untold += [(*place, *path) for one, two in zip(before, after, strict=True) if one == two]
    assert untold == []
    assert checked > 400


def test_every_part_stands_in_the_description() -> None:
    """What stands in a holder is told under its label: change each such leaf and see the whole change."""
    inside = [path for path, _ in whole_parts()]
    whole = rich().model
    stacked = whole.designs["stacked"]
    few = stacked.model_copy(
        update={"schemes": {name: stacked.schemes[name] for name in ("pilot", "hourly")}}
    )
    worlds = {name: whole.worlds[name] for name in ("base", "plain")}
    model = whole.model_copy(update={"worlds": worlds, "designs": {"stacked": few, "other": few}})
    before = {language: told(model, language) for language in LANGUAGES}
    untold, checked = (
        [],
        0,
    )  # texts in their own language, the rest in English: the labels are put by the same code

    def skip(path: tuple[Any, ...]) -> bool:
        texts = tuple(str(each) if not isinstance(each, int) else each for each in path)
        variant = path[0] in ("worlds", "designs") and path[1] not in ("base", "stacked")
        return variant or any(texts[: len(one)] == one for one in inside)

    for path, candidates in changes(model.model_dump(mode="python", exclude_unset=True), skip=skip):
        other = first_valid(Scenario, candidates)
        if other is not None:
            checked += 1
            languages = [path[-1]] if path[-1] in ("en", "zh") else ["en"]
            untold += [
                (path, each) for each in languages if told(typing.cast(Scenario, other), each) == before[each]
            ]
    assert untold == []
    assert checked > 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_whole(language: Language) -> None:
    text = told(rich().model, language)
    for mistake in (
        r"\{\{",
        r"\bNone\b(?!:|\.)",
        r"Decimal",
        r"  \S",
        r"[，。；：]{2}",
        r"\.\.",
        r"; ?\.",
        r"<",
    ):
        found = re.search(mistake, re.sub(r"^ +", "", text, flags=re.MULTILINE))
        assert found is None, text[max(0, found.start() - 60) : found.end() + 60]
