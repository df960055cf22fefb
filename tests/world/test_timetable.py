"""The timetable of a shift: conservation, limits and rests, whatever is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.world.rules import Logoff, ShiftRules, Spell
from injurysim.world.timetable import Segment, timetable, wishes

MOST = 1200


def free(apps: int) -> ShiftRules:
    return ShiftRules(None, (), (None,) * apps, ((),) * apps)


def keep(clock: int, _rest: int) -> int:
    return clock


def work(wanted: int, split: tuple[int, ...], rules: ShiftRules) -> list[Segment]:
    return timetable(wanted, split, rules, keep)


def worked(segments: list[Segment]) -> int:
    return sum(segment.minutes for segment in segments)


@st.composite
def splits(draw: st.DrawFn, most: int = 4) -> tuple[int, ...]:
    """Shares in basis points that add to 10 000."""
    apps = draw(st.integers(1, most))
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), min_size=apps - 1, max_size=apps - 1)))
    return tuple(b - a for a, b in zip([0, *cuts], [*cuts, 10_000], strict=True))


minutes = st.integers(0, MOST)
logoffs = st.none() | st.builds(Logoff, st.integers(1, 900), st.booleans())
spells = st.lists(st.builds(Spell, st.integers(1, 600), st.integers(1, 120)), max_size=2).map(tuple)


@st.composite
def shifts(draw: st.DrawFn) -> tuple[int, tuple[int, ...], ShiftRules]:
    """Any wanted minutes, split and rules."""
    split = draw(splits())
    rules = ShiftRules(
        logoff_all=draw(st.none() | st.builds(Logoff, st.integers(1, 1300))),
        spells_all=draw(spells),
        logoff=tuple(draw(logoffs) for _ in split),
        spells=tuple(draw(spells) for _ in split),
    )
    return draw(minutes), split, rules


class TestWishes:
    @given(minutes, splits(8))
    def test_add_up_and_follow_the_shares(self, wanted: int, split: tuple[int, ...]) -> None:
        found = wishes(wanted, split)
        assert sum(found) == wanted
        for wish, share in zip(found, split, strict=True):
            assert abs(wish - wanted * share / 10_000) <= 1

    def test_halves_go_up(self) -> None:
        assert wishes(5, (5000, 5000)) == [3, 2]


class TestWithoutLimits:
    @given(minutes, splits())
    def test_all_that_is_wanted_is_worked_at_once(self, wanted: int, split: tuple[int, ...]) -> None:
        segments = work(wanted, split, free(len(split)))
        assert [(s.slot, s.minutes) for s in segments] == [
            (slot, wish) for slot, wish in enumerate(wishes(wanted, split)) if wish
        ]
        clock = 0
        for segment in segments:
            assert (segment.start, segment.clock) == (clock, clock)
            clock += segment.minutes

    def test_nothing_wanted_is_no_shift(self) -> None:
        assert work(0, (10_000,), free(1)) == []


class TestAnyRules:
    @given(shifts())
    def test_segments_follow_one_another_and_never_exceed_what_is_wanted(
        self, shift: tuple[int, tuple[int, ...], ShiftRules]
    ) -> None:
        wanted, split, rules = shift
        segments = work(*shift)
        assert all(segment.minutes >= 1 for segment in segments)
        for one, other in pairwise(segments):
            assert other.start >= one.start + one.minutes
        assert worked(segments) <= wanted
        if rules.logoff_all is None and all(logoff is None for logoff in rules.logoff):
            assert [sum(s.minutes for s in segments if s.slot == k) for k in range(len(split))] == wishes(
                wanted, split
            )

    @given(shifts())
    def test_never_above_a_logoff(self, shift: tuple[int, tuple[int, ...], ShiftRules]) -> None:
        _, split, rules = shift
        segments = work(*shift)
        if rules.logoff_all is not None:
            assert worked(segments) <= rules.logoff_all.minutes
        for slot, logoff in zip(range(len(split)), rules.logoff, strict=True):
            if logoff is not None:
                assert sum(s.minutes for s in segments if s.slot == slot) <= logoff.minutes

    @given(shifts())
    def test_no_spell_runs_on_without_its_rest(self, shift: tuple[int, tuple[int, ...], ShiftRules]) -> None:
        _, split, rules = shift
        segments = work(*shift)
        for spell in rules.spells_all:
            assert_rested(segments, spell)
        for slot in range(len(split)):
            for spell in rules.spells[slot]:
                # An app sees its own hours only, and a visit to another app begins its count anew.
                for visit in visits(segments, slot):
                    assert_rested(visit, spell)

    @given(shifts())
    def test_every_rest_is_one_that_a_rule_asks_for_and_none_comes_last(
        self, shift: tuple[int, tuple[int, ...], ShiftRules]
    ) -> None:
        _, split, rules = shift
        segments = work(*shift)
        asked = {s.rest_minutes for s in (*rules.spells_all, *(s for each in rules.spells for s in each))}
        for one, other in pairwise(segments):
            assert other.start - one.start - one.minutes in asked | {0}
        # The shift ends with work: its length is that to the end of the last segment, and nothing follows.
        without = work(shift[0], split, replace(rules, spells_all=(), spells=((),) * len(split)))
        assert worked(segments) == worked(without)

    @given(shifts(), st.data())
    def test_a_higher_cap_never_lowers_work(
        self, shift: tuple[int, tuple[int, ...], ShiftRules], data: st.DataObject
    ) -> None:
        wanted, split, rules = shift
        before = worked(work(*shift))
        higher = data.draw(st.integers(1, 300))
        if rules.logoff_all is not None:
            raised = replace(rules, logoff_all=Logoff(rules.logoff_all.minutes + higher))
            assert worked(work(wanted, split, raised)) >= before
        for slot, logoff in enumerate(rules.logoff):
            if logoff is not None:
                caps = list(rules.logoff)
                caps[slot] = replace(logoff, minutes=logoff.minutes + higher)
                assert worked(work(wanted, split, replace(rules, logoff=tuple(caps)))) >= before

    @given(shifts())
    def test_a_cap_above_what_is_wanted_is_no_cap(
        self, shift: tuple[int, tuple[int, ...], ShiftRules]
    ) -> None:
        wanted, split, rules = shift
        without = replace(rules, logoff_all=None, logoff=(None,) * len(split))
        above = replace(rules, logoff_all=Logoff(wanted + 1), logoff=(Logoff(wanted + 1, True),) * len(split))
        assert work(wanted, split, above) == work(wanted, split, without)

    @given(shifts())
    def test_the_fatigue_clock_counts_work_and_is_what_rests_make_it(
        self, shift: tuple[int, tuple[int, ...], ShiftRules]
    ) -> None:
        done = 0
        for segment in work(*shift):
            assert segment.clock == done
            done += segment.minutes
        clock, ended = 0, 0
        for segment in timetable(*shift, lambda clock, rest: max(0, clock - 2 * rest)):
            clock = max(0, clock - 2 * (segment.start - ended))
            assert segment.clock == clock
            clock, ended = clock + segment.minutes, segment.start + segment.minutes


def assert_rested(segments: list[Segment], spell: Spell) -> None:
    run, ended = 0, None
    for segment in segments:
        if ended is not None and segment.start - ended >= spell.rest_minutes:
            run = 0
        run += segment.minutes
        assert run <= spell.minutes
        ended = segment.start + segment.minutes


def visits(segments: list[Segment], slot: int) -> list[list[Segment]]:
    """Runs of segments on one app."""
    found: list[list[Segment]] = [[]]
    for segment in segments:
        if segment.slot == slot:
            found[-1].append(segment)
        elif found[-1]:
            found.append([])
    return found


class TestSwitch:
    @given(minutes, splits(5), st.integers(1, 900))
    def test_equal_caps_allow_their_sum_whatever_the_split(
        self, wanted: int, split: tuple[int, ...], cap: int
    ) -> None:
        """VALIDATION D4: capped hours moved to the next platform one after another are min(X, K H)."""
        rules = replace(free(len(split)), logoff=(Logoff(cap, switch=True),) * len(split))
        assert worked(work(wanted, split, rules)) == min(wanted, len(split) * cap)

    @given(minutes, splits(5), st.integers(1, 900))
    def test_stopping_gives_up_what_is_above_each_cap(
        self, wanted: int, split: tuple[int, ...], cap: int
    ) -> None:
        rules = replace(free(len(split)), logoff=(Logoff(cap),) * len(split))
        assert worked(work(wanted, split, rules)) == sum(min(wish, cap) for wish in wishes(wanted, split))

    def test_goes_on_to_the_next_app_and_round_to_the_first(self) -> None:
        rules = replace(free(2), logoff=(Logoff(300, True), Logoff(300, True)))
        shift = work(500, (2000, 8000), rules)
        assert [(s.slot, s.start, s.minutes) for s in shift] == [(0, 0, 100), (1, 100, 300), (0, 400, 100)]

    def test_passes_what_is_over_to_an_app_without_a_share(self) -> None:
        shift = work(500, (10_000, 0), replace(free(2), logoff=(Logoff(300, True), None)))
        assert [(s.slot, s.minutes) for s in shift] == [(0, 300), (1, 200)]

    def test_a_stop_on_the_way_ends_it(self) -> None:
        rules = replace(free(3), logoff=(Logoff(100, True), Logoff(100), None))
        assert [(s.slot, s.minutes) for s in work(400, (5000, 5000, 0), rules)] == [(0, 100), (1, 100)]


class TestRests:
    RULES: Callable[..., ShiftRules] = staticmethod(lambda **rules: replace(free(2), **rules))

    def test_a_rule_over_all_apps_counts_across_a_change_of_app(self) -> None:
        shift = work(400, (5000, 5000), self.RULES(spells_all=(Spell(240, 20),)))
        assert [(s.slot, s.start, s.minutes) for s in shift] == [(0, 0, 200), (1, 200, 40), (1, 260, 160)]

    def test_an_app_alone_does_not_see_the_other(self) -> None:
        shift = work(400, (5000, 5000), self.RULES(spells=((Spell(240, 20),), (Spell(240, 20),))))
        assert [(s.slot, s.start, s.minutes) for s in shift] == [(0, 0, 200), (1, 200, 200)]

    def test_no_rest_after_the_last_minute(self) -> None:
        assert work(240, (10_000, 0), self.RULES(spells_all=(Spell(240, 20),))) == [Segment(0, 0, 240, 0)]

    @pytest.mark.parametrize(("first", "starts"), [(30, [0, 90, 180]), (15, [0, 75, 165])])
    def test_a_long_rest_serves_a_shorter_rule(self, first: int, starts: list[int]) -> None:
        rules = self.RULES(spells_all=(Spell(60, first), Spell(120, 30)))
        assert [s.start for s in work(180, (10_000, 0), rules)] == starts
