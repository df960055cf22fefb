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
from injurysim.world.population import RELATIONS, Population, draw_population, draw_riders

Law = Callable[..., dict[str, Any]]
FOUR = 4.0
CALENDAR = Calendar.build(date(2023, 1, 1), 2, (), ())


def population(data: dict[str, Any], seed: int = 3) -> Population:
    return draw_population(World.model_validate(data), CALENDAR, Streams(seed, 0))


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
        everybody = draw_population(world, CALENDAR, streams)
        some = np.array([199, 4, 77])
        drawn = draw_riders(world, CALENDAR, streams, {("riders", 0): some})
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
