"""What an outline changes against another, sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence

from injurysim.describe.outline import Item
from injurysim.describe.telling import Teller

MOST_CHANGED = 0.5
"""Share of sentences from which on a thing is told anew rather than by its differences."""


def differences(teller: Teller, new: Sequence[Item], old: Sequence[Item]) -> list[str] | None:
    """Say what is new, instead of what, and what is gone.

    Returns
    -------
    list of str or None
        A sentence for each difference, none when they are the same; None when so much differs that it is clearer to tell
        the new one whole.
    """
    now = dict(leaf for item in new for leaf in item.leaves())
    then = dict(leaf for item in old for leaf in item.leaves())
    said = []
    for path, text in now.items():
        if path not in then:
            said.append(teller.say("now", path=_path(path), new=text))
        elif then[path] != text:
            said.append(teller.say("instead", path=_path(path), new=text, old=then[path]))
    said += [teller.say("gone", path=_path(path), old=text) for path, text in then.items() if path not in now]
    return None if len(said) > MOST_CHANGED * len(now) else said


def _path(path: tuple[str, ...]) -> str:
    return " › ".join(label for label in path if not label.startswith("#"))
