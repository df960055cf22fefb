"""What a precision asks of the metrics: names, labels, scale, whose they are; in a file and on the command line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from injurysim.core.errors import InputError
from injurysim.results.asking import asked_problems, metric_faults, with_precision
from injurysim.results.metrics import METRICS
from injurysim.scenario.precision import LEAST, target_of
from injurysim.scenario.reading import read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"


@pytest.fixture(scope="module")
def tiny():
    return read_scenario(TINY).scenario


def said(scenario, text):
    return [(path, f"{what} {fix}") for path, what, fix in metric_faults(target_of(text), scenario)]


def test_every_metric_can_be_asked_for(tiny):
    labels = {"year": "2022", "scheme": "injury", "account": "sub", "industry": "delivery"}
    for name, metric in METRICS.items():
        stem, _, kind = name.partition("[")
        width = "0.5" if metric.unit in ("share", "probability") else "5"
        assert said(tiny, f"{stem}[{labels[kind[:-1]]}]={width}" if kind else f"{stem}={width}") == [], name


@pytest.mark.parametrize(
    ("text", "at", "told"),
    [
        ("closing_balanse=5", "metric", "there is no metric 'closing_balanse'. Near it: closing_balance, "),
        ("qqq=5", "metric", "there is no metric 'qqq'. All of them are in docs/metrics.md."),
        ("balance=5", "metric", "there is no metric 'balance'. Near it: "),
        (
            "closing_balance[2022]=5",
            "metric",
            "metric 'closing_balance' has no labels. Write closing_balance.",
        ),
        (
            "net_position[1999]=5",
            "metric",
            "metric 'net_position' has no label '1999'. Labels: 2022",
        ),
        ("net_position[year]=5", "metric", "metric 'net_position' has no label 'year'."),
        (
            "break_even_rate=5",
            "metric",
            "metric 'break_even_rate' needs a label. Write break_even_rate[LABEL]. Labels: ",
        ),
        ("break_even_rate[x]=5", "metric", "metric 'break_even_rate' has no label 'x'. Labels: "),
        ("injuries@/pilot=5", "design", "metric 'injuries' is of a world, whatever its designs. Leave "),
        (
            "month_below_zero=2",
            "half_width",
            "2 is no half-width of a probability: it is a part of one. Write",
        ),
        ("loss_share_fund=5", "half_width", "5 is no half-width of a share: it is a part of one."),
        (
            "difference:closing_balance@base/daily=5",
            "of",
            "nothing it bears on is compared with design 'daily' or world 'base'. Leave the baseline's own ",
        ),
        ("difference:injuries@base=5", "of", "nothing it bears on is compared with"),
    ],
)
def test_what_cannot_be_had_is_refused(tiny, text, at, told):
    ((path, found),) = said(tiny, text)
    assert path == (at,)
    assert found.startswith(told)


def test_differences_to_the_baseline_may_be_asked_for(tiny):
    for text in (
        "difference:closing_balance=5",
        "difference:injuries@limited=5",
        "difference:net_position@/pilot=5",
    ):
        assert said(tiny, text) == []


def test_what_has_a_meaning_only_in_full_size_is_refused_in_miniature(tiny):
    small = tiny.model_copy(update={"scale": tiny.scale.model_copy(update={"value": Decimal("0.5")})})
    ((path, told),) = said(small, "month_below_zero=0.02")
    assert path == ("metric",)
    assert told.startswith(
        "metric 'month_below_zero' has no value at scale 0.5: it has a meaning only in full"
    )
    assert said(small, "closing_balance=5") == []


def test_a_file_is_told_line_and_column(tmp_path):
    file = tmp_path / "tiny.yaml"
    text = TINY.read_text(encoding="utf-8")
    more = "precision:\n  at_most: 60\n  targets:\n  - {metric: injuries, half_width: 5}\n  - {metric: mishaps, half_width: 5}\n"
    file.write_text(text + more, encoding="utf-8")
    (found,) = asked_problems(read_scenario(file).loaded)
    assert (found.line, found.column) == (len(text.splitlines()) + 5, 14)
    assert (found.file, found.where) == (str(file), "precision.targets.1.metric")
    assert asked_problems(read_scenario(TINY).loaded) == []


def test_the_command_line_stands_in_place_of_the_file(tiny):
    assert with_precision(tiny) is tiny
    asked = with_precision(tiny, ["injuries=5", "difference:closing_balance@/pilot=9"], 60)
    assert [target.name for target in asked.precision.targets] == [
        "injuries",
        "difference:closing_balance@/pilot",
    ]
    assert (asked.precision.at_least, asked.precision.at_most) == (LEAST, 60)
    other = with_precision(asked, ["net_position=7"])
    assert [target.name for target in other.precision.targets] == ["net_position"]
    assert other.precision.at_most == 60
    fewer = with_precision(asked, budget=30, least=8)
    assert fewer.precision.targets == asked.precision.targets
    assert (fewer.precision.at_least, fewer.precision.at_most, fewer.replications) == (8, 30, 8)


@pytest.mark.parametrize(
    ("targets", "budget", "told"),
    [
        (
            ["injuries=5"],
            None,
            "--precision: a precision needs a budget. Give the replications at most by --budget",
        ),
        ([], 50, "--budget: a budget is for a stated precision, and none is stated. Add --precision METRIC="),
        (
            ["injuries=5"],
            6,
            "--budget: 6 is fewer than the 20 replications there are at least. Give more, or",
        ),
        (
            ["injuries=5"],
            100_001,
            "--budget: 100,001 replications are too many; 100,000 is the most. Give fewer.",
        ),
        (["injuries=1e400"], 50, "--precision: injuries=1e400: 1E+400 is out of range. State it in"),
        (["injuries=1e-400"], 50, "--precision: injuries=1e-400: 1E-400 is out of range. State it in"),
        (["injuries=5", "injuries=6"], 50, "--precision: there are two targets for 'injuries'. Remove one"),
        (["mishaps=5"], 50, "--precision: mishaps=5: there is no metric 'mishaps'. "),
        (["injuries@x=5"], 50, "--precision: injuries@x=5: there is no world 'x'. "),
    ],
)
def test_what_is_wrong_on_the_command_line_is_told_at_the_option(tiny, targets, budget, told):
    with pytest.raises(InputError) as caught:
        with_precision(tiny, targets, budget)
    assert str(caught.value).startswith(told)


def test_one_replication_has_no_precision(tiny):
    with pytest.raises(InputError, match="--replications: a precision takes 2 replications or more, not 1"):
        with_precision(tiny, ["injuries=5"], budget=50, least=1)


def test_every_mistake_of_the_command_line_is_told_at_once(tiny):
    with pytest.raises(InputError) as caught:
        with_precision(tiny, ["mishaps=5", "injuries@x=5"], 6)
    assert len(caught.value.problems) == 3
