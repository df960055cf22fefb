"""The verdict says what was run, gives every figure with its interval, and puts it in plain words."""

from __future__ import annotations

import dataclasses
import io
import re
from decimal import Decimal

import pytest

from injurysim.results import wording
from injurysim.results.comparison import comparison
from injurysim.results.metrics import METRICS
from injurysim.results.printing import PLAIN_WIDTH, plain_console
from injurysim.results.summaries import summary
from injurysim.results.verdict import RunInfo, render_verdict
from injurysim.results.wording import Figure, difference, figure, number, row_label, sentences

INFO = RunInfo(
    name="small",
    replications=3,
    seed=7,
    engine="fast",
    worlds=["base"],
    designs=["policy", "pilot"],
    baseline_world="base",
    baseline_design="policy",
    first_month="2022-11",
    last_month="2023-01",
    runoff_months=1,
    assumptions={"official": 12, "assumption": 5},
    question="Does the pilot pay?",
    titles={"pilot": "The pilot"},
    folder="results/small/run-1",
)


def rendered(values, info=INFO, **options):
    file = io.StringIO()
    compared = comparison(values, "base", "policy")
    render_verdict(info, summary(values), compared, plain_console(file), **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def text(small_values):
    return rendered(small_values)


def test_it_is_plain_text_of_one_width(text):
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= PLAIN_WIDTH


def test_it_opens_with_what_was_run_and_assumed(text):
    lines = text.splitlines()
    assert lines[0] == "Scenario small: 3 replications, seed 7, engine fast"
    assert lines[1] == "Does the pilot pay?"
    assert lines[2] == "Exposure 2022-11 to 2023-01, then 1 month of run-off"
    assert "Values it rests on: 17 (12 official, 5 assumption)" in lines


def test_a_design_alone_has_a_verdict_without_differences(small_values):
    alone = small_values[small_values["design"].isna() | (small_values["design"] == "pilot")]
    info = dataclasses.replace(INFO, designs=["pilot"], baseline_design="pilot")
    file = io.StringIO()
    compared = comparison(alone, "base", "pilot")
    assert compared.empty
    render_verdict(info, summary(alone), compared, plain_console(file))
    assert "World base: mean" in file.getvalue()
    assert "paired" not in file.getvalue()


def _cells(text, label):
    line = next(line for line in text.splitlines() if line.strip().startswith(label))
    return re.split(r"\s{2,}", line.strip())


def test_every_figure_stands_with_its_interval(text):
    assert _cells(text, "net position at the end of exposure (yuan)")[1:] == ["–", "39.00 ± 24.84"]
    assert _cells(text, "probability of a month below zero")[1:] == ["–", "66.7% [20.8%, 93.9%]"]
    assert _cells(text, "ultimate loss ratio 2022")[1:] == ["0.0% ± 0.0%", "75.0% ± 12.4%"]
    assert _cells(text, "break-even rate, pilot (yuan/order)")[1:] == ["–", "0.0680 ± 0.0084"]


def test_every_headline_metric_is_shown(text):
    flat = re.sub(r"\s+", " ", text)
    for metric in METRICS.values():
        if metric.headline:
            assert metric.label.split(" (")[0] in flat, metric.name


def test_differences_are_shown_with_what_they_say(text):
    after = text[text.index("against design policy") :]
    label = "uncompensated loss per injured rider"
    assert _cells(after, label)[1:] == ["-82.50 ± 12.42 better"]
    # Of shares in percentage points.
    assert _cells(after, "coverage of riders")[1:] == ["-16.7 pp ± 0.0 pp worse"]


def test_of_other_worlds_stands_what_decides_most_and_everything_when_asked_for(small_values):
    import pandas as pd

    values = pd.concat([small_values, small_values.assign(world="other")], ignore_index=True)
    info = dataclasses.replace(INFO, worlds=["base", "other"])
    short, whole = rendered(values, info), rendered(values, info, whole=True)
    assert "World other against world base" in short
    across = short[short.index("World other against world base: differences") :]
    across = across[: across.index("The pilot (world base)")]
    assert "coverage of injuries" in across
    assert "coverage of riders" not in across
    for text in (
        "World other: mean ± half-width",
        "World other, against design policy",
        "The pilot (world other)",
    ):
        assert text not in short
        assert text in whole
    assert "--full" in short
    assert "--full" not in whole
    assert "--full" not in rendered(small_values)


def family_of(small_values):
    """Return the run with two more designs, far apart from the policy in what decides, and without one in two."""
    import pandas as pd

    pilot = small_values[small_values["design"] == "pilot"]
    others = [
        pilot.assign(
            design=name, value=pilot["value"].where(pilot["unit"] == "probability", pilot["value"] * by)
        )
        for name, by in (("half", 0.5), ("tenth", 0.1))
    ]
    return pd.concat([small_values, *others], ignore_index=True)


def test_differences_have_the_joint_interval_and_say_so(small_values):
    several = family_of(small_values)
    table = comparison(several, "base", "policy")
    loss = table[
        (table["metric"] == "uncompensated_loss_per_injured_rider") & (table["design"] == "pilot")
    ].iloc[0]
    assert loss["family"] == 3
    told = rendered(several, dataclasses.replace(INFO, designs=["policy", "pilot", "half", "tenth"]))
    after = told[told.index("against design policy") :]
    assert "95 % intervals that hold for all pairs of a metric jointly" in re.sub(r"\s+", " ", after)
    half = (loss["joint_high"] - loss["joint_low"]) / 2
    cells = _cells(after, "uncompensated loss per injured rider")
    assert any(cell.startswith(f"-82.50 ± {half:.2f}") for cell in cells)


def test_what_is_told_apart_is_put_in_sentences(small_values):
    told = re.sub(r"\s+", " ", rendered(family_of(small_values)))
    after = told[told.index("What is told apart:") :]
    assert (
        "- Uncompensated loss per injured rider: 82 yuan per rider lower under The pilot than under policy (95 % interval"
        in after
    )
    assert "jointly over 3 comparisons), better in 3 of 3 replications" in after
    assert "Closing balance" not in after  # the policy has none


def test_more_than_a_dozen_are_counted(small_values):
    import pandas as pd

    others = [
        small_values[small_values["design"] == "pilot"].assign(design=f"d{number}") for number in range(14)
    ]
    # A narrow difference in 15 pairs: all are told apart.
    several = pd.concat([small_values, *others], ignore_index=True)
    loss = several["metric"] == "uncompensated_loss_per_injured_rider"
    policy = several["design"] == "policy"
    several.loc[loss & ~policy, "value"] = 5.0 + several["replication"] / 100
    told = re.sub(r"\s+", " ", rendered(several))
    after = told[told.index("What is told apart:") :]
    assert after.count("- Uncompensated") == 12
    assert "- and 3 more such differences in the table comparison." in after


def test_it_ends_in_plain_words(text):
    words = re.sub(r"\s+", " ", text)
    assert (
        "The pilot is funded: net position 39.00 ± 24.84 yuan at the end of exposure; its balance fell below zero in"
        " 2 of 3 replications (66.7% [20.8%, 93.9%])." in words
    )
    assert "policy keeps no fund of its own." in words
    assert "It covers 83.3% ± 0.0% of rider-months" in words
    assert "Left out of cover: 16.7% of rider-months." in words
    assert words.rstrip().endswith("Results: results/small/run-1")


def test_one_replication_says_that_it_says_nothing(small_values):
    one = small_values[small_values["replication"] == 0]
    told = rendered(one, INFO.__class__(**{**INFO.__dict__, "replications": 1}))
    assert "1 replication, seed 7" in told
    assert "One replication gives no interval" in told
    assert "±" not in told.replace("mean ± half-width", "")
    assert "cannot be judged from 1 replication" in re.sub(r"\s+", " ", told)


def test_many_designs_are_shown_in_blocks(small_values):
    import pandas as pd

    several = [small_values]
    names = [f"design-{number}" for number in range(7)]
    for name in names:
        several.append(small_values[small_values["design"] == "pilot"].assign(design=name))
    told = rendered(
        pd.concat(several), INFO.__class__(**{**INFO.__dict__, "designs": ["policy", "pilot", *names]})
    )
    assert max(len(line) for line in told.splitlines()) <= PLAIN_WIDTH
    assert all(name in told for name in names)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(1, 3, "is funded"), (-3, -1, "is not funded"), (-1, 3, "may or may not be funded")],
)
def test_funded_or_not_is_what_the_interval_says(low, high, words):
    figures = {
        "net_position": Figure("net_position", "yuan", (low + high) / 2, low, high, 20),
        "month_below_zero": Figure("month_below_zero", "probability", 0.05, 0.009, 0.236, 20),
    }
    said = sentences("d", figures, 20)[0]
    assert said.startswith(f"d {words}: net position")
    assert "in 1 of 20 replications (5.0% [0.9%, 23.6%])" in said


