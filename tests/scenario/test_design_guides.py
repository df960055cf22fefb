"""The pages on writing designs: every example passes its check over the small scenario, and no kind or key is left out."""

from __future__ import annotations

import os
import re
from pathlib import Path
from textwrap import indent
from typing import Any, get_args

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario import attribution, choice, cover, enrolment, fund
from injurysim.scenario.benefits import Benefit
from injurysim.scenario.contribution import Contribution
from injurysim.scenario.handling import Handling
from injurysim.scenario.rating import Rating
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.reporting import Report

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "cli" / "tiny.yaml"
PAGES = {
    name: (ROOT / "docs" / name).read_text(encoding="utf-8")
    for name in (
        *("scenario-designs.md", "designs/members.md", "designs/contributions.md"),
        *("designs/claims.md", "designs/benefits.md", "designs/funds.md"),
    )
}
EXAMPLES = [
    pytest.param(text, id=f"{name}: {' '.join(text.split()[:3])}")
    for name, page in PAGES.items()
    for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
]
INSURERS = "designs: {pilot: {accounts: {insurer-a: {kind: insurer}, insurer-b: {kind: insurer}}}}\n"
"""Accounts of platforms that an example names and the small scenario has not."""


def kinds(union: Any) -> dict[str, Any]:
    """Return the kinds of a union of the language by their names."""
    return {get_args(part.model_fields["kind"].annotation)[0]: part for part in get_args(get_args(union)[0])}


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_passes_its_check(text: str, tmp_path: Path) -> None:
    """It is part of a whole file, or of the scheme that the small scenario calls ``injury``."""
    included = [Path(os.path.relpath(TINY, tmp_path)).as_posix()]
    if not text.startswith("designs:"):
        text = f"designs:\n  pilot:\n    schemes:\n      injury:\n{indent(text, ' ' * 8)}"
    if "insurer-a" in text:
        (tmp_path / "insurers.yaml").write_text(INSURERS, encoding="utf-8")
        included.append("insurers.yaml")
    path = tmp_path / "main.yaml"
    path.write_text(f"include: [{', '.join(included)}]\n{text}", encoding="utf-8")
    try:
        read_scenario(path)
    except InputError as error:
        pytest.fail("\n".join(map(str, error.problems)))


@pytest.mark.parametrize(
    ("page", "unions"),
    [
        ("designs/members.md", (enrolment.Enrolment, choice.Choice, cover.Cover)),
        ("designs/contributions.md", (Contribution, Rating)),
        ("designs/claims.md", (Report, Handling)),
        ("designs/benefits.md", (Benefit,)),
        ("designs/funds.md", (fund.Deficit,)),
    ],
)
def test_every_kind_is_told(page: str, unions: tuple[Any, ...]) -> None:
    named = [kind for union in unions for kind in kinds(union)]
    assert len(named) > 2
    assert [kind for kind in named if not re.search(rf"\b{kind}\b", PAGES[page])] == []


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        (
            "designs/members.md",
            (
                *(enrolment.Eligible, enrolment.Register, enrolment.UncertainDate, enrolment.Condition),
                *kinds(enrolment.Enrolment).values(),
                *(choice.LogitChoice, cover.OrderPlusMinutes),
            ),
        ),
        ("designs/claims.md", (*kinds(Report).values(), *kinds(Handling).values())),
        ("designs/funds.md", (fund.Account, attribution.Attribution, attribution.Whose)),
    ],
)
def test_every_key_is_told(page: str, parts: tuple[Any, ...]) -> None:
    words = set(re.findall(r"\w+", PAGES[page]))
    assert {(part.__name__, key) for part in parts for key in part.model_fields if key not in words} == set()


def test_every_benefit_stands_in_the_table_with_what_it_pays_for() -> None:
    for kind, benefit in kinds(Benefit).items():
        assert f"\n| `{kind}` | {benefit.pays_for} | " in PAGES["designs/benefits.md"]


@pytest.mark.parametrize(
    "part",
    [
        *("eligible", "enrolment", "contribution", "rating", "cover", "attribution", "reporting", "handling"),
        *("base_wage", "annuity", "benefits", "layer", "accounts", "template", "breaks_even", "responses"),
    ],
)
def test_the_introduction_names_every_part_of_a_design(part: str) -> None:
    assert f"`{part}`" in PAGES["scenario-designs.md"]
