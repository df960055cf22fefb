"""One `--set PATH=VALUE` over a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from injurysim.core.errors import InputError
from injurysim.scenario.basing import SECTIONS, expand_based_on
from injurysim.scenario.composing import compose
from injurysim.scenario.merging import is_null, overlay, suggestion
from injurysim.scenario.nodes import Entry, ListNode, MapNode, Mark, Node, ScalarNode, dotted


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
    return overlay(node, patch(reference, keys, remarked(value, mark)))


def patch(reference: Node, keys: Sequence[str], value: Node, depth: int = 0) -> Node:
    """Return what to lay over a tree so that it holds a value at a path.

    Parameters
    ----------
    reference : Node
        What stands at ``keys[:depth]``, expanded; a null in it is nothing there.
    keys : sequence of str
        The path from the top of the document.
    value : Node
        The value; a null removes the key.
    depth : int
        How far down the path the reference stands.

    Raises
    ------
    InputError
        If the path leads through a key that is not there; told at the value.
    """
    mark = value.mark
    if depth == len(keys):
        return replace(value, removes=True) if isinstance(value, ScalarNode) and is_null(value) else value
    key = keys[depth]
    if isinstance(reference, ListNode):
        items = list(reference.items)
        if not (key.isdecimal() and int(key) < len(items)):
            fix = f"The list has items 0 to {len(items) - 1}." if items else "The list is empty."
            raise InputError([mark.problem(keys, f"'{dotted(keys[:depth])}' has no item '{key}'.", fix)])
        place = int(key)
        items[place] = overlay(items[place], patch(items[place], keys, value, depth + 1))
        return ListNode(mark, tuple(items))
    if not isinstance(reference, MapNode):
        what = f"'{dotted(keys[:depth])}' is a plain value and has no keys."
        raise InputError([mark.problem(keys, what, f"End the path there: {dotted(keys[:depth])}.")])
    below = None if is_null(reference.get(key)) else reference.get(key)
    if below is None and (depth < len(keys) - 1 or is_null(value)):
        where = f"'{dotted(keys[:depth])}'" if depth else "the scenario"
        there = [name for name in reference.entries if not is_null(reference.get(name))]
        fix = suggestion(key, there, "There is")
        raise InputError([mark.problem(keys, f"There is no '{key}' in {where}.", fix)])
    inner = value if below is None else patch(below, keys, value, depth + 1)
    return MapNode(mark, {key: Entry(mark, inner)})


def remarked(node: Node, mark: Mark) -> Node:
    """Return the same tree with all its marks replaced."""
    if isinstance(node, MapNode):
        return MapNode(
            mark, {key: Entry(mark, remarked(entry.node, mark)) for key, entry in node.entries.items()}
        )
    if isinstance(node, ListNode):
        return ListNode(mark, tuple(remarked(item, mark) for item in node.items))
    return replace(node, mark=mark)
