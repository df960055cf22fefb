"""Puts parts of a scenario into words by the templates of a language.

In a template every field of the part is there by its name: a value as a `Figure` (its number, with the mark of its evidence), a part as a
`Told` (its own sentence), a mapping or list of these as such. What a template does with them, it does by the filters below.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from jinja2 import BytecodeCache, DictLoader, Environment, StrictUndefined
from jinja2.bccache import Bucket

from injurysim.describe.catalogue import LANGUAGES, Language, sections, words
from injurysim.describe.numbers import MANNERS, Number
from injurysim.scenario.names import Source
from injurysim.scenario.values import Dated, Part, Value

ASSUMED = "†"
"""What marks a number that is an assumption."""

_MARK = re.compile(r"†(?: ?\[\d+\])?| ?\[\d+\]")


class _Compiled(BytecodeCache):
    """Keeps compiled templates for every teller of the process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self.kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED: dict[Language, _Compiled] = {language: _Compiled() for language in LANGUAGES}

Names = Mapping[str, Mapping[str, str]]
"""Kind of thing -> name -> its title in the language."""


class Figure:
    """A value of the scenario in a template: true unless zero, equal to its number, written with its mark."""

    def __init__(self, teller: Teller, value: Value[Any] | Dated[Any]) -> None:
        self.teller, self.stated = teller, value

    @property
    def entries(self) -> list[Any]:
        """Every number it takes."""
        return self.stated.entries() if isinstance(self.stated, Dated) else [self.stated.value]

    @property
    def mark(self) -> str:
        """The mark of its evidence."""
        return self.teller.mark(self.stated.source, self.stated.grade)

    def __bool__(self) -> bool:
        return any(self.entries) or isinstance(self.stated, Dated)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Figure):
            other = other.entries[0] if len(other.entries) == 1 else None
        return len(self.entries) == 1 and bool(self.entries[0] == other)

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.teller.of(self, "{}")


class Told:
    """A part of the scenario in a template: its fields by name, and itself as its sentence."""

    def __init__(self, teller: Teller, part: Part) -> None:
        self._teller, self.part = teller, part

    def __getattr__(self, name: str) -> Any:
        if name not in type(self.part).model_fields:
            raise AttributeError(name)
        return self._teller.wrapped(getattr(self.part, name))

    @property
    def text(self) -> str:
        """Its sentence."""
        return str(self)

    @property
    def told(self) -> bool:
        """Whether it says anything but its defaults."""
        return self.part != type(self.part)()

    def __str__(self) -> str:
        return self._teller.tell(self.part)


