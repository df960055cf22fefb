"""A file and the files it includes, merged into one tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

from injurysim.core.errors import Problem
from injurysim.scenario.composing import compose, decode
from injurysim.scenario.merging import overlay
from injurysim.scenario.nodes import MAX_BYTES, MAX_DEPTH, ListNode, MapNode, Mark, Node, ScalarNode


@dataclass
class Reader:
    """Reads a file and what it includes; each file once.

    Attributes
    ----------
    problems : list of Problem
        Every problem met, of all files.
    files : list of Path
        Every file read, in the order of reading.
    """

    problems: list[Problem] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    _known: dict[Path, Node | None] = field(default_factory=dict)

    def read(self, path: Path, name: str, asking: tuple[Path, ...] = ()) -> Node | None:
        """Read a file and lay it over what it includes, the later files over the earlier ones.

        Parameters
        ----------
        path : Path
            The file.
        name : str
            What problems call it.
        asking : tuple of Path
            Files that are being read and led here, resolved.

        Returns
        -------
        Node or None
            The merged tree with its nulls still in it; None when the file itself cannot be read.
        """
        real = path.resolve()
        if real not in self._known:
            self._known[real] = self._read_new(path, name, (*asking, real))
        return self._known[real]

    def _read_new(self, path: Path, name: str, chain: tuple[Path, ...]) -> Node | None:
        text = self._text(path, name)
        if text is None:
            return None
        self.files.append(path)
        node, problems = compose(text, name)
        self.problems.extend(problems)
        if node is None:
            return None
        if not isinstance(node, MapNode):
            what = "The file must be a mapping of keys."
            self.problems.append(node.mark.problem((), what, "Write 'key: value' lines."))
            return None
        merged: Node = MapNode(node.mark, {})
        for place, mark, target in self._includes(node):
            what, fix = _refusal(path, target, chain)
            if what:
                self.problems.append(mark.problem(("include", place), what, fix))
                continue
            below = self.read(path.parent / target, os.path.normpath(Path(name).parent / target), chain)
            merged = merged if below is None else overlay(merged, below)
        own = {key: entry for key, entry in node.entries.items() if key != "include"}
        return overlay(merged, MapNode(node.mark, own))

    def _text(self, path: Path, name: str) -> str | None:
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_BYTES + 1)
        except OSError as error:
            reason = (
                "There is no such file"
                if isinstance(error, FileNotFoundError)
                else error.strerror or str(error)
            )
            self.problems.append(Problem(name, 0, 0, "", f"{reason}.", ""))
            return None
        text, problems = decode(data, name)
        self.problems.extend(problems)
        return text

    def _includes(self, node: MapNode) -> Iterator[tuple[int, Mark, str]]:
        """Yield the place, mark and text of each file named under `include`."""
        entry = node.entries.get("include")
        listed = entry.node if entry else None
        if entry is None or (isinstance(listed, ScalarNode) and listed.value is None):
            return
        if not isinstance(listed, ListNode):
            what, fix = "'include' is a list of files.", "Write include: [file.yaml]."
            self.problems.append(entry.mark.problem(("include",), what, fix))
            return
        for place, item in enumerate(listed.items):
            if isinstance(item, ScalarNode) and isinstance(item.value, str) and item.value:
                yield place, item.mark, item.value
            else:
                self.problems.append(item.mark.problem(("include", place), "This is not the name of a file."))


def _refusal(path: Path, target: str, chain: tuple[Path, ...]) -> tuple[str, str]:
    """Say why a file may not be included, and what to do; two empty texts when it may."""
    real = path if "\0" in target else path.parent / target
    absolute = target.startswith("~") or Path(target).is_absolute() or bool(PureWindowsPath(target).anchor)
    what = fix = ""
    if "://" in target:
        what, fix = f"'{target}' is an address.", "Name a file relative to this one."
    elif absolute:
        what, fix = f"'{target}' is not a relative path.", "Name a file relative to this one."
    elif "\\" in target or "\0" in target:
        what, fix = f"'{target}' is not a path every system can read.", "Use '/' between folders."
    elif real.resolve() in chain:
        circle = " -> ".join(file.name for file in (*chain[chain.index(real.resolve()) :], real))
        what = f"'include' goes round in a circle: {circle}."
    elif len(chain) > MAX_DEPTH:
        what = f"Files include one another more than {MAX_DEPTH} deep."
    elif not real.is_file():
        what, fix = f"There is no file '{target}' here.", "Paths are relative to the file that includes."
    return what, fix
