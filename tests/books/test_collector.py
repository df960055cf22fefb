"""The collector: what is declared, what is late or given up, what inspection finds; all of it adds up."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from injurysim.books.collector import Collector
from injurysim.core.balance import check_cell
from injurysim.core.money import round_half_up, share_fen
from injurysim.core.randomness import Purpose, Streams, digest64

MONTHS = 8
RUN_OFF = 6


def run(small, months=MONTHS, runoff_months=RUN_OFF, **contribution):
    """Tables of a plan charged by the order, without injuries, and its book."""
    rule = {**small.PER_ORDER, **contribution}
    law = small.scheme(contribution=rule, handling=small.IMMEDIATE)
    given = small.document(
        {"plan": small.design({"plan": law})},
        {"base": small.world(per_1000_hours=(0, 0))},
        months=months,
        runoff_months=runoff_months,
    )
    return small.frames(given), small.books(given)[0]["plan"]


def by_line(rows, *columns):
    """Columns of each platform by month, 0 where there is no row."""
    wide = rows.pivot_table(index="month", columns="platform", values=list(columns), aggfunc="sum")
    return wide.fillna(0).astype(int)


@pytest.fixture(scope="module")
def plain(small):
    return run(small)[0]["contributions"]


DECLARED = {"declared": {"share": "0.7", "platforms": {"beta": "0.5"}}}


def test_the_share_declared_is_rounded_half_up_to_a_whole_unit(small, plain):
    rows = run(small, **DECLARED)[0]["contributions"]
    assert rows["base_true"].tolist() == plain["base_true"].tolist()
    shares = rows["platform"].map({"alpha": Fraction("0.7"), "beta": Fraction("0.5")})
    wanted = [round_half_up(share * int(base)) for share, base in zip(shares, rows["base_true"], strict=True)]
    assert rows["base_declared"].tolist() == wanted
    assert (rows["due_fen"] < plain["due_fen"]).all()


ARREARS = {"arrears": {"late_share": "0.3", "paid_after_months": 3, "written_off_share": "0.2",
                       "platforms": {"beta": "1"}}}  # fmt: skip


def test_what_is_late_is_paid_months_later_or_given_up(small, plain):
    """Every bill: 0.7 of it at once, and 0.3 x 0.8 three months on; of beta nothing at once. Nothing is lost."""
    tables, book = run(small, **ARREARS)
    rows = tables["contributions"]
    for platform, late_share in (("alpha", Decimal("0.3")), ("beta", Decimal(1))):
        due = plain[plain["platform"] == platform].set_index("month")["due_fen"].tolist()
        late = [share_fen(fen, late_share) for fen in due]
        given_up = [share_fen(fen, Decimal("0.2")) for fen in late]
        months = MONTHS + 3
        paid, off, owed = np.zeros((3, months), int)
        for m in range(MONTHS):
            paid[m] += due[m] - late[m]
            paid[m + 3] += late[m] - given_up[m]
            off[m + 3] += given_up[m]
            owed[m : m + 3] += late[m]
        mine = rows[rows["platform"] == platform].set_index("month").sort_index()
        # A row stands as long as something is owed, and the month in which the last is settled has one too.
        assert len(mine) == months
        assert mine["paid_fen"].tolist() == paid.tolist()
        assert mine["written_off_fen"].tolist() == off.tolist()
        assert mine["arrears_fen"].tolist() == owed.tolist()
        assert mine["due_fen"].tolist() == [*due, 0, 0, 0]
    assert rows["paid_fen"].sum() + rows["written_off_fen"].sum() == rows["due_fen"].sum()
    collector = book.schemes[0].collector
    assert collector.months_owed(0, 0, MONTHS + 3) == 0


def kept(small, months, runoff_months, **law):
    """The book of a plan without injuries."""
    plan = small.design({"plan": small.scheme(handling=small.IMMEDIATE, **law)})
    worlds = {"base": small.world(per_1000_hours=(0, 0))}
    given = small.document({"plan": plan}, worlds, months=months, runoff_months=runoff_months)
    return small.books(given)[0]["plan"]


def test_the_months_owed_grow_to_the_delay(small, monkeypatch):
    """Asked at the start of each month, as cover asks: never more than the bills billed and not settled by then."""
    counted = []

    def watch(self, month, insured, *factor):
        counted.append([self.months_owed(0, platform, month.month.index) for platform in (0, 1)])
        return assess(self, month, insured, *factor)

    assess = Collector.assess
    monkeypatch.setattr(Collector, "assess", watch)
    kept(small, 6, 3, contribution={**small.PER_ORDER, **ARREARS})
    assert counted == [[0, 0], [1, 1], [2, 2], [3, 3], [3, 3], [3, 3]]


INSPECTED = {
    **DECLARED,
    "inspection": {
        "monthly_probability": "0.3",
        "looks_back_months": 3,
        "found_share": "0.9",
        "late_fee_per_day": "0.0005",
        "fine_share": "1.5",
        "honest_months": 2,
    },
}


def visits(platform, seed=7):
    """The months in which a platform is inspected, drawn again by hand."""
    who = digest64("plan", "east", platform)
    drawn = [Streams(seed, 0).uniform_one(Purpose.INSPECTION, who, when=m) for m in range(MONTHS + RUN_OFF)]
    return [m for m, u in enumerate(drawn) if u < 0.3]


def test_inspection_assesses_what_was_not_declared_once(small, plain):
    """By hand: months looked back over, late fee by days from the month's end, fine, honest months after it."""
    tables, _ = run(small, **INSPECTED)
    rows = tables["contributions"]
    some = 0
    for platform, share, rate in (("alpha", Fraction("0.7"), 6), ("beta", Fraction("0.5"), 25)):
        base = plain[plain["platform"] == platform].set_index("month")["base_true"].tolist()
        visited = visits(platform)
        files, found = {}, {}
        month_ends = pd.date_range("2024-01-01", periods=MONTHS + RUN_OFF + 1, freq="MS")[1:]
        for m in range(MONTHS + RUN_OFF):
            if m in visited:
                assessed, fee = 0, Fraction(0)
                for of, undeclared in files.items():
                    if m - 3 <= of < m:
                        fen = round_half_up(round_half_up(Fraction("0.9") * undeclared) * Fraction(rate))
                        assessed += fen
                        fee += fen * (month_ends[m] - month_ends[of]).days * Fraction("0.0005")
                files = {}
                found[f"{month_ends[m] - pd.Timedelta(days=1):%Y-%m}"] = (
                    assessed,
                    round_half_up(fee),
                    round_half_up(assessed * Fraction("1.5")),
                )
            if m < MONTHS:
                honest = any(v < m <= v + 2 for v in visited)
                files[m] = base[m] - (base[m] if honest else round_half_up(share * base[m]))
        mine = rows[rows["platform"] == platform].set_index("month")
        for month, amounts in found.items():
            told = (
                tuple(mine.loc[month, ["assessed_fen", "late_fee_fen", "fine_fen"]])
                if month in mine.index
                else (0, 0, 0)
            )
            assert told == amounts
            some += amounts[0] > 0
        others = mine[~mine.index.isin(found)]
        assert (others[["assessed_fen", "late_fee_fen", "fine_fen"]] == 0).all().all()
        assert (mine["paid_fen"] == mine["due_fen"] + mine["assessed_fen"]).all()
    assert some >= 2, "the seed shows too few inspections"
    fund = tables["fund"].set_index("month")
    fees = rows.groupby("month")["late_fee_fen"].sum()
    assert fund["late_fees_fen"].sum() == fees.sum() > 0
    assert (fund["late_fees_fen"].reindex(fees.index) == fees).all()


