"""Every table of the results, column by column, with units, levels and meaning."""

from __future__ import annotations

from injurysim.core.columns import Column, ColumnType
from injurysim.core.tables import Basis, Of, Table

RELATIONS = ("labour_relation", "not_fully", "own_account")
SITUATIONS = ("on_order", "waiting", "travelling")
FILERS = ("platform", "worker")
PAYEES = ("rider", "platform", "hospital")
DECISIONS = ("confirmed", "refused", "withdrawn", "time_barred", "pending")
PURPOSES = ("liable", "rating", "paying")
BENEFIT_PAYERS = ("fund", "platform", "insurer", "state")
CONTRIBUTION_PAYERS = ("platform", "worker", "engager", "state")
ACCOUNT_KINDS = ("pool", "subaccount", "insurer")
DIMENSIONS = ("all", "group", "relation", "industry", "platform", "region", "platforms_used", "hours_band")
BASE_UNITS = (
    *("order", "rider_day", "rider_month", "rider_year"),
    *("online_minute", "engaged_minute"),
    *("earnings_fen", "turnover_fen", "payroll_fen"),
    "none",
)
"""What a contribution is counted on; rates are yuan per one of these, so on a ``_fen`` base a share / 100."""
UNITS_OF_A_RATE = {"online_minute": 60, "engaged_minute": 60}
"""Units of a base to which its rate applies, 1 where not named: minutes are counted, and charged by the hour."""
RATE_PLACES, FACTOR_PLACES = 12, 6
"""Decimals of rates and factors in table ``contributions``."""
MEAN_METHODS = ("t", "Wilson")
QUANTILE_METHODS = ("order statistics",)
PAIRED_METHODS = ("paired t", "paired Agresti-Min")
CORRECTIONS = ("none", "Bonferroni")
DIRECTIONS = ("better", "worse", "unclear", "neutral")


def _column(
    kind: ColumnType,
    unit: str,
    names: str,
    description: str,
    *,
    nullable: bool = False,
    levels: tuple[str, ...] = (),
) -> tuple[Column, ...]:
    """Return one column for each of the names, which share everything else."""
    return tuple(Column(name, kind, unit, description, nullable, levels or None) for name in names.split())


def _text(
    name: str, description: str, *, nullable: bool = False, levels: tuple[str, ...] = ()
) -> tuple[Column, ...]:
    return _column("text", "-", name, description, nullable=nullable, levels=levels)


def _fen(name: str, description: str) -> tuple[Column, ...]:
    return _column("int64", "fen", name, description)


def _count(name: str, unit: str, description: str) -> tuple[Column, ...]:
    return _column("int64", unit, name, description)


def _hours(name: str, description: str) -> tuple[Column, ...]:
    return _column("float64", "hours", name, description)


def _real(name: str, unit: str, description: str) -> tuple[Column, ...]:
    return _column("float64", unit, name, description, nullable=True)


def _time(name: str, description: str, *, nullable: bool = False) -> tuple[Column, ...]:
    return _column("time", "local time", name, description, nullable=nullable)


_MONTH = _column("month", "-", "month", "calendar month")
_VALUATION = _column("month", "-", "valuation", "last month known when the row was written")
_REGION = _text("region", "region")
_INJURY = _text("injury_id", "injury, the same in every world and design")
_CLAIM = _text("claim_id", "claim: an injury under a scheme")
_ACCOUNT = _text("account", "account of the design")
_GRADE = _column(
    "int32", "1-10", "disability_grade", "permanent disability grade; null when none", nullable=True
)


def _table(
    name: str, of: Of, basis: Basis, key: tuple[str, ...], description: str, *columns: tuple[Column, ...]
) -> Table:
    world = _text("world", "world of the scenario, or world~design where a design has responses on")
    design = _text("design", "design whose book the row belongs to")
    replication = _column("int32", "-", "replication", "replication, from 0")
    leading = {"world": (world, replication), "book": (world, design, replication), "experiment": ()}[of]
    flat = tuple(column for group in (*leading, *columns) for column in group)
    return Table(name, of, basis, key, flat, description)


