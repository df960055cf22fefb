"""Experiments: worlds and designs multiplied by overrides, in a grid or by points."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.core.errors import InputError, Problem
from injurysim.scenario.basing import SECTIONS, expand_based_on, without_overlays
from injurysim.scenario.composing import parse
from injurysim.scenario.document import Scenario
from injurysim.scenario.loading import dump_resolved, scenario_digest
from injurysim.scenario.merging import without_nulls
from injurysim.scenario.nodes import to_plain
from injurysim.scenario.overriding import apply_override
from injurysim.scenario.reading import read_scenario
from injurysim.scenario.varying import MOST_VARIANTS, with_variants

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
HOURS = "worlds.limited.limits.off.hours"
RATE = "designs.pilot.schemes.injury.contribution.industries.delivery"
STAFF = "designs.pilot.schemes.injury.handling.confirmation.staff"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes a file over the tiny scenario."""

    def over(text: str) -> Path:
        path = tmp_path / "main.yaml"
        tiny = Path(os.path.relpath(TINY, tmp_path)).as_posix()
        path.write_text(f"include: [{tiny}]\n{text}", encoding="utf-8")
        return path

    return over


def refused(path: Path, *vary: str, overrides: tuple[str, ...] = ()) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_scenario(path, overrides=overrides, vary=vary)
    return caught.value.problems


def plain(model: Any) -> Any:
    """Return a world or a design without its title and without what makes it a variant."""
    return model.model_copy(update={"title": None, "varied": None})


def grid(*axes: str) -> str:
    return "experiment:\n  grid:\n" + "".join(f"    {axis}\n" for axis in axes)


# ---------------------------------------------------------------------------------------------------------- both forms


def test_a_grid_multiplies_the_axes_of_one_entry_and_leaves_what_it_varies(write: Write) -> None:
    found = read_scenario(write(grid(f"{HOURS}: [10, 12]", f"{RATE}: [0.06, 0.08]", f"{STAFF}: [1, 2]")))
    scenario = found.scenario
    assert list(scenario.worlds) == ["base", "limited", "limited-hours-10", "limited-hours-12"]
    assert list(scenario.designs) == [
        *("pilot", "pilot-delivery-0_06-staff-1", "pilot-delivery-0_06-staff-2"),
        *("pilot-delivery-0_08-staff-1", "pilot-delivery-0_08-staff-2", "daily"),
    ]
    assert found.loaded.based_on["designs"]["pilot-delivery-0_08-staff-1"] == "pilot"
    alone = read_scenario(TINY).scenario
    assert {name: scenario.worlds[name] for name in alone.worlds} == alone.worlds
    assert {name: scenario.designs[name] for name in alone.designs} == alone.designs
    assert scenario.baseline == alone.baseline


def test_a_point_lays_its_values_together_on_every_entry_it_touches(write: Write) -> None:
    text = f"experiment:\n  points:\n    strict: {{{HOURS}: 8, {RATE}: 0.08, {STAFF}: 3}}\n    mild: {{{HOURS}: 12}}\n"
    scenario = read_scenario(write(text)).scenario
    assert list(scenario.worlds) == ["base", "limited", "limited-strict", "limited-mild"]
    assert list(scenario.designs) == ["pilot", "pilot-strict", "daily"]
    both = read_scenario(TINY, overrides=[f"{RATE}=0.08", f"{STAFF}=3"]).scenario.designs["pilot"]
    assert plain(scenario.designs["pilot-strict"]) == both


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (HOURS, "10"),
        (RATE, "{value: 0.08, grade: assumption, note: dearer}"),
        (RATE.removesuffix(".industries.delivery"), "{kind: per_day, payer: platform, yuan: 1}"),
        ("worlds.limited.fatigue.bands.1.multiplier", "3"),
        ("worlds.limited.limits.off", "null"),
        (
            "worlds.limited.limits.rest",
            "{kind: rest_after_spell, hours: 4, rest_minutes: 20, scope: platform}",
        ),
        ("designs.pilot.schemes.injury.enrolment.joins", "2022-08-01"),
        ("worlds.limited.groups.full.riders", "30"),
    ],
)
def test_a_variant_is_the_entry_under_the_override(write: Write, path: str, value: str) -> None:
    """Laid by `--set`, written by hand, in a grid, by `--vary`: one scenario up to names."""
    section, of, *keys = path.split(".")
    made = getattr(read_scenario(write(grid(f"{path}: [{value}]"))).scenario, section)
    (name,) = made.keys() - {"base", "limited", "pilot", "daily"}
    varied = getattr(read_scenario(TINY, vary=[f"{path}={value}"]).scenario, section)
    assert varied == made
    overridden = getattr(read_scenario(TINY, overrides=[f"{path}={value}"]).scenario, section)[of]
    assert plain(made[name]) == overridden != made[of]
    if not any(key.isdecimal() for key in keys):
        inside = "".join(f"{{{key}: " for key in keys) + value + "}" * len(keys)
        text = f"{section}:\n  by-hand:\n    based_on: {of}\n"
        file = write(text + "".join(f"    {line}\n" for line in [inside[1:-1]]))
        assert plain(getattr(read_scenario(file).scenario, section)["by-hand"]) == plain(made[name])


