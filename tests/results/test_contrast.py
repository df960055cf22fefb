"""Any two places against each other: which pairs, which family, and what is refused."""

from __future__ import annotations

import io
import math
import re

import pandas as pd
import pytest

from injurysim.core.errors import InputError
from injurysim.results.comparison import comparison
from injurysim.results.contrast import contrast
from injurysim.results.contrast_printed import MOST_SENTENCES, render_contrast
from injurysim.results.metrics import METRICS
from injurysim.results.paired import paired_difference
from injurysim.results.places import place_text, read_place
from injurysim.results.printing import PLAIN_WIDTH, plain_console
from injurysim.results.sentences import Titles

BALANCES = {"old": [0.0, 1.0, 5.0, 2.0], "new": [10.0, 14.0, 12.0, 19.0], "third": [3.0, 3.5, 9.0, 6.0]}


def frame(*rows):
    return pd.DataFrame(
        [
            (world, design, replication, metric, unit, value)
            for world, design, metric, unit, several in rows
            for replication, value in enumerate(several)
        ],
        columns=["world", "design", "replication", "metric", "unit", "value"],
    )


VALUES = frame(
    *(
        (world, design, metric, "yuan", [each * times + shift for each in several])
        for world, shift in (("base", 0), ("limit", 7))
        for design, several in BALANCES.items()
        for metric, times in (
            ("closing_balance", 1),
            ("net_position", 2),
            ("net_position[2022]", 3),
            ("net_position[2023]", 4),
        )
    ),
    ("base", None, "injuries", "injuries", [5.0, 6.0, 7.0, 9.0]),
    ("limit", None, "injuries", "injuries", [4.0, 6.0, 5.0, 7.0]),
    ("base~answer", "answer", "closing_balance", "yuan", [1.0, 2.0, 3.0, 5.0]),
)


def test_two_designs_neither_of_them_the_baseline():
    table = contrast(VALUES, ("base", "new"), ("base", "third"), ["closing_balance"])
    (row,) = table.to_dict("records")
    wanted = paired_difference(BALANCES["new"], BALANCES["third"], direction="higher")
    assert (row["design"], row["baseline_design"], row["family"], row["correction"]) == (
        "new",
        "third",
        1,
        "none",
    )
    assert (row["difference"], row["joint_low"], row["joint_high"]) == (
        wanted.difference,
        wanted.low,
        wanted.high,
    )


def test_it_is_the_comparison_where_that_has_the_pair():
    table = contrast(VALUES, ("base", "new"), ("base", "old"), ["closing_balance"], level=0.9)
    one = comparison(
        VALUES[VALUES["design"].isin(["new", "old"]) & (VALUES["world"] == "base")], "base", "old", level=0.9
    )
    pd.testing.assert_frame_equal(table, one[one["metric"] == "closing_balance"].reset_index(drop=True))


def test_turned_round_it_says_the_opposite():
    there = contrast(VALUES, ("base", "new"), ("limit", "old")).set_index("metric")
    back = contrast(VALUES, ("limit", "old"), ("base", "new")).set_index("metric")
    assert list(there.index) == list(back.index)
    assert list(there["difference"]) == list(-back["difference"])
    assert list(there["joint_low"]) == list(-back["joint_high"])
    assert list(there["n_needed"]) == list(back["n_needed"])


def test_the_metrics_asked_for_are_the_family():
    table = contrast(VALUES, ("base", "new"), ("base", "old"), ["closing_balance", "net_position[year]"])
    assert list(table["metric"]) == ["closing_balance", "net_position[2022]", "net_position[2023]"]
    assert set(table["family"]) == {3}
    assert set(table["correction"]) == {"Bonferroni"}
    twice = contrast(VALUES, ("base", "new"), ("base", "old"), ["net_position[2022]", "net_position[year]"])
    assert set(twice["family"]) == {2}


def test_by_default_the_headline_metrics_are_compared():
    table = contrast(VALUES, ("base", "new"), ("base", "old"))
    assert list(table["metric"]) == ["closing_balance", "net_position"]
    assert all(METRICS[name].headline for name in table["metric"])


def test_metrics_of_worlds_are_compared_where_worlds_differ():
    table = contrast(VALUES, ("limit", "new"), ("base", "old"), ["injuries", "closing_balance"])
    row = table[table["metric"] == "injuries"].iloc[0]
    assert pd.isna(row["design"])
    assert row["difference"] == pytest.approx(-1.25)
    alone = contrast(VALUES, ("limit", None), ("base", None))
    assert list(alone["metric"]) == ["injuries"]
    with pytest.raises(InputError, match="'injuries' is no metric"):
        contrast(VALUES, ("base", "new"), ("base", "old"), ["injuries"])


def test_a_design_with_responses_is_found_in_its_own_world():
    table = contrast(VALUES, ("base", "answer"), ("base", "old"), ["closing_balance"])
    assert list(table["world"]) == ["base~answer"]
    assert table["difference"].iloc[0] == pytest.approx(0.75)


def test_half_widths_are_for_the_joint_interval():
    narrow = contrast(VALUES, ("base", "new"), ("base", "old"), half_widths={"closing_balance": 2.0})
    row = narrow[narrow["metric"] == "closing_balance"].iloc[0]
    wanted = paired_difference(BALANCES["new"], BALANCES["old"], half_width=2.0, family=2)
    assert (row["half_width_wanted"], row["n_needed"]) == (2.0, wanted.n_needed)


