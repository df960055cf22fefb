"""The examples of the guide to writing designs are scenarios: each passes its check over the small one."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
GUIDE = ROOT / "docs" / "scenario-designs.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def name_of(text: str) -> str:
    return re.findall(r"^  ([\w-]+):", text, re.MULTILINE)[0]


@pytest.mark.parametrize("text", EXAMPLES, ids=name_of)
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    included = Path(os.path.relpath(TINY, tmp_path)).as_posix()
    path.write_text(f"include: [{included}]\n{text}", encoding="utf-8")
    try:
        read = read_scenario(path).scenario
    except InputError as error:
        pytest.fail("\n".join(map(str, error.problems)))
    assert name_of(text) in read.designs


def test_every_part_of_a_scheme_is_named() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for part in (
        "eligible",
        "enrolment",
        "contribution",
        "rating",
        "cover",
        "attribution",
        "reporting",
        "handling",
    ):
        assert f"`{part}`" in text
    for part in (
        "base_wage",
        "annuity",
        "benefits",
        "layer",
        "accounts",
        "template",
        "breaks_even",
        "responses",
    ):
        assert f"`{part}`" in text
