"""What a scenario asks of the results, checked against the metrics there are: each target's metric, label and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from injurysim.core.errors import InputError, Problem
from injurysim.results.metric import Metric
from injurysim.results.metrics import METRICS
from injurysim.results.places import Place, baselines_of
from injurysim.results.reading import own_accounts
from injurysim.results.wording import is_per_cent
from injurysim.scenario.check_precision import target_faults
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.loading import Loaded, problem_at
from injurysim.scenario.precision import LEAST, MOST, OPTION, Precision, Target, target_of
from injurysim.scenario.stages import base_of, baseline_of, stages
from injurysim.scenario.variants import origins_of

ALL_METRICS = "All of them are in docs/metrics.md."


def asked_problems(loaded: Loaded[Scenario]) -> list[Problem]:
    """Return what is wrong with the metrics that a scenario file names, located.

    Parameters
    ----------
    loaded : Loaded
        A document that passed every other check.
    """
    scenario = loaded.model
    targets = scenario.precision.targets if scenario.precision else ()
    return [
        problem_at(loaded.node, ("precision", "targets", place, *path), what, fix)
        for place, target in enumerate(targets)
        for path, what, fix in metric_faults(target, scenario)
    ]


def with_precision(
    scenario: Scenario, texts: Sequence[str] = (), budget: int | None = None, least: int | None = None
) -> Scenario:
    """Return the scenario with the precision of the command line in place of its own.

    Parameters
    ----------
    scenario : Scenario
        As read, with the worlds and designs to be run.
    texts : sequence of str
        Targets as :func:`injurysim.scenario.precision.target_of` reads them, in place of the scenario's.
    budget, least : int, optional
        Replications at most and at least, in place of the scenario's.

    Returns
    -------
    Scenario
        Without targets, here or in the scenario, as it was.

    Raises
    ------
    InputError
        A text that is no target, a name that does not exist, targets without a budget or a budget without targets.
    """
    stated = scenario.precision
    if budget is not None and not texts and stated is None:
        what = "a budget is for a stated precision, and none is stated."
        raise InputError.of(what, f"Add {OPTION} METRIC=HALF_WIDTH, or give --replications.", file="--budget")
    if not texts and stated is None:
        return scenario
    targets = tuple(target_of(text) for text in texts) or (stated.targets if stated else ())
    at_most = budget if budget is not None else stated.at_most if stated else None
    if at_most is None:
        raise InputError.of(
            "a precision needs a budget.", "Give the replications at most by --budget N.", file=OPTION
        )
    names = [target.name for target in targets]
    problems = [
        Problem(OPTION, 0, 0, "", f"there are two targets for '{name}'.", "Remove one of them.")
        for place, name in enumerate(names)
        if name in names[:place]
    ]
    for text, target in zip(texts, targets, strict=False):
        faults = [*target_faults(target, scenario), *metric_faults(target, scenario)]
        problems += [Problem(OPTION, 0, 0, "", f"{text}: {what}", fix) for _, what, fix in faults]
    at_least = least if least is not None else stated.at_least if stated else LEAST
    if at_least < 2:
        what = f"a precision takes 2 replications or more, not {at_least}."
        problems.append(Problem("--replications", 0, 0, "", what, "Give more, or leave it out."))
    if at_most > MOST:
        what = f"{at_most:,} replications are too many; {MOST:,} is the most."
        problems.append(Problem("--budget", 0, 0, "", what, "Give fewer."))
    if at_most < at_least:
        what = f"{at_most} is fewer than the {at_least} replications there are at least."
        problems.append(
            Problem("--budget", 0, 0, "", what, "Give more, or fewer at least by --replications.")
        )
    if problems:
        raise InputError(problems)
    update: dict[str, object] = {"precision": Precision(at_least=at_least, at_most=at_most, targets=targets)}
    return scenario.model_copy(update=update | ({"replications": least} if least is not None else {}))


def metric_faults(target: Target, scenario: Scenario) -> Iterator[Fault]:
    """Find what a target asks of a metric that cannot be had; paths are of the target."""
    stem, bracket, label = target.metric.partition("[")
    plain = METRICS.get(stem)
    by_kind = {
        name[len(stem) + 1 : -1]: each for name, each in METRICS.items() if name.startswith(f"{stem}[")
    }
    labels = _labels(by_kind, target, scenario)
    known = f"Labels: {', '.join(labels) or 'none'}."
    if plain is None and not by_kind:
        yield _unknown(target.metric, stem)
    elif bracket and not by_kind:
        yield ("metric",), f"metric '{stem}' has no labels.", f"Write {stem}."
    elif bracket and label[:-1] not in labels:
        yield ("metric",), f"metric '{stem}' has no label '{label[:-1]}'.", known
    elif bracket or plain is not None:
        metric = next(iter(by_kind.values())) if plain is None or bracket else plain
        yield from _faults_of(metric, target, scenario)
    else:
        yield ("metric",), f"metric '{stem}' needs a label.", f"Write {stem}[LABEL]. {known}"


def _faults_of(metric: Metric, target: Target, scenario: Scenario) -> Iterator[Fault]:
    """Find what a target cannot ask of a metric that there is."""
    if metric.full_scale and scenario.scale.value != 1:
        what = f"metric '{metric.name}' has no value at scale {scenario.scale.value}: it has a meaning only in full size."
        yield ("metric",), what, "Choose another, or run at scale 1."
    if metric.of == "world" and target.design is not None:
        what = f"metric '{metric.name}' is of a world, whatever its designs."
        yield ("design",), what, "Leave `design` out."
    if is_per_cent(metric.unit) and target.half_width >= 1:
        what = f"{target.half_width} is no half-width of a {metric.unit}: it is a part of one."
        yield ("half_width",), what, "Write 0.02 for two percentage points."
    if target.of == "difference" and not _compared(metric, target, scenario):
        baseline = scenario.baseline
        what = f"nothing it bears on is compared with design '{baseline.design}' or world '{baseline.world}'."
        yield ("of",), what, "Leave the baseline's own `world` or `design` out, or ask for the estimate."


def _unknown(name: str, stem: str) -> Fault:
    """Say that there is no such metric, and which have names near it."""
    stems = list(dict.fromkeys(known.split("[")[0] for known in METRICS))
    words = [known for known in stems if any(len(word) > 3 and word in known for word in stem.split("_"))]
    near = list(dict.fromkeys([*get_close_matches(stem, stems, n=3, cutoff=0.6), *words]))[:6]
    hint = f"Near it: {', '.join(near)}. " if near else ""
    return ("metric",), f"there is no metric '{name}'.", f"{hint}{ALL_METRICS}"


def _labels(kinds: dict[str, Metric], target: Target, scenario: Scenario) -> list[str]:
    """Name the labels that a metric may have in a scenario, in the designs or worlds that a target bears on."""
    designs = {
        name: design
        for name, design in scenario.designs.items()
        if target.design is None or name == target.design
    }
    worlds = [
        world for name, world in scenario.worlds.items() if target.world is None or name == target.world
    ]
    first, months = scenario.horizon.start, scenario.horizon.months
    found: dict[str, list[str]] = {
        "year": [
            str(year) for year in range(first.year, first.year + (first.month - 1 + months - 1) // 12 + 1)
        ],
        "scheme": [scheme for design in designs.values() for scheme in design.schemes],
        "account": [
            account
            for name, own in own_accounts(scenario).items()
            if name in designs
            for account in sorted(own)
        ],
        "industry": [platform.industry for world in worlds for platform in world.platforms.values()],
    }
    return list(dict.fromkeys(label for kind in kinds for label in found[kind]))


def _compared(metric: Metric, target: Target, scenario: Scenario) -> bool:
    """Say whether any place a target bears on is compared with another."""
    run = stages(scenario)
    places: set[Place] = (
        {(world, None) for world in run}
        if metric.of == "world"
        else {(world, design) for world, designs in run.items() for design in designs}
    )
    baseline = baseline_of(scenario)
    return any(
        baselines_of(place, places, baseline.world, baseline.design, origins_of(scenario))
        for place in places
        if bears_on(target, place)
    )


def bears_on(target: Target, place: Place) -> bool:
    """Say whether a target bears on a world and design as they were run."""
    world, design = place
    return (target.world in (None, base_of(world))) and (target.design in (None, design))