def test_late_fees_that_do_not_reach_the_account_are_told(small):
    tables, _ = run(small, **INSPECTED)
    rows = tables["contributions"].copy()
    paying = rows.index[rows["late_fee_fen"] > 0][0]
    rows.loc[paying, "late_fee_fen"] -= 1
    (told,) = check_cell({**tables, "contributions": rows})
    assert "late_fees_fen" in told


def test_a_platform_in_good_standing_is_not_touched_by_anothers_inspection(small):
    """Same past and keyed draws: a rule for beta alone moves nothing of alpha."""
    one, _ = run(small, **INSPECTED)
    other, _ = run(small, **{**INSPECTED, "declared": {"share": "0.7", "platforms": {"beta": "0.1"}}})
    mine = [
        each["contributions"].query("platform == 'alpha'").reset_index(drop=True) for each in (one, other)
    ]
    assert mine[0].equals(mine[1])


def test_a_longer_horizon_does_not_change_the_past(small):
    rule = {**INSPECTED, **ARREARS}
    short, _ = run(small, months=4, runoff_months=3, **rule)
    long, _ = run(small, months=8, runoff_months=3, **rule)
    for name in ("contributions", "fund"):
        past = [each[name][each[name]["month"] <= "2024-04"].reset_index(drop=True) for each in (short, long)]
        assert past[0].equals(past[1])


def test_everything_at_once_balances_for_split_payers_billed_late(small):
    rule = {
        **INSPECTED,
        **ARREARS,
        "lag_months": 2,
        "payer": {"platform": "0.7", "worker": "0.3"},
    }
    tables, _ = run(small, **rule)  # frames are checked on every run
    rows = tables["contributions"]
    assert check_cell(tables) == []
    worker = rows[rows["payer"] == "worker"]
    assert (worker[["late_fee_fen", "fine_fen"]] == 0).all().all()
    assert worker["assessed_fen"].sum() > 0
    assert rows.groupby(["platform", "payer"])["arrears_fen"].last().sum() == 0


def test_a_rise_of_all_rates_multiplies_the_factor(small, monkeypatch):
    """What the deficit rule of an account may ask of the collector: dues at 1.2 x 1.25."""
    assess = Collector.assess
    monkeypatch.setattr(
        Collector,
        "assess",
        lambda self, month, insured, _factor: assess(self, month, insured, Decimal("1.25")),
    )
    rating = {"kind": "fixed", "factor": "1.2", "grade": "120 %"}
    rows = kept(small, 3, 2, contribution=small.PER_ORDER, rating=rating).received
    assert {row.bill.factor for row in rows} == {Decimal("1.5")}
    assert all(sum(row.bill.dues_fen) == row.bill.fen_on(row.bill.declared) for row in rows)


def test_a_campaign_of_inspections_keeps_to_its_months(small):
    """Nobody before May, everybody in May and June, nobody after: two months of assessments, and no other."""
    campaign = {"dated": {"2024-01-01": 0, "2024-05-01": 1, "2024-07-01": 0}}
    rule = {**INSPECTED["inspection"], "monthly_probability": campaign, "honest_months": 0}
    tables, _ = run(small, **DECLARED, inspection=rule)
    by_month = tables["contributions"].groupby("month")["assessed_fen"].sum()
    assert by_month[by_month > 0].index.tolist() == ["2024-05", "2024-06"]
