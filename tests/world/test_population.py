"""Riders: keyed by their path, drawn once for life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import sqrt
from typing import Any

import numpy as np

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams, group_who
from injurysim.scenario.world import World
from injurysim.world.month import Month
from injurysim.world.population import (
    DAYS_OF_MONTH,
    ENGAGERS,
    NEVER,
    RELATIONS,
    Population,
    cohorts,
    draw_population,
    draw_riders,
)

Law = Callable[..., dict[str, Any]]
Run = Callable[..., tuple[Population, list[Month]]]
FOUR = 4.0
DAYS = Calendar.build(date(2023, 1, 1), 6, [], [], margin_days=60)


def population(data: dict[str, Any], seed: int = 3) -> Population:
    return draw_population(World.model_validate(data), DAYS, Streams(seed, 0))


class TestArrays:
    def test_engagements_are_the_platforms_of_the_portfolio_in_order(self, law: Law, group: Law) -> None:
        portfolios = {"x": {"split": {"beta": "0.5", "alpha": "0.5"}}, "y": {"split": {"beta": 1}}}
        p = population(law(groups={"a": group(), "b": group(portfolios=portfolios)}))
        assert p.portfolios == (("a", "one"), ("a", "both"), ("b", "x"), ("b", "y"))
        worked = {("a", "one"): [0], ("a", "both"): [0, 1], ("b", "x"): [1, 0], ("b", "y"): [1]}
        for rider in range(len(p)):
            mine = slice(p.first_engagement[rider], p.first_engagement[rider + 1])
            group_name, portfolio = p.portfolios[p.portfolio[rider]]
            assert p.engagement_platform[mine].tolist() == worked[group_name, portfolio]
            assert set(p.engagement_rider[mine].tolist()) == {rider}
            assert p.groups[p.group[rider]] == group_name
        assert p.first_engagement[-1] == len(p.engagement_rider) == len(p.engagement_platform)

    def test_ids_are_paths_and_all_differ(self, law: Law, group: Law) -> None:
        p = population(
            law(regions={"north": {}, "city": {}}, groups={"a": group(riders=3), "b": group(riders=2)})
        )
        assert [p.rider_id(rider) for rider in range(len(p))] == [
            "city/a/0/0", "city/a/0/1", "city/a/0/2", "city/b/0/0", "city/b/0/1",
        ]  # fmt: skip
        assert len(np.unique(p.who)) == 5
        assert (p.who[:3] == group_who("city", "a", 0, np.arange(3))).all()

    def test_a_group_may_be_empty(self, law: Law, group: Law) -> None:
        p = population(law(groups={"none": group(riders=0), "some": group(riders=4)}))
        assert len(p) == 4
        assert set(p.group.tolist()) == {1}
        nobody = population(law(groups={"none": group(riders=0)}))
        assert len(nobody) == len(nobody.engagement_rider) == 0


class TestKeys:
    def test_who_a_rider_is_does_not_depend_on_the_seed_but_what_is_drawn_does(self, law: Law) -> None:
        one, other = population(law(), seed=1), population(law(), seed=2)
        assert (one.who == other.who).all()
        assert not (one.frailty == other.frailty).any()

    def test_some_riders_drawn_alone_are_the_same_as_among_all(self, law: Law) -> None:
        world, streams = World.model_validate(law()), Streams(3, 0)
        everybody = draw_population(world, DAYS, streams)
        some = np.array([199, 4, 77])
        drawn = draw_riders(world, DAYS, streams, {("riders", 0): some})
        for name in ("who", "ordinal", "portfolio", "relation", "frailty", "age_years"):
            assert (getattr(drawn, name) == getattr(everybody, name)[some]).all(), name

    def test_attributes_do_not_share_their_draws(self, law: Law, group: Law) -> None:
        p = population(law(groups={"riders": group(riders=10_000)}))
        table = np.corrcoef([p.frailty, p.age_years, p.portfolio, p.relation])
        assert np.abs(table - np.eye(4)).max() < FOUR / sqrt(len(p))


class TestLaws:
    RIDERS = 40_000

    def drawn(self, law: Law, group: Law, **changes: Any) -> Population:
        return population(law(groups={"riders": group(riders=self.RIDERS, **changes)}))

    def test_relations_and_portfolios_have_their_shares(self, law: Law, group: Law) -> None:
        p = self.drawn(law, group)
        for found, share in (
            (p.relation == RELATIONS.index("not_fully"), 0.6),
            (p.relation == RELATIONS.index("own_account"), 0.4),
            (p.portfolio == 0, 2 / 3),
            (p.portfolio == 1, 1 / 3),
        ):
            assert abs(found.mean() - share) < FOUR * sqrt(share * (1 - share) / self.RIDERS)

    def test_frailty_is_gamma_of_mean_one(self, law: Law, group: Law) -> None:
        for shape in (0.5, 2.0):
            z = self.drawn(law, group, frailty={"kind": "gamma", "shape": shape}).frailty
            variance = 1 / shape
            assert abs(z.mean() - 1) < FOUR * sqrt(variance / self.RIDERS)
            # Fourth central moment of a gamma law of mean 1: 3 variance^2 + 6 variance^3.
            spread = sqrt(2 * variance**2 + 6 * variance**3)
            assert abs(z.var() - variance) < FOUR * spread / sqrt(self.RIDERS)
        assert (self.drawn(law, group, frailty={"kind": "none"}).frailty == 1).all()

    def test_age_has_its_law(self, law: Law, group: Law) -> None:
        age = self.drawn(law, group).age_years
        assert age.min() >= 20
        assert age.max() <= 50
        for q in (0.1, 0.5, 0.9):
            assert abs(np.mean(age > 20 + 30 * q) - (1 - q)) < FOUR * sqrt(q * (1 - q) / self.RIDERS)

    def test_engagers_have_their_shares(self, law: Law, group: Law) -> None:
        p = self.drawn(law, group, engager={"platform": "0.1", "agent": "0.9"})
        for name, share in (("platform", 0.1), ("agent", 0.9)):
            found = np.mean(p.engager == ENGAGERS.index(name))
            assert abs(found - share) < FOUR * sqrt(share * (1 - share) / self.RIDERS)

    def test_lognormal_frailty_has_mean_one(self, law: Law, group: Law) -> None:
        z = self.drawn(law, group, frailty={"kind": "lognormal", "cv": "0.5"}).frailty
        assert abs(z.mean() - 1) < FOUR * 0.5 / sqrt(self.RIDERS)
        assert abs(np.median(z) - 1 / sqrt(1.25)) < FOUR * 0.6 / sqrt(self.RIDERS)


class TestComingAndGoing:
    def open(self, law: Law, group: Law, riders: int = 100, entry: int = 5000, **changes: Any) -> World:
        changes.setdefault("tenure_months", {"kind": "exponential", "mean": 2})
        return World.model_validate(
            law(groups={"riders": group(riders=riders, entry={"per_month": entry}, **changes)})
        )

    def test_cohorts_are_the_first_day_and_a_month_each(self, law: Law, group: Law) -> None:
        world = self.open(law, group, entry=7)
        assert cohorts(world, DAYS) == {("riders", 0): 100} | {("riders", month): 7 for month in range(1, 7)}
        dated = group(riders=3, entry={"per_month": {"dated": {"2023-01-01": 4, "2023-03-01": 9}}})
        found = cohorts(World.model_validate(law(groups={"riders": dated, "closed": group(riders=2)})), DAYS)
        assert [found["riders", month] for month in range(1, 7)] == [4, 4, 9, 9, 9, 9]
        assert [cohort for cohort in found if cohort[0] == "closed"] == [("closed", 0)]

    def test_entry_is_spread_evenly_over_the_days_of_the_month(self, law: Law, group: Law) -> None:
        p = draw_population(self.open(law, group), DAYS, Streams(3, 0))
        assert not p.entry_day[p.cohort == 0].any()
        for month in range(6):
            first, last = DAYS.month_starts[month : month + 2]
            days = p.entry_day[p.cohort == month + 1] - first
            length = int(last - first)
            assert days.min() >= 0
            assert days.max() < length
            found, expected = np.bincount(days, minlength=length), 5000 / length
            assert (
                abs(found - expected) < 4.5 * sqrt(expected)
            ).all()  # 181 days at once: one false alarm in 800
            assert abs(days.mean() - (length - 1) / 2) < FOUR * length / sqrt(12 * 5000)

    def test_tenure_has_its_law_from_entry_on(self, law: Law, group: Law) -> None:
        p = draw_population(self.open(law, group), DAYS, Streams(3, 0))
        stay = p.exit_day - p.entry_day
        assert stay.min() >= 1
        for months in (0.5, 1, 2, 5):
            days = round(months * DAYS_OF_MONTH)
            beyond = np.exp(-(days + 0.5) / DAYS_OF_MONTH / 2)
            assert abs(np.mean(stay > days) - beyond) < FOUR * sqrt(beyond * (1 - beyond) / len(p))
        assert abs(np.corrcoef(stay, p.entry_day)[0, 1]) < FOUR / sqrt(len(p))

    def test_nobody_leaves_without_a_tenure(self, law: Law, group: Law) -> None:
        p = draw_population(self.open(law, group, entry=3, tenure_months=None), DAYS, Streams(3, 0))
        assert set(p.exit_day.tolist()) == {NEVER}

    def test_a_part_drawn_alone_is_the_same(self, law: Law, group: Law) -> None:
        """Some riders of some cohorts, cohorts in another order, and riders too."""
        world, streams = self.open(law, group, entry=50), Streams(3, 0)
        whole = draw_population(world, DAYS, streams)
        part = draw_riders(
            world, DAYS, streams, {("riders", 4): np.array([49, 3]), ("riders", 0): np.array([99, 0])}
        )
        places = {whole.rider_id(rider): rider for rider in range(len(whole))}
        assert len(places) == len(whole) == 100 + 6 * 50
        mine = [places[part.rider_id(rider)] for rider in range(len(part))]
        for name in (
            "who",
            "cohort",
            "portfolio",
            "relation",
            "engager",
            "frailty",
            "age_years",
            "entry_day",
            "exit_day",
        ):
            assert (getattr(part, name) == getattr(whole, name)[mine]).all(), name

    def test_cohorts_drawn_side_by_side_are_the_same(self, law: Law, group: Law) -> None:
        tenure = {"kind": "exponential", "mean": 4}
        open_group = group(riders=300, entry={"per_month": 60}, tenure_months=tenure)
        world = World.model_validate(law(groups={"a": open_group, "b": group(riders=40)}))
        alone, together = (draw_population(world, DAYS, Streams(3, 0), threads=n) for n in (1, 3))
        assert len(alone) == 300 + 6 * 60 + 40
        for name in (
            "who",
            "cohort",
            "portfolio",
            "frailty",
            "age_years",
            "entry_day",
            "exit_day",
            "engagement_rider",
        ):
            assert np.array_equal(getattr(alone, name), getattr(together, name)), name

    def test_more_who_enter_change_nobody(self, law: Law, group: Law) -> None:
        few, many = (
            draw_population(self.open(law, group, entry=each), DAYS, Streams(3, 0)) for each in (5, 8)
        )
        places = {many.rider_id(rider): rider for rider in range(len(many))}
        mine = [places[few.rider_id(rider)] for rider in range(len(few))]
        assert (few.entry_day == many.entry_day[mine]).all()
        assert (few.exit_day == many.exit_day[mine]).all()

    def test_work_is_from_entry_to_the_day_before_leaving(self, law: Law, group: Law, run: Run) -> None:
        work = {
            "attendance": {"workday": 1, "weekend": 1, "holiday": 1},
            "start_hour": {"kind": "constant", "value": 8},
            "wanted_hours": {"kind": "constant", "value": 8},
        }
        world = self.open(
            law, group, entry=200, work=work, tenure_months={"kind": "exponential", "mean": "0.7"}
        )
        p, months = run(world, DAYS)
        for month in months:
            first, last = DAYS.month_starts[month.index : month.index + 2]
            there = np.minimum(p.exit_day, last) - np.maximum(p.entry_day, first)
            assert (month.rider_days == np.maximum(there, 0)).all()
