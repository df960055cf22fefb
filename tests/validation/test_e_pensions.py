"""Oracles E6 and E7 of the validation notes: capital values of pensions, and how pay-as-you-go matures.

E7 has pensions paid once a year at its beginning; the roll pays a twelfth at each month's end. So numbers in payment are
compared where the table counts them, at each anniversary with that day's new pensions, and amounts with the same law.
"""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pytest

from injurysim.books.benefits.pension import for_life
from injurysim.books.claims import Cashbook, Grant, Item
from injurysim.books.pensions import MINUTES_PER_YEAR, Roll
from injurysim.core.annuities import Makeham, annuity_due
from injurysim.core.calendar import Calendar
from injurysim.core.randomness import Streams
from injurysim.scenario.benefits import Annuity

ANNUITY = {"interest": "0.03", "makeham_a": 0.00022, "makeham_b": 0.0000027, "makeham_c": 1.124}
SOA = Makeham(0.00022, 0.0000027, 1.124)
A_MONTH_FEN = 200_000
IN_PAYMENT = {0: 10, 1: 19.9960875, 5: 59.9366879, 10: 109.739772, 30: 305.407038, 60: 509.728375}
TERMINAL_YUAN = 6337372.38

E6 = [  # age, monthly due at 5 %, the same with 0.01 more force
    (20, 19.5040025, 16.5454253),
    (30, 18.9209643, 16.2007336),
    (40, 17.9953436, 15.6025728),
    (50, 16.5620688, 14.5950633),
    (60, 14.4414369, 12.9836226),
    (65, 13.0869554, 11.8990161),
    (70, 11.545115, 10.6224275),
    (80, 8.08344342, 7.62158262),
]


@pytest.mark.parametrize(("age", "healthy", "disabled"), E6)
def test_e6_capital_values(age, healthy, disabled):
    """2 000 yuan a month for life, paid at once; in arrears it is worth one payment less."""
    pension = for_life(Fraction(A_MONTH_FEN), Fraction(0))
    for extra, due in (("0", healthy), ("0.01", disabled)):
        law = Annuity.model_validate({**ANNUITY, "interest": "0.05", "extra_force": extra})
        whole = pension.value_fen(law, float(age))
        assert whole == pytest.approx(12 * A_MONTH_FEN * due, rel=5e-9, abs=0.51)
        assert abs(whole - A_MONTH_FEN - pension.value_fen(law, float(age), in_arrears=True)) <= 1


def file_of(cashbook, number, age, minute):
    injured = SimpleNamespace(injury_id=f"injury {number}", age_years=age, minute=minute)
    return SimpleNamespace(injured=injured, add=cashbook.append)


@pytest.fixture(scope="module")
def matured():
    """Thirty new pensions at 35 on the last evening of each year, for 61 years; all months paid."""
    calendar = Calendar.build(date(2023, 12, 1), 61 * 12, (), ())
    roll, cashbook = Roll(Annuity.model_validate(ANNUITY), calendar, Streams(20, 0)), Cashbook()
    pension, anniversaries = for_life(Fraction(A_MONTH_FEN), Fraction(0)), []
    for month in range(calendar.months):
        if month % 12 == 0:
            minute = calendar.month_end_minute(month) - 1
            anniversaries.append(minute)
            for number in range(30):
                file = file_of(cashbook, f"{month}/{number}", 35.0, minute)
                item = Item("pension", "fund", "fund", 1, "disability", pension)
                cashbook.granted.append(Grant(file, minute, item, pension))
        roll.close(month, cashbook)
    return calendar, roll, cashbook, np.array(anniversaries)


def test_e7_pensions_in_payment(matured):
    """Three times the table's numbers, within four standard errors (one false alarm in 16 000 each)."""
    _, roll, _, anniversaries = matured
    granted = np.array([grant.granted_at for grant in roll.grants])
    for year, wanted in IN_PAYMENT.items():
        at = anniversaries[year]
        found = ((granted <= at) & (roll.dies > at)).sum()
        share = SOA.survival(35, np.arange(year + 1))
        error = math.sqrt(30 * (share * (1 - share)).sum())
        assert error < 0.015 * 3 * wanted
        assert abs(found - 3 * wanted) <= 4 * error + 1e-6


