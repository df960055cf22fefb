"""Pensions paid month by month: who is paid when, by which law pensioners live, and what the roll is worth."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.books.benefits.pension import Pension, for_life, for_months, mortality_of, together
from injurysim.books.claims import Cashbook, Grant, Item
from injurysim.books.pensions import Roll
from injurysim.core.calendar import MINUTES_PER_DAY, Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.benefits import Annuity

LAW = {"interest": "0.03", "makeham_a": 0.00022, "makeham_b": 0.0000027, "makeham_c": 1.124}
FEN = 200_000


class File:
    """What the roll asks of a claim: the injured, and a place for payments."""

    def __init__(self, cashbook, number, age):
        self.injured = SimpleNamespace(injury_id=f"injury {number}", age_years=age, minute=0)
        self.cashbook = cashbook

    def add(self, payment):
        self.cashbook.append(payment)


class Kept:
    """A roll and its cashbook, and the months they have gone through."""

    def __init__(self, months, seed=1, start=date(2024, 1, 1), **law):
        self.calendar = Calendar.build(start, months, (), ())
        self.annuity = Annuity.model_validate({**LAW, **law})
        self.roll = Roll(self.annuity, self.calendar, Streams(seed, 0))
        self.cashbook, self.months, self.number = Cashbook(), 0, 0

    def grant(self, pension, *, age=35.0, account="fund", people=1, day=0):
        """Grant a pension to so many people on a day of the month at hand."""
        minute = int(self.calendar.month_starts[self.months] + day) * MINUTES_PER_DAY + 600
        for _ in range(people):
            item = Item("pension", "fund", account, 1, "disability", pension)
            file = File(self.cashbook, self.number, age - minute / MINUTES_PER_DAY / 365.25)
            self.cashbook.granted.append(Grant(file, minute, item, pension))
            self.number += 1

    def close(self, months=1):
        for _ in range(months):
            self.roll.close(self.months, self.cashbook)
            self.months += 1

    def paid(self):
        """Return what is paid by month: number of payments, and fen."""
        months = self.calendar.month_of_minute(np.array([each.paid_at for each in self.cashbook], np.int64))
        fen = np.array([each.item.amount_fen for each in self.cashbook], np.int64)
        return np.bincount(months, minlength=self.months), np.bincount(months, fen, self.months).astype(int)


def level(fen=FEN, rises=0):
    return for_life(Fraction(fen), Fraction(rises))


# Who is paid when


def test_the_first_payment_is_for_the_month_after_the_grant_on_its_last_day():
    kept = Kept(4)
    kept.grant(for_months(2, Fraction(FEN), Fraction(0)), day=30)
    kept.close(4)
    moments = kept.calendar.datetime64(np.array([each.paid_at for each in kept.cashbook]))
    assert moments.astype(str).tolist() == ["2024-02-29T23:59:00", "2024-03-31T23:59:00"]


def test_a_pension_for_years_ends_with_them_and_needs_no_law_of_life():
    kept = Kept(40)
    kept.grant(for_months(30, Fraction(FEN), Fraction(0)))
    kept.close(40)
    counts, fen = kept.paid()
    assert counts.tolist() == [0] + [1] * 30 + [0] * 9
    assert set(fen) == {0, FEN}


def test_levels_of_survivors_follow_one_another():
    people = [(3, Fraction(100)), (5, Fraction("50.5")), (6, Fraction(10))]
    kept = Kept(9)
    kept.grant(together(people, Fraction(155), Fraction(0)))
    kept.close(9)
    assert kept.paid()[1].tolist() == [0, 155, 155, 155, 61, 61, 10, 0, 0]


def test_pensions_in_payment_rise_each_january():
    """Granted in November 2023, first paid for December: 1 000 fen, then 3 % more from each January."""
    kept = Kept(28, start=date(2023, 11, 1))
    kept.grant(for_months(26, Fraction(1000), Fraction("0.03")))
    kept.close(28)
    assert kept.paid()[1].tolist() == [0, 1000, *[1030] * 12, *[1061] * 12, 1093, 0]


def test_granted_in_december_it_does_not_rise_in_its_first_january():
    kept = Kept(15, start=date(2023, 12, 1))
    kept.grant(for_months(13, Fraction(1000), Fraction("0.03")))
    kept.close(15)
    assert kept.paid()[1].tolist() == [0, *[1000] * 12, 1030, 0]


def test_pensions_of_one_person_end_with_the_same_life():
    kept = Kept(600)
    kept.grant(level(), people=5)
    for grant in list(kept.cashbook.granted):
        kept.cashbook.granted.append(Grant(grant.claim, grant.granted_at, grant.item, level(7)))
    kept.close(600)
    assert kept.roll.last[:5].tolist() == kept.roll.last[5:].tolist()
    assert len(set(kept.roll.last[:5].tolist())) > 1


def test_one_pensioner_more_changes_no_other_life():
    few, more = Kept(600), Kept(600)
    few.grant(level(), people=5)
    more.grant(level(), people=9)
    for each in (few, more):
        each.close(600)
    assert few.roll.dies.tolist() == more.roll.dies[:5].tolist()


def test_a_longer_book_has_the_same_past():
    short, long = Kept(60), Kept(240)
    for each in (short, long):
        each.grant(level(rises="0.03"), people=30, age=75)
        each.close(60)
    assert short.paid()[1].tolist() == long.paid()[1].tolist()
    assert short.roll.liabilities()["fund"].tolist() == long.roll.liabilities()["fund"][:60].tolist()


def test_who_dies_in_a_month_is_not_paid_for_it():
    kept = Kept(24)
    kept.grant(level())
    kept.close()
    kept.roll.dies[:] = kept.calendar.month_end_minute(7) - 2
    kept.roll.last[:] = 6
    kept.close(23)
    assert kept.paid()[0].tolist() == [0, *[1] * 6, *[0] * 17]
    held = kept.roll.liabilities()["fund"]
    assert (held[:7] > 0).all()
    assert (held[7:] == 0).all()


def test_lives_end_in_the_months_they_are_drawn_for():
    """The last payment lies before the death, the next month's end after it."""
    kept = Kept(600)
    kept.grant(level(), people=200, age=60, day=14)
    kept.close(600)
    ends = kept.roll._month_ends - 1
    last, dies = kept.roll.last, kept.roll.dies
    assert (ends[last] < dies).all()
    assert (dies <= ends[np.minimum(last + 1, 599)]).all()


