"""The examples of the guide to writing worlds are scenarios: each passes its check over the small one."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
GUIDE = ROOT / "docs" / "scenario-worlds.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
WHOLE_FILE = ("include:", "overlays:", "worlds:")


def first_key(text: str) -> str:
    return text.split(":", 1)[0]


@pytest.mark.parametrize("text", EXAMPLES, ids=[first_key(text) for text in EXAMPLES])
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    included = [TINY]
    if text.startswith(WHOLE_FILE):
        if text.startswith("include:"):
            listed, text = text.split("\n", 1)
            included += [ROOT / "scenarios" / name for name in re.findall(r"[\w\-/]+\.yaml", listed)]
    else:
        indented = "".join(f"    {line}\n" for line in text.splitlines())
        text = f"worlds:\n  base:\n{indented}"
        if "severities:" in text:  # the designs of the small scenario know its own classes of severity
            text += "designs: {pilot: {schemes: {injury: {reporting: " + REPORTED + "}}}}\n"
    shown = ", ".join(Path(os.path.relpath(path, tmp_path)).as_posix() for path in included)
    path = tmp_path / "main.yaml"
    path.write_text(f"include: [{shown}]\n{text}", encoding="utf-8")
    try:
        read_scenario(path)
    except InputError as error:
        pytest.fail("\n".join(map(str, error.problems)))


REPORTED = "{severities: {mild: null, serious: null, light: 0.5, heavy: 0.9}}"


def test_every_part_of_a_world_has_an_example() -> None:
    shown = "\n".join(EXAMPLES)
    for part in ("regions", "platforms", "groups", "weather", "fatigue", "limits", "injuries", "recovery"):
        assert re.search(rf"^{part}:", shown, re.MULTILINE), part
