"""What an outline changes against another, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from injurysim.describe.outline import Item
from injurysim.describe.telling import Teller

_SENTENCE = re.compile(r"(?<=\.) (?=[A-Z0-9])|(?<=。)")
"""Between two sentences, English or Chinese."""

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
            said.append(_instead(teller, path, text, then[path]))
    said += [teller.say("gone", path=_path(path), old=text) for path, text in then.items() if path not in now]
    return None if len(said) > MOST_CHANGED * len(now) else said


def _instead(teller: Teller, path: tuple[str, ...], new: str, old: str) -> str:
    """Say what stands in place of what; sentences that stay are not said again."""
    news, olds = _SENTENCE.split(new), _SENTENCE.split(old)
    added = teller.manner.gap.join(each for each in news if each not in olds)
    removed = teller.manner.gap.join(each for each in olds if each not in news)
    if not removed:
        return teller.say("now", path=_path(path), new=added)
    if not added:
        return teller.say("gone", path=_path(path), old=removed)
    return teller.say("instead", path=_path(path), new=added, old=removed)


def _path(path: tuple[str, ...]) -> str:
    return " › ".join(label for label in path if not label.startswith("#"))