def test_a_fund_beside_insurers_is_told_apart_from_them():
    figures = {
        "net_position": Figure("net_position", "yuan", 5.0, 4.0, 6.0, 20),
        "month_below_zero": Figure("month_below_zero", "probability", 0.0, 0.0, 0.161, 20),
        "loss_share_insurer": Figure("loss_share_insurer", "share", 0.2, 0.1, 0.3, 20),
    }
    said = sentences("d", figures, 20)[0]
    assert "at the end of exposure (of its own fund; insurers' accounts are not in it); its balance" in said


def test_a_sample_is_told_with_its_full_size(small_values):
    info = dataclasses.replace(INFO, scale=Decimal("0.005"))
    told = re.sub(r"\s+", " ", rendered(small_values, info))
    assert "In full size: means of the sample times 200" in told
    of_pilot = small_values[
        (small_values["design"] == "pilot") & (small_values["metric"] == "closing_balance")
    ]
    assert f"closing balance (yuan) {of_pilot['value'].mean() * 200:,.0f}" in told
    assert "In full size" not in rendered(small_values)


def test_what_a_sample_cannot_say_of_a_fund_is_said():
    net = {"net_position": Figure("net_position", "yuan", 5.0, 4.0, 6.0, 20)}
    said = sentences("d", net, 20)[0]
    assert said.startswith("d is funded: net position")
    assert "cannot be read off a sample" in said
    assert sentences("d", {}, 20)[0] == "d keeps no fund of its own."


