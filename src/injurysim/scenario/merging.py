"""One tree over another: a file over those it includes, a world over its parent, one `--set` over the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from injurysim.scenario.nodes import Entry, ListNode, MapNode, Node, ScalarNode


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
        elif is_null(entry.node):
            entries[key] = Entry(entry.mark, _removal(entry.node, below.node))
        else:
            entries[key] = Entry(entry.mark, overlay(below.node, entry.node))
    return MapNode(over.mark, entries)


def is_null(node: Node | None) -> bool:
    """Say whether a node is a written null."""
    return isinstance(node, ScalarNode) and node.value is None


def _removal(null: Node, below: Node) -> Node:
    """Return the null, marked with whether it takes anything away."""
    if not isinstance(null, ScalarNode):
        return null
    takes = below.removes if isinstance(below, ScalarNode) and is_null(below) else True
    return replace(null, removes=takes or null.removes)


def _replaces_whole(base: MapNode, over: MapNode) -> bool:
    old, new = base.get("kind"), over.get("kind")
    stated = any(key in over.entries and not is_null(over.get(key)) for key in ("value", "dated"))
    if stated and (old is None or is_null(old) or is_null(new)):
        return True
    if not isinstance(old, ScalarNode) or not isinstance(new, ScalarNode) or is_null(new):
        return False
    return old.value != new.value


def without_nulls(node: Node) -> Node:
    """Drop every key whose value is null, at every depth; nulls in lists stay."""
    if isinstance(node, MapNode):
        kept = {key: entry for key, entry in node.entries.items() if not is_null(entry.node)}
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
