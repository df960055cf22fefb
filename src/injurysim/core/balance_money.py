"""The identities of money: accounts, contributions and what they stand at, to the fen."""

from __future__ import annotations

from injurysim.core.balance_sums import CELL, Frames, same_sums, told

INFLOWS = (
    *("contributions_fen", "late_fees_fen", "subsidy_fen", "return_fen", "recoveries_fen"),
    *("borrowed_fen", "transfers_fen"),
)
OUTFLOWS = ("benefits_fen", "handling_fen", "prevention_fen", "repaid_fen")
HELD = ("outstanding_fen", "ibnr_fen", "pension_liability_fen", "debt_fen")


def fund_rolls_forward(frames: Frames) -> list[str]:
    """Check that closing = opening + every inflow - every outflow, for each month and account."""
    fund = frames["fund"]
    wanted = fund["opening_fen"] + fund[list(INFLOWS)].sum(axis=1) - fund[list(OUTFLOWS)].sum(axis=1)
    return told(
        "fund",
        fund.assign(wanted=wanted),
        fund["closing_fen"] != wanted,
        ("month", "account"),
        lambda row: (
            f"closing_fen is {row.closing_fen}, and opening with the flows of the month makes {row.wanted}"
        ),
    )


def fund_opens_as_it_closed(frames: Frames) -> list[str]:
    """Check that an account opens with what it closed the month before, and leaves no month out."""
    fund = frames["fund"].astype({"closing_fen": "Int64"}).sort_values([*CELL, "account", "month"])
    number = fund["month"].str[:4].astype("Int64") * 12 + fund["month"].str[5:].astype("Int64")
    account = fund.assign(number=number).groupby([*CELL, "account"], sort=False)
    fund = fund.assign(before=account["closing_fen"].shift(), gap=number - account["number"].shift())
    fund = fund[fund["before"].notna()]
    return [
        *told(
            "fund",
            fund,
            fund["opening_fen"] != fund["before"],
            ("month", "account"),
            lambda row: f"opening_fen is {row.opening_fen}, and the month before closed with {row.before}",
        ),
        *told(
            "fund",
            fund,
            fund["gap"] != 1,
            ("month", "account"),
            lambda row: f"the row before it is {row.gap} months earlier, not 1",
        ),
    ]


def deficit_is_stated(frames: Frames) -> list[str]:
    """Check that the deficit before the rule is not negative, nor less than a balance left below zero."""
    fund = frames["fund"]
    wrong = (fund["deficit_before_rule_fen"] < 0) | (fund["deficit_before_rule_fen"] < -fund["closing_fen"])
    return told(
        "fund",
        fund,
        wrong,
        ("month", "account"),
        lambda row: (
            f"deficit_before_rule_fen is {row.deficit_before_rule_fen}, and closing_fen {row.closing_fen}"
        ),
    )


def transfers_cancel_out(frames: Frames) -> list[str]:
    """Check that what one account of a design gets another gives: without the background, transfers add to zero."""
    fund = frames["fund"]
    between = fund.assign(between=fund["transfers_fen"].astype("Int64") - fund["background_fen"])
    total = between.groupby([*CELL, "month"])[["between"]].sum()
    return told(
        "fund",
        total,
        total["between"] != 0,
        ("month",),
        lambda row: f"transfers_fen less background_fen add to {row.between} over the accounts, not to 0",
    )


def debts_are_what_was_borrowed(frames: Frames) -> list[str]:
    """Check that a debt is what was borrowed and not repaid, with interest on the one before, which is not negative."""
    rows = frames["position"].merge(
        frames["fund"][[*CELL, "month", "account", "borrowed_fen", "repaid_fen"]],
        on=[*CELL, "month", "account"],
    )
    rows = rows.sort_values([*CELL, "account", "month"])
    before = rows.groupby([*CELL, "account"], sort=False)["debt_fen"].shift(fill_value=0)
    rows = rows.assign(least=before + rows["borrowed_fen"] - rows["repaid_fen"])
    wrong = (rows["debt_fen"] < rows["least"]) | ((before == 0) & (rows["debt_fen"] != rows["least"]))
    return told(
        "position",
        rows,
        wrong,
        ("month", "account"),
        lambda row: f"debt_fen is {row.debt_fen}, and loans less repayments make {row.least}",
    )


def fund_pays_the_payments(frames: Frames) -> list[str]:
    """Check that ``benefits_fen`` of a month and account is the sum of the payments from it."""
    payments = frames["payments"]
    payments = payments.assign(month=payments["paid_at"].dt.strftime("%Y-%m"))
    return same_sums(
        ("fund", "benefits_fen", frames["fund"]),
        ("payments", "amount_fen", payments[payments["account"].notna()]),
        ["month", "account"],
    )


def fund_receives_the_contributions(frames: Frames) -> list[str]:
    """Check that contributions and late fees of a month and account are what all payers together paid."""
    contributions = frames["contributions"]
    received = contributions[contributions["account"].notna()]
    return [
        sentence
        for of_fund, of_payers in (("contributions_fen", "paid_fen"), ("late_fees_fen", "late_fee_fen"))
        for sentence in same_sums(
            ("fund", of_fund, frames["fund"]),
            ("contributions", of_payers, received),
            ["month", "account"],
        )
    ]