@pytest.mark.parametrize(
    ("value", "unit", "wanted"),
    [
        (1234567.8, "yuan", "1,234,568"),
        (-1234.5, "yuan", "-1,234"),
        (12.345, "yuan", "12.35"),
        (0.06, "yuan/order", "0.0600"),
        (0, "yuan", "0.00"),
        (-0.001, "yuan/order", "-0.0010"),
        (0.5, "share", "50.0%"),
        (0.00021, "share of payroll", "0.021%"),
        (0, "probability", "0.0%"),
        (12.34, "days", "12.3"),
    ],
)
def test_numbers_are_written_for_readers(value, unit, wanted):
    assert number(value, unit) == wanted


def test_a_figure_from_fewer_replications_says_so():
    assert figure(Figure("closing_balance", "yuan", 5.0, 4.0, 6.0, 18), 20) == "5.00 ± 1.00 (n = 18)"
    assert figure(Figure("closing_balance", "yuan", 5.0, None, None, 1), 20) == "5.00 (no interval, n = 1)"
    assert figure(Figure("closing_balance", "yuan", None, None, None, 0), 20) == "–"
    assert figure(None, 20) == "–"


def test_differences_of_probabilities_have_their_own_ends():
    assert difference(0.2, 0.05, 0.4, "probability", "worse") == "+20.0 pp [5.0 pp, 40.0 pp] worse"
    assert difference(2.0, None, None, "yuan", "unclear") == "+2.00 (no interval) unclear"
    assert difference(None, None, None, "yuan", "unclear") == "–"
    assert difference(1.0, 0.5, 1.5, "yuan", "neutral") == "+1.00 ± 0.50"


def test_rows_are_named_for_readers():
    assert row_label("ultimate_loss_ratio[2022]", "share") == "ultimate loss ratio 2022"
    assert row_label("charged_rate[main]", "yuan/order") == "mean rate charged, main (yuan/order)"
    assert row_label("injuries", "injuries") == "injuries"


def test_designs_that_agree_in_every_replication_are_called_the_same():
    assert wording.difference(0.0, 0.0, 0.0, "share", "unclear") == "same"
    assert wording.difference(0.0, -1.0, 1.0, "yuan", "unclear") == "0.00 ± 1.00 unclear"