def test_the_same_scenario_by_hand_has_the_same_digest(write: Write) -> None:
    text = """worlds:
  limited-hours-10:
    based_on: limited
    title: {en: "limited, hours 10"}
    varied: {of: limited, set: {limits.off.hours: '10'}}
    limits: {off: {hours: 10}}
"""
    by_hand, made = (read_scenario(write(each)).scenario for each in (text, grid(f"{HOURS}: [10]")))
    assert by_hand == made
    assert scenario_digest(by_hand) == scenario_digest(made)


def test_titles_say_what_differs_in_both_languages(write: Write) -> None:
    text = "designs: {pilot: {title: {en: The pilot, zh: 试点}}}\n"
    scenario = read_scenario(
        write(text + grid(f"{RATE}: [0.08]", "worlds.limited.limits.off: [null]"))
    ).scenario
    title = scenario.designs["pilot-delivery-0_08"].title
    assert title is not None
    assert (title.en, title.zh) == ("The pilot, delivery 0.08", "试点，delivery 0.08")
    world = scenario.worlds["limited-off-none"].title
    assert world is not None
    assert (world.en, world.zh) == ("limited, off none", None)


def test_a_later_axis_reaches_what_an_earlier_one_brings(write: Write) -> None:
    text = grid(
        "worlds.limited.limits.rest: [{kind: rest_after_spell, hours: 4, rest_minutes: 20, scope: platform}]",
        "worlds.limited.limits.rest.rest_minutes: [20, 30]",
    )
    worlds = read_scenario(write(text)).scenario.worlds
    minutes = {name: world.limits["rest"] for name, world in worlds.items() if world.varied}
    assert list(minutes) == ["limited-rest-1-rest_minutes-20", "limited-rest-1-rest_minutes-30"]
    assert [str(rest.rest_minutes.value) for rest in minutes.values()] == ["20", "30"]  # type: ignore[union-attr]


def test_set_comes_before_and_reaches_every_variant(write: Write) -> None:
    file = write(grid(f"{RATE}: [0.08]"))
    designs = read_scenario(file, overrides=[f"{STAFF}=4"]).scenario.designs
    staff = {name: design.schemes["injury"].handling for name, design in designs.items() if name != "daily"}
    assert [each.confirmation.staff.value for each in staff.values()] == [4, 4]  # type: ignore[union-attr]
    assert read_scenario(file, overrides=["experiment=null"]).scenario == read_scenario(TINY).scenario


def test_vary_adds_axes_to_the_grid_of_the_file(write: Write) -> None:
    by_both = read_scenario(write(grid(f"{RATE}: [0.06, 0.08]")), vary=[f"{STAFF}=1,2"])
    by_file = read_scenario(write(grid(f"{RATE}: [0.06, 0.08]", f"{STAFF}: [1, 2]")))
    assert by_both.scenario == by_file.scenario
    values = "{kind: per_day, payer: platform, yuan: 1},{kind: per_month, payer: platform, yuan: 9}"
    scenario = read_scenario(TINY, vary=[f"designs.pilot.schemes.injury.contribution={values}"]).scenario
    assert list(scenario.designs) == ["pilot", "pilot-contribution-1", "pilot-contribution-2", "daily"]


def test_a_choice_keeps_exactly_what_it_names(write: Write) -> None:
    file = write(grid(f"{HOURS}: [10, 12]"))
    kept = read_scenario(file, worlds=["limited-hours-10"]).scenario
    assert list(kept.worlds) == [kept.baseline.world] == ["limited-hours-10"]
    assert list(read_scenario(file, worlds=["limited", "base"]).scenario.worlds) == ["base", "limited"]
    with pytest.raises(InputError, match="Did you mean 'limited-hours-1"):
        read_scenario(file, worlds=["limited-hours-11"])