LINE = ["account", "scheme", "payer", "region", "industry", "platform"]
"""What tells apart the debts that are carried from month to month."""


CHARGE = ["month", "account", "scheme", "region", "industry", "platform", "rate_from"]
"""What tells apart the charges that payers split."""


def due_is_the_charge(frames: Frames) -> list[str]:
    """Check that ``due_fen`` = half up of declared base x rate x factor x 100, exactly, whoever pays.

    Payers who split a charge have a row each, with the whole base and their own rate: their dues add to the charge at
    the sum of their rates, and the due of each is its own charge rounded up or down.
    """
    from fractions import Fraction

    import pandas as pd

    from injurysim.core.money import charge_fen
    from injurysim.core.schemas import UNITS_OF_A_RATE

    rows = frames["contributions"]
    key = [*CELL, *CHARGE]
    split = rows.groupby(key, dropna=False, sort=False)
    whole = split.agg(
        due_fen=("due_fen", "sum"),
        base_declared=("base_declared", "first"),
        unit=("base_unit", "first"),
        rate=("rate", "sum"),
        factor=("factor", "first"),
        bases=("base_declared", "nunique"),
        factors=("factor", "nunique"),
    ).reset_index()
    whole["wanted"] = [
        charge_fen(int(base), rate, factor, units=UNITS_OF_A_RATE.get(unit, 1))
        for base, rate, factor, unit in zip(
            *(whole[name] for name in ("base_declared", "rate", "factor", "unit")), strict=True
        )
    ]
    shared = rows[split["payer"].transform("size") > 1]
    apart = [
        abs(int(due) * units - Fraction(rate) * Fraction(factor) * int(base) * 100) >= units
        for due, base, rate, factor, units in zip(
            *(shared[name] for name in ("due_fen", "base_declared", "rate", "factor")),
            (UNITS_OF_A_RATE.get(unit, 1) for unit in shared["base_unit"]),
            strict=True,
        )
    ]
    return [
        *told(
            "contributions",
            whole,
            whole["due_fen"] != whole["wanted"],
            CHARGE,
            lambda row: (
                f"due_fen is {row.due_fen}, and {row.base_declared} x {row.rate} yuan x {row.factor} makes"
                f" {row.wanted}"
            ),
        ),
        *told(
            "contributions",
            whole,
            (whole["bases"] > 1) | (whole["factors"] > 1),
            CHARGE,
            lambda _: "payers who split a charge have different bases or factors",
        ),
        *told(
            "contributions",
            shared,
            pd.Series(apart, shared.index, dtype=bool),
            ("month", *LINE),
            lambda row: (
                f"due_fen {row.due_fen} lies a fen or more from the payer's own {row.base_declared} x {row.rate}"
                f" yuan x {row.factor}"
            ),
        ),
    ]


def debts_roll_forward(frames: Frames) -> list[str]:
    """Check that paid + change in arrears + written off = due + assessed, for each line and month.

    A line is an account, scheme, payer, region, industry and platform; its arrears stand until its next row.
    """
    amounts = ["paid_fen", "written_off_fen", "due_fen", "assessed_fen", "arrears_fen"]
    rows = (
        frames["contributions"]
        .groupby([*CELL, *LINE, "month"], dropna=False, sort=True)[amounts]
        .sum()
        .reset_index()
    )
    before = rows.groupby([*CELL, *LINE], dropna=False, sort=False)["arrears_fen"].shift(fill_value=0)
    rows = rows.assign(
        before=before,
        settled=rows["paid_fen"] + rows["arrears_fen"] - before + rows["written_off_fen"],
        owed=rows["due_fen"] + rows["assessed_fen"],
    )
    return told(
        "contributions",
        rows,
        rows["settled"] != rows["owed"],
        ("month", *LINE),
        lambda row: (
            f"paid {row.paid_fen} + change in arrears {row.arrears_fen - row.before} + written off"
            f" {row.written_off_fen} is not due + assessed {row.owed}"
        ),
    )


def position_is_net(frames: Frames) -> list[str]:
    """Check that net position = the fund's closing balance - outstanding - IBNR - pension liability - debt."""
    import pandas as pd

    rows = frames["position"].merge(
        frames["fund"][[*CELL, "month", "account", "closing_fen"]].astype({"closing_fen": "Int64"}),
        how="left",
        on=[*CELL, "month", "account"],
    )
    rows = rows.assign(wanted=rows["closing_fen"] - rows[list(HELD)].sum(axis=1))
    wrong = rows["wanted"].isna() | (rows["net_position_fen"] != rows["wanted"]).fillna(True)
    return told(
        "position",
        rows,
        wrong,
        ("month", "account"),
        lambda row: (
            "the account has no row in fund"
            if row.wanted is pd.NA
            else f"net_position_fen is {row.net_position_fen}, and closing less what is held makes {row.wanted}"
        ),
    )