def test_e7_outgo_rises_for_decades_while_terminal_funding_is_flat(matured):
    """Yearly outgo against the law's, month by month; at year 10 below terminal funding, at year 30 above it."""
    calendar, _, cashbook, anniversaries = matured
    months = calendar.month_of_minute(np.array([each.paid_at for each in cashbook]))
    outgo = np.bincount((months - 1) // 12, minlength=60)[:60] * A_MONTH_FEN
    ends = np.array([calendar.month_end_minute(month) - 1 for month in range(calendar.months)])
    for year in (0, 1, 5, 10, 30, 59):
        paid_at = ends[12 * year + 1 : 12 * year + 13]
        years = (paid_at[:, np.newaxis] - anniversaries[: year + 1]) / MINUTES_PER_YEAR
        share = SOA.survival(35, years)
        # Months of one life hang together: at most as if a year's twelve payments were all or none.
        error = 12 * math.sqrt(30 * (share[-1] * (1 - share[-1])).sum())
        assert abs(outgo[year] / A_MONTH_FEN - 30 * share.sum()) <= 4 * error + 1e-6
    assert (np.diff(outgo[:50]) > 0).mean() > 0.9
    terminal = 3 * TERMINAL_YUAN * 100
    assert outgo[10] < 0.5 * terminal
    assert outgo[30] > terminal


@pytest.fixture(scope="module")
def small():
    """Return the builders of small scenarios."""
    return SimpleNamespace(**run_path(str(Path(__file__).parents[1] / "books" / "small_cells.py")))


YEARS = 8
EARNED = round((1 + 0.03 / 12) ** 12 - 1, 12)
"""What an account earns a year at 3 % in twelfths: the interest at which the plans value their pensions."""


@pytest.fixture(scope="module")
def two_plans(small):
    """Ten riders lose their capacity each year at 35, under terminal funding and pay-as-you-go side by side."""
    idle = {"workday": "0.01", "weekend": 0, "holiday": 0}
    groups, items = {}, []
    for year in range(YEARS):
        age = {"kind": "constant", "value": 35 - year}
        crew = small.group(10, [{"alpha": 1}], age_years=age)
        groups[f"year{year}"] = {**crew, "work": {**crew["work"], "attendance": idle}}
        items += [
            {
                "at": f"{2024 + year}-01-01T00:00:00",
                "group": f"year{year}",
                "rider": rider,
                "platform": "alpha",
                "severity": "mild",
                "medical_yuan": 0,
                "disability_grade": 1,
            }
            for rider in range(10)
        ]
    world = small.world(
        groups,
        injuries={"kind": "listed", "severities": ["mild"], "items": items},
        recovery={"kind": "none"},
    )

    def plan(funding):
        pension = {"kind": "disability_pension", "wage_share": {1: 1}, "funding": funding}
        law = small.scheme(
            handling=small.IMMEDIATE,
            contribution={"kind": "none"},
            base_wage={"kind": "fixed", "yuan": 2000},
            annuity={**ANNUITY, "interest": str(EARNED)},
            benefits={"pension": pension},
        )
        accounts = {"fund": small.account(opening_yuan=10**9, handling_share=0)}
        return small.design({"plan": law}, accounts)

    designs = {"terminal": plan("capital"), "paygo": plan("pay_as_you_go")}
    return small.frames(small.document(designs, {"base": world}, months=12 * YEARS, runoff_months=2))


def by_year(frame, column, design):
    rows = frame[frame["design"] == design]
    return rows.groupby(rows["month"].str[:4].astype(int))[column].sum().iloc[:YEARS].to_numpy()


def test_e7_in_a_scenario_terminal_funding_is_flat(two_plans):
    """The table's annual annuity made monthly by Woolhouse; ages are within days of 35 in every year."""
    outgo = by_year(two_plans["fund"], "benefits_fen", "terminal")
    woolhouse = 11 / 24 + 143 / 1728 * (math.log1p(EARNED) + SOA.force(35))
    annual = annuity_due(35, EARNED, SOA)
    assert annuity_due(35, 0.03, SOA) * 240_000 == pytest.approx(TERMINAL_YUAN, abs=5e-3)
    assert outgo == pytest.approx(24_000_000 * (annual - woolhouse), rel=1e-4)


def test_e7_in_a_scenario_pay_as_you_go_matures(two_plans):
    """Each year's outgo is its months' pensions: those granted before it, and eleven months of its own."""
    outgo = by_year(two_plans["fund"], "benefits_fen", "paygo")
    assert (np.diff(outgo) > 0).all()
    assert outgo[0] == 10 * 11 * A_MONTH_FEN
    for year in range(YEARS):
        paid_after = [
            SOA.survival(35, np.arange(12 * back + (back == 0), 12 * back + 12) / 12)
            for back in range(year + 1)
        ]
        share = np.concatenate(paid_after)
        error = 12 * math.sqrt(10 * sum(each[-1] * (1 - each[-1]) for each in paid_after))
        assert abs(outgo[year] / A_MONTH_FEN - 10 * share.sum()) <= 4 * error + 0.1
    assert outgo[-1] < 0.4 * by_year(two_plans["fund"], "benefits_fen", "terminal")[-1]


def test_e7_a_young_fund_looks_rich_only_in_cash(two_plans):
    """What pay-as-you-go has not paid it owes: net of that the plans differ by lives and the month of the first payment.

    Terminal funding pays an annuity due, so one month's pension more for each pensioner. Lives: with q the chance to die
    by the end, a death sets about a capital value free; four standard errors of their number.
    """
    position = two_plans["position"].set_index(["design", "month"])
    fund = two_plans["fund"].set_index(["design", "month"])["closing_fen"]
    last = f"{2023 + YEARS}-12"
    paygo, terminal = position.loc["paygo", last], position.loc["terminal", last]
    assert (position["outstanding_fen"] == 0).all()
    assert (position["ibnr_fen"] == 0).all()
    assert terminal["pension_liability_fen"] == 0
    assert fund["paygo", last] - fund["terminal", last] > 0.8 * paygo["pension_liability_fen"] > 0
    assert paygo["net_position_fen"] == fund["paygo", last] - paygo["pension_liability_fen"]
    due = sum(10 * A_MONTH_FEN * (1 + EARNED) ** (YEARS - year - 1 / 12) for year in range(YEARS))
    deaths = sum(10 * (1 - float(SOA.survival(35, YEARS - year))) for year in range(YEARS))
    capital = 12 * A_MONTH_FEN * annuity_due(35, EARNED, SOA, 12)
    gap = paygo["net_position_fen"] - terminal["net_position_fen"] - due
    error = capital * (1 + EARNED) ** (YEARS / 2) * math.sqrt(deaths)
    assert error < 0.02 * paygo["pension_liability_fen"]
    assert abs(gap) < 4 * error


def test_e7_a_pension_is_not_owed_twice_when_its_payment_starts(two_plans):
    """Awarded in January, first paid in February: the net position moves by interest, earned and reckoned, alone.

    What the law expects of deaths in a month, a thirty-thousandth of the liability, is far below the bound.
    """
    position = two_plans["position"].query("design == 'paygo'").set_index("month")
    fund = two_plans["fund"].query("design == 'paygo'").set_index("month")
    net = position["net_position_fen"]
    interest = (
        (fund.loc["2024-01", "closing_fen"] - position.loc["2024-01", "pension_liability_fen"]) * 0.03 / 12
    )
    assert fund.loc["2024-02", "benefits_fen"] == 10 * A_MONTH_FEN
    assert abs(net["2024-02"] - net["2024-01"] - interest) < 0.02 * 10 * A_MONTH_FEN
