"""A sentence for every kind of row, in both languages."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from injurysim.results.comparison import comparison
from injurysim.results.metrics import METRICS
from injurysim.results.sentences import Titles, comparison_sentences, place_names, times

TITLES = Titles({"base": "Free hours"}, {"old": "Pilot 2022", "new": "Pilot 2025"})
UP = [10.0, 12.0, 9.0, 13.0, 11.0, 10.0]
"""Differences that leave out zero: mean 10.83, sd 1.47."""


def told(metric, mine, theirs, unit="yuan", language="en", titles=TITLES, **more):
    """Return the sentence of one metric of design `new` against `old`."""
    rows = [
        ("base", design, replication, metric, unit, float("nan") if value is None else float(value))
        for design, several in (("new", mine), ("old", theirs))
        for replication, value in enumerate(several)
    ]
    columns = ["world", "design", "replication", "metric", "unit", "value"]
    table = comparison(pd.DataFrame(rows, columns=columns), "base", "old", **more)
    (sentence,) = comparison_sentences(table, titles, language)
    return sentence


def shifted(scale=1.0):
    return [scale * (100 + each) for each in UP], [scale * 100.0] * len(UP)


def test_a_difference_that_is_told_apart():
    assert told("closing_balance", *shifted(100_000)) == (
        "Closing balance: 1.08 million yuan higher under Pilot 2025 than under Pilot 2022 (95 % interval 0.93 to 1.24"
        " million), better in 6 of 6 replications; 3 replications would give it to within half its size."
    )
    assert told("closing_balance", *shifted(100_000), language="zh") == (
        "期末结余：「Pilot 2025」比「Pilot 2022」高108万元（95%置信区间93万至124万），6次重复中6次更优；3次重复可将其误差控制在自身的一半以内。"
    )


def test_a_worse_one_counts_in_how_many_it_is_worse():
    mine, theirs = shifted(-1)
    said = told("closing_balance", mine, [*theirs[:-1], mine[-1]])
    assert "cannot" not in said
    assert "yuan lower under Pilot 2025 than under Pilot 2022" in said
    assert "worse in 5 of 6 replications and the same in 1" in said


def test_the_half_width_that_was_stated_is_named():
    said = told("closing_balance", *shifted(), half_widths={"closing_balance": 1.0})
    assert re.search(r"; \d+ replications would give it to within 1 yuan\.$", said)
    never = told("closing_balance", *shifted(1e6), half_widths={"closing_balance": 1e-3})
    assert never.endswith("; no number of replications that can be run would give it to within 0.001 yuan.")
    assert told(
        "closing_balance", *shifted(1e6), language="zh", half_widths={"closing_balance": 1e-3}
    ).endswith("可行的重复次数均无法将其误差控制在0.001元以内。")


def test_one_that_cannot_be_told_apart():
    said = told("closing_balance", [1.0, -1.0, 2.0, -1.0], [0.0] * 4)
    assert said.startswith(
        "Closing balance: Pilot 2025 and Pilot 2022 cannot be told apart: 0.2 yuan higher under the former"
    )
    assert (
        "(95 % interval −2.1 to 2.6), better in 2 of 4 replications; if it is as large as it looks, " in said
    )
    equal = told("closing_balance", [1.0, -1.0], [0.0] * 2)
    assert "cannot be told apart: equal in the mean (95 % interval" in equal


def test_the_same_in_every_replication():
    assert told("closing_balance", [5, 7, 9], [5, 7, 9]) == (
        "Closing balance: the same under Pilot 2025 and Pilot 2022 in each of 3 replications."
    )
    assert told("closing_balance", [5, 7, 9], [4, 6, 8]) == (
        "Closing balance: 1 yuan higher under Pilot 2025 than under Pilot 2022 in each of 3 replications."
    )


def test_a_probability_is_told_in_percentage_points():
    said = told("month_below_zero", [1] * 18 + [0] * 2, [0] * 20, unit="probability")
    assert said.startswith(
        "Probability of a month below zero: 90 percentage points higher under Pilot 2025 than under Pilot 2022 (95 %"
    )
    assert "worse in 18 of 20 replications and the same in 2" in said
    same = told("month_below_zero", [0] * 20, [0] * 20, unit="probability")
    # That it never happened does not mean that it cannot: the interval has a width.
    assert re.search(r"the same .* in each of 20 replications \(95 % interval −\S+ to \S+\)\.$", same)


def test_a_metric_without_a_direction_is_neither_better_nor_worse():
    said = told("ultimate_loss_ratio[2022]", *shifted(0.001), unit="share")
    assert said.startswith("Ultimate loss ratio 2022: 1.08 percentage points higher under Pilot 2025")
    assert "better" not in said
    assert "worse" not in said


def test_too_few_replications_say_so():
    assert told("closing_balance", [12], [10]) == (
        "Closing balance: 2 yuan higher under Pilot 2025 than under Pilot 2022 in the one replication there is, which says"
        " nothing of chance."
    )
    nothing = told("closing_balance", [None, None], [10, 11])
    assert nothing == (
        "Closing balance: nothing to compare, in no replication have both Pilot 2025 and Pilot 2022 a value."
    )


def test_a_family_says_how_many_are_compared():
    rows = [
        ("base", design, replication, "closing_balance", "yuan", value + shift)
        for design, shift in (("old", 0), ("new", 1000), ("other", 2000))
        for replication, value in enumerate(UP if design != "old" else [0.0] * 6)
    ]
    columns = ["world", "design", "replication", "metric", "unit", "value"]
    table = comparison(pd.DataFrame(rows, columns=columns), "base", "old", level=0.9)
    for sentence in comparison_sentences(table, TITLES):
        assert re.search(r"\(90 % interval \S+ to \S+, jointly over 2 comparisons\)", sentence)
    for sentence in comparison_sentences(table, TITLES, "zh"):
        assert re.search("（90%置信区间.*至.*，对2项比较同时成立）", sentence)


def test_places_are_told_apart_by_what_they_differ_in():
    rows = [
        (world, design, replication, metric, unit, value + shift)
        for world, design, metric, unit, shift in (
            ("base", "old", "closing_balance", "yuan", 0),
            ("base~new", "new", "closing_balance", "yuan", 1000),
            ("limit", "old", "closing_balance", "yuan", 500),
            ("base", None, "injuries", "injuries", 0),
            ("limit", None, "injuries", "injuries", -30),
        )
        for replication, value in enumerate(UP)
    ]
    columns = ["world", "design", "replication", "metric", "unit", "value"]
    table = comparison(pd.DataFrame(rows, columns=columns), "base", "old")
    titles = Titles({"base": "free hours", "limit": ""}, {"old": "Pilot 2022"})
    said = dict(zip(table["world"] + "/" + table["metric"], comparison_sentences(table, titles), strict=True))
    # A design with responses stands in the world it was made from; a world is named only where there are several.
    assert said["base~new/closing_balance"].startswith(
        "Free hours, closing balance: 1,000 yuan higher under new than under Pilot 2022"
    )
    assert said["limit/closing_balance"].startswith(
        "Pilot 2022, closing balance: 500 yuan higher under world limit than under free hours"
    )
    assert said["limit/injuries"].startswith(
        "Injuries: 30 injuries lower under world limit than under free hours"
    )
    alone = comparison_sentences(table, Titles())
    assert "Closing balance: 1,000 yuan higher under new than under old" in " ".join(alone)


def place_names_of(one, other, titles):
    row = dict(zip(("world", "design", "baseline_world", "baseline_design"), (*one, *other), strict=True))
    return place_names(row, titles, "en")


def test_things_that_share_a_title_are_told_apart_by_their_names():
    """As do a variant and what it is a variant of, and a world that is based on another."""
    titles = Titles({"base": "The city", "limit": "The city"}, {"old": "Pilot", "new": "Pilot"})
    assert place_names_of(("base", "new"), ("base", "old"), titles) == (
        "The city",
        "Pilot (new)",
        "Pilot (old)",
    )
    assert place_names_of(("limit", "old"), ("base", "old"), titles) == (
        "Pilot",
        "The city (limit)",
        "The city (base)",
    )
    both = place_names_of(("limit", "new"), ("base", "old"), titles)
    assert both == ("", "Pilot (new) in The city (limit)", "Pilot (old) in The city (base)")


def test_worlds_that_designs_have_to_themselves_are_called_by_the_designs():
    titles = Titles({"base": "The city"}, {"old": "Pilot 2022", "new": "Pilot 2025"})
    assert place_names_of(("base~new", None), ("base~old", None), titles) == ("", "Pilot 2025", "Pilot 2022")
    assert place_names_of(("base~new", None), ("base", None), titles) == ("", "Pilot 2025", "The city")
    assert place_names_of(("limit~new", None), ("base~new", None), titles) == ("", "world limit", "The city")


def test_times_are_counted():
    row = {"better_share": 0.625, "same_share": 0.25, "n": 4}
    counted = times(row)
    assert (counted.better, counted.worse, counted.same) == (2, 1, 1)
    assert times({"better_share": None, "same_share": 0.0, "n": 4}) is None


VALUES = st.lists(st.tuples(*[st.none() | st.floats(-1e10, 1e10)] * 2), min_size=1, max_size=6)


@pytest.mark.parametrize("language", ["en", "zh"])
@settings(max_examples=60, deadline=None)
@given(VALUES, st.sampled_from(sorted(METRICS)), st.none() | st.floats(1e-3, 1e6))
def test_no_sentence_tells_of_a_null(language, pairs, metric, half_width):
    definition = METRICS[metric]
    if definition.kind == "probability":
        pairs = [tuple(None if each is None else float(each > 0) for each in pair) for pair in pairs]
    name = re.sub(r"\[.*\]", "[2022]", metric)
    stated = None if half_width is None else {name: half_width}
    said = told(name, *zip(*pairs, strict=True), definition.unit, language, half_widths=stated)
    assert not re.search(r"None|nan|inf|<NA>|[{}]|\(\)|（）", said.replace("influence", ""))
    assert said.endswith("." if language == "en" else "。")
    assert not re.search(r"\d\.\d{12}", said)
