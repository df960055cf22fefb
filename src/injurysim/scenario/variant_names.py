"""What a variant is called: by the keys that differ and their values, as in ``limited-hours-8``; and its title.

A key is the last of its path (before a ``value`` or a ``kind``), or as much of the path's end as tells the axes of one
world or design apart. A dot is
``_``, a minus ``minus-``, anything else that no name may hold ``-``; null is ``none``. A value with a text or number of
its own goes by that, any other by its place in the list, from 1; and so do all of an axis where two would be called
alike. Where a name would be too long, all variants of the entry are numbered instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from injurysim.scenario.names import LONGEST
from injurysim.scenario.nodes import Entry, MapNode, Mark, Node, ScalarNode, flow

MOST_LETTERS = 40
"""The longest value that a title shows; a longer one goes by its label."""


def key_labels(paths: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return of each path as much of its end as tells it from the others.

    Parameters
    ----------
    paths : sequence of paths
        Below one world or design, all different.

    Examples
    --------
    >>> key_labels([("limits", "off", "hours"), ("injuries", "per_1000_hours", "food", "value")])
    [('hours',), ('food',)]
    >>> key_labels([("limits", "day", "hours"), ("limits", "week", "hours"), ("bands", "1")])
    [('day', 'hours'), ('week', 'hours'), ('bands', '1')]
    """
    ends = [_end(path) for path in paths]
    lengths = [_last_word(end) for end in ends]
    while True:
        labels = [end[-length:] for end, length in zip(ends, lengths, strict=True)]
        alike = [place for place, label in enumerate(labels) if labels.count(label) > 1]
        longer = [place for place in alike if lengths[place] < len(ends[place])]
        if not longer:
            break
        for place in longer:
            lengths[place] += 1
    return labels if not alike else [tuple(path) for path in paths]


def _end(path: Sequence[str]) -> tuple[str, ...]:
    """Leave out the `value` of a number that may say more of itself, and the `kind` of a part."""
    return tuple(path[:-1] if path[-1] in ("value", "kind") and len(path) > 1 else path)


def _last_word(path: Sequence[str]) -> int:
    """Count the keys from the last that is a word; after it there are places of a list and dates."""
    words = [place for place, key in enumerate(path) if key[:1].isalpha()]
    return len(path) - words[-1] if words else len(path)


def value_labels(values: Sequence[Node]) -> list[str]:
    """Return what each value of an axis goes by in a name.

    Examples
    --------
    >>> from injurysim.scenario.composing import parse
    >>> value_labels(parse("[0.060, -2, off_work, null, {kind: none}, {value: 7, grade: study}]", "a file").items)
    ['0_06', 'minus-2', 'off_work', 'none', '5', '7']
    """
    labels = [_slug(value) or str(place) for place, value in enumerate(values, start=1)]
    if len(set(labels)) == len(labels):
        return labels
    return [str(place) for place in range(1, len(values) + 1)]


def slug(text: str) -> str:
    """Return a text as part of a name."""
    return re.sub(r"[^a-z0-9_]+", "-", text.lower().replace(".", "_")).strip("-")


def _slug(value: Node) -> str:
    known = plain(value)
    if known is None:
        return ""
    match known.value:
        case None:
            return "none"
        case Decimal() as number:
            return slug(format(number.normalize(), "f").replace("-", "minus-"))
        case int() as number:
            return slug(str(number).replace("-", "minus-"))
    return slug(known.text)


def plain(value: Node) -> ScalarNode | None:
    """Return a plain value, or the number of one that says more of itself; None for other mappings and for lists."""
    stated = value.get("value") if isinstance(value, MapNode) else value
    return stated if isinstance(stated, ScalarNode) else None


def joined(entry: str, parts: Sequence[str]) -> str:
    """Return the name of a variant of an entry."""
    return "-".join([entry, *parts])


def fitting(entry: str, names: Sequence[str]) -> list[str]:
    """Return the names of all variants of an entry, or their numbers where one is too long."""
    if all(len(name) <= LONGEST for name in names):
        return list(names)
    return [joined(entry, [str(place)]) for place in range(1, len(names) + 1)]


def said(keys: Sequence[str], value: Node, label: str, none: str) -> str:
    """Say a setting in a title, as in ``hours 8``; `none` is the word for nothing."""
    known = plain(value)
    text = flow(value) if known is None else none if known.value is None else known.text
    words = " ".join(keys).replace("_", " ")
    return f"{words} {text if len(text) <= MOST_LETTERS else label}"


def title(of: Node | None, entry: str, english: str, chinese: str, mark: Mark) -> MapNode:
    """Return the title of a variant: that of its original, or else its name, and what differs."""
    texts = {language: of.get(language) for language in ("en", "zh")} if isinstance(of, MapNode) else {}
    known = {name: text.text for name, text in texts.items() if isinstance(text, ScalarNode) and text.value}
    whole = {"en": f"{known.get('en', entry)}, {english}"}
    if "zh" in known:
        whole["zh"] = f"{known['zh']}，{chinese}"
    return MapNode(mark, {name: Entry(mark, ScalarNode(mark, text, text)) for name, text in whole.items()})