_EXPOSURE = _table(
    *("exposure", "world", "cash", ("month", "region", "industry", "platform", "group")),
    "month x region x industry x platform x group; hours count on each open app",
    *(_MONTH, _REGION, _text("industry", "industry"), _text("platform", "platform"), _text("group", "group")),
    _count("riders_active", "riders", "riders with work on the platform in the month"),
    _count("rider_days", "rider-days", "days with work on the platform, over riders"),
    _hours("online_hours", "hours with the app open and accepting"),
    _hours("engaged_hours", "hours with an order in hand"),
    _count("orders", "orders", "orders taken"),
    _fen("earnings_fen", "earnings of riders from the platform"),
)

_RIDERS = _table(
    *("riders", "world", "cash", ("month", "region", "group")),
    "month x region x group, each rider once however many platforms",
    *(_MONTH, _REGION, _text("group", "group")),
    _count("riders_active", "riders", "riders with work in the month"),
    _count("rider_days", "rider-days", "days with work, over riders"),
    _hours("worked_hours", "hours worked, over all platforms together"),
    _count("orders", "orders", "orders taken"),
    _fen("earnings_fen", "earnings of riders"),
)

_INJURIES = _table(
    *("injuries", "world", "none", ("injury_id",)),
    "one injury",
    *(_INJURY, _text("rider_id", "rider"), _REGION),
    _text("industry", "industry of the work at the injury"),
    _text("group", "group of the rider"),
    _text("relation", "relation class of the rider", levels=RELATIONS),
    _time("occurred_at", "when it happened"),
    _text("situation", "what the rider was doing", levels=SITUATIONS),
    _text("platform", "platform of the order in hand; null when none", nullable=True),
    _text("second_platform", "platform of a second order in hand; null when none", nullable=True),
    _hours("hours_on_shift", "hours worked on the shift before it"),
    _text("severity", "severity class of the scenario"),
    _fen("medical_cost_fen", "whole medical cost, in and out of the catalogues"),
    _column("int32", "days", "days_off", "calendar days off work"),
    _GRADE,
    _column("bool", "-", "fatal", "whether the rider died"),
)

_CLAIMS = _table(
    *("claims", "book", "origin", ("injury_id", "scheme")),
    "one injury x scheme in which it is eligible, reported or not",
    *(_INJURY, _text("scheme", "scheme of the design"), _VALUATION),
    _text("claim_id", "claim; null when not reported", nullable=True),
    _REGION,
    _text("liable_platform", "platform that files and pays employer items; null when none", nullable=True),
    _column("bool", "-", "covered", "covered under the design's rules, whatever the office says"),
    _column("bool", "-", "reported", "reported to the scheme"),
    _text("not_reported_reason", "why it was not reported; null when it was", nullable=True),
    _text("filed_by", "who filed it; null when not reported or not told", nullable=True, levels=FILERS),
    _time("notified_at", "notified; null when not reported", nullable=True),
    _time("accepted_at", "accepted with complete papers; null when not", nullable=True),
    _column(
        "int32",
        "working days",
        "limit_days",
        "limit from acceptance to decision; null without",
        nullable=True,
    ),
    _text("first_decision", "first decision; null when not reported", nullable=True, levels=DECISIONS),
    _time("first_decided_at", "when; null when undecided", nullable=True),
    _text(
        "final_decision", "after review and appeal; null when not reported", nullable=True, levels=DECISIONS
    ),
    _time("final_decided_at", "when; null when undecided", nullable=True),
    _column(
        "float64", "days", "suspended_days", "working days on which the limit stood still", nullable=True
    ),
    _time("appraised_at", "labour-capacity appraisal; null when none", nullable=True),
    _GRADE,
    _time("closed_at", "file closed; null while open", nullable=True),
    _fen("paid_fen", "paid to the valuation, by every payer of `payments`, months of pensions among it"),
    _fen("outstanding_fen", "case outstanding of the account at the valuation, without pensions granted"),
    _fen(
        "ultimate_fen",
        "what it takes from the account in the end, as the simulator knows; a monthly pension at its value",
    ),
)

_ATTRIBUTION = _table(
    *("attribution", "book", "origin", ("claim_id", "purpose", "platform")),
    "claim x purpose x platform",
    *(_CLAIM, _text("purpose", "who is liable, whose rating is charged, who pays", levels=PURPOSES)),
    _text("platform", "platform; null when none or pooled", nullable=True),
    _VALUATION,
    _column("float64", "share", "share", "share of the platform; adds to 1 over a claim and purpose"),
)