def test_a_saved_scenario_is_whole_and_is_not_expanded_again(write: Write, tmp_path: Path) -> None:
    resolved = read_scenario(write(grid(f"{HOURS}: [10]", f"{RATE}: ['0.08', 0.07]"))).scenario
    saved = tmp_path / "scenario.yaml"
    saved.write_text(dump_resolved(resolved), encoding="utf-8")
    assert "experiment" not in saved.read_text(encoding="utf-8")
    again = read_scenario(saved).scenario
    assert again == resolved
    assert scenario_digest(again) == scenario_digest(resolved)
    further = read_scenario(saved, vary=["worlds.limited-hours-10.limits.off.hours=9"]).scenario
    assert further.worlds.keys() - resolved.worlds.keys() == {"limited-hours-10-hours-9"}
    varied = further.worlds["limited-hours-10-hours-9"].varied
    assert varied is not None
    assert (varied.of, varied.set) == ("limited-hours-10", {"limits.off.hours": "9"})


def test_what_is_based_on_a_variant_is_none(write: Write) -> None:
    text = "worlds: {third: {based_on: limited-hours-10, recovery: {kind: ends_shift}}}\n"
    world = read_scenario(write(text + grid(f"{HOURS}: [10]"))).scenario.worlds["third"]
    assert world.varied is None
    assert world.limits["off"].hours.value == 10  # type: ignore[union-attr]


def test_a_file_changes_the_experiment_that_it_includes(write: Write, tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(grid(f"{HOURS}: [10]", f"{RATE}: [0.08]"), encoding="utf-8")
    path = write(grid(f"{HOURS}: null", f"{STAFF}: [2]"))
    path.write_text(
        path.read_text(encoding="utf-8").replace("tiny.yaml]", "tiny.yaml, first.yaml]"), encoding="utf-8"
    )
    scenario = read_scenario(path).scenario
    assert list(scenario.worlds) == ["base", "limited"]
    assert list(scenario.designs) == ["pilot", "pilot-delivery-0_08-staff-2", "daily"]


# --------------------------------------------------------------------------------------------------- the law of a grid

DOCUMENT = """
overlays: {rest: {limits: {rest: {kind: rest, minutes: 20}}}}
worlds:
  base: {groups: {north: {riders: 1}, south: {based_on: north}}, bands: [{at: 0, rate: 1}, {at: 8, rate: 2}], share: 0.5}
  limited: {based_on: [base, rest], limits: {day: {hours: 8}}}
"""
KEYS = ["groups.north", "groups.north.riders", "groups.south.riders", "bands.1.rate", "bands", "limits.rest", "limits.rest.minutes", "share"]  # fmt: skip
VALUES = ["7", "null", "[{at: 0, rate: 9}, {at: 1, rate: 3}]", "{riders: 4}", "{kind: other, minutes: 3}"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.lists(st.sampled_from(VALUES), min_size=1, unique=True)), min_size=1, max_size=3, unique_by=lambda axis: axis[0]))  # fmt: skip
def test_a_variant_is_what_its_overrides_make_one_after_the_other(axes: list[tuple[str, list[str]]]) -> None:
    """For any axes: where `--set` takes every override of a combination, the variant is what it makes of an entry."""

    def whole(text: str, *overrides: str) -> Any:
        node = parse(text, "s.yaml")
        for override in overrides:
            node = apply_override(node, override)
        for section in SECTIONS:
            node = expand_based_on(node, section)[0]
        return to_plain(without_nulls(without_overlays(node)))["worlds"]

    vary = [f"worlds.limited.{path}={','.join(values)}" for path, values in axes]
    node, problems = with_variants(parse(DOCUMENT, "s.yaml"), vary)
    combinations = list(product(*(values for _, values in axes)))
    copied = DOCUMENT + "  copy: {based_on: limited}\n"
    wanted = []
    for values in combinations:
        overrides = [f"worlds.copy.{path}={value}" for (path, _), value in zip(axes, values, strict=True)]
        try:
            wanted.append(whole(copied, *overrides)["copy"])
        except InputError:
            assert problems
            return
    inside = [
        one for place, (one, _) in enumerate(axes) for other, _ in axes[:place] if other.startswith(f"{one}.")
    ]
    assert bool(problems) == bool(inside)
    if not problems:
        for section in SECTIONS:
            node = expand_based_on(node, section)[0]
        worlds = to_plain(without_nulls(without_overlays(node)))["worlds"]
        made = [world for world in worlds.values() if "varied" in world]
        assert [
            {key: item for key, item in world.items() if key not in ("title", "varied")} for world in made
        ] == wanted


