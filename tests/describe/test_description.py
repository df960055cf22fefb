"""A description as a whole: what a variant changes is said sentence by sentence; every shipped scenario is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from injurysim.describe.catalogue import LANGUAGES, Language
from injurysim.describe.description import describe
from injurysim.describe.differences import differences
from injurysim.describe.outline import Item
from injurysim.describe.telling import Teller
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import load_document

ROOT = Path(__file__).parents[2]
NOT_SCENARIOS = ("designs", "worlds", "parameters", "parts", "validation")
SHIPPED = sorted(
    path
    for path in (ROOT / "scenarios").rglob("*.yaml")
    if path.relative_to(ROOT / "scenarios").parts[0] not in NOT_SCENARIOS
)


EXPERIMENT = ROOT / "scenarios" / "experiments" / "premium-and-hours.yaml"


def said(new: list[Item], old: list[Item], language: Language = "en") -> list[str] | None:
    return differences(Teller(language, {}, {}), new, old)


SAME = [Item("Cover", "On order."), Item("Rating", "None."), Item("Layer", "Stacked.")]


def test_what_is_the_same_is_not_said() -> None:
    assert said(SAME, SAME) == []


def test_only_the_sentence_that_changed_is_said() -> None:
    old = [*SAME, Item("Pay", "It pays. At most 5 days.")]
    assert said([*SAME, Item("Pay", "It pays. At most 9 days.")], old) == [
        "Pay: At most 9 days. Instead of: At most 5 days."
    ]
    assert said([*SAME, Item("Pay", "It pays.")], old) == ["Pay: no longer: At most 5 days."]
    assert said(old, [*SAME, Item("Pay", "It pays.")]) == ["Pay: At most 5 days."]


def test_chinese_sentences_are_told_apart_too() -> None:
    old, new = [*SAME, Item("待遇", "按日支付。最长5天。")], [*SAME, Item("待遇", "按日支付。最长9天。")]
    assert said(new, old, "zh") == ["待遇：最长9天。（原为：最长5天。）"]


def test_what_came_and_went_is_said_with_its_place() -> None:
    lists = [
        Item("Benefits", "", (Item("pay", "So much."),)),
        Item("Benefits", "", (Item("grant", "More."),)),
    ]
    assert said([*SAME, lists[0]], [*SAME, lists[1]]) == [
        "Benefits › pay: So much.",
        "Benefits › grant: no longer: More.",
    ]


def test_what_is_mostly_new_is_told_whole() -> None:
    assert said([Item("Cover", "Always.")], SAME) is None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_scenario_is_told(path: Path) -> None:
    loaded = load_document(path, Scenario)
    for language in LANGUAGES:
        text = describe(loaded.model, language, loaded.based_on)
        assert text.count("\n### ") == len(loaded.model.worlds) + len(loaded.model.designs)
        schemes = sum(len(design.schemes) for design in loaded.model.designs.values())
        assert text.count("\n#### ") == schemes + len(loaded.model.designs)
        if language == "zh":
            chinese = sum("一" <= sign <= "鿿" for sign in text.split("\n## 证据", 1)[0])
            assert chinese > 500


def test_an_experiment_is_told_as_a_whole_and_variant_by_variant() -> None:
    loaded = load_document(EXPERIMENT, Scenario)
    english, chinese = (describe(loaded.model, language, loaded.based_on) for language in LANGUAGES)
    assert "\n## What is varied\n" in english
    assert "\n- World “Log-off at 12 hours over all platforms”: limits.logoff-12h.hours = 8, 10\n" in english
    assert "\n## 变动的参数\n" in chinese
    assert "\n- 世界「各平台合计满12小时强制下线」：limits.logoff-12h.hours = 8、10\n" in chinese
    variants = english.split("\n### World: Log-off at 12 hours over all platforms, hours 8\n")[1].split(
        "\n### "
    )[0]
    assert variants.startswith(
        "\nA variant of “logoff-over-all”: limits.logoff-12h.hours = 8.\n\nAs in “Log-off at 12"
    )
    assert describe(loaded.model, "en") == english, "what is varied is the entry a variant is told against"
