"""The examples of the guide to benefits are designs: each passes its check over the small scenario."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import get_args

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario.benefits import Benefit
from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
GUIDE = (ROOT / "docs" / "designs" / "benefits.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.split("\n")[1].strip(" :") for text in EXAMPLES])
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    path.write_text(
        f"include: [{Path(os.path.relpath(TINY, tmp_path)).as_posix()}]\n{text}", encoding="utf-8"
    )
    try:
        read_scenario(path)
    except InputError as error:
        pytest.fail("\n".join(map(str, error.problems)))


def test_every_kind_stands_in_the_table_with_its_class() -> None:
    for benefit in get_args(get_args(Benefit)[0]):
        (kind,) = get_args(benefit.model_fields["kind"].annotation)
        assert f"\n| `{kind}` | {benefit.pays_for} | " in GUIDE
