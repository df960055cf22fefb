"""Numbers of a sentence: one scale, as many decimals as their precision deserves, no sign without need."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.results.amounts import Amounts


@pytest.mark.parametrize(
    ("language", "unit", "value", "low", "high", "told", "ends"),
    [
        ("en", "yuan", 1.2e6, 0.9e6, 1.5e6, "1.20 million yuan", "0.90 to 1.50 million"),
        ("zh", "yuan", 1.2e6, 0.9e6, 1.5e6, "120万元", "90万至150万"),
        ("en", "yuan", -3.25e9, -3.5e9, -3.0e9, "3.25 billion yuan", "3.00 to 3.50 billion"),
        ("zh", "yuan", -3.25e9, -3.5e9, -3.0e9, "32.5亿元", "30.0亿至35.0亿"),
        ("en", "yuan", 12_345.6, -7_000.0, 31_691.2, "12,346 yuan", "−7,000 to 31,691"),
        ("zh", "yuan", 8_345.6, -7_000.0, 9_000.0, "8346元", "−7000至9000"),
        ("en", "share", 0.1234, 0.1, 0.1468, "12.3 percentage points", "10.0 to 14.7"),
        ("zh", "share of payroll", 0.0012, -0.0001, 0.0025, "0.12个百分点", "−0.01至0.25"),
        ("en", "yuan/order", 0.0123, 0.0101, 0.0145, "0.0123 yuan per order", "0.0101 to 0.0145"),
        ("en", "days", 0.0, -1.25, 1.25, "0.0 days", "−1.2 to 1.2"),
    ],
)
def test_by_hand(language, unit, value, low, high, told, ends):
    amounts = Amounts(language, unit, max(abs(value), abs(low), abs(high)), (high - low) / 2)
    assert amounts.told(value) == told
    assert amounts.ends(low, high) == ends


def test_what_is_known_exactly_is_told_without_trailing_zeros():
    assert Amounts("en", "yuan", 100_000.0, 0.0).told(100_000.0) == "100,000 yuan"
    assert Amounts("en", "share", 0.025, 0.0).told(0.025) == "2.5 percentage points"
    assert Amounts("en", "yuan", 0.0, 0.0).told(0.0) == "0 yuan"


def test_signs_are_kept_where_they_are_asked_for():
    amounts = Amounts("en", "yuan", 30.0, 10.0)
    assert (amounts.bare(-20.0), amounts.bare(20.0)) == ("−20", "20")
    assert amounts.ends(-30.0, -10.0, signed=True) == "−30 to −10"
    assert amounts.bare(-0.001) == "0"


@given(st.floats(1e-4, 1e12), st.floats(1e-9, 1e12), st.sampled_from(["en", "zh"]))
def test_a_number_is_told_to_a_tenth_of_the_half_width_or_five_digits(value, half_width, language):
    """What is read back differs by no more than half a unit of the last digit told."""
    amounts = Amounts(language, "yuan", max(value, half_width), half_width)
    text = amounts.bare(value)
    words = {"": 1.0, "million": 1e6, "billion": 1e9, "万": 1e4, "亿": 1e8}
    digits, word = re.fullmatch(r"([\d,.]+) ?(\D*)", text).groups()
    read = float(digits.replace(",", "")) * words[word]
    assert abs(read - value) <= max(0.051 * half_width, 0.51 * words[word], 1e-4 * max(value, half_width))
