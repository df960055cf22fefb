"""How the metrics of money are worked out: funds, ultimates, rates, and who pays.

Each function takes :class:`Frames` and returns one value for each cell, ``NaN`` where a design cannot have it;
metrics with labels (a year, a scheme) return several such series.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from injurysim.core.schemas import UNITS_OF_A_RATE
from injurysim.results.frames import CELL, Frames, Series
from injurysim.results.metric import FEN, Labelled, ratio

if TYPE_CHECKING:
    import pandas as pd

BASE_OF = ["month", "region", "industry", "platform", "rate_from"]


def _own_at(frames: Frames, table: str, month: str) -> pd.DataFrame:
    """Return the rows of a month of the accounts of designs' own funds."""
    import pandas as pd

    rows = frames.table(table)
    rows = rows[rows["month"] == month]
    own = pd.MultiIndex.from_frame(frames.own_fund[[*CELL, "account"]].drop_duplicates())
    return rows[pd.MultiIndex.from_frame(rows[[*CELL, "account"]]).isin(own)]


def _at(frames: Frames, table: str, column: str, month: str) -> Series:
    """Sum a stock over the accounts of designs' own funds at a month; null without a row."""
    rows = _own_at(frames, table, month)
    return rows.groupby(CELL)[column].sum().astype("float64").reindex(frames.cells) / FEN


def stock_by_account(table: str, column: str) -> Callable[[Frames], list[Labelled]]:
    """Return the metric of a stock of each account of designs' own funds at the end of exposure, yuan."""

    def compute(frames: Frames) -> list[Labelled]:
        rows = _own_at(frames, table, frames.last_exposure_month)
        return [
            Labelled(str(account), own.set_index(CELL)[column].astype("float64") / FEN)
            for account, own in rows.groupby("account")
        ]

    return compute


def net_position(frames: Frames) -> Series:
    """Net position at the end of exposure, yuan."""
    return _at(frames, "position", "net_position_fen", frames.last_exposure_month)


def net_position_by_year(frames: Frames) -> list[Labelled]:
    """Net position at the end of each year's exposure, yuan."""
    ends = {year: min(f"{year}-12", frames.last_exposure_month) for year in frames.years}
    return [
        Labelled(year, _at(frames, "position", "net_position_fen", month)) for year, month in ends.items()
    ]


def closing_balance(frames: Frames) -> Series:
    """Balance at the end of exposure, yuan."""
    return _at(frames, "fund", "closing_fen", frames.last_exposure_month)


def flow(column: str) -> Callable[[Frames], Series]:
    """Return the metric of a flow of designs' own funds over the months of exposure, yuan."""

    def compute(frames: Frames) -> Series:
        total = frames.own_fund.groupby(CELL)[column].sum()
        return total.astype("float64").reindex(frames.cells) / FEN

    return compute


def _tested(frames: Frames) -> pd.DataFrame:
    """Return the months of the designs' own funds with the balance at the test, before the deficit rule."""
    fund = frames.own_fund
    deficit = fund["deficit_before_rule_fen"]
    return fund.assign(tested_fen=fund["closing_fen"].where(deficit == 0, -deficit))


def worst_month_balance(frames: Frames) -> Series:
    """Lowest month-end balance of an account, before the deficit rule, yuan."""
    lowest = _tested(frames).groupby(CELL)["tested_fen"].min()
    return lowest.astype("float64").reindex(frames.cells) / FEN


def month_below_zero(frames: Frames) -> Series:
    """1 when an account stands below zero at a month's test, else 0."""
    below = _tested(frames).assign(below=lambda rows: rows["tested_fen"] < 0).groupby(CELL)["below"].any()
    return below.astype("float64").reindex(frames.cells)


def fund_ratio(frames: Frames) -> Series:
    """Months of outgo held: closing balance over mean benefits and handling of the last 12 months."""
    fund = frames.own_fund
    months = sorted(fund["month"].unique())[-12:]
    last = fund[fund["month"].isin(months)]
    outgo = last.groupby(CELL)[["benefits_fen", "handling_fen"]].sum().sum(axis=1) / 12
    held = last.groupby(CELL)["month"].nunique() == 12
    return ratio(closing_balance(frames), (outgo.where(held) / FEN).reindex(frames.cells))