_PAYMENTS = _table(
    *("payments", "book", "cash", ("claim_id", "paid_at", "benefit", "payer", "account")),
    "one payment",
    *(_CLAIM, _time("paid_at", "when it was paid"), _text("benefit", "benefit of the scheme")),
    _text("payer", "who paid", levels=BENEFIT_PAYERS),
    _text("account", "account it was paid from; null when the payer keeps none", nullable=True),
    _text("payee", "who received it: rider or family, or who had advanced the bill", levels=PAYEES),
    _text("scheme", "scheme of the design"),
    _fen("amount_fen", "amount"),
)

_CONTRIBUTIONS = _table(
    "contributions",
    "book",
    "cash",
    ("month", "account", "scheme", "payer", "region", "industry", "platform", "rate_from"),
    "month x account x scheme x payer x region x industry x platform x rate_from",
    _MONTH,
    _text("account", "account of the design; null when the payee keeps none", nullable=True),
    _text("scheme", "scheme of the design"),
    _text("payer", "who pays", levels=CONTRIBUTION_PAYERS),
    _REGION,
    _text("industry", "industry; null where none", nullable=True),
    _text("platform", "platform; null where none", nullable=True),
    _time("rate_from", "first day of the rate: one that changes inside a month has two rows"),
    _text("base_unit", "what the contribution is counted on", levels=BASE_UNITS),
    _count("base_true", "base unit", "base as it is"),
    _count("base_declared", "base unit", "base as it was declared"),
    _column(
        "decimal128(38, 12)",
        "yuan per base unit",
        "rate",
        "the payer's rate; of minutes, yuan an hour",
    ),
    _column("decimal128(38, 6)", "-", "factor", "factor that rating puts on the rate"),
    _text("grade", "grade of the rating; null without one", nullable=True),
    _fen("due_fen", "declared base x rate x factor, half up to the fen; split among payers by their rates"),
    _fen("assessed_fen", "owed besides, after inspection"),
    _fen("paid_fen", "received in the month, without late fees"),
    _fen("written_off_fen", "given up in the month"),
    _fen("arrears_fen", "owed and unpaid at the month's end (a stock)"),
    _fen("late_fee_fen", "late fee paid to the account after inspection"),
    _fen("fine_fen", "fine paid to the treasury after inspection"),
)

_FUND = _table(
    *("fund", "book", "cash", ("month", "account")),
    "month x account; closing = opening + contributions + late fees + subsidy + return + recoveries - benefits"
    " - handling - prevention + borrowed - repaid + transfers",
    *(_MONTH, _ACCOUNT, _text("kind", "kind of account", levels=ACCOUNT_KINDS)),
    _fen("opening_fen", "balance at the month's start"),
    _fen("contributions_fen", "contributions received"),
    _fen("late_fees_fen", "late fees received"),
    _fen("subsidy_fen", "paid in by the state"),
    _fen("return_fen", "interest"),
    _fen("recoveries_fen", "recovered from platforms, drivers at fault and others"),
    _fen("benefits_fen", "benefits paid"),
    _fen("handling_fen", "handling cost borne by the account"),
    _fen("prevention_fen", "prevention and appraisal outgo"),
    _fen("borrowed_fen", "borrowed under the deficit rule"),
    _fen("repaid_fen", "loans repaid"),
    _fen("transfers_fen", "from other accounts and the regional fund, less what goes to them"),
    _fen("background_fen", "of it, income less outgo of the regional fund besides the riders'"),
    _fen("closing_fen", "balance at the month's end"),
    _fen(
        "deficit_before_rule_fen", "how far below zero the balance stood before the deficit rule; 0 when not"
    ),
    _real(
        "fund_ratio_months",
        "months",
        "closing / mean monthly benefits and handling of 12 months; null before",
    ),
)

_POSITION = _table(
    *("position", "book", "origin", ("month", "account")),
    "month x account; net position = closing - outstanding - IBNR - pension liability - debt",
    *(_MONTH, _ACCOUNT, _VALUATION),
    _fen("outstanding_fen", "case outstanding as the office knows it in the month"),
    _fen("ibnr_fen", "incurred by the month's end and not in outstanding, as the simulator knows"),
    _fen("pension_liability_fen", "value of what is to come of pensions granted and paid month by month"),
    _fen("debt_fen", "borrowed and not repaid"),
    _fen("net_position_fen", "closing balance less all of these"),
)

