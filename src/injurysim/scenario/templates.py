"""Scenarios to start from: the shipped files by their names, and a copy of one with all it includes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from injurysim.core.errors import InputError
from injurysim.scenario.merging import suggestion

PACKAGE = Path(__file__).parents[1]
NAME = re.compile(r"[a-z][a-z0-9_\-]*")
_INCLUDE = re.compile(r"^include:[ \t]*(\[[^\]]*\]|(?:\n[ \t]*-[^\n]*)+)", re.MULTILINE)
_FILE = re.compile(r"[\w./\-]+\.yaml")
_BLOCK = re.compile(r"title:\s*\n\s+en: (?P<en>[^\n]+)(?:\n\s+zh: (?P<zh>[^\n]+))?")
_FLOW = re.compile(r'title:\s*\{\s*en: (?P<en>"[^"]*"|[^,}]+)(?:,\s*zh: (?P<zh>"[^"]*"|[^,}]+))?')


def folder() -> Path:
    """Return the folder of the shipped scenarios: inside an installed package, or the clone's own."""
    installed = PACKAGE / "templates"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "scenarios"


@dataclass(frozen=True)
class Template:
    """A shipped file to start from.

    Attributes
    ----------
    name : str
        Its file name without the ending.
    path : Path
        Where it is.
    is_design : bool
        Whether it offers a design for scenarios to include, rather than being a scenario.
    """

    name: str
    path: Path
    is_design: bool

    def titles(self) -> tuple[str, str | None]:
        """Return its title in English, and in Chinese where it has one."""
        text = self.path.read_text(encoding="utf-8")
        found = min(
            filter(None, (_BLOCK.search(text), _FLOW.search(text))),
            key=lambda each: each.start(),
            default=None,
        )
        if found is None:
            return self.name, None
        english, chinese = (each.strip(' "') if each else None for each in (found["en"], found["zh"]))
        return english or self.name, chinese


def templates() -> dict[str, Template]:
    """Return every file to start from, by name: scenarios first, then designs."""
    root = folder()
    found: dict[str, Template] = {}
    for path in sorted(root.glob("*.yaml")):
        found[path.stem] = Template(path.stem, path, is_design=False)
    for path in sorted((root / "designs").glob("*.yaml")):
        found[path.stem] = Template(path.stem, path, is_design=True)
    return found


def template_of(name: str) -> Template:
    """Return a shipped file by its name.

    Raises
    ------
    InputError
        There is none of that name.
    """
    known = templates()
    if name not in known:
        raise InputError.of(
            f"there is no template '{name}'.", suggestion(name, known, "Known templates"), where="--from"
        )
    return known[name]


def start(name: str, template: str, into: Path) -> list[Path]:
    """Write a scenario to start from, and what it includes into a folder beside it.

    Parameters
    ----------
    name : str
        Name of the scenario: it is written to ``NAME.yaml``, and what it includes to ``NAME-parts/``.
    template : str
        Name of the template.
    into : Path
        Folder to write to.

    Returns
    -------
    list of Path
        The files written, the scenario first.

    Raises
    ------
    InputError
        The name is none for a scenario, there is no such template, or a file is there already.
    """
    if not NAME.fullmatch(name):
        raise InputError.of(
            f"'{name}' does not have the form of a name.",
            "Use small letters, digits, '_' and '-', starting with a letter.",
            where="NAME",
        )
    chosen = template_of(template)
    files = dict(_with_included(chosen.path))
    folder_of_parts = f"{name}-parts"
    written: dict[Path, str] = {}
    for path, text in files.items():
        if path == chosen.path:
            written[into / f"{name}.yaml"] = _as_named(
                _included_from(text, path, folder_of_parts), name, chosen.is_design
            )
        else:
            written[into / folder_of_parts / path.relative_to(folder())] = text
    there = [path for path in written if path.exists()]
    if there:
        raise InputError.of(
            f"{there[0]} exists already; nothing was written.", "Choose another name.", where="NAME"
        )
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(written)


def _with_included(path: Path, seen: frozenset[Path] = frozenset()) -> Iterator[tuple[Path, str]]:
    """Yield a file and everything it includes, each with its text."""
    text = path.read_text(encoding="utf-8")
    yield path, text
    for name in _included(text):
        other = Path(os.path.normpath(path.parent / name))
        if other not in seen:
            yield from _with_included(other, seen | {path})


def _included(text: str) -> list[str]:
    found = _INCLUDE.search(text)
    return _FILE.findall(found.group(1)) if found else []


def _included_from(text: str, path: Path, parts: str) -> str:
    """Let a copied file include from the folder of its parts what it includes from beside itself."""

    def moved(name: re.Match[str]) -> str:
        other = Path(os.path.normpath(path.parent / name.group()))
        return f"{parts}/{other.relative_to(folder()).as_posix()}"

    found = _INCLUDE.search(text)
    if found is None:
        return text
    return text[: found.start(1)] + _FILE.sub(moved, found.group(1)) + text[found.end(1) :]


def _as_named(text: str, name: str, is_design: bool) -> str:
    """Give a scenario its name; and its editor line, which named a place in the clone, a place beside it."""
    text = re.sub(
        r"^(# yaml-language-server: \$schema=)\S+$",
        r"\1scenario.schema.json",
        text,
        count=1,
        flags=re.MULTILINE,
    )
    return text if is_design else re.sub(r"^name:.*$", f"name: {name}", text, count=1, flags=re.MULTILINE)