# By the law


PEOPLE = 4000


def expected(kept, age, months):
    """Return the share still paid so many month ends after a grant on the first day at 10 in the morning."""
    years = (kept.roll._month_ends[:months] - 1 - 600) / (MINUTES_PER_DAY * 365.25)
    extra = float(kept.annuity.extra_force.value)
    return mortality_of(kept.annuity).survival(age, years, extra)


@pytest.mark.parametrize(("age", "extra"), [(35.0, "0"), (60.0, "0.02"), (85.0, "0.5")])
def test_pensions_in_payment_follow_the_law(age, extra):
    """Numbers paid at every 24th month's end: four standard errors, one false alarm in 16 000 each."""
    kept = Kept(360, extra_force=extra)
    kept.grant(level(), people=PEOPLE, age=age)
    kept.close()
    alive = (kept.roll.last[:, np.newaxis] >= np.arange(360)).mean(axis=0)[1:]
    share = expected(kept, age, 360)[1:]
    error = np.sqrt(share * (1 - share) / PEOPLE)
    assert (np.abs(alive - share)[::24] <= 4 * error[::24] + 1e-9).all()


def payments_each(kept, age=70.0):
    """Return payments to a pensioner, in the mean, with its standard error, and as the law has it."""
    kept.grant(level(), people=5 * PEOPLE, age=age)
    kept.close()
    counts = kept.roll.last - kept.roll.first + 1
    law = expected(kept, age, kept.calendar.months)[1:].sum()
    return counts.mean(), counts.std() / len(counts) ** 0.5, law


def test_payments_to_a_pensioner_are_as_many_as_the_law_has():
    mean, error, law = payments_each(Kept(400, extra_force="0.8"))
    assert error < 0.01 * law
    assert abs(mean - law) < 4 * error


