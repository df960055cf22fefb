"""An experiment: worlds and designs multiplied by overrides, in one run, so that all are paired with one another.

A variant is an entry `based_on` the one it varies, with its overrides laid over it as ``--set`` lays them; what it is
stands under ``varied``. The axes of a grid that lead into one world, or into one design, are multiplied with one another;
worlds and designs are crossed by the run. What is varied stays beside its variants.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.axes import EXPERIMENT, Asked, Axis, Target, asked_of
from injurysim.scenario.basing import OVERLAYS, SECTIONS, expand_based_on, expand_entry
from injurysim.scenario.merging import overlay
from injurysim.scenario.names import LONGEST
from injurysim.scenario.nodes import Entry, MapNode, Mark, Node, ScalarNode, dotted, flow
from injurysim.scenario.overriding import patch
from injurysim.scenario.variant_names import (
    fitting,
    joined,
    key_labels,
    plain,
    said,
    slug,
    title,
    value_labels,
)

MOST_VARIANTS = 1000
"""Of all worlds and designs together."""


@dataclass(frozen=True, slots=True)
class Variant:
    """An entry to be made.

    Attributes
    ----------
    section, of : str
        ``worlds`` or ``designs``, and the entry it varies.
    name : str
        Its own.
    english, chinese : str
        What its title adds to that of the entry.
    settings : tuple of pairs
        What is laid over it, in order.
    mark : Mark
        Where it was asked for.
    """

    section: str
    of: str
    name: str
    english: str
    chinese: str
    settings: tuple[tuple[Target, Node], ...]
    mark: Mark


def with_variants(
    node: Node, vary: Sequence[str] = (), sections: Sequence[str] = SECTIONS
) -> tuple[Node, list[Problem]]:
    """Put the variants of an experiment into a document, each after the entry it varies.

    Parameters
    ----------
    node : Node
        The whole document, includes merged and overrides laid over it, `based_on` not expanded yet.
    vary : sequence of str
        Further axes of the grid, ``PATH=V1,V2,...`` each.
    sections : sequence of str
        Sections whose entries may be based on one another.

    Returns
    -------
    tuple of Node and list of Problem
        The document with its variants and without the experiment, and every problem of what it asks for.
    """
    asked = asked_of(node, vary)
    if not isinstance(node, MapNode):
        return node, asked.problems
    rest = MapNode(node.mark, {key: entry for key, entry in node.entries.items() if key != EXPERIMENT})
    variants = [] if asked.problems else list(_variants(asked))
    if not variants:
        return rest, asked.problems
    return _Expansion(rest, sections).with_all(variants)


def _variants(asked: Asked) -> Iterator[Variant]:
    """Yield every variant; or, having said so, none where there would be too many."""
    grouped: dict[tuple[str, str], list[Axis]] = {}
    for axis in asked.axes:
        grouped.setdefault((axis.target.section, axis.target.entry), []).append(axis)
    counts = [math.prod(len(axis.values) for axis in axes) for axes in grouped.values()]
    touched = [
        dict.fromkeys((each.section, each.entry) for each, _ in point.settings) for point in asked.points
    ]
    count = sum(counts) + sum(map(len, touched))
    if count > MOST_VARIANTS:
        largest = max(asked.axes, key=lambda axis: len(axis.values)).target if asked.axes else None
        target = largest or asked.points[-1].settings[0][0]
        what = f"The experiment has {count:,} variants; {MOST_VARIANTS:,} is the most."
        asked.problems.append(target.problem(what, "Give fewer values, or state the points that matter."))
        return
    for (_, entry), axes in grouped.items():
        yield from _of_grid(entry, axes)
    for point, entries in zip(asked.points, touched, strict=True):
        for section, entry in entries:
            settings = tuple(
                each for each in point.settings if (each[0].section, each[0].entry) == (section, entry)
            )
            name = joined(entry, [point.name])
            yield Variant(section, entry, name, point.name, point.name, settings, point.mark)


def _of_grid(entry: str, axes: Sequence[Axis]) -> Iterator[Variant]:
    """Yield every combination of the axes of one entry, those of the last axis fastest."""
    keys = key_labels([axis.target.keys for axis in axes])
    labels = [value_labels(axis.values) for axis in axes]
    places = list(product(*(range(len(axis.values)) for axis in axes)))
    parts = [
        [
            part
            for axis, place in enumerate(chosen)
            for part in (slug("-".join(keys[axis])), labels[axis][place])
        ]
        for chosen in places
    ]
    names = fitting(entry, [joined(entry, each) for each in parts])
    for name, chosen in zip(names, places, strict=True):
        settings = tuple((axis.target, axis.values[place]) for axis, place in zip(axes, chosen, strict=True))
        english, chinese = (
            comma.join(
                said(keys[axis], settings[axis][1], labels[axis][place], none)
                for axis, place in enumerate(chosen)
            )
            for comma, none in ((", ", "none"), ("，", "无"))
        )
        target = axes[0].target
        yield Variant(target.section, entry, name, english, chinese, settings, target.mark)


@dataclass
class _Expansion:
    """Makes the entries of variants in a document."""

    node: MapNode
    sections: Sequence[str]
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        expanded: Node = self.node
        for section in self.sections:
            expanded = expand_based_on(expanded, section)[0]
        self.expanded = expanded

    def with_all(self, variants: Sequence[Variant]) -> tuple[Node, list[Problem]]:
        """Return the document with all variants, and every problem."""
        made: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
        taken = {(section, name) for section in self.sections for name in self._entries(section)}
        for variant in variants:
            if self._may_be_called(variant, taken):
                taken.add((variant.section, variant.name))
                entry = Entry(variant.mark, self._entry(variant))
                made.setdefault((variant.section, variant.of), []).append((variant.name, entry))
        whole = dict(self.node.entries)
        for section in dict.fromkeys(section for section, _ in made):
            entries: dict[str, Entry] = {}
            for name, entry in self._entries(section).items():
                entries[name] = entry
                entries.update(made.get((section, name), ()))
            old = whole[section]
            whole[section] = Entry(old.mark, MapNode(old.node.mark, entries))
        return MapNode(self.node.mark, whole), self.problems

    def _entries(self, section: str) -> dict[str, Entry]:
        body = self.node.get(section)
        return dict(body.entries) if isinstance(body, MapNode) else {}

    def _may_be_called(self, variant: Variant, taken: set[tuple[str, str]]) -> bool:
        what = fix = ""
        if len(variant.name) > LONGEST:
            what = f"A variant would be called '{variant.name}', which is longer than {LONGEST} letters."
            fix = "Give the entry, or the point, a shorter name."
        elif {(variant.section, variant.name), (OVERLAYS, variant.name)} & taken:
            what = f"A variant would be called '{variant.name}', and there is one of that name already."
            fix = "Give one of them another name."
        if what:
            self.problems.append(variant.settings[0][0].problem(what, fix))
        return not what

    def _entry(self, variant: Variant) -> Node:
        """Return what a variant states of its own."""
        section, of = variant.section, variant.of
        whole = self.expanded.get(section) if isinstance(self.expanded, MapNode) else None
        reference: Node | None = whole.get(of) if isinstance(whole, MapNode) else None
        if not isinstance(reference, MapNode):  # a plain value, refused elsewhere
            return _text(of, variant.mark)
        mark = variant.mark
        values: dict[str, Node] = {
            dotted(target.keys): _text(flow(plain(value) or value), mark)
            for target, value in variant.settings
        }
        own: Node = _mapping(
            mark,
            based_on=_text(of, mark),
            title=title(reference.get("title"), of, variant.english, variant.chinese, mark),
            varied=_mapping(mark, of=_text(of, mark), set=_mapping(mark, **values)),
        )
        for number, (target, value) in enumerate(variant.settings):
            if number:
                reference = self._expanded(variant, own)
            try:
                own = overlay(own, patch(reference, (section, of, *target.keys), value, 2))
            except InputError as error:
                self.problems += [target.problem(each.what, each.fix) for each in error.problems]
        return own

    def _expanded(self, variant: Variant, own: Node) -> Node:
        """Return what a variant is so far: one override may be laid into what another has brought."""
        offered = self.expanded.get(OVERLAYS) if isinstance(self.expanded, MapNode) else None
        body = {**self._entries(variant.section), variant.name: Entry(variant.mark, own)}
        document: dict[str, Node] = {variant.section: MapNode(variant.mark, body)}
        if offered is not None:
            document[OVERLAYS] = offered
        return expand_entry(_mapping(variant.mark, **document), variant.section, variant.name)


def _text(text: str, mark: Mark) -> ScalarNode:
    return ScalarNode(mark, text, text)


def _mapping(mark: Mark, /, **items: Node) -> MapNode:
    return MapNode(mark, {key: Entry(mark, node) for key, node in items.items()})
