"""Every design that ships can be included and named in one line, is sourced, and says in two languages what it is."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest

from injurysim.core.errors import InputError
from injurysim.scenario import contribution, cover, enrolment, rating
from injurysim.scenario.composing import parse
from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import Loaded, load_document
from injurysim.scenario.nodes import MapNode, follow, to_plain
from injurysim.scenario.reading import read_scenario

EVIDENCE = SimpleNamespace(**run_path(str(Path(__file__).with_name("evidence.py"))))
parts_with_evidence, is_written = EVIDENCE.parts_with_evidence, EVIDENCE.is_written

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "scenarios"
FILES = sorted((FOLDER / "designs").glob("*.yaml"))


def offered(path: Path) -> list[str]:
    """Names of the overlays a file offers itself."""
    node = parse(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(node, MapNode)
    return list(to_plain(node).get("overlays", {}))


OFFERED = [(path, name) for path in FILES for name in offered(path)]
EACH = pytest.mark.parametrize(("path", "name"), OFFERED, ids=[name for _, name in OFFERED])
NAMED = pytest.mark.parametrize("name", [name for _, name in OFFERED])


def host(tmp_path: Path, files: list[Path], designs: dict[str, str], horizon: str = "") -> Path:
    """Write a scenario of the quickstart's city whose designs are based on what is offered, and nothing else."""
    included = [FOLDER / "quickstart.yaml", *files]
    shown = [Path(os.path.relpath(path, tmp_path)).as_posix() for path in included]
    gone = [name for name in read_names("designs") if name not in designs]
    lines = [
        f"include: [{', '.join(shown)}]",
        horizon,
        "worlds: {logoff-12h: null, logoff-12h-over-all: null}",
        f"baseline: {{world: no-limit, design: {next(iter(designs))}}}",
        "designs:",
        *(f"  {name}: null" for name in gone),
        *(f"  {name}: {{based_on: {based_on}}}" for name, based_on in designs.items()),
    ]
    main = tmp_path / "main.yaml"
    main.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return main


def read_names(section: str) -> list[str]:
    node = parse((FOLDER / "quickstart.yaml").read_text(encoding="utf-8"), "quickstart.yaml")
    assert isinstance(node, MapNode)
    return list(to_plain(node)[section])


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Loaded[Scenario]:
    """Load one scenario with all that is offered, each a design of its own name with ``host-`` before it."""
    designs = {f"host-{name}": name for _, name in OFFERED}
    return load_document(host(tmp_path_factory.mktemp("every"), FILES, designs), Scenario)


@pytest.fixture(scope="module")
def designs(every: Loaded[Scenario]) -> dict[str, Design]:
    """Designs by the name of their overlay."""
    return {name: every.model.designs[f"host-{name}"] for _, name in OFFERED}


def test_there_is_a_file_for_each_of_the_thirteen() -> None:
    assert [path.name[:4] for path in FILES] == [f"d{number:02}-" for number in range(13)]
    assert [name for _, name in OFFERED if name != "d3-ladder"] == [f"d{number}" for number in range(13)]


@EACH
def test_it_passes_the_check_of_a_scenario_that_includes_it(path: Path, name: str, tmp_path: Path) -> None:
    """Its usage, as the header of the file shows it, is one line."""
    main = host(tmp_path, [path], {"host": name})
    read = read_scenario(main).scenario
    assert list(read.designs) == ["host"]
    header = path.read_text(encoding="utf-8").split("include: [parts", 1)[0]
    assert f"include: [designs/{path.name}]" in header
    assert f"{{based_on: {name}}}" in header


@NAMED
def test_it_says_what_it_is_in_two_languages(name: str, designs: dict[str, Design]) -> None:
    found = designs[name]
    titles = [found.title, *(scheme.title for scheme in found.schemes.values())]
    assert all(title is not None and title.zh for title in titles)
    if found.template is not None:
        assert found.template.zh


@NAMED
def test_every_value_has_a_source_or_a_grade_and_every_assumption_says_why(
    name: str, every: Loaded[Scenario], designs: dict[str, Design]
) -> None:
    read = every
    written = [
        (place, part)
        for place, part in parts_with_evidence(designs[name], ("designs", f"host-{name}"))
        if is_written(read.node, place)
    ]
    assert len(written) > 20
    assert [at(read, place) for place, part in written if part.source is None and part.grade is None] == []
    silent = [
        at(read, place)
        for place, part in written
        if part.grade == "assumption" and not (part.note or part.source)
    ]
    assert silent == []
    unknown = {part.source for _, part in written if part.source} - set(read.model.sources)
    assert unknown == set()


