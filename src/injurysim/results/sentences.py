"""A plain sentence for every row of a comparison, in each language."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from injurysim.describe.catalogue import Language
from injurysim.describe.numbers import MANNERS
from injurysim.results.amounts import Amounts
from injurysim.results.catalogue import metric_label, words
from injurysim.results.records import records
from injurysim.scenario.stages import SEPARATOR, base_of

if TYPE_CHECKING:
    import pandas as pd

TOLD = ("net_position", "closing_balance", "uncompensated_loss_per_injured_rider", "injuries")
"""Metrics whose differences are told in sentences where there is room for few."""


@dataclass(frozen=True)
class Titles:
    """How worlds and designs are called in one language; by their names where they have no title.

    Attributes
    ----------
    worlds, designs : mapping of name to title
        Only worlds that are named here are told apart: with one or none a sentence does not say in which it holds.
    """

    worlds: Mapping[str, str] = field(default_factory=dict)
    designs: Mapping[str, str] = field(default_factory=dict)

    def world(self, name: str, language: Language) -> str:
        """Return the title of a world, or of the one that a design with responses has to itself."""
        base = base_of(name)
        return self.worlds.get(base) or words(language)["world.unnamed"].format(base)

    def design(self, name: str) -> str:
        """Return the title of a design."""
        return self.designs.get(name) or name


def comparison_sentences(
    comparison: pd.DataFrame, titles: Titles | None = None, language: Language = "en"
) -> pd.Series[str]:
    """Put every row of a comparison into a sentence.

    Parameters
    ----------
    comparison : pandas.DataFrame
        The table ``comparison``, or rows of it, or what :func:`injurysim.results.contrast.contrast` gives.
    titles : Titles, optional
        How worlds and designs are called.
    language : {'en', 'zh'}
        The language.

    Returns
    -------
    pandas.Series of str
        On the index of the rows: what differs, by how much, with the joint interval, in how many replications this is
        better, and how many replications the precision wanted takes. It is not kept with the results: wording may
        change, numbers do not.
    """
    import pandas as pd

    titles = titles or Titles()
    said = [_sentence(row, titles, language) for row in records(comparison)]
    return pd.Series(said, index=comparison.index, dtype="str", name="sentence")


def place_names(row: Mapping[Any, Any], titles: Titles, language: Language) -> tuple[str, str, str]:
    """Return what two places have in common, and how each is called: by what they differ in."""
    say = words(language)
    sides = [(row[f"{side}world"], row[f"{side}design"]) for side in ("", "baseline_")]
    if any(design is None for _, design in sides) and base_of(sides[0][0]) == base_of(sides[1][0]):
        # Worlds that designs with responses have to themselves: the designs tell them apart.
        sides = [(base_of(world), world.partition(SEPARATOR)[2] or None) for world, _ in sides]
    (world, design), (other_world, other_design) = sides
    own, other = base_of(world), base_of(other_world)
    worlds = _apart(own, other, lambda name: titles.world(name, language))
    designs = _apart(
        design or "", other_design or "", lambda name: titles.design(name) if name else worlds[0]
    )
    if own == other:
        names, common = designs, _capital(worlds[0]) if len(titles.worlds) > 1 else ""
    elif design == other_design:
        names, common = worlds, designs[0] if design else ""
    else:
        both = say["place.both"]
        named = zip(worlds, designs, strict=True)
        a, b = (both.format(world=world, design=design) for world, design in named)
        return "", a, b
    a, b = (say["place.one"].format(place=name) for name in names)
    return common, a, b


def _apart(name: str, other: str, title: Callable[[str], str]) -> list[str]:
    """Return the titles of two names, with the names where different things have one title."""
    titles = [title(each) for each in (name, other)]
    if name != other and titles[0] == titles[1]:
        return [f"{each} ({of})" if of else each for each, of in zip(titles, (name, other), strict=True)]
    return titles


def _sentence(row: Mapping[Any, Any], titles: Titles, language: Language) -> str:
    say = words(language)
    common, a, b = place_names(row, titles, language)
    metric = metric_label(row["metric"], language)
    metric = say["said.within"].format(context=common, said=metric) if common else _capital(metric)
    return say["said.sentence"].format(metric=metric, said=_said(row, a, b, language))


def _said(row: Mapping[Any, Any], a: str, b: str, language: Language) -> str:
    """Say how two places differ."""
    say = words(language)
    n, difference = row["n"], row["difference"]
    low, high = row["joint_low"], row["joint_high"]
    if difference is None:
        return say["said.nothing"].format(a=a, b=b)
    fields = {"a": a, "b": b, "n": n, "more": say["more.higher" if difference > 0 else "more.lower"]}
    if low is None or high is None:
        exact = Amounts(language, row["unit"], abs(difference), 0.0)
        return say["said.one"].format(**fields, amount=exact.told(difference))
    amounts = Amounts(language, row["unit"], max(abs(difference), abs(low), abs(high)), (high - low) / 2)
    fields |= {
        "amount": amounts.told(difference),
        "interval": _interval(row, amounts.ends(low, high), language),
    }
    if row["same_share"] == 1:
        return say["said.same" if low == high else "said.same_probability"].format(**fields)
    if low == high:
        return say["said.always"].format(**fields)
    apart = not low <= 0 <= high
    key = "said.apart" if apart else "said.not_apart" if difference else "said.not_apart_equal"
    said = _times_better(row, say[key].format(**fields), language)
    return _needed(row, said, language, apart=apart)


def _interval(row: Mapping[Any, Any], ends: str, language: Language) -> str:
    level = MANNERS[language].share(round(row["level"], 10))
    key = "interval.joint" if row["family"] > 1 else "interval.own"
    return words(language)[key].format(level=level, ends=ends, family=row["family"])


@dataclass(frozen=True)
class Times:
    """In how many replications a place is better than the baseline, worse, and the same."""

    better: int
    worse: int
    same: int


def times(row: Mapping[Any, Any]) -> Times | None:
    """Count replications by which place is better in them; None for a metric without a direction, and without values."""
    share, n = row["better_share"], row["n"]
    if share is None:
        return None
    same = round(row["same_share"] * n)
    better = round(share * n - same / 2)
    return Times(better, n - same - better, same)


def _times_better(row: Mapping[Any, Any], said: str, language: Language) -> str:
    """Add in how many replications this is better, or worse where the interval says so, and in how many the same."""
    say, counted = words(language), times(row)
    if counted is None:
        return said
    worse = row["direction"] == "worse"
    said = say["share.worse" if worse else "share.better"].format(
        said=said, k=counted.worse if worse else counted.better, n=row["n"]
    )
    return say["share.ties"].format(said=said, ties=counted.same) if counted.same else said


def _needed(row: Mapping[Any, Any], said: str, language: Language, *, apart: bool) -> str:
    """Add how many replications the precision wanted takes."""
    say = words(language)
    difference, wanted, needed = (row[name] for name in ("difference", "half_width_wanted", "n_needed"))
    stated = wanted is not None and not math.isclose(wanted, abs(difference or 0.0) / 2)
    half_width = "" if wanted is None else Amounts(language, row["unit"], wanted, 0.0).told(wanted)
    if needed is None:
        return say["needed.never"].format(said=said, half_width=half_width) if stated else said
    key = "stated" if stated else "half" if apart else "looks"
    number = MANNERS[language].number(needed)
    return say[f"needed.{key}"].format(said=said, needed=number, half_width=half_width)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
