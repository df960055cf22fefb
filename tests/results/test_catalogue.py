"""The wording of results is whole in each language."""

from __future__ import annotations

import re
import string

import pytest

from injurysim.core.schemas import BASE_UNITS
from injurysim.core.schemas_experiment import DIRECTIONS
from injurysim.describe.catalogue import LANGUAGES
from injurysim.results.amounts import in_unit
from injurysim.results.catalogue import metric_label, words
from injurysim.results.metric_money import _unit_of_rate
from injurysim.results.metrics import METRICS

UNITS = {metric.unit for metric in METRICS.values()} | {_unit_of_rate(base)[0] for base in BASE_UNITS}


def places(phrase):
    return sorted(name for _, name, _, _ in string.Formatter().parse(phrase) if name is not None)


def test_both_languages_say_the_same_things():
    english, chinese = (
        words("en"),
        {key: text for key, text in words("zh").items() if not key.startswith("metric.")},
    )
    assert set(english) == set(chinese)
    for key, phrase in english.items():
        assert places(phrase) == places(chinese[key]), key


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_has_a_label_in_each_language(metric):
    name = re.sub(r"\[.*\]", "[2022]", metric.name)
    for language in LANGUAGES:
        label = metric_label(name, language)
        assert label
        assert ("2022" in label) == ("[" in name)
    assert re.search("[\u4e00-\u9fff]", metric_label(name, "zh"))
    assert not re.search("[\u4e00-\u9fff]", metric_label(name))


def test_no_label_is_of_a_metric_there_is_not_and_no_two_are_alike():
    labels = {
        key.removeprefix("metric."): text for key, text in words("zh").items() if key.startswith("metric.")
    }
    assert set(labels) == set(METRICS)
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_and_direction_has_words(language):
    for unit in UNITS:
        assert "12" in in_unit("12", unit, language), unit
    for direction in DIRECTIONS:
        assert words(language)[f"direction.{direction}"]
