"""The examples of the guide to contributions are schemes: each passes its check in the small scenario."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.contribution import Contribution
from injurysim.scenario.rating import Rating
from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
GUIDE = (ROOT / "docs" / "designs" / "contributions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=[" ".join(text.split()[:3]) for text in EXAMPLES])
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    indented = "".join(f"        {line}\n" for line in text.splitlines())
    shown = Path(os.path.relpath(TINY, tmp_path)).as_posix()
    path = tmp_path / "main.yaml"
    path.write_text(
        f"include: [{shown}]\ndesigns:\n  pilot:\n    schemes:\n      injury:\n{indented}", encoding="utf-8"
    )
    try:
        read_scenario(path)
    except InputError as error:
        pytest.fail("\n".join(map(str, error.problems)))


def test_every_kind_is_told() -> None:
    """No contribution or rating of the language is missing from the page."""
    kinds = [
        get_args(part.model_fields["kind"].annotation)[0]
        for union in (Contribution, Rating)
        for part in get_args(get_args(union)[0])
    ]
    assert len(kinds) == 16
    assert [kind for kind in kinds if f"`{kind}`" not in GUIDE] == []