@NAMED
def test_a_value_that_somebody_published_names_its_document(
    name: str, every: Loaded[Scenario], designs: dict[str, Design]
) -> None:
    read = every
    found = parts_with_evidence(designs[name], ("designs", f"host-{name}"))
    graded = [(place, part) for place, part in found if part.grade in ("official", "press", "study")]
    assert [at(read, place) for place, part in graded if part.source is None] == []


def at(read: Loaded[Scenario], place: tuple[str | int, ...]) -> str:
    mark = follow(read.node, place).mark
    return f"{mark.file}:{mark.line}: {'.'.join(map(str, place))}"


@NAMED
def test_those_with_a_labour_relation_have_work_injury_insurance_in_every_design(
    name: str, designs: dict[str, Design]
) -> None:
    """Designs differ in what the others have, and in nothing else that would blur a comparison."""
    first, other = designs["d0"], designs[name]
    assert other.basic_medical == first.basic_medical
    if name == "d10":
        assert other.schemes["work-injury"].eligible.relations is None, "everybody is insured alike"
    else:
        assert other.schemes["work-injury"] == first.schemes["work-injury"]
        for scheme_name, scheme in other.schemes.items():
            if scheme_name != "work-injury":
                assert scheme.eligible.relations == ("not_fully", "own_account")


def rate(found: Design, scheme: str = "platform-work") -> Any:
    return found.schemes[scheme].contribution


def test_the_pilots_are_what_the_notices_say(designs: dict[str, Design]) -> None:
    first, second = designs["d1"], designs["d2"]
    amounts = {industry: each.value for industry, each in rate(second).industries.items()}
    assert amounts == {
        "food-delivery": Decimal("0.07"),
        "instant-delivery": Decimal("0.07"),
        "ride-hailing": Decimal("0.01"),
        "intra-city-freight": Decimal("0.18"),
    }
    food = {industry: each.value for industry, each in rate(first).industries.items()}
    assert food["food-delivery"] == Decimal("0.06")
    for industry, amount in amounts.items():
        ratio = food[industry] / amount * amounts["food-delivery"] / food["food-delivery"]
        assert float(ratio) == pytest.approx(1, abs=0.005), "the amounts of 2022 keep the proportion of 2025"
    for found in (first, second):
        assert isinstance(found.schemes["platform-work"].cover, cover.OrderWindow)
        assert rate(found).payers() == {"platform": 1}
        assert rate(found).lag_months == 1


def test_floating_grades_are_the_template_of_ordinary_insurance(designs: dict[str, Design]) -> None:
    rule = designs["d3"].schemes["platform-work"].rating
    ladder = designs["d3-ladder"].schemes["platform-work"].rating
    assert isinstance(rule, rating.SetRating)
    assert isinstance(ladder, rating.Ladder)
    factors = [Decimal(each) for each in ("0.5", "0.8", "1.0", "1.2", "1.5")]
    assert [each.factor.value for each in rule.grades] == factors
    assert [each.factor.value for each in ladder.steps] == factors
    assert [each.from_ratio.value for each in rule.grades] == [
        Decimal(each) for each in ("0", "0.2", "0.6", "0.8", "1.2")
    ]


def test_the_daily_policy_leaves_its_service_fee_at_the_insurer(designs: dict[str, Design]) -> None:
    found = designs["d0"]
    yuan, kept = rate(found, "daily-policy").yuan.value, found.accounts["insurer"].handling_share.value
    assert yuan == 3
    assert yuan * kept == pytest.approx(Decimal("1.94"), abs=Decimal("0.001"))