@pytest.mark.parametrize("fault", ["a month too many", "no extra force"])
def test_seeded_faults_of_the_roll_are_caught(fault, monkeypatch):
    """With lives of 14 months in the mean a month more is nine standard errors; without the force they last years."""
    if fault == "a month too many":
        whole = Roll._take_on

        def longer(self, month, new):
            whole(self, month, new)
            self.last = self.last + 1

        monkeypatch.setattr(Roll, "_take_on", longer)
    else:
        deaths = Roll._deaths

        def unforced(self, new):
            forced, self._annuity = self._annuity, Annuity.model_validate({**LAW, "extra_force": "0"})
            found = deaths(self, new)
            self._annuity = forced
            return found

        monkeypatch.setattr(Roll, "_deaths", unforced)
    mean, error, law = payments_each(Kept(400, extra_force="0.8"))
    assert abs(mean - law) > 4 * error


# What the roll is worth


def test_the_liability_is_the_annuity_of_those_who_live():
    """E6 at 5 %, one month in arrears: 12 x 18.9209643 - 1 months' pensions at 30; the dead and the ended are worth nothing."""
    kept = Kept(600, interest="0.05")
    end = int(kept.calendar.month_starts[1]) * MINUTES_PER_DAY
    kept.grant(level(), age=30.0 - (end - 600) / MINUTES_PER_DAY / 365.25, people=3)
    kept.close(600)
    held = kept.roll.liabilities()["fund"]
    assert held[0] == pytest.approx(3 * FEN * (12 * 18.9209643 - 1), rel=1e-8)
    alive = (kept.roll.dies[:, np.newaxis] > kept.roll._month_ends).sum(axis=0)
    assert ((held == 0) == (alive == 0)).all()


@given(
    rises=st.sampled_from(["0", "0.03", "0.07"]),
    start=st.integers(1, 12),
    months=st.integers(1, 50),
    interest=st.sampled_from(["0", "0.025"]),
)
def test_a_liability_runs_down_by_interest_and_what_is_paid(rises, start, months, interest):
    """Of a pension for months: V(m) (1 + i)^(1/12) = payment + V(m + 1), to half a fen each."""
    kept = Kept(60, interest=interest, start=date(2024, start, 1))
    kept.grant(for_months(months, Fraction(FEN), Fraction(rises)))
    kept.close(60)
    held, fen = kept.roll.liabilities()["fund"], kept.paid()[1]
    grown = held[:-1] * (1 + float(interest)) ** (1 / 12)
    assert np.abs(grown - fen[1:] - held[1:]).max() < 1.01
    assert fen.sum() == held[0] or interest != "0"


def test_interest_and_liability_pay_for_the_pensions_in_the_mean():
    """The value at the first month's end is the mean of what is paid, discounted: within 4 standard errors."""
    kept = Kept(600, extra_force="0.1", interest="0.03")
    kept.grant(level(rises="0.02"), people=PEOPLE, age=50)
    kept.close()
    held = Kept(2, extra_force="0.1", interest="0.03")
    held.grant(level(rises="0.02"), people=1, age=50)
    held.close(2)
    fen = np.array([FEN * 1.02 ** ((month) // 12) for month in range(600)])
    worth = np.concatenate([[0], np.cumsum(fen[1:] * 1.03 ** (-np.arange(1, 600) / 12))])
    each = worth[np.minimum(kept.roll.last, 599)]
    # Who dies before the first month's end is not among those valued at it.
    alive = kept.roll.dies > kept.roll._month_ends[0]
    value, error = held.roll.liabilities()["fund"][0], each[alive].std() / alive.sum() ** 0.5
    assert error < 0.02 * value
    assert abs(each[alive].mean() - value) < 4 * error


def test_what_platforms_pay_themselves_is_no_account_s_liability():
    kept = Kept(3)
    kept.grant(level(), account=None)
    kept.close(3)
    assert len(kept.cashbook) == 2
    assert not kept.roll.liabilities()


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 600), st.integers(0, 50))
def test_a_pension_in_parts_pays_the_whole_but_for_a_fen(total, part, number, januaries):
    part = min(part, total)
    pension = Pension(((700, Fraction(FEN)),), Fraction("0.03"))
    item = Item("pension", "fund", "fund", total, "disability", pension)
    one, other = item.of_amount(part), item.of_amount(total - part)
    assert one.amount_fen + other.amount_fen == total
    paid = [each.pension.fen(number, januaries) for each in (one, other, item)]
    assert abs(paid[0] + paid[1] - paid[2]) <= 1
