"""One file over another, a world over its parent, one `--set` over the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.composing import compose
from injurysim.scenario.nodes import MAX_DEPTH, Entry, ListNode, MapNode, Mark, Node, ScalarNode, dotted

SECTIONS = ("worlds", "designs")
"""Sections whose entries may be `based_on` one another."""


def merge(base: Node, over: Node) -> Node:
    """Lay one tree over another.

    Mappings merge deeply, everything else replaces, and ``null`` removes the key. A mapping that states another
    ``kind`` than the one below it, or that is a sourced value (a ``value`` or ``dated`` over a mapping without
    ``kind``), replaces it whole, so that no parameter or range of the old one survives.

    Parameters
    ----------
    base, over : Node
        The tree below and the tree laid over it.

    Returns
    -------
    Node
        A tree without nulls as values of keys.
    """
    return without_nulls(overlay(base, over))


def overlay(base: Node, over: Node) -> Node:
    """Lay one tree over another as `merge` does, but keep each null: it may have more below it to remove."""
    if not (isinstance(base, MapNode) and isinstance(over, MapNode)) or _replaces_whole(base, over):
        return over
    entries = dict(base.entries)
    for key, entry in over.entries.items():
        below = entries.get(key)
        if below is None:
            entries[key] = entry
        elif _is_null(entry.node):
            entries[key] = Entry(entry.mark, _removal(entry.node, below.node))
        else:
            entries[key] = Entry(entry.mark, overlay(below.node, entry.node))
    return MapNode(over.mark, entries)


def _is_null(node: Node | None) -> bool:
    return isinstance(node, ScalarNode) and node.value is None


def _removal(null: Node, below: Node) -> Node:
    """Return the null, marked with whether it takes anything away."""
    if not isinstance(null, ScalarNode):
        return null
    takes = below.removes if isinstance(below, ScalarNode) and _is_null(below) else True
    return replace(null, removes=takes or null.removes)


def _replaces_whole(base: MapNode, over: MapNode) -> bool:
    old, new = base.get("kind"), over.get("kind")
    stated = any(key in over.entries and not _is_null(over.get(key)) for key in ("value", "dated"))
    if stated and (old is None or _is_null(old) or _is_null(new)):
        return True
    if not isinstance(old, ScalarNode) or not isinstance(new, ScalarNode) or _is_null(new):
        return False
    return old.value != new.value


def without_nulls(node: Node) -> Node:
    """Drop every key whose value is null, at every depth; nulls in lists stay."""
    if isinstance(node, MapNode):
        kept = {key: entry for key, entry in node.entries.items() if not _is_null(entry.node)}
        return MapNode(node.mark, {key: Entry(e.mark, without_nulls(e.node)) for key, e in kept.items()})
    if isinstance(node, ListNode):
        return ListNode(node.mark, tuple(without_nulls(item) for item in node.items))
    return node


def suggestion(word: str, known: Iterable[str], label: str = "Known") -> str:
    """Say what a misspelt word may have meant, and which words there are.

    Examples
    --------
    >>> suggestion("ridrs", ["riders", "title"], "Allowed")
    "Did you mean 'riders'? Allowed: riders, title."
    """
    names = list(dict.fromkeys(known))
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    said = f"Did you mean '{close[0]}'? " if close else ""
    shown = ", ".join(names[:40]) + (", …" if len(names) > 40 else "")
    return f"{said}{label}: {shown}." if names else f"{said}{label}: nothing."


def expand_based_on(node: Node, section: str) -> tuple[Node, list[Problem]]:
    """Replace each entry of a section that says ``based_on: NAME`` by its parent overlaid with itself.

    Parameters
    ----------
    node : Node
        The whole document, includes already merged.
    section : str
        ``worlds`` or ``designs``; a document without it comes back as it is.

    Returns
    -------
    tuple of Node and list of Problem
        The document with the section expanded (its nulls still there), and a problem for each unknown name or cycle.
    """
    body = node.get(section) if isinstance(node, MapNode) else None
    if not isinstance(node, MapNode) or not isinstance(body, MapNode):
        return node, []
    problems: list[Problem] = []
    done: dict[str, Node] = {}

    def expand(name: str, asking: tuple[str, ...]) -> Node:
        if name in done:
            return done[name]
        own = body.entries[name].node
        parent = _parent(own)
        result = own if parent is None or not isinstance(own, MapNode) else _without_key(own, "based_on")
        if parent is not None:
            path = (section, name, "based_on")
            chain = (*asking, name)
            text = parent.value if isinstance(parent.value, str) else parent.text
            if text not in body.entries or _is_null(body.get(text)):
                others = [key for key in body.entries if key != name and not _is_null(body.get(key))]
                fix = suggestion(text, others, f"Known {section}")
                problems.append(parent.mark.problem(path, f"There is no '{text}' in {section}.", fix))
            elif text in chain:
                circle = " -> ".join([*chain[chain.index(text) :], text])
                problems.append(
                    parent.mark.problem(path, f"'based_on' goes round in a circle: {circle}.", "")
                )
            elif len(chain) > MAX_DEPTH:
                what = f"'based_on' runs through more than {MAX_DEPTH} entries."
                problems.append(parent.mark.problem(path, what, ""))
            else:
                result = overlay(expand(text, chain), result)
        done[name] = result
        return result

    for name, entry in body.entries.items():
        stated = entry.node.get("based_on") if isinstance(entry.node, MapNode) else None
        if stated is not None and not isinstance(stated, ScalarNode):
            what = "'based_on' names one other entry of the same section."
            problems.append(entry.mark.problem((section, name, "based_on"), what, ""))
        else:
            expand(name, ())
    entries = {key: Entry(e.mark, done.get(key, e.node)) for key, e in body.entries.items()}
    whole = {**node.entries, section: Entry(node.entries[section].mark, MapNode(body.mark, entries))}
    return MapNode(node.mark, whole), problems


def parents(node: Node, section: str) -> dict[str, str]:
    """Name of each entry that is based on another, and of that other."""
    body = node.get(section) if isinstance(node, MapNode) else None
    entries = body.entries if isinstance(body, MapNode) else {}
    stated = {name: _parent(entry.node) for name, entry in entries.items()}
    return {name: parent.text for name, parent in stated.items() if parent is not None}


def _parent(node: Node) -> ScalarNode | None:
    stated = node.get("based_on") if isinstance(node, MapNode) else None
    return stated if isinstance(stated, ScalarNode) and stated.value is not None else None


def _without_key(node: MapNode, key: str) -> MapNode:
    return MapNode(node.mark, {name: entry for name, entry in node.entries.items() if name != key})


def apply_override(node: Node, assignment: str, sections: Sequence[str] = SECTIONS) -> Node:
    """Lay ``PATH=VALUE`` over a document whose `based_on` is not expanded yet.

    Parameters
    ----------
    node : Node
        The document.
    assignment : str
        Dotted path and a value read as YAML, for example ``worlds.base.groups.full_time.riders=3000``; items of a
        list are named by their position from 0; ``null`` removes the key.
    sections : sequence of str
        Sections whose entries inherit: a path may lead through what an entry has from its parent.

    Returns
    -------
    Node
        The document with the value laid over it by the rules of `merge`; entries based on the changed one follow.

    Raises
    ------
    InputError
        If the text is no ``PATH=VALUE``, the value is not YAML, or the path leads through a key that is not there.
    """
    mark = Mark("--set", 0, 0)
    path, equals, text = assignment.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise InputError(
            [mark.problem((), f"'{assignment}' is not PATH=VALUE.", "Write worlds.base.title=text.")]
        )
    value, problems = compose(text, "--set")
    if value is None or problems:
        what = problems[0].what if text.strip() else "There is no value after '='."
        raise InputError(
            [mark.problem(keys, what, "Put text with YAML signs in quotes; null removes the key.")]
        )
    reference = node
    for section in sections:
        reference = expand_based_on(reference, section)[0]
    return overlay(node, _patch(without_nulls(reference), keys, 0, _remarked(value, mark)))


def _patch(reference: Node, keys: Sequence[str], depth: int, value: Node) -> Node:
    """Tree to lay over what the reference holds at ``keys[:depth]``."""
    mark = value.mark
    if depth == len(keys):
        return replace(value, removes=True) if isinstance(value, ScalarNode) and _is_null(value) else value
    key = keys[depth]
    if isinstance(reference, ListNode):
        items = list(reference.items)
        if not (key.isdecimal() and int(key) < len(items)):
            fix = f"The list has items 0 to {len(items) - 1}." if items else "The list is empty."
            raise InputError([mark.problem(keys, f"'{dotted(keys[:depth])}' has no item '{key}'.", fix)])
        place = int(key)
        items[place] = overlay(items[place], _patch(items[place], keys, depth + 1, value))
        return ListNode(mark, tuple(items))
    if not isinstance(reference, MapNode):
        what = f"'{dotted(keys[:depth])}' is a plain value and has no keys."
        raise InputError([mark.problem(keys, what, f"Use --set {dotted(keys[:depth])}=VALUE.")])
    below = reference.get(key)
    if below is None and (depth < len(keys) - 1 or _is_null(value)):
        where = f"'{dotted(keys[:depth])}'" if depth else "the scenario"
        fix = suggestion(key, reference.entries, "There is")
        raise InputError([mark.problem(keys, f"There is no '{key}' in {where}.", fix)])
    inner = value if below is None else _patch(below, keys, depth + 1, value)
    return MapNode(mark, {key: Entry(mark, inner)})


def _remarked(node: Node, mark: Mark) -> Node:
    """Return the same tree with all its marks replaced."""
    if isinstance(node, MapNode):
        return MapNode(
            mark, {key: Entry(mark, _remarked(entry.node, mark)) for key, entry in node.entries.items()}
        )
    if isinstance(node, ListNode):
        return ListNode(mark, tuple(_remarked(item, mark) for item in node.items))
    return replace(node, mark=mark)