@pytest.mark.parametrize(
    ("number", "kind", "payers", "joins"),
    [
        (4, contribution.ShareOfEarnings, {"worker"}, enrolment.Mandatory),
        (5, contribution.ShareOfEarnings, {"worker", "platform"}, enrolment.Mandatory),
        (6, contribution.ShareOfEarnings, {"platform"}, enrolment.Mandatory),
        (7, contribution.ShareOfTurnover, {"platform"}, enrolment.Threshold),
        (8, contribution.PerMonth, {"worker"}, enrolment.Voluntary),
        (9, contribution.ShareOfEarnings, {"platform"}, enrolment.Threshold),
        (11, contribution.PerYear, {"state"}, enrolment.Voluntary),
        (12, contribution.PerOnlineHour, {"platform"}, enrolment.Mandatory),
    ],
)
def test_the_others_have_the_unit_the_payer_and_the_enrolment_they_are_named_after(
    number: int, kind: type[Any], payers: set[str], joins: type[Any], designs: dict[str, Design]
) -> None:
    scheme = designs[f"d{number}"].schemes["platform-work"]
    assert isinstance(scheme.contribution, kind)
    assert set(scheme.contribution.payers()) == payers
    assert isinstance(scheme.enrolment, joins)


@NAMED
def test_only_a_template_has_no_price_of_its_own(name: str, designs: dict[str, Design]) -> None:
    found = designs[name]
    balanced = [
        scheme
        for scheme in found.schemes.values()
        if getattr(scheme.contribution, "breaks_even", None) is not None
    ]
    assert bool(balanced) == (found.template is not None) == (name in {"d7", "d11", "d12"})


def test_each_platform_of_d6_has_an_insurer_of_its_own(
    every: Loaded[Scenario], designs: dict[str, Design]
) -> None:
    found = designs["d6"]
    accounts = found.schemes["platform-work"].attribution.platform_accounts
    assert set(accounts) == set(every.model.worlds["no-limit"].platforms)
    assert len(set(accounts.values())) == len(accounts)
    assert {found.accounts[each].kind for each in accounts.values()} == {"insurer"}


def test_the_header_of_d6_shows_how_to_name_other_platforms(tmp_path: Path) -> None:
    """What it shows loads, and leaves one insurer for the one platform named."""
    header = FILES[6].read_text(encoding="utf-8").split("include: [parts", 1)[0]
    shown = header.split("#   designs:\n")[-1].split("# Premiums")[0]
    text = "designs:\n" + re.sub(r"^#   ", "", shown, flags=re.MULTILINE)
    main = host(tmp_path, [FILES[6]], {"host": "d6"})
    over = tmp_path / "over.yaml"
    over.write_text(f"include: [main.yaml]\n{text}", encoding="utf-8")
    found = load_document(over, Scenario).model.designs["insurers"]
    assert main.exists()
    assert set(found.accounts) == {"work-injury-fund", "platform-account", "meal-insurer"}
    assert found.schemes["platform-work"].attribution.platform_accounts == {"meal": "meal-insurer"}


def test_the_table_of_the_readme_names_every_file_and_overlay() -> None:
    text = (FOLDER / "designs" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(d[\w-]+\.yaml)` \| ([^|]+) \|", text, flags=re.MULTILINE)
    assert [(file, re.findall(r"`([\w-]+)`", overlays)) for file, overlays in rows] == [
        (path.name, offered(path)) for path in FILES
    ]
    parts = sorted((FOLDER / "designs" / "parts").glob("*.yaml"))
    assert [path.name for path in parts if f"`{path.name}`" not in text] == []


def test_the_example_of_the_readme_passes_its_check(tmp_path: Path) -> None:
    text = (FOLDER / "designs" / "README.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n")[1].split("```")[0]
    included = re.search(r"include: \[(.*)\]\n", example)
    assert included
    files = [FOLDER / each.strip() for each in included.group(1).split(",")]
    main = host(tmp_path, files, {"unused": "d0"})
    over = tmp_path / "over.yaml"
    over.write_text(example.replace(included.group(0), f"include: [{main.name}]\n"), encoding="utf-8")
    read = read_scenario(over).scenario
    assert set(read.designs) == {"unused", "status-quo", "pilot", "pilot-dear", "by-the-hour"}
    dear = read.designs["pilot-dear"].schemes["platform-work"].contribution
    assert isinstance(dear, contribution.PerOrder)
    assert dear.industries["food-delivery"].value == Decimal("0.25")
    with pytest.raises(InputError, match="instant"):
        read_scenario(
            over, overrides=["designs.pilot.schemes.platform-work.contribution.industries.instant=0.07"]
        )