def test_stocks_of_different_accounts_are_not_compared():
    accounts = {"new": frozenset({"pool", "pilot"}), "old": frozenset({"pool"})}
    with pytest.raises(InputError, match=r"of the same accounts\. There are none"):
        contrast(VALUES, ("base", "new"), ("base", "old"), ["closing_balance"], accounts=accounts)


@pytest.mark.parametrize(
    ("a", "b", "more", "what"),
    [
        (
            ("base", "nobody"),
            ("base", "old"),
            {},
            "there is no 'base/nobody' in the results. There are base, base/new,",
        ),
        (("nowhere", None), ("base", None), {}, "there is no 'nowhere' in the results"),
        (("base", "old"), ("base", "old"), {}, "base/old is compared with itself"),
        (
            ("base", "new"),
            ("base", "old"),
            {"metrics": ["closing"]},
            "'closing' is no metric.*There are closing_balance, net",
        ),
        (
            ("base", "new"),
            ("base", "old"),
            {"half_widths": {"injuries": 1.0}},
            "'injuries', which is not compared",
        ),
        (("base", "new"), ("base", "old"), {"level": 1.0}, "the level must lie between 0.5 and 1"),
        (("base", "new"), ("base", "old"), {"level": 0.05}, "Write 0.95 for 95 %"),
        (("base", "new"), ("base", "old"), {"level": math.nan}, "between 0.5 and 1"),
        (("base", "new"), ("base", None), {}, "one is a world, the other a design"),
        (("base", ""), ("base", "old"), {}, "there is no 'base/' in the results"),
        (
            ("base", "new"),
            ("base", "old"),
            {"half_widths": {"closing_balance": math.inf}},
            "must be a number above 0, not inf",
        ),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(a, b, more, what):
    with pytest.raises(InputError, match=what):
        contrast(VALUES, a, b, **more)


def test_places_are_written_as_users_do():
    for place in (("base", "old"), ("base~answer", "answer"), ("base", None)):
        assert read_place(place_text(place)) == place


def printed(table, language="en", titles=None):
    file = io.StringIO()
    render_contrast(table, titles or Titles(), plain_console(file), language)
    return file.getvalue()


def test_a_contrast_is_printed_with_its_intervals_and_sentences():
    table = contrast(VALUES, ("base", "new"), ("base", "old"))
    text = printed(table)
    assert max(len(line) for line in text.splitlines()) <= PLAIN_WIDTH
    lines = [line.strip() for line in text.splitlines()]
    assert lines[0] == "new less old: differences paired by replication"
    assert re.split(r"\s{2,}", lines[1])[1:] == [
        "difference",
        "own 95 %",
        "joint 95 %",
        "better in",
        "needed",
        "gain",
        "says",
    ]
    assert (
        re.split(r"\s{2,}", next(line for line in lines if line.startswith("closing balance")))[0]
        == "closing balance (yuan)"
    )
    flat = re.sub(r"\s+", " ", text)
    assert "2 metrics were asked for: the joint intervals hold for all of them together (Bonferroni)." in flat
    assert flat.index("Net position at the end of exposure: 24") < flat.index("Closing balance: 11.8")
    assert "…" not in text


def test_one_metric_needs_no_joint_interval():
    text = printed(contrast(VALUES, ("base", "new"), ("base", "old"), ["closing_balance"]))
    assert "joint 95 %" not in text
    assert "One metric was asked for: its interval needs no correction." in text


def test_it_is_printed_in_chinese():
    table = contrast(VALUES, ("base", "new"), ("limit", "new"), ["closing_balance", "injuries"])
    text = printed(table, "zh", Titles({"base": "无上限", "limit": "12小时"}, {"new": "2025年试点"}))
    assert "「无上限」减「12小时」：按重复配对的差异" in text
    assert "期末结余（元）" in text
    assert "2025年试点，期末结余：" in re.sub(r"\n", "", text)
    assert not re.search(r"None|nan|better|higher", text)


def test_with_many_metrics_the_deciding_ones_are_told_in_sentences():
    rows = [
        ("base", design, f"net_position_of[{account}]", "yuan", [each + account for each in several])
        for design, several in BALANCES.items()
        for account in range(MOST_SENTENCES)
    ]
    table = contrast(
        pd.concat([frame(*rows), VALUES]),
        ("base", "new"),
        ("base", "old"),
        ["net_position_of[account]", "closing_balance"],
    )
    assert len(table) > MOST_SENTENCES
    text = printed(table)
    assert re.sub(r"\s+", " ", text).count("replications would give it") == 1
    assert len(re.findall("^net position of account", text, re.MULTILINE)) == MOST_SENTENCES


def test_nulls_are_printed_as_dashes():
    rows = [
        ("base", design, "closing_balance", "yuan", [value]) for design, value in (("new", 3.0), ("old", 1.0))
    ]
    rows += [("base", design, "net_position", "yuan", [float("nan")]) for design in ("new", "old")]
    text = printed(contrast(frame(*rows), ("base", "new"), ("base", "old")))
    assert not re.search(r"None|nan|<NA>", text)
    assert "one replication there is" in re.sub(r"\s+", " ", text)
