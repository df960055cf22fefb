"""The rules of the house: who may import whom, how long a file may be, what no file may name."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import injurysim
from injurysim.core.randomness import STREAMS_VERSION, Purpose
from injurysim.core.schemas import TABLES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "injurysim"
MODULES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    *("core", "scenario", "describe", "world", "books", "replication", "results", "experiments"),
    *("analysis", "report", "audit", "api", "cli", "__main__"),
)
"""From left to right: a room imports only itself and rooms to its left."""

EVENT_BY_EVENT = re.compile(
    r"books/(claims/\w+|offices|book|scheme)\.py|replication\.py|world/reference\w*\.py"
)
"""Files that may import SimPy."""

MOST_LINES = 420
LONGER: dict[str, str] = {}
"""File of the package -> why it may be longer."""

REGISTRIES = re.compile(r"(?:pypi|python|pythonhosted|anaconda|npmjs)[.](?:org|com)")
MACHINE_PATH = re.compile(
    r"(?<![\w.~/\-])/(?:home|root|Users|work|opt|srv|tmp|var)/(?!someone\b)\w|\b[A-Z]:\\\\?Users\\\\?(?!someone\b)\w"
)
"""A place on somebody's machine; ``someone`` is nobody."""


def name_of(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    parts = list(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in MODULES}


def room_of(name: str) -> str | None:
    """Return the room of a module; None for the package itself."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else None


@cache
def tree_of(name: str) -> ast.Module:
    return ast.parse(NAMES[name].read_text(encoding="utf-8"))


def imported_by(name: str) -> Iterator[str]:
    """Yield every module that a module imports anywhere in it: at the top, in a function, for type checking."""
    for node in ast.walk(tree_of(name)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            module = node.module or ""
            for each in node.names:
                inner = f"{module}.{each.name}"
                yield inner if inner in NAMES else module


def test_every_module_has_a_room() -> None:
    rooms = {room_of(name) for name in NAMES} - {None}
    assert rooms <= set(ROOMS)


@pytest.mark.parametrize("name", [name for name in NAMES if room_of(name)])
def test_imports_go_one_way(name: str) -> None:
    own = ROOMS.index(str(room_of(name)))
    for other in imported_by(name):
        room = room_of(other) if other in NAMES else None
        assert room is None or ROOMS.index(room) <= own, f"{name} imports {other}, which is to its right"


def test_there_is_no_circle() -> None:
    # The package's own __init__ is left out: it hands the public face on when it is first asked for.
    graph = {
        name: [other for other in sorted(set(imported_by(name))) if other in NAMES and other != "injurysim"]
        for name in NAMES
        if name != "injurysim"
    }
    done: set[str] = set()

    def visit(name: str, chain: tuple[str, ...]) -> None:
        assert name not in chain, f"a circle: {' -> '.join([*chain[chain.index(name) :], name])}"
        if name not in done:
            for other in graph[name]:
                visit(other, (*chain, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_only_what_runs_event_by_event_imports_simpy() -> None:
    users = {
        NAMES[name].relative_to(PACKAGE).as_posix()
        for name in NAMES
        if any(other.split(".")[0] == "simpy" for other in imported_by(name))
    }
    assert users
    assert [path for path in sorted(users) if not EVENT_BY_EVENT.fullmatch(path)] == []


def test_files_are_one_idea_each() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES and name not in LONGER} == {}
    assert {name for name in LONGER if lengths.get(name, 0) <= MOST_LINES} == set(), (
        "no reason is needed any more"
    )


def test_rooms_hold_one_line_about_themselves() -> None:
    for path in PACKAGE.glob("*/__init__.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        assert len(tree.body) == 1, f"{path.parent.name}/__init__.py holds more than its docstring"


@pytest.mark.parametrize("name", NAMES)
def test_what_a_module_exports_is_there(name: str) -> None:
    for node in tree_of(name).body:
        if isinstance(node, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets
        ):
            module = importlib.import_module(name)
            assert [each for each in ast.literal_eval(node.value) if not hasattr(module, each)] == []


def kept_files() -> list[Path]:
    """Return the files of the repository: tracked, or new and not ignored."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone, or no git")
    listed = subprocess.run(  # noqa: S603
        [git, "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        capture_output=True,
        check=True,
        cwd=ROOT,
        encoding="utf-8",
    ).stdout
    return [path for path in (ROOT / name for name in listed.split("\0") if name) if path.is_file()]


def test_no_file_names_a_registry_or_a_place_on_a_machine() -> None:
    found = []
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, a picture
        for number, line in enumerate(text.splitlines(), start=1):
            if REGISTRIES.search(line) or MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


def test_the_repository_pins_no_interpreter_and_no_registry() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in kept_files()}
    assert not names & {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", ".python-version"}


def test_the_lock_holds_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [Requirement(each) for each in project["dependencies"] + project["optional-dependencies"]["test"]]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    pinned: dict[str, list[str]] = {}
    for line in lock.splitlines():
        if line and not line.startswith("#"):
            assert "--hash=sha256:" in line, f"no hash: {line[:60]}"
            each = Requirement(line.split("--hash")[0].strip())
            (pin,) = each.specifier
            assert pin.operator == "=="
            pinned.setdefault(canonicalize_name(each.name), []).append(pin.version)
    for each in asked:
        versions = pinned.get(canonicalize_name(each.name), [])
        assert versions, f"{each.name} is not in requirements.lock"
        assert all(each.specifier.contains(version) for version in versions), (
            f"{each} is locked at {versions}"
        )


def test_the_documents_name_every_table_and_every_purpose() -> None:
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        assert f"\n| `{table.name}` | {table.of} | {table.basis} | " in results
    randomness = (ROOT / "docs" / "randomness.md").read_text(encoding="utf-8")
    for purpose in Purpose:
        assert f"\n| {purpose.value} | `{purpose.name}` | " in randomness
    assert f"`streams_version` ({STREAMS_VERSION})" in randomness


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs", "results/README.md", "CHANGELOG.md"])
def test_links_between_documents_lead_somewhere(page: str) -> None:
    for path in sorted((ROOT / page).rglob("*.md")) if (ROOT / page).is_dir() else [ROOT / page]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


def test_one_version_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert project["version"] == injurysim.__version__
    assert f"\nversion: {injurysim.__version__}\n" in citation
    assert f"\n## [{injurysim.__version__}]" in changelog
