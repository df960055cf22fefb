"""Every metric, once: name, unit, what is better, formula, when it is null, and how it is worked out.

Ratios are ratios of totals within a replication; percentiles are pooled within a replication; a metric a design
cannot have is null, never zero. Of a scenario in miniature the totals are those of the sample, and what has a meaning
only in full size is null. A metric by year or scheme is named ``ultimate_loss_ratio[2022]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from injurysim.results import metric_money as money
from injurysim.results import metric_people as people
from injurysim.results.frames import Frames
from injurysim.results.metric import Direction, Labelled, Metric

if TYPE_CHECKING:
    import pandas as pd

_NO_FUND = "null for a design without a fund of its own (insurers' accounts are none)"
_NEVER = "never null"
_NO_CONTRIBUTION = "null without contributions"
_ULTIMATE = "claims.ultimate"

_FUND = (
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

_PRICE = (
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

_COVER = (
    Metric(
        *("coverage_of_riders", "coverage of riders", "share", "higher"),
        "coverage.riders_insured / riders.riders_active, summed over months",
        *("null without riders", people.coverage_of_riders),
        headline=True,
    ),
    Metric(
        *("take_up", "take-up of eligible riders", "share", "higher"),
        "coverage.riders_insured / riders_eligible, summed over months",
        *("null without eligible riders", people.coverage_share("riders_insured", "riders_eligible")),
    ),
    Metric(
        *("coverage_of_orders", "coverage of orders", "share", "higher"),
        "coverage.orders_insured / orders",
        *("null without orders", people.coverage_share("orders_insured", "orders")),
        headline=True,
    ),
    Metric(
        *("coverage_of_hours", "coverage of online hours", "share", "higher"),
        "coverage.online_hours_insured / online_hours",
        *("null without hours", people.coverage_share("online_hours_insured", "online_hours")),
        headline=True,
    ),
    Metric(
        *("coverage_of_injuries", "coverage of injuries", "share", "higher"),
        "coverage.injuries_covered / injuries",
        *("null without injuries", people.coverage_share("injuries_covered", "injuries")),
        headline=True,
    ),
    Metric(
        *("reported_share", "injuries reported", "share", "higher"),
        "coverage.injuries_reported / injuries",
        *("null without injuries", people.coverage_share("injuries_reported", "injuries")),
        headline=True,
    ),
    Metric(
        *("reported_share_of_covered", "covered injuries reported", "share", "higher"),
        "covered injuries reported to a scheme that covers them / injuries covered by a scheme, from claims",
        *("null without covered injuries", people.reported_share_of_covered),
    ),
    Metric(
        *("compensated_share", "injuries compensated", "share", "higher"),
        "coverage.injuries_compensated / injuries",
        *("null without injuries", people.coverage_share("injuries_compensated", "injuries")),
        headline=True,
    ),
)

_TIME = (
    Metric(
        *("median_days_to_decision", "median days to decision", "days", "lower"),
        "median of first_decided_at - notified_at over reported claims (Kaplan-Meier; claims undecided or given up are"
        " censored)",
        *("null without reported claims, and when less than half is decided", people.days_to_decision(0.5)),
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("p95_days_to_decision", "95th percentile of days to decision", "days", "lower"),
        "95th percentile of the same",
        *("null without reported claims, and when too few are decided", people.days_to_decision(0.95)),
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("decided_within_limit", "decided within the limit", "share", "higher"),
        "claims with accepted_at to first_decided_at, less suspended_days, within limit_days / claims decided, or open"
        " beyond the limit",
        *("null without a limit, and without such claims", people.decided_within_limit),
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("undecided_claims", "claims undecided at the end", "claims", "lower"),
        "reported claims without first_decided_at at the valuation",
        *(_NEVER, people.undecided_claims),
        headline=True,
        full_scale=True,
    ),
    Metric(
        *("open_claims", "claims open at the end", "claims", "lower"),
        "reported claims neither closed, refused, time-barred nor withdrawn at the valuation",
        *(_NEVER, people.open_claims),
        full_scale=True,
    ),
)

_SOURCES: tuple[tuple[str, str, str, Direction | None], ...] = (
    ("fund", "loss borne by funds", "compensated_fund_fen", None),
    ("platform", "loss borne by platforms", "compensated_platform_fen", None),
    ("insurer", "loss borne by insurers", "compensated_insurer_fen", None),
    ("other", "loss borne by others (medical insurance, drivers at fault)", "compensated_other_fen", None),
    ("uncompensated", "loss borne by nobody (uncompensated)", "uncompensated_fen", "lower"),
    ("overcompensated", "paid above the loss (in the lines above)", "overcompensated_fen", None),
)

_LOSS = (
    Metric(
        *(
            "uncompensated_loss_per_injured_rider",
            "uncompensated loss per injured rider",
            "yuan/rider",
            "lower",
        ),
        "coverage.uncompensated / riders with an injury",
        *("null without injuries, and where no loss is worked out", people.uncompensated_per_injured_rider),
        headline=True,
    ),
    *(
        Metric(
            *(f"loss_share_{source}", label, "share", direction),
            f"coverage.{column} / loss",
            *("null without loss", people.coverage_share(column, "loss_fen")),
            headline=True,
        )
        for source, label, column, direction in _SOURCES
    ),
)

_WORLD = (
    Metric(
        *("injuries", "injuries", "injuries", "lower", "rows of injuries", _NEVER, people.injuries),
        of="world",
        headline=True,
    ),
    Metric(
        *("worked_hours", "worked hours", "hours", None, "riders.worked_hours", _NEVER),
        people.of_world("riders", "worked_hours"),
        of="world",
        headline=True,
    ),
    Metric(
        *("injuries_per_million_hours", "injuries per million hours", "injuries/million hours", "lower"),
        "injuries / riders.worked_hours x 1 000 000",
        *("null without hours", people.injuries_per_million_hours),
        of="world",
        headline=True,
    ),
    Metric(
        *("rider_days", "rider-days", "rider-days", None, "riders.rider_days", _NEVER),
        people.of_world("riders", "rider_days"),
        of="world",
        headline=True,
    ),
    Metric(
        *("rider_months", "rider-months", "rider-months", None, "riders.riders_active", _NEVER),
        people.rider_months,
        of="world",
    ),
    Metric(
        *("orders", "orders", "orders", None, "exposure.orders", _NEVER),
        people.of_world("exposure", "orders"),
        of="world",
        headline=True,
    ),
)

METRICS: dict[str, Metric] = {
    metric.name: metric for metric in (*_FUND, *_PRICE, *_COVER, *_TIME, *_LOSS, *_WORLD)
}
"""All metrics by name, in the order of the verdict; those with labels as ``name[year]``, ``[scheme]``, ``[account]`` or ``[industry]``."""


OVER_ACCOUNTS = frozenset({"net_position", "net_position[year]", "closing_balance"})
"""Stocks added over all accounts of a design: compared only between designs with the same accounts."""


def metric_of(name: str) -> Metric:
    """Return the definition of a metric by its name in the tables, as ``net_position`` or ``net_position[2022]``.

    Raises
    ------
    KeyError
        No such metric.
    """
    if name in METRICS:
        return METRICS[name]
    stem = name.split("[", 1)[0]
    for label in ("year", "scheme", "account", "industry"):
        if name != stem and f"{stem}[{label}]" in METRICS:
            return METRICS[f"{stem}[{label}]"]
    raise KeyError(f"no metric '{name}'")


def metric_values(frames: Frames) -> pd.DataFrame:
    """Work out every metric for every cell.

    Parameters
    ----------
    frames : Frames
        The tables of one cell or of many.

    Returns
    -------
    pandas.DataFrame
        Columns ``world``, ``design`` (null for a metric of the world), ``replication``, ``metric``, ``unit``,
        ``value`` (``NaN`` where null); a row for each cell and metric, and for each label with a value. What a cell
        has does not depend on the other cells.
    """
    import pandas as pd

    parts = []
    for metric in METRICS.values():
        computed = metric.compute(frames)
        several = computed if isinstance(computed, list) else [Labelled("", computed)]
        for one in several:
            name = f"{metric.name.split('[')[0]}[{one.label}]" if one.label else metric.name
            known = one.values.astype("float64")
            if metric.full_scale and frames.scale != 1:
                known = known * float("nan")
            rows = known.rename("value").reset_index()
            if one.label:
                rows = rows.dropna(subset="value")
            parts.append(rows.assign(metric=name, unit=one.unit or metric.unit))
    columns = ["world", "design", "replication", "metric", "unit", "value"]
    whole = pd.concat(parts, ignore_index=True).reindex(columns=columns)
    return whole.assign(design=whole["design"].astype("object").where(whole["design"].notna(), None))
