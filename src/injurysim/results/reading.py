"""What the results room must know of a scenario: limits, lags, months, titles, grades of evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from injurysim.core.working_time import WorkingTime
from injurysim.describe.catalogue import Language
from injurysim.results.frames import DesignFacts, Frames
from injurysim.results.sentences import Titles
from injurysim.results.verdict import RunInfo
from injurysim.scenario.contribution import Free
from injurysim.scenario.designs import Design
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import book_calendar
from injurysim.scenario.stages import baseline_of, stages
from injurysim.scenario.values import iter_values
from injurysim.scenario.world import World


def frames_of(scenario: Scenario, folder: Path, cells: Sequence[tuple[str, int]] | None = None) -> Frames:
    """Read the tables of a run folder, or the parts of some of its cells, as metrics need them."""
    calendar = book_calendar(scenario)
    hours = WorkingTime(calendar)

    def working_days(start: Any, end: Any) -> Any:
        import numpy as np

        origin = np.datetime64(calendar.start, "s")
        first, last = (
            ((np.asarray(t, "datetime64[s]") - origin) // np.timedelta64(60, "s")).astype(np.int64)
            for t in (start, end)
        )
        return hours.working_days_between(first, last)

    facts = {
        name: DesignFacts(
            count_days=working_days,
            contribution_lag_months={
                scheme: law.contribution.lag_months
                for scheme, law in design.schemes.items()
                if not isinstance(law.contribution, Free)
            },
        )
        for name, design in scenario.designs.items()
    }
    last = calendar.month_label(scenario.horizon.months - 1)
    return Frames.read(folder, last, facts, scenario.scale.value, cells)


def own_accounts(scenario: Scenario) -> dict[str, frozenset[str]]:
    """Name the accounts of each design's own fund: all but insurers'."""
    return {
        name: frozenset(account for account, law in design.accounts.items() if law.kind != "insurer")
        for name, design in scenario.designs.items()
    }


def titles_of(scenario: Scenario, language: Language = "en") -> Titles:
    """Say how worlds and designs are called in a language: in English where the scenario has no other title."""

    def titles(parts: Mapping[str, World] | Mapping[str, Design]) -> dict[str, str]:
        texts = {name: part.title for name, part in parts.items()}
        return {
            name: "" if text is None else (text.zh if language == "zh" and text.zh else text.en)
            for name, text in texts.items()
        }

    return Titles(titles(scenario.worlds), titles(scenario.designs))


def run_info(scenario: Scenario, manifest: dict[str, Any], folder: str) -> RunInfo:
    """Say what was run, for the verdict."""
    calendar = book_calendar(scenario)
    grades: Counter[str] = Counter(
        value.grade for _, value in iter_values(scenario) if value.grade is not None
    )
    return RunInfo(
        name=scenario.name,
        replications=manifest["replications"],
        seed=manifest["seed"],
        engine=manifest["engine"],
        worlds=list(stages(scenario)),
        designs=list(scenario.designs),
        baseline_world=baseline_of(scenario).world,
        baseline_design=scenario.baseline.design,
        first_month=calendar.month_label(0),
        last_month=calendar.month_label(scenario.horizon.months - 1),
        runoff_months=scenario.horizon.runoff_months,
        assumptions=dict(grades),
        question=scenario.question.en if scenario.question else None,
        titles={name: law.title.en for name, law in scenario.designs.items() if law.title},
        folder=folder,
        scale=scenario.scale.value,
        prices={name: said for name, design in scenario.designs.items() if (said := _price(design))},
    )


def _price(design: Design) -> str:
    """Say of a design without a price of its own why it has none, and what it was priced at."""
    factors = [
        f"{name} at {law.contribution.price_factor.value.normalize():f} times its stated rates"
        for name, law in design.schemes.items()
        if not isinstance(law.contribution, Free) and law.contribution.price_factor.value != 1
    ]
    why = f"A template: {design.template.en}" if design.template else ""
    priced = f"Priced to break even: {', '.join(factors)}." if factors else ""
    return " ".join(part for part in (why, priced) if part)