_COVERAGE = _table(
    *("coverage", "book", "origin", ("month", "dimension", "level")),
    "month x dimension x level",
    *(_MONTH, _text("dimension", "what riders are told apart by", levels=DIMENSIONS)),
    *(_text("level", "level of the dimension ('all' for all)"), _VALUATION),
    _count("riders_eligible", "riders", "active riders eligible under a scheme"),
    _count("riders_insured", "riders", "riders with at least one insured order or day in the month"),
    _count("riders_ever_insured", "riders", "riders of the month insured in it or before"),
    _count(
        "riders_first_insured",
        "riders",
        "riders insured for the first time; months add up to all ever insured",
    ),
    _count("orders", "orders", "orders"),
    _count("orders_insured", "orders", "orders under cover"),
    _hours("online_hours", "online hours"),
    _hours("online_hours_insured", "online hours under cover"),
    _count("injuries", "injuries", "injuries that belong to the month"),
    _count("injuries_covered", "injuries", "covered under the design's rules by a scheme"),
    _count("injuries_reported", "injuries", "reported to a scheme by the valuation"),
    _count("injuries_compensated", "injuries", "with something paid by a scheme by the valuation"),
    _count("injuries_open", "injuries", "with a file still open at the valuation"),
    _fen("loss_fen", "loss of the injuries (medical cost and earnings lost)"),
    _fen(
        "compensated_fund_fen", "of it, compensated by a fund; monthly pensions at their value, once granted"
    ),
    _fen("compensated_platform_fen", "of it, by platforms"),
    _fen("compensated_insurer_fen", "of it, by insurers"),
    _fen("compensated_other_fen", "of it, by drivers at fault, basic medical insurance and others"),
    _fen("uncompensated_fen", "sum over injuries of max(0, loss - all compensation)"),
    _fen("overcompensated_fen", "sum over injuries of max(0, all compensation - loss)"),
)

_OFFICES = _table(
    *("offices", "book", "cash", ("month", "region", "office")),
    "month x region x office",
    *(_MONTH, _REGION, _text("office", "office")),
    _count("arrived", "cases", "cases that arrived in the month"),
    _count("finished", "cases", "cases finished in the month"),
    _count("withdrawn", "cases", "cases whose claimant gave up before anybody took them up"),
    _count("backlog", "cases", "cases waiting or in hand at the month's end"),
    _real("utilisation", "share", "share of the open staff time in use; null when never open"),
    _real("mean_wait_days", "days", "mean wait of the cases taken up in the month; null when none"),
    _real("p95_wait_days", "days", "95th percentile of it"),
    _real("within_limit_share", "share", "finished within the legal limit; null when none or no limit"),
)

_OF_EXPERIMENT = (
    _text("world", "world"),
    _text("design", "design; null for a metric of the world alone", nullable=True),
)

_METRICS = _table(
    *("metrics", "experiment", "none", ("replication", "metric", "unit")),
    "world x design x replication x metric: what the statistics are made from",
    *_OF_EXPERIMENT,
    *(_column("int32", "-", "replication", "replication, from 0"), _text("metric", "metric")),
    *(
        _text("unit", "unit of the metric"),
        _real("value", "metric's unit", "value in the replication; can be null"),
    ),
)

_LEVEL = _column("float64", "share", "level", "confidence level of the interval")

_SUMMARY = _table(
    *("summary", "experiment", "none", ("metric",)),
    "world x design x metric, over replications",
    *_OF_EXPERIMENT,
    *(_text("metric", "metric"), _text("unit", "unit of the metric")),
    _real("mean", "metric's unit", "mean over replications; of a probability the share of them"),
    _real("sd", "metric's unit", "standard deviation over replications; null below 2"),
    _real("ci_low ci_high", "metric's unit", "ends of the interval of the mean; null below 2 replications"),
    _count("n", "replications", "replications with a value"),
    _text("method", "how the interval was made", levels=MEAN_METHODS),
    _LEVEL,
)