def paid_ratio(frames: Frames) -> Series:
    """Benefits paid over contributions due, own fund, months of exposure."""
    import pandas as pd

    fund = frames.own_fund
    own = pd.MultiIndex.from_frame(fund[[*CELL, "account"]].drop_duplicates())
    rows = frames.table("contributions")
    rows = rows[rows["account"].notna() & (rows["month"] <= frames.last_exposure_month)]
    rows = rows[pd.MultiIndex.from_frame(rows[[*CELL, "account"]]).isin(own)]
    return ratio(frames.book(fund, "benefits_fen"), frames.book(rows, "due_fen"))


def _earned(frames: Frames) -> pd.DataFrame:
    """Return contributions with ``earned_fen`` and the ``year`` of the exposure they are for.

    What an inspection assesses counts where the bill of its month does, though it is for work of months before.
    """
    import pandas as pd

    rows = frames.table("contributions")
    lags = [
        frames.facts(design).contribution_lag_months.get(scheme, 0)
        for design, scheme in zip(rows["design"], rows["scheme"], strict=True)
    ]
    lag = pd.Series(lags, index=rows.index, dtype="int64")
    month = rows["month"].str[:4].astype("int64") * 12 + rows["month"].str[5:].astype("int64") - 1 - lag
    return rows.assign(earned_fen=rows["due_fen"] + rows["assessed_fen"], year=(month // 12).astype("str"))


def ultimate_loss_ratio(frames: Frames) -> Series:
    """Ultimate benefits over earned contributions, all years."""
    return ratio(
        frames.book(frames.injury_benefits, "ultimate_fen"), frames.book(_earned(frames), "earned_fen")
    )


def ultimate_loss_ratio_by_year(frames: Frames) -> list[Labelled]:
    """Ultimate benefits of a year's injuries over the contributions earned by its exposure."""
    benefits, earned = frames.injury_benefits, _earned(frames)
    return [
        Labelled(
            year,
            ratio(
                frames.book(benefits[benefits["year"] == year], "ultimate_fen"),
                frames.book(earned[earned["year"] == year], "earned_fen"),
            ),
        )
        for year in frames.years
    ]


def cross_subsidy(frames: Frames) -> list[Labelled]:
    """Take what an industry bears of the contributions less what its injuries take of the benefits, both as shares."""
    rows = frames.table("contributions")
    owed = rows.assign(owed_fen=rows["due_fen"] + rows["assessed_fen"])[rows["industry"].notna()]
    benefits = frames.injury_benefits
    of_all = frames.book(owed, "owed_fen"), frames.book(benefits, "ultimate_fen")
    worked = frames.table("exposure")

    def balance(industry: str) -> Series:
        borne = ratio(frames.book(owed[owed["industry"] == industry], "owed_fen"), of_all[0])
        taken = ratio(frames.book(benefits[benefits["industry"] == industry], "ultimate_fen"), of_all[1])
        days = frames.world(worked[worked["industry"] == industry], "rider_days")
        return (borne - taken).where(frames.for_books(days) > 0)

    return [Labelled(str(industry), balance(industry)) for industry in sorted(worked["industry"].unique())]


def pure_premium(table: str, column: str) -> Callable[[Frames], Series]:
    """Return the metric of ultimate benefits over a total of the world, yuan."""

    def compute(frames: Frames) -> Series:
        units = frames.for_books(frames.world(frames.table(table), column))
        return ratio(frames.book(frames.injury_benefits, "ultimate_fen") / FEN, units)

    return compute


def pure_premium_per_insured_order(frames: Frames) -> Series:
    """Ultimate benefits over insured orders, yuan."""
    return ratio(
        frames.book(frames.injury_benefits, "ultimate_fen") / FEN,
        frames.book(frames.all_riders, "orders_insured"),
    )


def _by_scheme(frames: Frames) -> pd.DataFrame:
    """Return one row for each cell and scheme with a contribution: base, due, paid, kept, ultimate outgo, base unit.

    Paid is what accounts received, late fees too: all of it moves with the rate. Kept is what handling and prevention,
    which move with the contributions, leave of it.
    """
    rows = frames.table("contributions")
    rows = rows.assign(paid_fen=rows["paid_fen"] + rows["late_fee_fen"])
    key = [*CELL, "scheme"]
    account = rows.groupby([*key, "account"])["paid_fen"].sum()
    of_account = account.groupby([*CELL, "account"]).transform("sum")
    fund = frames.table("fund")
    costs = (
        fund.assign(cost=fund["handling_fen"] + fund["prevention_fen"])
        .groupby([*CELL, "account"])["cost"]
        .sum()
    )
    parts = account.rename("paid").to_frame().assign(of=of_account).reset_index()
    parts = parts.merge(costs.reset_index(), how="left", on=[*CELL, "account"])
    shared = (
        (ratio(parts["paid"], parts["of"]) * parts["cost"]).fillna(0).groupby([parts[c] for c in key]).sum()
    )
    # Payers who split a rate have the same base in a row each: it counts once.
    bases = rows.groupby([*key, *BASE_OF], dropna=False)["base_declared"].max().groupby(key).sum()
    scheme = rows.groupby(key).agg(
        due=("due_fen", "sum"),
        paid=("paid_fen", "sum"),
        units=("base_unit", "nunique"),
        unit=("base_unit", "first"),
    )
    ultimate = frames.injury_benefits.groupby(key)["ultimate_fen"].sum().reindex(scheme.index, fill_value=0)
    kept = scheme["paid"] - shared.reindex(scheme.index, fill_value=0.0)
    return scheme.assign(base=bases, outgo=ultimate, kept=kept.where(kept > 0)).reset_index()


def rate_by_scheme(*, break_even: bool) -> Callable[[Frames], list[Labelled]]:
    """Return the metric of the mean rate of each scheme: charged, or at which it breaks even."""

    def compute(frames: Frames) -> list[Labelled]:
        rows = _by_scheme(frames)
        rows = rows.assign(charged=ratio(rows["due"], rows["base"]).where(rows["units"] == 1) / FEN)
        if break_even:
            rows["charged"] *= ratio(rows["outgo"], rows["kept"])
        rows["unit"] = rows["unit"].where(rows["units"] == 1, "base unit")
        labelled = []
        for (scheme, unit), own in rows.groupby(["scheme", "unit"]):
            values = own.set_index(CELL)["charged"].astype("float64")
            name, times = _unit_of_rate(str(unit))
            labelled.append(Labelled(str(scheme), values * times, name))
        return labelled

    return compute


def _unit_of_rate(base_unit: str) -> tuple[str, float]:
    """Return the unit in which a rate is told, and how many of yuan per unit of the base it is."""
    if base_unit.endswith("_fen"):
        # Yuan for a fen of earnings is a hundred times a share of them.
        return f"share of {base_unit.removesuffix('_fen')}", FEN
    units = UNITS_OF_A_RATE.get(base_unit, 1)
    return f"yuan/{base_unit.replace('minute', 'hour') if units > 1 else base_unit}", units


def _contributions(frames: Frames) -> pd.DataFrame:
    """Return contributions with ``cost_fen``: what the payer paid, assessed amounts, late fees and fines with it."""
    rows = frames.table("contributions")
    return rows.assign(cost_fen=rows["paid_fen"] + rows["late_fee_fen"] + rows["fine_fen"])


def _costs(frames: Frames) -> tuple[Series, Series, Series]:
    """Return contributions paid by workers and by platforms, and benefits platforms paid themselves, in fen."""
    rows, payments = _contributions(frames), frames.table("payments")
    return (
        frames.book(rows[rows["payer"] == "worker"], "cost_fen"),
        frames.book(rows[rows["payer"] == "platform"], "cost_fen"),
        frames.book(payments[payments["payer"] == "platform"], "amount_fen"),
    )


def platform_cost_per_order(frames: Frames) -> Series:
    """Contributions, late fees, fines and benefits paid by platforms over all orders, yuan."""
    _, contributions, benefits = _costs(frames)
    orders = frames.for_books(frames.world(frames.table("exposure"), "orders"))
    return ratio((contributions + benefits) / FEN, orders)


def worker_share_of_cost(frames: Frames) -> Series:
    """Contributions paid by workers over all contributions and the benefits platforms pay themselves."""
    workers, _, benefits = _costs(frames)
    return ratio(workers, frames.book(_contributions(frames), "cost_fen") + benefits)


def worker_share_of_earnings(frames: Frames) -> Series:
    """Contributions paid by workers over the earnings of all riders."""
    return ratio(_costs(frames)[0], frames.for_books(frames.world(frames.table("riders"), "earnings_fen")))
