"""Builds the tree of `nodes` from YAML text by the events of ruamel.yaml, refusing what a scenario must not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.nodes import (
    MAX_BYTES,
    MAX_DEPTH,
    Entry,
    ListNode,
    MapNode,
    Mark,
    Node,
    ScalarNode,
    read_scalar,
)

_DATE_KEY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT_KEY = re.compile(r"0|[1-9][0-9]{0,17}")


def decode(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Turn the bytes of a file into text, or say why not.

    Parameters
    ----------
    data : bytes
        The file's contents, at most `MAX_BYTES`.
    file : str
        The file as problems name it.
    """
    if len(data) > MAX_BYTES:
        return None, [too_big(file)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8-sig", "replace")) + 1
        what = f"Byte 0x{data[error.start]:02x} is not UTF-8."
        return None, [Problem(file, line, column, "", what, "Save the file as UTF-8.")]


def too_big(file: str) -> Problem:
    """Return the problem of a file above the limit."""
    what = f"The file is larger than {MAX_BYTES // 1_000_000} MB."
    return Problem(file, 0, 0, "", what, "Put big tables into CSV files that the scenario names.")


def compose(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Read one YAML document into a tree, collecting every problem.

    Parameters
    ----------
    text : str
        The document.
    file : str
        The file as problems name it.

    Returns
    -------
    tuple of tree and list of Problem
        The tree is None when the text cannot be read to its end. With problems it is what could be read.
    """
    node, problems = _composed(text, file)
    return node, list(problems)


@lru_cache(maxsize=64)
def _composed(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read a document; one that several scenarios include is read once, since trees never change."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    builder = _Builder(file)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            if not builder.take(event):
                return None, tuple(builder.problems)
    except YAMLError as error:
        return None, (*builder.problems, _syntax(error, text, file))
    if builder.root is None:
        builder.problems.append(Problem(file, 1, 1, "", "The file is empty.", "Write a mapping of keys."))
    return builder.root, tuple(builder.problems)


def parse(text: str, file: str) -> Node:
    """Read YAML text into a tree.

    Parameters
    ----------
    text : str
        One YAML document.
    file : str
        The file as problems name it.

    Raises
    ------
    InputError
        With every problem of the text.
    """
    node, problems = compose(text, file)
    if node is None or problems:
        raise InputError(problems)
    return node


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    mark: Mark
    is_map: bool
    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    awaits_value: bool = False
    key: tuple[str, Mark] | None = None
    """The key of the value to come; None for one that was refused."""

    def close(self) -> Node:
        return MapNode(self.mark, self.entries) if self.is_map else ListNode(self.mark, tuple(self.items))


class _Builder:
    """Takes events one by one; `root` is the finished tree."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> bool:
        """Take one event; False when reading further makes no sense."""
        name = type(event).__name__
        mark = Mark(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        match name:
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    self._refuse(
                        mark, "The file holds a second document.", "Remove the line '---' or split the file."
                    )
                    return False
            case "AliasEvent":
                self._refuse(mark, f"The alias '*{event.anchor}' is not allowed.", _NO_ALIAS)
                self._add(ScalarNode(mark, "", ""))
            case "ScalarEvent":
                self._check_properties(event, mark)
                self._scalar(event, mark)
            case "MappingStartEvent" | "SequenceStartEvent":
                self._check_properties(event, mark)
                if len(self._open) >= MAX_DEPTH:
                    self._refuse(mark, f"The file is nested deeper than {MAX_DEPTH} levels.", "")
                    return False
                self._open.append(_Open(mark, name == "MappingStartEvent"))
            case "MappingEndEvent" | "SequenceEndEvent":
                self._add(self._open.pop().close())
        return True

    def _path(self) -> list[str | int]:
        path: list[str | int] = []
        for container in self._open:
            if not container.is_map:
                path.append(len(container.items))
            elif container.awaits_value:
                path.append(container.key[0] if container.key else "?")
        return path

    def _refuse(self, mark: Mark, what: str, fix: str) -> None:
        self.problems.append(mark.problem(self._path(), what, fix))

    def _check_properties(self, event: Any, mark: Mark) -> None:
        if event.anchor:
            self._refuse(mark, f"The anchor '&{event.anchor}' is not allowed.", _NO_ALIAS)
        if event.tag:
            what = f"The tag '{event.tag}' is not allowed."
            self._refuse(mark, what, "Write the value without a tag, in quotes if it must be text.")

    def _scalar(self, event: Any, mark: Mark) -> None:
        text = event.value
        if self._open and self._open[-1].is_map and not self._open[-1].awaits_value:
            self._key(text, event.style is None, mark)
            return
        if event.style is not None:
            self._add(ScalarNode(mark, text, text))
            return
        try:
            value = read_scalar(text)
        except OverflowError:
            self._refuse(mark, f"The number {text[:20]} is out of range.", "Numbers go from 1e-400 to 1e308.")
            value = 0
        if text == "" and self._open:
            mark = self._open[-1].key[1] if self._open[-1].key else mark  # the event stands at the next token
            self._refuse(mark, "There is no value here.",
                         "Write one, or {} for an empty mapping, [] for an empty list, null to remove the key.")  # fmt: skip
        if text or self._open:
            self._add(ScalarNode(mark, value, text))

    def _key(self, text: str, plain: bool, mark: Mark) -> None:
        container = self._open[-1]
        container.awaits_value = True
        container.key = None
        if plain and text == "<<":
            self.problems.append(
                mark.problem(self._path()[:-1], "The merge key '<<' is not allowed.", _NO_ALIAS)
            )
        elif plain and not _is_text_key(text):
            what = f"The key '{text}' is not text." if text else "A key is missing before ':'."
            self.problems.append(
                mark.problem(self._path()[:-1], what, "Put the key in quotes." if text else "")
            )
        elif text in container.entries:
            first = container.entries[text].mark.line
            what = f"The key '{text}' stands twice, on line {first} and on line {mark.line}."
            self.problems.append(mark.problem([*self._path()[:-1], text], what, "Remove one of them."))
        else:
            container.key = (text, mark)

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        container = self._open[-1]
        if not container.is_map:
            container.items.append(node)
        elif not container.awaits_value:
            container.awaits_value = True
            container.key = None
            self.problems.append(node.mark.problem(self._path()[:-1], "A key must be plain text.", ""))
        else:
            if container.key is not None:
                text, mark = container.key
                container.entries[text] = Entry(mark, node)
            container.awaits_value = False


_NO_ALIAS = "Use 'include' for shared parts, or 'based_on' for a variant of a world or a design."


def _is_text_key(text: str) -> bool:
    if _DATE_KEY.fullmatch(text) or _COUNT_KEY.fullmatch(text):
        return True
    try:
        return isinstance(read_scalar(text), str)
    except OverflowError:
        return False


_SENTENCES = (
    (
        "mapping values are not allowed here",
        "A second ': ' on this line, or a line indented too far.",
        "Put text that holds ': ' in quotes, or align the line with the keys above.",
    ),
    (
        "could not find expected ':'",
        "A line near here is neither 'key: value' nor '- item'.",
        "Write ': ' after a key, or put text of several lines in quotes.",
    ),
    (
        "expected <block end>",
        "The indentation does not match the lines above.",
        "Align keys of one mapping, and items of one list, in one column.",
    ),
    (
        "expected ',' or",
        "A '[' or '{' opened above is not closed here.",
        "Close it, or put ',' between the items.",
    ),
    ("unexpected end of stream", "A quoted text is not closed.", "Add the closing quote."),
    ("expected the node content", "This character cannot start a value.", "Put the text in quotes."),
    ("cannot start any token", "This character cannot start a value.", "Put the text in quotes."),
    (
        "unknown escape character",
        "This escape is not known in double quotes.",
        "Use single quotes, or write '\\\\'.",
    ),
    ("special characters are not allowed", "There is a control character here.", "Remove it."),
)


def _syntax(error: Exception, text: str, file: str) -> Problem:
    """Say in a sentence what ruamel.yaml found."""
    position = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if position is not None:
        mark = Mark(file, position.line + 1, position.column + 1)
    else:
        before = text[: getattr(error, "position", 0)]
        mark = Mark(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
    if "'\\t'" in said:
        return mark.problem((), "A tab stands here, and YAML does not allow it.", "Indent with spaces.")
    for piece, what, fix in _SENTENCES:
        if piece in said:
            return mark.problem((), what, fix)
    return mark.problem((), f"This is not valid YAML: {' '.join(said.split())}.")
