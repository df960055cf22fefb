"""Every table of the results, column by column, with units, levels and meaning."""

from __future__ import annotations

from injurysim.core.schema_parts import column, count, fen, hours, real, table, text, time
from injurysim.core.schemas_experiment import COMPARISON, METRICS, PRECISION, QUANTILES, SUMMARY
from injurysim.core.tables import Table

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

_MONTH = column("month", "-", "month", "calendar month")
_VALUATION = column("month", "-", "valuation", "last month known when the row was written")
_REGION = text("region", "region")
_INJURY = text("injury_id", "injury, the same in every world and design")
_CLAIM = text("claim_id", "claim: an injury under a scheme")
_ACCOUNT = text("account", "account of the design")
_GRADE = column(
    "int32", "1-10", "disability_grade", "permanent disability grade; null when none", nullable=True
)

_EXPOSURE = table(
    *("exposure", "world", "cash", ("month", "region", "industry", "platform", "group")),
    "month x region x industry x platform x group; hours count on each open app",
    *(_MONTH, _REGION, text("industry", "industry"), text("platform", "platform"), text("group", "group")),
    count("riders_active", "riders", "riders with work on the platform in the month"),
    count("rider_days", "rider-days", "days with work on the platform, over riders"),
    hours("online_hours", "hours with the app open and accepting"),
    hours("engaged_hours", "hours with an order in hand"),
    count("orders", "orders", "orders taken"),
    fen("earnings_fen", "earnings of riders from the platform"),
)

_RIDERS = table(
    *("riders", "world", "cash", ("month", "region", "group")),
    "month x region x group, each rider once however many platforms",
    *(_MONTH, _REGION, text("group", "group")),
    count("riders_active", "riders", "riders with work in the month"),
    count("rider_days", "rider-days", "days with work, over riders"),
    hours("worked_hours", "hours worked, over all platforms together"),
    count("orders", "orders", "orders taken"),
    fen("earnings_fen", "earnings of riders"),
)

_INJURIES = table(
    *("injuries", "world", "none", ("injury_id",)),
    "one injury",
    *(_INJURY, text("rider_id", "rider"), _REGION),
    text("industry", "industry of the work at the injury"),
    text("group", "group of the rider"),
    text("relation", "relation class of the rider", levels=RELATIONS),
    time("occurred_at", "when it happened"),
    text("situation", "what the rider was doing", levels=SITUATIONS),
    text("platform", "platform of the order in hand; null when none", nullable=True),
    text("second_platform", "platform of a second order in hand; null when none", nullable=True),
    hours("hours_on_shift", "hours worked on the shift before it"),
    text("severity", "severity class of the scenario"),
    fen("medical_cost_fen", "whole medical cost, in and out of the catalogues"),
    column("int32", "days", "days_off", "calendar days off work"),
    _GRADE,
    column("bool", "-", "fatal", "whether the rider died"),
)

_CLAIMS = table(
    *("claims", "book", "origin", ("injury_id", "scheme")),
    "one injury x scheme in which it is eligible, reported or not",
    *(_INJURY, text("scheme", "scheme of the design"), _VALUATION),
    text("claim_id", "claim; null when not reported", nullable=True),
    _REGION,
    text("liable_platform", "platform that files and pays employer items; null when none", nullable=True),
    column("bool", "-", "covered", "covered under the design's rules, whatever the office says"),
    column("bool", "-", "reported", "reported to the scheme"),
    text("not_reported_reason", "why it was not reported; null when it was", nullable=True),
    text("filed_by", "who filed it; null when not reported or not told", nullable=True, levels=FILERS),
    time("notified_at", "notified; null when not reported", nullable=True),
    time("accepted_at", "accepted with complete papers; null when not", nullable=True),
    column(
        "int32",
        "working days",
        "limit_days",
        "limit from acceptance to decision; null without",
        nullable=True,
    ),
    text("first_decision", "first decision; null when not reported", nullable=True, levels=DECISIONS),
    time("first_decided_at", "when; null when undecided", nullable=True),
    text(
        "final_decision", "after review and appeal; null when not reported", nullable=True, levels=DECISIONS
    ),
    time("final_decided_at", "when; null when undecided", nullable=True),
    column("float64", "days", "suspended_days", "working days on which the limit stood still", nullable=True),
    time("appraised_at", "labour-capacity appraisal; null when none", nullable=True),
    _GRADE,
    time("closed_at", "file closed; null while open", nullable=True),
    fen("paid_fen", "paid to the valuation, by every payer of `payments`, months of pensions among it"),
    fen("outstanding_fen", "case outstanding of the account at the valuation, without pensions granted"),
    fen(
        "ultimate_fen",
        "what it takes from the account in the end, as the simulator knows; a monthly pension at its value",
    ),
)

