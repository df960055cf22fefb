"""What an experiment asks for: the block ``experiment`` of a scenario, and every ``--vary PATH=V1,V2,...``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from injurysim.core.errors import Problem
from injurysim.scenario.basing import OVERLAYS
from injurysim.scenario.composing import compose
from injurysim.scenario.merging import is_null, suggestion
from injurysim.scenario.names import LONGEST, PATTERN
from injurysim.scenario.nodes import ListNode, MapNode, Mark, Node, ScalarNode, dotted, to_plain
from injurysim.scenario.overriding import remarked

EXPERIMENT = "experiment"
VARIED = ("worlds", "designs")
"""Sections whose entries an experiment varies."""
VARY = "--vary"


@dataclass(frozen=True, slots=True)
class Target:
    """What is varied.

    Attributes
    ----------
    section, entry : str
        ``worlds`` or ``designs``, and the name of one.
    keys : tuple of str
        The path below it.
    mark : Mark
        Where the path is written.
    where : tuple of str
        What problems call the place.
    """

    section: str
    entry: str
    keys: tuple[str, ...]
    mark: Mark
    where: tuple[str, ...]

    def problem(self, what: str, fix: str = "") -> Problem:
        """Return the problem of this path."""
        return self.mark.problem(self.where, what, fix)


@dataclass(frozen=True, slots=True)
class Axis:
    """A path and the values it takes one after the other."""

    target: Target
    values: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """Values by path that are laid together, under a name."""

    name: str
    mark: Mark
    settings: tuple[tuple[Target, Node], ...]


@dataclass
class Asked:
    """What an experiment asks for, and what is wrong with it.

    Attributes
    ----------
    axes : list of Axis
        Of the grid, in the order of the file, and after them those of ``--vary``.
    points : list of Point
        In the order of the file.
    problems : list of Problem
        Every mistake.
    """

    axes: list[Axis] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def asked_of(node: Node, vary: Sequence[str] = ()) -> Asked:
    """Read what an experiment asks for.

    Parameters
    ----------
    node : Node
        The whole document, includes merged and overrides laid over it, its nulls still there.
    vary : sequence of str
        ``PATH=V1,V2,...`` each, the values as in a YAML list on one line.
    """
    reader = _Reader(node)
    block = node.entries.get(EXPERIMENT) if isinstance(node, MapNode) else None
    if block is not None and not is_null(block.node):
        reader.block(block.mark, block.node)
    for text in vary:
        reader.vary(text)
    return reader.asked


class _Reader:
    def __init__(self, node: Node) -> None:
        self.node = node
        self.asked = Asked()

    def _refuse(self, mark: Mark, where: Sequence[str], what: str, fix: str = "") -> None:
        self.asked.problems.append(mark.problem(where, what, fix))

    def block(self, mark: Mark, node: Node) -> None:
        forms: dict[str, Callable[[str, Mark, Node], None]] = {"grid": self._axis, "points": self._point}
        if not isinstance(node, MapNode) or not node.entries:
            what = "An experiment is a grid or a list of points."
            self._refuse(mark, (EXPERIMENT,), what, "Write grid: {worlds.NAME.KEY: [1, 2]}.")
            return
        for key, entry in node.entries.items():
            if key not in forms:
                self._refuse(
                    entry.mark, (EXPERIMENT, key), f"Unknown key '{key}'.", suggestion(key, forms, "Allowed")
                )
        stated = {key: each for key, each in node.entries.items() if key in forms and not is_null(each.node)}
        if len(stated) > 1:
            what, fix = (
                "An experiment has a grid or points, not both.",
                "Write the grid's values into points.",
            )
            self._refuse(stated["points"].mark, (EXPERIMENT, "points"), what, fix)
        for key, entry in stated.items():
            if not isinstance(entry.node, MapNode) or not entry.node.entries:
                said = {"grid": "PATH: [value, value]", "points": "NAME: {PATH: value}"}[key]
                what = f"'{key}' is a mapping of entries {said}."
                self._refuse(entry.mark, (EXPERIMENT, key), what, f"Write {said}.")
                continue
            for name, inner in entry.node.entries.items():
                if not _taken_away(inner.node):
                    forms[key](name, inner.mark, inner.node)

    def vary(self, text: str) -> None:
        mark = Mark(VARY, 0, 0)
        path, equals, listed = text.partition("=")
        path = path.strip()
        if not equals or not path:
            self._refuse(mark, (), f"'{text}' is not PATH=V1,V2,...", "Write worlds.base.title=a,b.")
            return
        mark = replace(mark, file=f"{VARY} {path}")
        if self.asked.points:
            what = "The scenario's experiment has points, and an axis goes with a grid."
            self._refuse(mark, (), what, "Leave --vary out, or give --set experiment=null too.")
            return
        values, problems = compose(f"[{listed}]", VARY)
        if values is None or problems:
            fix = "Put text with YAML signs in quotes, and mappings in braces."
            self._refuse(mark, (), problems[0].what, fix)
            return
        self._axis(path, mark, remarked(values, mark), ())

    # ------------------------------------------------------------------------------------------------- forms

    def _axis(self, path: str, mark: Mark, node: Node, above: tuple[str, ...] = (EXPERIMENT, "grid")) -> None:
        where = (*above, path) if above else ()
        target = self._target(path, mark, where)
        if not isinstance(node, ListNode) or not node.items:
            fix = f"Write {path}: [value, value]." if above else f"Write {path}=VALUE,VALUE."
            self._refuse(mark, where, "An axis is a list of values.", fix)
            return
        for place, item in enumerate(node.items):
            if any(_alike(item, other) for other in node.items[:place]):
                self._refuse(item.mark, where, "The value stands twice on its axis.", "Leave one out.")
        if target is not None and self._after(target, [axis.target for axis in self.asked.axes]):
            self.asked.axes.append(Axis(target, node.items))

    def _point(self, name: str, mark: Mark, node: Node) -> None:
        where = (EXPERIMENT, "points", name)
        if not re.fullmatch(PATTERN, name) or len(name) > LONGEST:
            what = f"'{name}' is no name of a point."
            fix = "Use small letters, digits, '_' and '-', starting with a letter."
            self._refuse(mark, where, what, fix)
        entries = node.entries if isinstance(node, MapNode) else {}
        kept = {path: entry for path, entry in entries.items() if not _taken_away(entry.node)}
        if not kept:
            self._refuse(mark, where, "A point is a mapping of paths to values.", "Write PATH: value.")
            return
        settings: list[tuple[Target, Node]] = []
        for path, entry in kept.items():
            target = self._target(path, entry.mark, (*where, path))
            if target is not None and self._after(target, [each for each, _ in settings]):
                settings.append((target, entry.node))
        self.asked.points.append(Point(name, mark, tuple(settings)))

    def _target(self, path: str, mark: Mark, where: tuple[str, ...]) -> Target | None:
        """Take a path apart; None, having said what is wrong, when it leads to nothing that can be varied."""
        section, *rest = path.split(".")
        what = fix = ""
        if section == OVERLAYS:
            what = "An overlay is part of every world or design that names it."
            fix = "Vary what one of them has of it: worlds.NAME.KEY, designs.NAME.KEY."
        elif section not in VARIED:
            what = (
                f"'{section}' belongs to the run: another value is another run, not another world or design."
            )
            fix = "A path begins with worlds.NAME. or designs.NAME. (for another run give --set)."
        elif len(rest) < 2 or not all(rest):
            what = f"'{path}' names nothing inside an entry of {section}."
            fix = f"Go on to what differs: {section}.NAME.KEY."
        elif rest[1] in ("based_on", "varied"):
            what = f"'{rest[1]}' cannot be varied: a variant is based on the entry it varies."
            fix = f"Write the {section} out, each based on its own."
        else:
            body = self.node.get(section) if isinstance(self.node, MapNode) else None
            entries = body.entries if isinstance(body, MapNode) else {}
            known = [name for name, entry in entries.items() if not is_null(entry.node)]
            if rest[0] in known:
                return Target(section, rest[0], tuple(rest[1:]), mark, where)
            what, fix = f"There is no '{rest[0]}' in {section}.", suggestion(rest[0], known)
        self._refuse(mark, where, what, fix)
        return None

    def _after(self, target: Target, before: Sequence[Target]) -> bool:
        """Say whether a path may follow others: not itself, nor what lies inside of it."""
        for each in before:
            if (each.section, each.entry) == (target.section, target.entry):
                if each.keys == target.keys:
                    what = f"'{dotted(target.keys)}' of {target.entry} is varied already."
                    self.asked.problems.append(target.problem(what, "Write all its values in one list."))
                    return False
                if each.keys[: len(target.keys)] == target.keys:
                    what = f"'{dotted(target.keys)}' would be laid over '{dotted(each.keys)}' inside of it."
                    self.asked.problems.append(target.problem(what, "Write it before that one."))
                    return False
        return True


def _alike(one: Node, other: Node) -> bool:
    """Say whether two nodes are the same value, however they are written."""
    mine, theirs = to_plain(one), to_plain(other)
    return bool(mine == theirs) and isinstance(mine, bool) == isinstance(theirs, bool)


def _taken_away(node: Node) -> bool:
    """Say whether a node is a null by which a file takes away what one that it includes states."""
    return isinstance(node, ScalarNode) and node.removes
