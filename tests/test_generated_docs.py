"""The pages of docs/ that are made from the code are what docs/generate.py makes of it."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from injurysim.core.schemas import TABLES
from injurysim.results.metrics import METRICS

DOCS = Path(__file__).parents[1] / "docs"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GENERATOR = _generator()


@pytest.mark.parametrize("page", GENERATOR.PAGES)
def test_the_page_in_the_repository_is_what_the_code_says(page: str) -> None:
    made = GENERATOR.PAGES[page]()
    assert (DOCS / page).read_text(encoding="utf-8") == made, "python docs/generate.py"


def test_the_reference_has_every_key_of_every_part() -> None:
    text = (DOCS / "scenario-reference.md").read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    for model in GENERATOR.scenario_parts():
        for key in model.model_fields:
            assert f"\n| `{key}` |" in sections[model.__name__], f"{model.__name__}.{key}"
    assert "| `poisson` | [PoissonOrders](#poissonorders) | `Platform.orders` |" in sections["Kinds"]
    assert "orders per accepting hour" in sections["PoissonOrders"]


def test_tables_and_metrics_are_all_there() -> None:
    tables = (DOCS / "tables.md").read_text(encoding="utf-8")
    for name, table in TABLES.items():
        section = tables.split(f"\n## {name}\n", 1)[1].split("\n## ", 1)[0]
        assert all(f"\n| `{column}` |" in section for column in table.names)
    metrics = (DOCS / "metrics.md").read_text(encoding="utf-8")
    assert all(f"\n| `{name}` |" in metrics for name in METRICS)


def test_the_ledger_tells_source_clause_grade_and_range() -> None:
    text = (DOCS / "parameters.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if "schemes.work-injury.contribution.rate`" in line)
    for told in (
        "0.011",
        "0.004 to 0.011",
        "share of payroll",
        "人社部发〔2015〕71号",
        "risk class 5",
        "derived",
        "by law",
    ):
        assert told in row
    assumptions = text.split("\n## Assumptions\n", 1)[1]
    assert assumptions.count("\n| quickstart |") > 100
