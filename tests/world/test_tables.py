"""Rows: what fills them, which days share them, how wishes and starts are picked."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

import numpy as np
import pytest

from injurysim.core.calendar import Calendar
from injurysim.core.errors import InputError
from injurysim.core.randomness import Streams
from injurysim.core.side_by_side import SideBySide
from injurysim.scenario.world import World
from injurysim.world import layout, packed, tables, walk
from injurysim.world import rows as rows_module
from injurysim.world.conduct import Conduct
from injurysim.world.fast import FastWorld
from injurysim.world.picks import START_MINUTES, WANTED_MINUTES
from injurysim.world.population import Population, draw_population
from injurysim.world.rows import (
    MISSED_COLUMNS,
    MISSED_KIND,
    MISSED_START,
    MISSED_STATE,
    MISSED_VARIANT,
    MISSED_WISH,
    NOT_YET,
    RowTables,
)
from injurysim.world.tables import Tables

Law = Callable[..., dict[str, Any]]
Days = Callable[..., Calendar]
Everything = Callable[..., tuple[World, Calendar]]
KEEPS = Conduct(frozenset(), frozenset())
LIMIT = {"kind": "day_logoff", "scope": "platform", "hours": 6}


class Made:
    """Tables of a world whose riders all keep their limits."""

    def __init__(self, data: dict[str, Any], calendar: Calendar) -> None:
        self.world, self.calendar = World.model_validate(data), calendar
        self.population: Population = draw_population(self.world, calendar, Streams(1, 0))
        self.tables = Tables(self.world, self.population.portfolios)
        (keeps,) = self.tables.conduct_numbers([KEEPS])
        self.used = np.array([[f, keeps] for f in range(len(self.population.portfolios))])

    def kinds(self, month: int = 0) -> np.ndarray:
        dry = np.zeros((len(self.world.regions), int(self.calendar.month_starts[-1])), np.int64)
        return self.tables.kinds.of_days(self.calendar, dry, month)

    def rows(self, month: int = 0) -> RowTables:
        return self.tables.rows_for(self.kinds(month), self.population, self.used)


def missed(*shifts: tuple[int, int, int, int, int]) -> np.ndarray:
    """Shifts missed, as variant, state, cell of the start, cell of the wish, kind of day."""
    found = np.zeros((len(shifts), MISSED_COLUMNS), np.int64)
    found[:, [MISSED_VARIANT, MISSED_STATE, MISSED_START, MISSED_WISH, MISSED_KIND]] = shifts
    return found


def block(made: Tables, rows: RowTables, f: int, variant: int, state: int = 0) -> np.ndarray:
    """Rows of a variant as they are kept, shape (starts, wishes, numbers); of unknown length where they are not filled."""
    width = int(rows.width[f])
    assert width == packed.width_of(int(made.law.apps[f]), made.law.combine)
    found = np.full((int(rows.starts[f]), int(rows.wishes[f]), width), packed.UNKNOWN, np.float32)
    for start in range(len(found)):
        begin = rows.lines[variant, state, start]
        if begin != NOT_YET:
            found[start] = rows.values[begin : begin + found[start].size].reshape(found.shape[1:])
    return found


def filled_in(found: np.ndarray) -> np.ndarray:
    """Which of the rows of a block are filled."""
    return found[:, :, packed.LENGTH] >= 0


class TestRows:
    @pytest.mark.parametrize("combine", ["product", "capped"])
    def test_that_are_filled_are_walked(self, everything: Everything, combine: str) -> None:
        """After a month of a world with every feature, by a walk for rows picked from all that are filled."""
        world, calendar = everything(combine)
        fast = FastWorld(world, calendar, Streams(1, 0))
        next(fast.months())
        made = fast.tables
        kinds = made.kinds.of_days(calendar, np.zeros((2, int(calendar.month_starts[-1])), np.int64), 0)
        rows = made.rows_for(kinds, fast.population, np.zeros((0, 2), np.int64))
        per_state = rows.lines.shape[1] > 1
        assert per_state == (combine == "capped")
        rng, compared = np.random.default_rng(1), 0
        places = np.argwhere(rows.variant >= 0)
        for f, c, kind in places[rng.permutation(len(places))[:40]]:
            variant = rows.variant[f, c, kind]
            limits = rows.limits[slice(*rows.limit_span[variant])]
            for state in range(rows.lines.shape[1]):
                filled = block(made, rows, f, variant, state)
                for start, wish in rng.permutation(np.argwhere(filled_in(filled)))[:4]:
                    row = np.zeros(layout.HEAD + int(made.law.apps[f]) * layout.PER_APP)
                    stop, kept = np.zeros(layout.STOP_COLUMNS), np.zeros(filled.shape[2], np.float32)
                    walk.walk(
                        made.law, kind, f, state if per_state else len(made.law.day_factor) - 1, limits,
                        (rows.start_from[f] + start) * START_MINUTES, (rows.wanted_from[f] + wish) * WANTED_MINUTES,
                        inf, layout.new_scratch(), row, stop, layout.no_line(),
                    )  # fmt: skip
                    packed.pack(made.law, f, row, kept, 0)
                    assert filled[start, wish].tolist() == kept.tolist()
                    compared += 1
        assert compared > 50

    def test_are_empty_until_they_are_asked_for(self, law: Law, days: Days) -> None:
        made = Made(law(), days())
        rows = made.rows()
        assert not rows.values.any()
        f, kind = 0, 0
        variant = int(rows.variant[f, 0, kind])
        made.tables.learn(missed((variant, 0, 3, 7, kind)))
        filled = filled_in(block(made.tables, made.tables.rows, f, variant))
        assert filled[3].all()  # the whole line of wishes
        assert not np.delete(filled, 3, axis=0).any()

    def test_of_apps_one_after_another_come_one_by_one(self, law: Law, days: Days) -> None:
        made = Made(law(), days())
        rows = made.rows()
        variant = int(rows.variant[1, 0, 0])
        made.tables.learn(missed((variant, 0, 3, 7, 0), (variant, 0, 4, 9, 0)))
        filled = filled_in(block(made.tables, made.tables.rows, 1, variant))
        assert np.argwhere(filled).tolist() == [[3, 7], [4, 9]]

    def test_learnt_again_are_the_same(self, law: Law, days: Days) -> None:
        made = Made(law(limits={"cap": LIMIT}), days())
        rows = made.rows()
        asked = missed(*((int(rows.variant[f, 0, 0]), 0, start, 5, 0) for f in (0, 1) for start in (0, 1, 2)))
        made.tables.learn(asked)
        once = made.tables.rows.values.copy()
        assert once.any()
        made.tables.learn(asked)
        made.tables.learn(asked[::-1])
        assert (made.tables.rows.values == once).all()

    def test_grow_with_new_kinds_of_day_and_keep_what_is_filled(self, law: Law, days: Days) -> None:
        """A limit from February on: new variants, and room after the old ones."""
        made = Made(law(limits={"new": {**LIMIT, "first_day": "2023-02-01"}}), days())
        before = made.rows(0)
        variants = [int(before.variant[f, 0, 0]) for f in (0, 1)]
        made.tables.learn(missed(*((variant, 0, 2, 4, 0) for variant in variants)))
        old = [block(made.tables, made.tables.rows, f, variant) for f, variant in enumerate(variants)]
        size = made.tables.row_bytes
        after = made.rows(1)
        assert made.tables.row_bytes == size  # room is given to lines when they are asked for
        assert [int(after.variant[f, 0, 0]) for f in (0, 1)] == variants
        for f, variant in enumerate(variants):
            assert (block(made.tables, made.tables.rows, f, variant) == old[f]).all()
            new = int(after.variant[f, 0, 1])
            assert new not in variants
            assert not filled_in(block(made.tables, made.tables.rows, f, new)).any()
            made.tables.learn(missed((new, 0, 2, 4, 1)))
            assert made.tables.row_bytes > size
            assert (block(made.tables, made.tables.rows, f, variant) == old[f]).all()
            assert block(made.tables, made.tables.rows, f, new)[2, 4, packed.ONLINE] > 0

    def test_are_there_for_ends_that_are_wished(self, law: Law, group: Law, days: Days) -> None:
        """Ends that are wished half as often, for they are rounded from one side alone, are still wished."""
        work = {
            **group()["work"],
            "wanted_hours": {"kind": "uniform", "low": 4, "high": 12},
            "start_hour": {"kind": "uniform", "low": 6, "high": 14},
        }
        rows = Made(law(groups={"riders": group(work=work)}), days()).rows()
        assert (rows.start_from[0], rows.starts[0]) == (24, 33)
        assert (rows.wanted_from[0], rows.wishes[0]) == (48, 97)

    def test_filled_by_any_number_of_threads_are_the_same(
        self, law: Law, days: Days, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: dict[int, Made] = {}
        for threads in (1, 3):
            monkeypatch.setattr(tables, "ROWS_AT_ONCE", 16_384 if threads == 1 else 2)
            made[threads] = Made(law(limits={"cap": LIMIT}), days())
            rows = made[threads].rows()
            asked = missed(
                *(
                    (int(rows.variant[f, 0, 0]), 0, start, wish, 0)
                    for f in (0, 1)
                    for start in range(5)
                    for wish in (2, 9)
                )
            )
            with SideBySide(threads) as hands:
                made[threads].tables.learn(asked, hands)
        once, again = (made[threads].tables.rows for threads in (1, 3))
        assert (once.values == again.values).all()
        assert (once.lines == again.lines).all()
        assert (once.values > 0).any()

    def test_nothing_new_asks_for_no_room(self, law: Law, days: Days) -> None:
        made = Made(law(), days())
        first, second = made.rows(0), made.rows(1)
        assert all(one is other for one, other in zip(first, second, strict=True))

    def test_too_many_are_refused(self, law: Law, days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rows_module, "MOST_ROW_BYTES", 1 << 10)
        made = Made(law(), days())
        variant = int(made.rows().variant[0, 0, 0])
        with pytest.raises(InputError, match="of tables"):
            made.tables.learn(missed(*((variant, 0, start, 0, 0) for start in range(10))))


class TestVariants:
    def variants(self, made: Made, month: int = 0) -> list[list[int]]:
        """Variant of each day of a month, by portfolio: one app, and both."""
        rows, (kinds,) = made.rows(month), made.kinds(month)
        return [[int(rows.variant[f, 0, kind]) for kind in kinds] for f in (0, 1)]

    def test_are_shared_by_days_that_are_alike_for_a_portfolio(self, law: Law, days: Days) -> None:
        """A limit of beta from the 15th on makes new days for who works on beta, and for nobody else."""
        limit = {**LIMIT, "platforms": ["beta"], "first_day": "2023-01-15"}
        alone, both = self.variants(Made(law(limits={"new": limit}), days()))
        assert len(set(alone)) == 1
        assert both == [both[0]] * 14 + [both[14]] * 17
        assert both[0] != both[14]

    def test_are_shared_by_months_with_the_same_demand(self, law: Law, days: Days) -> None:
        data = law()
        data["platforms"]["alpha"]["orders"]["demand"] = {"by_month": {2: "1.2"}, "weekend": "1.2"}
        made = Made(data, days())
        january, february = self.variants(made, 0)[0], self.variants(made, 1)[0]
        assert len({*january}) == 2
        # A workday of February is as a weekend of January: 1.2 either way.
        assert february[2] == january[0]

    def test_of_limits_by_week_share_rows_and_know_which_hold(self, law: Law, days: Days) -> None:
        limits = {
            "week": {"kind": "week_logoff", "scope": "platform", "hours": 40, "first_day": "2023-01-09"},
            "month": {"kind": "month_logoff", "scope": "platform", "hours": 40, "first_day": "2023-01-16",
                      "last_day": "2023-01-22"},
        }  # fmt: skip
        made = Made(law(limits=limits), days())
        alone, _ = self.variants(made)
        assert len(set(alone)) == 1  # what is left of a week changes no row
        (kinds,), lasting = made.kinds(), made.rows().lasting
        assert lasting.by_week.tolist() == [True, False]
        sets = [int(lasting.sets[0, 0, kinds[day]]) for day in (0, 8, 15)]
        owners = [lasting.owner[slice(*lasting.span[each])].tolist() for each in sets]
        assert owners == [[], [0], [0, 1]]
        assert lasting.any.all()


class TestRefusals:
    @pytest.mark.parametrize("per_1000_hours", [1000, 10**12])
    def test_an_absurd_hazard_is_refused(self, law: Law, days: Days, per_1000_hours: int) -> None:
        data = law()
        data["injuries"]["per_1000_hours"] = {"food": per_1000_hours, "parcel": 1}
        with pytest.raises(InputError, match="industry 'food' means hundreds of injuries"):
            Made(data, days())

    def test_a_hazard_that_rests_renew_again_and_again_is_refused(self, law: Law, days: Days) -> None:
        """A multiplier that is high at first, and a rest after every hour: the first band counts all day long."""
        bands = [{"from_hours": 0, "multiplier": 20}, {"from_hours": 1, "multiplier": 0}]
        rest = {"kind": "full", "after_minutes": 15}
        data = law(fatigue={"kind": "hours_on_shift", "bands": bands, "rest": rest})
        data["injuries"]["per_1000_hours"] = {"food": 90, "parcel": 1}
        with pytest.raises(InputError, match="hundreds of injuries"):
            Made(data, days())
