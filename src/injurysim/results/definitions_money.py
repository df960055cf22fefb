"""The metrics of money: funds, prices, and who pays."""

from __future__ import annotations

from injurysim.results import metric_money as money
from injurysim.results.metric import Metric

_NO_FUND = "null for a design without a fund of its own (insurers' accounts are none)"
_NO_CONTRIBUTION = "null without contributions"
_ULTIMATE = "claims.ultimate"

FUND: tuple[Metric, ...] = (
    Metric(
        *("net_position", "net position at the end of exposure", "yuan", "higher"),
        "position.net_position at the last month of exposure, over the design's own accounts",
        *(_NO_FUND, money.net_position),
        headline=True,
    ),
    Metric(
        *("net_position[year]", "net position at the end of", "yuan", "higher"),
        "position.net_position at the year's last month of exposure, over the design's own accounts",
        *(_NO_FUND, money.net_position_by_year),
    ),
    Metric(
        *("net_position_of[account]", "net position of account", "yuan", "higher"),
        "position.net_position of the account at the last month of exposure",
        *(_NO_FUND, money.stock_by_account("position", "net_position_fen")),
    ),
    Metric(
        *("closing_balance_of[account]", "closing balance of account", "yuan", "higher"),
        "fund.closing of the account at the last month of exposure",
        *(_NO_FUND, money.stock_by_account("fund", "closing_fen")),
    ),
    Metric(
        *("ultimate_loss_ratio", "ultimate loss ratio", "share", None),
        f"{_ULTIMATE} / (contributions.due + assessed)",
        *(_NO_CONTRIBUTION, money.ultimate_loss_ratio),
        headline=True,
    ),
    Metric(
        *("ultimate_loss_ratio[year]", "ultimate loss ratio", "share", None),
        f"{_ULTIMATE} of injuries that occurred in the year / (due + assessed) for exposure in the year",
        *("null without contributions for the year", money.ultimate_loss_ratio_by_year),
        headline=True,
    ),
    Metric(
        *("closing_balance", "closing balance", "yuan", "higher"),
        "fund.closing at the last month of exposure, over the design's own accounts",
        *(_NO_FUND, money.closing_balance),
        headline=True,
    ),
    Metric(
        *("benefits_paid", "benefits paid by the fund", "yuan", None),
        "fund.benefits, months of exposure, the design's own accounts",
        *(_NO_FUND, money.flow("benefits_fen")),
    ),
    Metric(
        *("contributions_paid", "contributions paid to the fund", "yuan", None),
        "fund.contributions, months of exposure, the design's own accounts",
        *(_NO_FUND, money.flow("contributions_fen")),
    ),
    Metric(
        *("subsidy_paid", "subsidy paid by the state", "yuan", None),
        "fund.subsidy, months of exposure, the design's own accounts",
        *(_NO_FUND, money.flow("subsidy_fen")),
    ),
    Metric(
        *("worst_month_balance", "worst month's balance", "yuan", "higher"),
        "lowest month-end balance of an account in the months of exposure, read before the deficit rule",
        *(_NO_FUND, money.worst_month_balance),
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("month_below_zero", "probability of a month below zero", "probability", "lower"),
        "1 when an account is below zero at a month's test, before the deficit rule, in a month of exposure",
        *(_NO_FUND, money.month_below_zero),
        kind="probability",
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("fund_ratio", "fund ratio (months of outgo held)", "months", "higher"),
        "closing balance / mean monthly (benefits + handling) of the last 12 months of exposure",
        *(f"{_NO_FUND}, below 12 months, and without outgo", money.fund_ratio),
    ),
    Metric(
        *("paid_ratio", "paid ratio", "share", None),
        "fund.benefits / contributions.due, months of exposure, the design's own accounts",
        *("null without contributions to a fund of its own", money.paid_ratio),
    ),
)

PRICE: tuple[Metric, ...] = (
    Metric(
        *("pure_premium_per_order", "pure premium per order", "yuan/order", None),
        f"{_ULTIMATE} / exposure.orders, insured or not",
        *("null without orders", money.pure_premium("exposure", "orders")),
        headline=True,
    ),
    Metric(
        *("pure_premium_per_insured_order", "pure premium per insured order", "yuan/order", None),
        f"{_ULTIMATE} / coverage.orders_insured",
        *("null without insured orders", money.pure_premium_per_insured_order),
    ),
    Metric(
        *("pure_premium_per_engaged_hour", "pure premium per engaged hour", "yuan/hour", None),
        f"{_ULTIMATE} / exposure.engaged_hours, insured or not",
        *("null without engaged hours", money.pure_premium("exposure", "engaged_hours")),
        headline=True,
    ),
    Metric(
        *("pure_premium_per_rider_month", "pure premium per rider-month", "yuan/rider-month", None),
        f"{_ULTIMATE} / riders.riders_active summed over months, insured or not",
        *("null without riders", money.pure_premium("riders", "riders_active")),
        headline=True,
    ),
    Metric(
        *("break_even_rate[scheme]", "break-even rate", "yuan/base unit", None),
        "charged rate x ultimate benefits of the scheme / (contributions.paid - handling and prevention, by its share"
        " of the account's contributions)",
        *(
            "null when the scheme has several base units, and where handling leaves nothing of the contributions",
            money.rate_by_scheme(break_even=True),
        ),
        headline=True,
    ),
    Metric(
        *("charged_rate[scheme]", "mean rate charged", "yuan/base unit", None),
        "contributions.due / base_declared of the scheme, over its payers",
        *(
            "null when the scheme has several base units, and without a base",
            money.rate_by_scheme(break_even=False),
        ),
        headline=True,
    ),
    Metric(
        *("platform_cost_per_order", "platforms' cost per order", "yuan/order", "lower"),
        "(contributions.paid, late fees and fines by platforms + payments by platforms) / exposure.orders",
        *("null without orders", money.platform_cost_per_order),
        headline=True,
    ),
    Metric(
        *("worker_share_of_cost", "workers' share of the cost", "share", "lower"),
        "contributions.paid by workers / (contributions.paid, late fees and fines by all + payments by platforms)",
        *("null without cost", money.worker_share_of_cost),
        headline=True,
    ),
    Metric(
        *("cross_subsidy[industry]", "contributions beyond the own injuries, industry", "share", None),
        "contributions.due + assessed of the industry / of all - ultimate benefits of its injuries / of all: above 0 the"
        " industry pays for others",
        *("null without contributions of an industry, and without benefits", money.cross_subsidy),
    ),
    Metric(
        *("worker_share_of_earnings", "workers' contributions in their earnings", "share", "lower"),
        "contributions.paid by workers / riders.earnings of all riders",
        *("null without earnings", money.worker_share_of_earnings),
        headline=True,
    ),
)
