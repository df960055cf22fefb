"""A world or a design that is based on another, and on overlays: `based_on: base` or `based_on: [base, overlay]`.

An overlay is what a file offers for any world or design to be based on: a set of parameters, a limit, a calendar of
weather, a whole design. It stands under the top-level key ``overlays`` and may be based on other overlays. One that
nobody names does nothing. Within a world a group or a platform may be based on another of that world, and within a
design a scheme on another scheme; and on overlays that offer a kind of group, platform or scheme.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from injurysim.core.errors import Problem
from injurysim.scenario.merging import is_null, overlay, suggestion
from injurysim.scenario.nodes import MAX_DEPTH, Entry, ListNode, MapNode, Node, ScalarNode

OVERLAYS = "overlays"
SECTIONS = (OVERLAYS, "worlds", "designs")
"""Sections whose entries may be `based_on` one another, in the order in which they are expanded."""
WITHIN = {"worlds": ("platforms", "groups"), "designs": ("schemes",)}
"""Mappings inside an entry of a section whose own entries may be `based_on` one another."""
OWN = "varied"
"""What an entry says of itself alone: whoever is based on a variant is none."""


def expand_based_on(node: Node, section: str) -> tuple[Node, list[Problem]]:
    """Replace each entry of a section by what it is based on, overlaid with itself.

    Parameters
    ----------
    node : Node
        The whole document, includes already merged, and overlays expanded before any other section.
    section : str
        ``overlays``, ``worlds`` or ``designs``; a document without it comes back as it is.

    Returns
    -------
    tuple of Node and list of Problem
        The document with the section expanded (its nulls still there), and a problem for each unknown name or cycle.
    """
    body = node.get(section) if isinstance(node, MapNode) else None
    if not isinstance(node, MapNode) or body is None:
        return node, []
    if not isinstance(body, MapNode):
        what = f"'{section}' is a mapping of names to what each of them is."
        return node, [body.mark.problem((section,), what, "")] if section == OVERLAYS else []
    offered = node.get(OVERLAYS)
    elsewhere = offered if isinstance(offered, MapNode) else MapNode(node.mark, {})
    expansion = _Expansion((section,), body, None if section == OVERLAYS else elsewhere)
    entries = {name: Entry(entry.mark, expansion.of(name)) for name, entry in body.entries.items()}
    problems = expansion.problems
    for name, entry in entries.items():
        inner, found = _expand_parts(entry.node, (section, name), elsewhere)
        entries[name] = Entry(entry.mark, inner)
        problems += found
    whole = {**node.entries, section: Entry(node.entries[section].mark, MapNode(body.mark, entries))}
    return MapNode(node.mark, whole), problems


def expand_entry(node: MapNode, section: str, name: str) -> Node:
    """Expand one entry of a section, in a document whose overlays are expanded; its faults are left aside."""
    body, offered = node.get(section), node.get(OVERLAYS)
    if not isinstance(body, MapNode):
        raise TypeError(f"'{section}' is no mapping")
    elsewhere = offered if isinstance(offered, MapNode) else MapNode(node.mark, {})
    entry = _Expansion((section,), body, elsewhere).of(name)
    return _expand_parts(entry, (section, name), elsewhere)[0]


def _expand_parts(node: Node, path: tuple[str, str], offered: MapNode) -> tuple[Node, list[Problem]]:
    """Expand the mappings inside an entry whose own entries may be based on one another."""
    problems: list[Problem] = []
    for part in WITHIN.get(path[0], ()):
        node, found = _expand_within(node, (*path, part), offered)
        problems += found
    return node, problems


def _expand_within(node: Node, path: tuple[str, ...], offered: MapNode) -> tuple[Node, list[Problem]]:
    """Expand one mapping inside an entry, at a path; an entry without it comes back as it is."""
    body = node.get(path[-1]) if isinstance(node, MapNode) else None
    if not isinstance(node, MapNode) or not isinstance(body, MapNode):
        return node, []
    expansion = _Expansion(path, body, offered)
    entries = {name: Entry(entry.mark, expansion.of(name)) for name, entry in body.entries.items()}
    inside = Entry(node.entries[path[-1]].mark, MapNode(body.mark, entries))
    return MapNode(node.mark, {**node.entries, path[-1]: inside}), expansion.problems


@dataclass
class _Expansion:
    """Expands the entries of a mapping, each once.

    Attributes
    ----------
    path : tuple of str
        Where it stands; its last key names it.
    body : MapNode
        Its entries as written.
    offered : MapNode or None
        The overlays, expanded; None where entries can only be based on one another.
    """

    path: tuple[str, ...]
    body: MapNode
    offered: MapNode | None
    problems: list[Problem] = field(default_factory=list)
    _done: dict[str, Node] = field(default_factory=dict)

    def of(self, name: str, asking: tuple[str, ...] = ()) -> Node:
        """Return an entry expanded; ``asking`` are the entries that led here."""
        if name not in self._done:
            self._done[name] = self._expand(name, (*asking, name))
        return self._done[name]

    def _expand(self, name: str, chain: tuple[str, ...]) -> Node:
        own = self.body.entries[name].node
        if not isinstance(own, MapNode):
            if self.path == (OVERLAYS,) and not is_null(own):
                self.problems.append(own.mark.problem((*self.path, name), "An overlay is a mapping of keys."))
            return own
        stated = _stated(own)
        if stated is None:
            what = "'based_on' names another entry of the same section, and after it overlays."
            fix = "Write based_on: base, or based_on: [base, overlay]."
            mark = own.entries["based_on"].mark
            self.problems.append(mark.problem((*self.path, name, "based_on"), what, fix))
        if not stated:
            return own
        result: Node | None = None
        for place, parent in enumerate(stated):
            below = self._parent(parent, (*self.path, name, "based_on"), place > 0, chain)
            if below is not None:
                below = _without(below, OWN)
                result = below if result is None else overlay(result, below)
        rest = _without(own, "based_on")
        return rest if result is None else overlay(result, rest)

    def _parent(
        self, parent: ScalarNode, path: tuple[str, ...], later: bool, chain: tuple[str, ...]
    ) -> Node | None:
        """Return what an entry is based on, or None, having said what is wrong with its name.

        The first name may be that of another entry or, where there is none, of an overlay; later ones are overlays.
        """
        name = parent.value if isinstance(parent.value, str) else parent.text
        offered = self.offered
        if offered is not None and (later or (_missing(self.body, name) and not _missing(offered, name))):
            pool, kind = offered, OVERLAYS
        else:
            pool, kind = self.body, self.path[-1]
        what = fix = ""
        if _missing(pool, name):
            others = [key for key in pool.entries if key != chain[-1] and not is_null(pool.get(key))]
            what, fix = f"There is no '{name}' in {kind}.", suggestion(name, others, f"Known {kind}")
            if pool is self.body and offered is not None and offered.entries:
                near = suggestion(name, [*others, *offered.entries]).partition("Known")[0]
                known = fix[fix.index("Known") :].removesuffix(".")
                fix = f"{near}{known}; overlays: {', '.join(offered.entries)}."
        elif pool is not self.body:
            return pool.entries[name].node
        elif name in chain:
            circle = " -> ".join([*chain[chain.index(name) :], name])
            what = f"'based_on' goes round in a circle: {circle}."
        elif len(chain) > MAX_DEPTH:
            what = f"'based_on' runs through more than {MAX_DEPTH} entries."
        else:
            return self.of(name, chain)
        self.problems.append(parent.mark.problem(path, what, fix))
        return None


def _missing(pool: MapNode, name: str) -> bool:
    return name not in pool.entries or is_null(pool.get(name))


def _stated(own: MapNode) -> list[ScalarNode] | None:
    """Return the names an entry is based on, none if it is on its own; None when they are no names."""
    stated = own.get("based_on")
    if stated is None or is_null(stated):
        return []
    if isinstance(stated, ScalarNode):
        return [stated]
    items = stated.items if isinstance(stated, ListNode) else ()
    names = [item for item in items if isinstance(item, ScalarNode) and not is_null(item)]
    return names if names and len(names) == len(items) else None


def parents(node: Node, section: str) -> dict[str, str]:
    """Name of each entry that is based on another of its section, and of that other."""
    body = node.get(section) if isinstance(node, MapNode) else None
    entries = body.entries if isinstance(body, MapNode) else {}
    stated = {name: _stated(entry.node) for name, entry in entries.items() if isinstance(entry.node, MapNode)}
    return {name: names[0].text for name, names in stated.items() if names and names[0].text in entries}


def without_overlays(node: Node) -> Node:
    """Return a document, all expanded, without the overlays it was made of."""
    return _without(node, OVERLAYS)


def _without(node: Node, key: str) -> Node:
    if not isinstance(node, MapNode):
        return node
    return MapNode(node.mark, {name: entry for name, entry in node.entries.items() if name != key})