_QUANTILES = _table(
    *("quantiles", "experiment", "none", ("metric", "q")),
    "world x design x metric x quantile, over replications; of metrics that are no probability",
    *(*_OF_EXPERIMENT, _text("metric", "metric")),
    _column("float64", "share", "q", "share of replications that lie below"),
    _text("unit", "unit of the metric"),
    _real("estimate", "metric's unit", "least value with at least a share q of the values up to it"),
    _real(
        "ci_low ci_high", "metric's unit", "ends of its interval; null where so few replications give no end"
    ),
    _count("n", "replications", "replications with a value"),
    _text("method", "how the interval was made", levels=QUANTILE_METHODS),
    _column("float64", "share", "level", "confidence level of the interval, held at least"),
)

_COMPARISON = _table(
    *("comparison", "experiment", "none", ("baseline_world", "baseline_design", "metric")),
    "world x design x metric, against a baseline, paired by replication",
    *_OF_EXPERIMENT,
    *(_text("baseline_world", "world compared with"),),
    _text("baseline_design", "design compared with; null for a metric of the world alone", nullable=True),
    *(_text("metric", "metric"), _text("unit", "unit of the metric")),
    _real("difference", "metric's unit", "mean of the paired differences, this less baseline"),
    _real("se", "metric's unit", "standard error of it; null below 2 pairs"),
    _real("ci_low ci_high", "metric's unit", "ends of the pair's own interval; null below 2 pairs"),
    _text("method", "how the intervals were made", levels=PAIRED_METHODS),
    _column(
        "float64", "share", "level", "confidence level of the own interval, and of the joint ones together"
    ),
    _real(
        "joint_low joint_high",
        "metric's unit",
        "ends of the interval that holds for the whole family together; null below 2 pairs",
    ),
    _count("family", "comparisons", "pairs compared at once: all of the metric with 2 replications or more"),
    _text("correction", "how the joint interval makes up for them", levels=CORRECTIONS),
    _real(
        "better_share", "share", "replications better than the baseline, ties half; null without a direction"
    ),
    _real("same_share", "share", "replications in which both are the same"),
    _count("n", "replications", "replications with both values"),
    _column(
        *("int64", "replications", "n_needed"),
        "replications for a joint interval of the half-width wanted; null if none, and below 2 pairs",
        nullable=True,
    ),
    _real(
        "half_width_wanted", "metric's unit", "as stated, else half the difference found; null below 2 pairs"
    ),
    _real(
        "pairing_gain",
        "times",
        "(var of this + var of baseline) / var of the difference: replications that independent seeds would need, in"
        " those of common random numbers; null below 2 pairs and where the difference never varies",
    ),
    _text("direction", "what the joint interval says, by the metric's direction", levels=DIRECTIONS),
)

_PRECISION = _table(
    *("precision", "experiment", "none", ("baseline_world", "baseline_design", "target")),
    "half-width asked for x world x design (x baseline)",
    _text("world", "world; null for a target without a value anywhere", nullable=True),
    _text("design", "design; null for a metric of the world alone", nullable=True),
    _text("baseline_world", "world compared with; null for the metric itself", nullable=True),
    _text("baseline_design", "design compared with; null as the two before", nullable=True),
    _text("target", "what was asked for: [difference:]metric[@world/design]"),
    *(_text("metric", "metric"), _text("unit", "unit of the metric")),
    _column("float64", "metric's unit", "half_width_wanted", "half-width asked for"),
    _real("half_width", "metric's unit", "half of the interval; null below 2 values"),
    _count("n", "replications", "replications with a value, of a difference with both"),
    _column(
        *("int64", "replications", "n_foreseen", "replications it takes with this spread; null if unknown"),
        nullable=True,
    ),
    _column("bool", "-", "reached", "whether the half-width is as asked for, from values enough"),
    _text(
        *("method", "how the interval was made; null without a value"),
        nullable=True,
        levels=(*MEAN_METHODS, *PAIRED_METHODS),
    ),
    _column("float64", "share", "level", "confidence level of the interval"),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *(_EXPOSURE, _RIDERS, _INJURIES, _CLAIMS, _ATTRIBUTION, _PAYMENTS, _CONTRIBUTIONS),
        *(_FUND, _POSITION, _COVERAGE, _OFFICES, _METRICS, _SUMMARY, _QUANTILES, _COMPARISON),
        _PRECISION,
    )
}
"""All tables by name."""