_ATTRIBUTION = table(
    *("attribution", "book", "origin", ("claim_id", "purpose", "platform")),
    "claim x purpose x platform",
    *(_CLAIM, text("purpose", "who is liable, whose rating is charged, who pays", levels=PURPOSES)),
    text("platform", "platform; null when none or pooled", nullable=True),
    _VALUATION,
    column("float64", "share", "share", "share of the platform; adds to 1 over a claim and purpose"),
)

_PAYMENTS = table(
    *("payments", "book", "cash", ("claim_id", "paid_at", "benefit", "payer", "account")),
    "one payment",
    *(_CLAIM, time("paid_at", "when it was paid"), text("benefit", "benefit of the scheme")),
    text("payer", "who paid", levels=BENEFIT_PAYERS),
    text("account", "account it was paid from; null when the payer keeps none", nullable=True),
    text("payee", "who received it: rider or family, or who had advanced the bill", levels=PAYEES),
    text("scheme", "scheme of the design"),
    fen("amount_fen", "amount"),
)

_CONTRIBUTIONS = table(
    "contributions",
    "book",
    "cash",
    ("month", "account", "scheme", "payer", "region", "industry", "platform", "rate_from"),
    "month x account x scheme x payer x region x industry x platform x rate_from",
    _MONTH,
    text("account", "account of the design; null when the payee keeps none", nullable=True),
    text("scheme", "scheme of the design"),
    text("payer", "who pays", levels=CONTRIBUTION_PAYERS),
    _REGION,
    text("industry", "industry; null where none", nullable=True),
    text("platform", "platform; null where none", nullable=True),
    time("rate_from", "first day of the rate: one that changes inside a month has two rows"),
    text("base_unit", "what the contribution is counted on", levels=BASE_UNITS),
    count("base_true", "base unit", "base as it is"),
    count("base_declared", "base unit", "base as it was declared"),
    column(
        "decimal128(38, 12)",
        "yuan per base unit",
        "rate",
        "the payer's rate; of minutes, yuan an hour",
    ),
    column("decimal128(38, 6)", "-", "factor", "factor that rating puts on the rate"),
    text("grade", "grade of the rating; null without one", nullable=True),
    fen("due_fen", "declared base x rate x factor, half up to the fen; split among payers by their rates"),
    fen("assessed_fen", "owed besides, after inspection"),
    fen("paid_fen", "received in the month, without late fees"),
    fen("written_off_fen", "given up in the month"),
    fen("arrears_fen", "owed and unpaid at the month's end (a stock)"),
    fen("late_fee_fen", "late fee paid to the account after inspection"),
    fen("fine_fen", "fine paid to the treasury after inspection"),
)

_FUND = table(
    *("fund", "book", "cash", ("month", "account")),
    "month x account; closing = opening + contributions + late fees + subsidy + return + recoveries - benefits"
    " - handling - prevention + borrowed - repaid + transfers",
    *(_MONTH, _ACCOUNT, text("kind", "kind of account", levels=ACCOUNT_KINDS)),
    fen("opening_fen", "balance at the month's start"),
    fen("contributions_fen", "contributions received"),
    fen("late_fees_fen", "late fees received"),
    fen("subsidy_fen", "paid in by the state"),
    fen("return_fen", "interest"),
    fen("recoveries_fen", "recovered from platforms, drivers at fault and others"),
    fen("benefits_fen", "benefits paid"),
    fen("handling_fen", "handling cost borne by the account"),
    fen("prevention_fen", "prevention and appraisal outgo"),
    fen("borrowed_fen", "borrowed under the deficit rule"),
    fen("repaid_fen", "loans repaid"),
    fen("transfers_fen", "from other accounts and the regional fund, less what goes to them"),
    fen("background_fen", "of it, income less outgo of the regional fund besides the riders'"),
    fen("closing_fen", "balance at the month's end"),
    fen(
        "deficit_before_rule_fen", "how far below zero the balance stood before the deficit rule; 0 when not"
    ),
    real(
        "fund_ratio_months",
        "months",
        "closing / mean monthly benefits and handling of 12 months; null before",
    ),
)

