"""YAML text as a small immutable tree that remembers where every key and value stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from injurysim.core.errors import Problem

MAX_BYTES = 10_000_000
MAX_DEPTH = 50

Plain: TypeAlias = bool | int | float | Decimal | date | str | None
Path: TypeAlias = Sequence[str | int]


@dataclass(frozen=True, slots=True)
class Mark:
    """A position: file as the user named it, line and column from 1."""

    file: str
    line: int
    column: int

    def problem(self, path: Path, what: str, fix: str = "") -> Problem:
        """Return the problem of something at this position."""
        return Problem(self.file, self.line, self.column, dotted(path), what, fix)


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value; `text` is what the file says, `value` what it means.

    `removes` marks a `null` that took a key away from the mapping it was laid over.
    """

    mark: Mark
    value: Plain
    text: str
    removes: bool = False


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    mark: Mark
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's position and its value."""

    mark: Mark
    node: Node


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, its entries in the order of the file."""

    mark: Mark
    entries: Mapping[str, Entry]

    def get(self, key: str) -> Node | None:
        """Value of a key, None when the key is absent."""
        entry = self.entries.get(key)
        return entry.node if entry else None


Node: TypeAlias = ScalarNode | ListNode | MapNode


def dotted(path: Path) -> str:
    """Write a path the way `--set` takes it: ``designs.pilot.schemes.0.rate``."""
    return ".".join(str(part) for part in path)


_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Plain] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def read_scalar(text: str) -> Plain:
    """Type a plain (unquoted) scalar by the core rules of YAML 1.2, and dates.

    Parameters
    ----------
    text : str
        The scalar as it stands in the file.

    Returns
    -------
    None, bool, int, float, Decimal, date or str
        Decimals keep every digit; only ``.inf`` and ``.nan`` are floats.

    Raises
    ------
    OverflowError
        If a number is beyond 1e308 or closer to 0 than 1e-400, or has more than 1000 digits.

    Examples
    --------
    >>> [read_scalar(text) for text in ("no", "1e-3", "0.060", "0x1F", "2022-07-01", "12_000")]
    ['no', Decimal('0.001'), Decimal('0.060'), 31, datetime.date(2022, 7, 1), '12_000']
    """
    if text in _WORDS:
        return _WORDS[text]
    if _BASED.fullmatch(text) or _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return _number(text)
    if special := _SPECIAL.fullmatch(text):
        return float(f"{special[1] or ''}inf" if special[2] else "nan")
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def _number(text: str) -> int | Decimal:
    if len(text) > 1000:
        raise OverflowError
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _INT.fullmatch(text):
        return int(text)
    number = Decimal(text)
    if number and not -400 < number.adjusted() <= 308:
        raise OverflowError
    return number


_PLAIN = re.compile(r"\w(?:[\w./ \-]*[\w./])?")
"""Text that needs no quotes anywhere in YAML on one line: letters of any script, digits and few signs."""


def flow(node: Node) -> str:
    """Write a tree as YAML on one line, which reads as the same tree.

    Examples
    --------
    >>> from injurysim.scenario.composing import parse
    >>> flow(parse("{kind: gamma, between: [1, ~], note: 'yes, or 7', factor: '7'}", "a file"))
    '{kind: gamma, between: [1, null], note: "yes, or 7", factor: "7"}'
    """
    if isinstance(node, MapNode):
        return (
            "{" + ", ".join(f"{_text(key)}: {flow(entry.node)}" for key, entry in node.entries.items()) + "}"
        )
    if isinstance(node, ListNode):
        return f"[{', '.join(map(flow, node.items))}]"
    if node.value is None:
        return "null"
    return _text(node.text) if isinstance(node.value, str) else node.text


def _text(text: str) -> str:
    """Put a text into quotes where it would not read as itself."""
    with suppress(OverflowError):
        if isinstance(read_scalar(text), str) and text.isprintable() and _PLAIN.fullmatch(text):
            return text
    signs = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in signs)


def to_plain(node: Node) -> Any:
    """Return the tree as plain Python: dict, list, str, int, Decimal, bool, date, None."""
    if isinstance(node, MapNode):
        return {key: to_plain(entry.node) for key, entry in node.entries.items()}
    if isinstance(node, ListNode):
        return [to_plain(item) for item in node.items]
    return node.value


def from_plain(data: Any, file: str = "data") -> Node:
    """Build a tree from plain Python; its marks name the file and no position.

    Parameters
    ----------
    data : mapping, sequence or scalar
        As `to_plain` returns it; floats become the shortest decimal that reads the same.
    file : str
        What problems call the data.
    """
    mark = Mark(file, 0, 0)
    if isinstance(data, Mapping):
        return MapNode(mark, {str(key): Entry(mark, from_plain(item, file)) for key, item in data.items()})
    if isinstance(data, list | tuple):
        return ListNode(mark, tuple(from_plain(item, file) for item in data))
    if isinstance(data, float):
        number = Decimal(repr(data))
        return ScalarNode(mark, number if number.is_finite() else data, repr(data))
    return ScalarNode(mark, data, "null" if data is None else str(data))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads in a tree, as far as it exists.

    Attributes
    ----------
    path : tuple of str and int
        The part of the path that exists.
    node : Node
        What stands there.
    key : Mark
        Position of its key (of the item itself in a list, of the file's first line at the top).
    """

    path: tuple[str | int, ...]
    node: Node
    key: Mark

    @property
    def mark(self) -> Mark:
        """Position to show: of the value when it is a scalar, else of the key the mapping or list stands under."""
        return self.node.mark if isinstance(self.node, ScalarNode) else self.key


def follow(node: Node, path: Path) -> Place:
    """Follow a path from the top as far as it exists.

    Parameters
    ----------
    node : Node
        The tree.
    path : sequence of str and int
        Keys and list positions.
    """
    place = Place((), node, node.mark)
    for part in path:
        child = step(place, part)
        if child is None:
            break
        place = child
    return place


def step(place: Place, part: str | int) -> Place | None:
    """One step down from a place; None when there is no such key or item."""
    if isinstance(place.node, MapNode):
        entry = place.node.entries.get(str(part))
        return Place((*place.path, str(part)), entry.node, entry.mark) if entry else None
    if isinstance(place.node, ListNode) and str(part).isdecimal() and int(part) < len(place.node.items):
        item = place.node.items[int(part)]
        return Place((*place.path, int(part)), item, item.mark)
    return None


def walk(place: Place) -> Iterator[Place]:
    """Yield a place and everything below it, parents first, in the order of the file."""
    waiting = [place]
    while waiting:
        place = waiting.pop()
        yield place
        path, node = place.path, place.node
        if isinstance(node, MapNode):
            below = [Place((*path, key), entry.node, entry.mark) for key, entry in node.entries.items()]
        elif isinstance(node, ListNode):
            below = [Place((*path, position), item, item.mark) for position, item in enumerate(node.items)]
        else:
            continue
        waiting.extend(reversed(below))
