"""Rows filled in: a line from one walk has the rows of walks one by one, whoever fills them and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.world import World
from injurysim.world import filling, packed
from injurysim.world.conduct import Conduct
from injurysim.world.filling import ALL_WISHES, ASKED_COLUMNS, Filling
from injurysim.world.picks import START_MINUTES, WANTED_MINUTES
from injurysim.world.population import draw_population
from injurysim.world.rows import RowTables
from injurysim.world.tables import Tables

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]
LIMITS = {
    "day": {"kind": "day_logoff", "scope": "all_platforms", "hours": 9, "off_hours": 10},
    "rest": {"kind": "rest_after_spell", "scope": "platform", "hours": 3, "rest_minutes": 20},
}
KEEPS = Conduct(frozenset(), frozenset())
AT_ONCE = {
    "one": {"split": {"alpha": 1}},
    "both": {"split": {"alpha": "0.6", "beta": "0.4"}, "at_once": True},
}


@pytest.fixture
def made(law: Law, group: Law, days: Days) -> tuple[Tables, RowTables]:
    """Tables of a world whose portfolios are one app, and two at once, with room for rows and none filled."""
    world = World.model_validate(law(limits=LIMITS, groups={"riders": group(portfolios=AT_ONCE)}))
    calendar = days()
    population = draw_population(world, calendar, Streams(1, 0))
    tables = Tables(world, population.portfolios)
    (keeps,) = tables.conduct_numbers([KEEPS])
    dry = np.zeros((1, int(calendar.month_starts[-1])), np.int64)
    used = np.array([[f, keeps] for f in range(len(population.portfolios))])
    return tables, tables.rows_for(tables.kinds.of_days(calendar, dry, 0), population, used)


def asked(rows: RowTables, f: int, wishes: list[int], at: list[int]) -> np.ndarray:
    """Ask for wishes of the third start of a portfolio on the first kind of day."""
    found = np.zeros((len(wishes), ASKED_COLUMNS), np.int64)
    found[:, filling.PORTFOLIO] = f
    found[:, [filling.LIMITS_FROM, filling.LIMITS_TO]] = rows.limit_span[rows.variant[f, 0, 0]]
    found[:, filling.START] = (rows.start_from[f] + 3) * START_MINUTES
    found[:, filling.WISH], found[:, filling.AT] = wishes, at
    return found


@pytest.mark.parametrize("f", [0, 1], ids=["one app", "two at once"])
def test_a_line_has_the_rows_of_walks_one_by_one(made: tuple[Tables, RowTables], f: int) -> None:
    tables, rows = made
    width, wishes = int(rows.width[f]), int(rows.wishes[f])
    fill = Filling(wishes).fill
    line, single = (np.zeros(width * wishes, np.float32) for _ in range(2))
    fill(tables.law, rows._replace(values=line), WANTED_MINUTES, asked(rows, f, [ALL_WISHES], [0]))
    order = np.random.default_rng(3).permutation(wishes)
    each = asked(rows, f, ((rows.wanted_from[f] + order) * WANTED_MINUTES).tolist(), (order * width).tolist())
    for part in np.array_split(each, 4):
        fill(tables.law, rows._replace(values=single), WANTED_MINUTES, part)
    assert line.tolist() == single.tolist()
    length = line[packed.LENGTH :: width]
    assert (length > 0).all()
    assert (np.diff(length) >= 0).all()
    assert len(set(length.tolist())) > 20


def test_nothing_asked_for_fills_nothing(made: tuple[Tables, RowTables]) -> None:
    tables, rows = made
    values = np.full(100, 7, np.float32)
    Filling(1).fill(
        tables.law, rows._replace(values=values), WANTED_MINUTES, np.zeros((0, ASKED_COLUMNS), np.int64)
    )
    assert (values == 7).all()
