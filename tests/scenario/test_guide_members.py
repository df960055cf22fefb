"""The examples of the guide to members and cover are schemes: each passes its check in the small scenario."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from injurysim.scenario.reading import read_scenario

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "designs" / "members.md"
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", EXAMPLES, ids=[text.split(":", 1)[0] for text in EXAMPLES])
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    body = "".join(f"          {line}\n" for line in text.splitlines())
    file, tiny = tmp_path / "example.yaml", Path(os.path.relpath(TINY, tmp_path)).as_posix()
    file.write_text(
        f"include: [{tiny}]\ndesigns:\n  pilot:\n    schemes:\n        injury:\n{body}",
        encoding="utf-8",
    )
    assert read_scenario(file)


def test_every_kind_and_key_is_told() -> None:
    """Nothing that a scheme may say of its members and cover is left out of the guide."""
    from injurysim.scenario import choice, cover, enrolment

    guide = GUIDE.read_text(encoding="utf-8")
    told = [enrolment.Eligible, enrolment.Register, enrolment.UncertainDate, cover.OrderPlusMinutes]
    told += [enrolment.Mandatory, enrolment.Default, enrolment.Voluntary, enrolment.MainPlatform]
    told += [enrolment.Threshold, enrolment.Condition, choice.LogitChoice]
    for part in told:
        for key in part.model_fields:
            assert re.search(rf"\b{key}\b", guide), (part.__name__, key)
    for kind in (*enrolment.Enrolment.__args__[0].__args__, *choice.Choice.__args__[0].__args__, *cover.Cover.__args__[0].__args__):  # fmt: skip
        (name,) = kind.model_fields["kind"].annotation.__args__
        assert f"`{name}`" in guide