# ------------------------------------------------------------------------------------------------------------ mistakes


@pytest.mark.parametrize(
    ("block", "place", "where", "what", "fix"),
    [
        ("grid:\n    horizon.months: [12, 24]", (4, 5), "grid.horizon.months", "'horizon' belongs to the run", "worlds.NAME."),
        ("grid:\n    seed: [1, 2]", (4, 5), "grid.seed", "another value is another run", "--set"),
        ("grid:\n    overlays.x.y: [1]", (4, 5), "grid.overlays.x.y", "An overlay is part of every", "worlds.NAME.KEY"),
        ("grid:\n    worlds.limited: [1]", (4, 5), "grid.worlds.limited", "names nothing inside", "worlds.NAME.KEY"),
        ("grid:\n    worlds..hours: [1]", (4, 5), "grid.worlds..hours", "names nothing inside", ""),
        ("grid:\n    worlds.limted.limits: [1]", (4, 5), "grid.worlds.limted.limits", "There is no 'limted' in worlds", "Did you mean 'limited'?"),
        ("grid:\n    worlds.limited.based_on: [base]", (4, 5), "grid.worlds.limited.based_on", "cannot be varied", "Write the worlds out"),
        ("grid:\n    worlds.limited.limts.off.hours: [1]", (4, 5), "grid.worlds.limited.limts.off.hours", "There is no 'limts' in 'worlds.limited'", "'limits'"),
        ("grid:\n    worlds.limited.fatigue.bands.7.multiplier: [1]", (4, 5), "grid.worlds.limited.fatigue.bands.7.multiplier", "has no item '7'", "0 to 1"),
        ("grid:\n    worlds.limited.limits.off.hours.x: [1]", (4, 5), "grid.worlds.limited.limits.off.hours.x", "is a plain value", "End the path there"),
        (f"grid:\n    {HOURS}: 8", (4, 5), f"grid.{HOURS}", "An axis is a list of values", f"{HOURS}: [value, value]"),
        (f"grid:\n    {HOURS}: []", (4, 5), f"grid.{HOURS}", "An axis is a list of values", ""),
        (f"grid:\n    {HOURS}: [8, 10, 8.0]", (4, 46), f"grid.{HOURS}", "stands twice on its axis", "Leave one out"),
        (f"grid:\n    {HOURS}: [8]\n    worlds.limited.limits.off: [null]", (5, 5), "grid.worlds.limited.limits.off", "would be laid over 'limits.off.hours'", "before"),
        ("grid: [1]", (3, 3), "grid", "'grid' is a mapping of entries PATH: [value, value]", ""),
        ("grid: {}", (3, 3), "grid", "'grid' is a mapping", ""),
        ("gird: {}", (3, 3), "gird", "Unknown key 'gird'", "Did you mean 'grid'?"),
        ("points: {a: 3}", (3, 12), "points.a", "A point is a mapping", "PATH: value"),
        ("points: {Strict: {" + HOURS + ": 8}}", (3, 12), "points.Strict", "'Strict' is no name of a point", "small letters"),
        ("points: {a: {worlds.limited.limits.of.hours: 8}}", (3, 16), "points.a.worlds.limited.limits.of.hours", "There is no 'of'", "'off'"),
        (f"points: {{a: {{{HOURS}: 8}}}}\n  grid: {{{RATE}: [1]}}", (3, 3), "points", "a grid or points, not both", "into points"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(
    write: Write, block: str, place: tuple[int, int], where: str, what: str, fix: str
) -> None:
    (problem,) = refused(write(f"experiment:\n  {block}\n"))
    assert Path(problem.file).name == "main.yaml"
    assert (problem.line, problem.column, problem.where) == (*place, f"experiment.{where}")
    assert what in problem.what
    assert fix in problem.fix


@pytest.mark.parametrize("experiment", ["experiment: {}", "experiment: [1]", "experiment: 3"])
def test_an_experiment_is_a_grid_or_points(write: Write, experiment: str) -> None:
    (problem,) = refused(write(f"{experiment}\n"))
    assert (problem.line, problem.column, problem.where) == (2, 1, "experiment")
    assert "a grid or a list of points" in problem.what


def test_a_wrong_value_is_told_at_the_value_and_once_however_often_it_is_used(write: Write) -> None:
    (problem,) = refused(write(grid(f"{STAFF}: [1, 2, 3]", f"{RATE}: [0.06, dear]")))
    assert (problem.line, problem.column) == (5, 75)
    assert problem.where == "designs.pilot-staff-1-delivery-dear." + RATE.split(".", 2)[2]
    (problem,) = refused(TINY, f"{STAFF}=1,2,3", f"{RATE}=0.06,dear")
    assert problem.file == f"--vary {RATE}"
    (problem,) = refused(write(grid("worlds.limited.groups.full.region: [nowhere]")))
    assert (problem.line, problem.column, problem.where) == (
        4,
        41,
        "worlds.limited-region-nowhere.groups.full.region",
    )


def test_a_fault_of_what_is_varied_is_told_once(write: Write) -> None:
    text = "worlds: {limited: {limits: {off: {scope: everywhere}}}}\n"
    (problem,) = refused(write(text + grid(f"{HOURS}: [10, 12]")))
    assert problem.where == "worlds.limited.limits.off.scope"


@pytest.mark.parametrize(
    ("vary", "file", "what", "fix"),
    [
        (HOURS, "--vary", "is not PATH=V1,V2,...", "Write"),
        ("=8", "--vary", "is not PATH=V1,V2,...", "Write"),
        (f"{HOURS}=", f"--vary {HOURS}", "An axis is a list of values", f"{HOURS}=VALUE,VALUE"),
        (f"{HOURS}=8]", f"--vary {HOURS}", "", "in quotes"),
        (f"{HOURS}=*a", f"--vary {HOURS}", "alias", "in quotes"),
        (f"{HOURS}=8,8", f"--vary {HOURS}", "stands twice", ""),
        ("horizon.months=12,24", "--vary horizon.months", "another run", "--set"),
        (
            "worlds.limited.limts.off.hours=8",
            "--vary worlds.limited.limts.off.hours",
            "There is no 'limts'",
            "",
        ),
        (f"{RATE}=0.1", f"--vary {RATE}", "is varied already", "one list"),
    ],
)
def test_a_mistake_of_vary_is_told_with_its_path(
    write: Write, vary: str, file: str, what: str, fix: str
) -> None:
    (problem,) = refused(write(grid(f"{RATE}: [0.08]")), vary)
    assert problem.file == file
    assert what in problem.what
    assert fix in problem.fix


def test_vary_is_refused_beside_points(write: Write) -> None:
    (problem,) = refused(write(f"experiment:\n  points: {{a: {{{HOURS}: 8}}}}\n"), f"{RATE}=0.1")
    assert problem.file == f"--vary {RATE}"
    assert "--set experiment=null" in problem.fix


def test_a_name_that_is_taken_or_too_long_is_refused(write: Write) -> None:
    (problem,) = refused(write("worlds: {limited-hours-10: {based_on: base}}\n" + grid(f"{HOURS}: [10]")))
    assert (problem.line, problem.where) == (5, f"experiment.grid.{HOURS}")
    assert "'limited-hours-10', and there is one of that name already" in problem.what
    (problem,) = refused(write("overlays: {limited-hours-10: {}}\n" + grid(f"{HOURS}: [10]")))
    assert "of that name already" in problem.what
    point = "p" * 45
    (problem,) = refused(write(f"experiment:\n  points: {{{point}: {{{HOURS}: 8}}}}\n"))
    assert "longer than 48 letters" in problem.what
    titled = "designs: {pilot: {title: {en: The pilot}}}\n"
    long = write(titled + grid(f"designs.pilot.title.en: [short, {'long' * 12}]"))
    assert list(read_scenario(long).scenario.designs) == ["pilot", "pilot-1", "pilot-2", "daily"]


def test_too_many_variants_are_refused(write: Write) -> None:
    """As many as may be pass; one more is refused before anything is made of it."""
    riders = ",".join(map(str, range(1, 41)))
    hours = ",".join(map(str, range(1, 26)))
    axes = [f"worlds.limited.groups.full.riders={riders}", f"{HOURS}={hours}"]
    node, problems = with_variants(parse(TINY.read_text(encoding="utf-8"), "tiny.yaml"), axes)
    assert problems == []
    assert len(to_plain(node)["worlds"]) == MOST_VARIANTS + 2
    (problem,) = refused(TINY, *axes, f"{RATE}=0.1")
    assert problem.what == "The experiment has 1,001 variants; 1,000 is the most."


def test_a_document_without_an_experiment_is_left_as_it_is() -> None:
    node = parse(TINY.read_text(encoding="utf-8"), "tiny.yaml")
    assert with_variants(node) == (node, [])
    assert "experiment" not in Scenario.model_fields
