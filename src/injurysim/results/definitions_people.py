"""The metrics of people: who is covered, how long they wait, what is left to them, and what the world holds."""

from __future__ import annotations

from injurysim.results import metric_people as people
from injurysim.results.metric import Direction, Metric

_NEVER = "never null"

COVER: tuple[Metric, ...] = (
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

TIME: tuple[Metric, ...] = (
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

LOSS: tuple[Metric, ...] = (
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
    Metric(
        *("uncompensated_loss", "uncompensated loss", "yuan", "lower", "coverage.uncompensated"),
        *("null where no loss is worked out", people.uncompensated_loss),
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

WORLD: tuple[Metric, ...] = (
    Metric(
        *("injuries", "injuries", "injuries", "lower", "rows of injuries", _NEVER, people.injuries),
        of="world",
        headline=True,
    ),
    Metric(
        *("deaths", "deaths", "deaths", "lower", "fatal rows of injuries", _NEVER, people.deaths),
        of="world",
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
