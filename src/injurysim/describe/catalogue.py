"""The wording of a language, from its files: a template for each part of the language, and single words.

A file of ``wording/LANGUAGE/`` is one room of the scenario language. A line ``== Name`` begins the template of the part
of that name; templates are those of jinja2 with ``%`` for statements on a line of their own. ``words.txt`` has a phrase a line.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def sections(language: Language) -> dict[str, str]:
    """Return the template of every part of a language, by the part's name; fragments begin with ``_``."""
    found: dict[str, str] = {}
    for file in sorted(
        files(__package__).joinpath("wording", language).iterdir(), key=lambda each: each.name
    ):
        if file.name == "words.txt" or not file.name.endswith(".txt"):
            continue
        name = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                name = line[3:].strip()
                if name in found:
                    raise ValueError(f"{language}/{file.name}: a second template '{name}'")
                found[name] = ""
            elif name and line.strip():
                found[name] += f"{line}\n"
    return {name: text.rstrip("\n") for name, text in found.items()}


@cache
def words(language: Language) -> dict[str, str]:
    """Return the single words of a language, by ``table.key``."""
    return phrases(files(__package__).joinpath("wording", language, "words.txt").read_text(encoding="utf-8"))


def phrases(text: str) -> dict[str, str]:
    """Return the phrases of a text that has one a line, as ``table.key: phrase``; ``#`` begins a comment."""
    pairs = (line.split(": ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {key.strip(): phrase.strip() for key, phrase in pairs}