class Teller:
    """Tells parts in one language.

    Parameters
    ----------
    language : {'en', 'zh'}
        The language.
    names : mapping
        Titles of platforms, regions, groups and so on, by kind and name.
    sources : mapping
        Sources of the scenario, in the order of their numbers.
    """

    def __init__(self, language: Language, names: Names, sources: Mapping[str, Source]) -> None:
        self.language, self.names = language, names
        self.manner = MANNERS[language]
        self.numbers_of_sources = {name: place for place, name in enumerate(sources, start=1)}
        self._words = words(language)
        self.environment = Environment(  # noqa: S701 (plain text)
            loader=DictLoader(sections(language)),
            line_statement_prefix="%",
            undefined=StrictUndefined,
            bytecode_cache=_COMPILED[language],
            finalize=self._final,
        )
        self.environment.filters.update(self._filters())

    def _filters(self) -> dict[str, Callable[..., Any]]:
        """Every filter of the templates; see each for what it does."""
        return {
            "n": self.counted,
            "of": self.of,
            "pct": self.share,
            "each": self.each,
            "eachpct": self.each_share,
            "plain": self.plain,
            "parts": self.parts,
            "nested": self.nested,
            "mixed": self.mixed,
            "marks": lambda items: self._common_mark(items) or "",
            "dates": self.dates,
            "date": self.joining,
            "datelist": self.days,
            "w": self.word,
            "words": self.some_words,
            "name": self.name,
            "names": lambda items, kind: self._listed([self.name(item, kind) for item in items]),
            "listed": lambda items: self._listed([self._plain_text(item) for item in items]),
            "factors": self.factors,
            "sums": lambda items: self._listed([a + b for a, b, figure in items if figure]),
            "exp": lambda value: None if value is None else float(f"{math.exp(value):.8g}"),
        }

    # ------------------------------------------------------------------------------------------------- parts

    def tell(self, part: Part, pattern: str = "{}") -> str:
        """Tell a part in a sentence or some; `pattern` says the unit of a random quantity, as ``{} days``."""
        fields = {name: self.wrapped(getattr(part, name)) for name in type(part).model_fields}
        fields |= {"u": lambda number: self.of(number, pattern), "u_pattern": pattern}
        if "grade" in fields and "source" in fields:
            fields["evidence_mark"] = self.mark(fields["source"], fields["grade"])
        said = self.say(type(part).__name__, **fields)
        return self._marked(said, part) if "between" in fields else said

    def _marked(self, said: str, part: Any) -> str:
        """Put the mark of a part's evidence behind its sentence, before the stop."""
        mark = self.mark(part.source, part.grade)
        return f"{said[:-1]}{mark}{said[-1]}" if said[-1] in ".。" else said + mark

    def say(self, template: str, **fields: Any) -> str:
        """Fill a template of the language by its name."""
        said = self.environment.get_template(template).render(**fields)
        lines: list[str] = []
        for line in (each.strip() for each in said.splitlines()):
            if line.startswith("* ") or not lines:
                lines.append(line)
            elif line:
                lines[-1] = f"{lines[-1]}{self.manner.gap}{line}"
        text = "\n".join(line for line in lines if line)
        if self.language == "en":
            text = re.sub(r" {2,}", " ", text)
            text = re.sub(r" +([,;.:)])(?!\d)", r"\1", text)
        return re.sub(r"([;；])([.。])", r"\2", text).strip()

    def label(self, name: str) -> str:
        """Return a label of the frame."""
        return self.say(f"label.{name}")

    def lines(self, part: Part) -> tuple[str, list[str]]:
        """Tell a part in a leading sentence (perhaps empty) and a list."""
        first, *rest = self.tell(part).split("\n* ")
        if first.startswith("* "):
            return "", [first[2:], *rest]
        return first, rest

    def wrapped(self, item: Any) -> Any:
        """Bring what a part holds into the form in which templates have it."""
        if isinstance(item, Value | Dated):
            return Figure(self, item)
        if isinstance(item, Part):
            return Told(self, item)
        if isinstance(item, Mapping):
            return {key: self.wrapped(child) for key, child in item.items()}
        if isinstance(item, tuple | list):
            return [self.wrapped(child) for child in item]
        return item

    # ----------------------------------------------------------------------------------------------- numbers

    def mark(self, source: str | None, grade: str | None) -> str:
        """Mark of a value: whether it is an assumption, and the number of its source."""
        mark = ASSUMED if grade == "assumption" else ""
        if source is not None:
            number = self.numbers_of_sources.setdefault(source, len(self.numbers_of_sources) + 1)
            mark += f" [{number}]" if self.language == "en" else f"[{number}]"
        return mark

    def _final(self, value: Any) -> Any:
        """Write what a template prints as it stands."""
        if isinstance(value, bool) or value is None:
            raise TypeError(f"a template of '{self.language}' prints {value!r}")
        return self._plain_text(value)

    def _plain_text(self, value: Any) -> str:
        if isinstance(value, dt.datetime):
            return f"{value:%Y-%m-%d %H:%M}"
        if isinstance(value, dt.date):
            return self.manner.date(value)
        return self.manner.number(value) if isinstance(value, Decimal | int | float) else str(value)

    def _written(self, figure: Figure, write: Callable[[Number], str]) -> str:
        """Write a figure without its mark; one that changes says from when."""
        stated = figure.stated
        if isinstance(stated, Dated) and stated.dated is not None:
            said = [self.manner.since(day, write(value)) for day, value in stated.dated.items()]
            return self.manner.listed(said, last=self.manner.comma)
        return write(figure.entries[0])

    def of(self, value: Any, pattern: str) -> str:
        """Write a number, a figure or a random quantity in a unit, as ``{} yuan``; nothing for nothing."""
        if value is None:
            return ""
        if isinstance(value, Told):
            return self.tell(value.part, pattern)
        if isinstance(value, Figure):
            return self._written(value, lambda each: pattern.format(self._plain_text(each))) + value.mark
        return pattern.format(self._plain_text(value))

    def counted(self, value: Any, noun: str) -> str:
        """Write a number of things."""
        if isinstance(value, Figure):
            return self._written(value, lambda each: self.counted(each, noun)) + value.mark
        return self.manner.counted(self.manner.number(value), noun)

    def share(self, value: Any) -> str:
        """Write a share in per cent."""
        if isinstance(value, Figure):
            return self._written(value, self.manner.share) + value.mark
        return self.manner.share(value)

    # ------------------------------------------------------------------------------------ mappings and lists

    def _common_mark(self, items: Mapping[Any, Any]) -> str | None:
        """Return the mark all figures of a mapping share, or None when they differ."""
        marks = {figure.mark for figure in items.values()}
        return marks.pop() if len(marks) == 1 else None

    def _each(
        self,
        items: Mapping[Any, Figure],
        shape: str,
        kind: str,
        write: Callable[[Number], str],
        last: str | None,
    ) -> str:
        common = self._common_mark(items)
        said = [
            shape.format(
                k=self.key(key, kind),
                v=self._written(figure, write) + (figure.mark if common is None else ""),
            )
            for key, figure in items.items()
        ]
        comma = self.manner.comma if self.language == "en" else "、"
        return self.manner.listed(said, comma=comma, last=last or comma) + (common or "")

    def each(self, items: Mapping[Any, Figure], shape: str, kind: str = "", pattern: str = "{}") -> str:
        """Write every figure of a mapping, as ``{k} {v}``; a mark they share stands once, at the end."""
        return self._each(items, shape, kind, lambda each: pattern.format(self._plain_text(each)), None)

    def each_share(
        self, items: Mapping[Any, Figure], shape: str, kind: str = "", last: str | None = None
    ) -> str:
        """Write every share of a mapping in per cent."""
        return self._each(items, shape, kind, self.manner.share, last)

    def plain(self, items: Mapping[Any, Any], shape: str, kind: str, of: str = "") -> str:
        """Write a mapping to whole numbers or names."""
        said = [
            shape.format(k=self.key(key, kind), v=self.name(item, of) if of else item)
            for key, item in items.items()
        ]
        return self.manner.listed(said)

    def parts(self, items: Any, shape: str = "{v}", kind: str = "", joiner: str | None = None) -> str:
        """Write the sentences of several parts; those of a shape that begins with ``*`` as a list."""
        pairs = items.items() if isinstance(items, Mapping) else enumerate(items)
        said = [shape.format(k=self.key(key, kind), v=self._part_text(item)) for key, item in pairs]
        if shape.startswith("* "):
            return "\n".join(said)
        said, mark = self._one_mark(said)
        return (joiner or self.manner.semicolon).join(said) + mark

    @staticmethod
    def _one_mark(said: list[str]) -> tuple[list[str], str]:
        """Take a mark that each of several sentences bears once out of them."""
        marks = [_MARK.findall(each) for each in said]
        if len(said) < 2 or any(len(found) != 1 for found in marks) or len({found[0] for found in marks}) > 1:
            return said, ""
        return [_MARK.sub("", each) for each in said], marks[0][0]

    def _part_text(self, item: Any) -> str:
        return self.joining(item) if isinstance(item, dt.date) else str(item)

    def nested(self, items: Mapping[Any, Any], shape: str, kind: str, inner: str, inner_kind: str) -> str:
        """Write a mapping to mappings of shares."""
        said = [
            shape.format(k=self.key(key, kind), v=self.each_share(each, inner, inner_kind))
            for key, each in items.items()
        ]
        return self.manner.semicolon.join(said)

    def mixed(self, items: Sequence[Told], pattern: str) -> str:
        """Write the laws of a mixture in its unit."""
        said = [self.tell(item.part, pattern) for item in items]
        return functools.reduce(self._words["or"].format, said)

    def factors(self, items: Sequence[tuple[str, Figure]], nothing: str) -> str:
        """Write those of several factors that are not 1."""
        said = [f"{label}{figure}" for label, figure in items if figure != 1]
        return self.manner.listed(said, last=self.manner.comma) or nothing

    # ----------------------------------------------------------------------------------------- dates, words

    def joining(self, date: Any) -> str:
        """Write a date, or one that is not settled, on which something begins."""
        if isinstance(date, dt.date):
            return self._words["date.join"].format(self.manner.date(date))
        return str(date)

    def dates(self, items: Mapping[str, Any], shape: str, kind: str) -> str:
        """Write dates by name."""
        said = [shape.format(k=self.name(name, kind), v=self.joining(date)) for name, date in items.items()]
        return self._listed(said)

    def days(self, days: Sequence[dt.date]) -> str:
        """Write days, those in a row by the first and the last."""
        spans: list[list[dt.date]] = []
        for day in sorted(days):
            if spans and (day - spans[-1][-1]).days == 1:
                spans[-1].append(day)
            else:
                spans.append([day])
        span = self._words["date.span"]
        return self._listed(
            [
                span.format(self.manner.date(run[0]), self.manner.date(run[-1]))
                if len(run) > 1
                else self.manner.date(run[0])
                for run in spans
            ]
        )

    def word(self, key: Any, table: str) -> str:
        """Return the phrase for a level of an enumeration."""
        return self._words[f"{table}.{key}"]

    def some_words(self, keys: Sequence[Any], table: str, joiner: str | None = None) -> str:
        """Write the phrases of several levels as a list."""
        return self.manner.listed([self.word(key, table) for key in keys], comma=joiner, last=joiner)

    def name(self, name: Any, kind: str) -> str:
        """Return the title of a thing, the language's word for its name, or the name itself."""
        if title := self.names.get(kind, {}).get(str(name)):
            return title
        known = self._words.get(f"name.{name}")
        spaced = self.language == "en" and kind in ("benefit", "account", "severity")
        return known or (str(name).replace("-", " ") if spaced else str(name))

    def key(self, key: Any, kind: str) -> str:
        """Write the key of a mapping: a level, a name, a date or a number."""
        if isinstance(key, dt.date):
            return self.manner.date(key)
        if f"{kind}.{key}" in self._words:
            return self.word(key, kind)
        return self.name(key, kind) if kind else self._plain_text(key)

    def _listed(self, items: Sequence[str]) -> str:
        return self.manner.listed(items, comma=None if self.language == "en" else "、",
                                  last=None if self.language == "en" else "、")  # fmt: skip