_POSITION = table(
    *("position", "book", "origin", ("month", "account")),
    "month x account; net position = closing - outstanding - IBNR - pension liability - debt",
    *(_MONTH, _ACCOUNT, _VALUATION),
    fen("outstanding_fen", "case outstanding as the office knows it in the month"),
    fen("ibnr_fen", "incurred by the month's end and not in outstanding, as the simulator knows"),
    fen("pension_liability_fen", "value of what is to come of pensions granted and paid month by month"),
    fen("debt_fen", "borrowed and not repaid"),
    fen("net_position_fen", "closing balance less all of these"),
)

_COVERAGE = table(
    *("coverage", "book", "origin", ("month", "dimension", "level")),
    "month x dimension x level",
    *(_MONTH, text("dimension", "what riders are told apart by", levels=DIMENSIONS)),
    *(text("level", "level of the dimension ('all' for all)"), _VALUATION),
    count("riders_eligible", "riders", "active riders eligible under a scheme"),
    count("riders_insured", "riders", "riders with at least one insured order or day in the month"),
    count("riders_ever_insured", "riders", "riders of the month insured in it or before"),
    count(
        "riders_first_insured",
        "riders",
        "riders insured for the first time; months add up to all ever insured",
    ),
    count("orders", "orders", "orders"),
    count("orders_insured", "orders", "orders under cover"),
    hours("online_hours", "online hours"),
    hours("online_hours_insured", "online hours under cover"),
    count("injuries", "injuries", "injuries that belong to the month"),
    count("injuries_covered", "injuries", "covered under the design's rules by a scheme"),
    count("injuries_reported", "injuries", "reported to a scheme by the valuation"),
    count("injuries_compensated", "injuries", "with something paid by a scheme by the valuation"),
    count("injuries_open", "injuries", "with a file still open at the valuation"),
    fen("loss_fen", "loss of the injuries (medical cost and earnings lost)"),
    fen(
        "compensated_fund_fen", "of it, compensated by a fund; monthly pensions at their value, once granted"
    ),
    fen("compensated_platform_fen", "of it, by platforms"),
    fen("compensated_insurer_fen", "of it, by insurers"),
    fen("compensated_other_fen", "of it, by drivers at fault, basic medical insurance and others"),
    fen("uncompensated_fen", "sum over injuries of max(0, loss - all compensation)"),
    fen("overcompensated_fen", "sum over injuries of max(0, all compensation - loss)"),
)

_OFFICES = table(
    *("offices", "book", "cash", ("month", "region", "office")),
    "month x region x office",
    *(_MONTH, _REGION, text("office", "office")),
    count("arrived", "cases", "cases that arrived in the month"),
    count("finished", "cases", "cases finished in the month"),
    count("withdrawn", "cases", "cases whose claimant gave up before anybody took them up"),
    count("backlog", "cases", "cases waiting or in hand at the month's end"),
    real("utilisation", "share", "share of the open staff time in use; null when never open"),
    real("mean_wait_days", "days", "mean wait of the cases taken up in the month; null when none"),
    real("p95_wait_days", "days", "95th percentile of it"),
    real("within_limit_share", "share", "finished within the legal limit; null when none or no limit"),
)

TABLES: dict[str, Table] = {
    each.name: each
    for each in (
        *(_EXPOSURE, _RIDERS, _INJURIES, _CLAIMS, _ATTRIBUTION, _PAYMENTS, _CONTRIBUTIONS),
        *(_FUND, _POSITION, _COVERAGE, _OFFICES, METRICS, SUMMARY, QUANTILES, COMPARISON),
        PRECISION,
    )
}
"""All tables by name."""
