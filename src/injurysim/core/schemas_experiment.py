"""The tables of a whole experiment: values of metrics, and the statistics made from them."""

from __future__ import annotations

from injurysim.core.schema_parts import column, count, real, table, text

MEAN_METHODS = ("t", "Wilson")
QUANTILE_METHODS = ("order statistics",)
PAIRED_METHODS = ("paired t", "paired Agresti-Min")
CORRECTIONS = ("none", "Bonferroni")
DIRECTIONS = ("better", "worse", "unclear", "neutral")

_OF_EXPERIMENT = (
    text("world", "world"),
    text("design", "design; null for a metric of the world alone", nullable=True),
)

METRICS = table(
    *("metrics", "experiment", "none", ("replication", "metric", "unit")),
    "world x design x replication x metric: what the statistics are made from",
    *_OF_EXPERIMENT,
    *(column("int32", "-", "replication", "replication, from 0"), text("metric", "metric")),
    *(
        text("unit", "unit of the metric"),
        real("value", "metric's unit", "value in the replication; can be null"),
    ),
)

_LEVEL = column("float64", "share", "level", "confidence level of the interval")

SUMMARY = table(
    *("summary", "experiment", "none", ("metric",)),
    "world x design x metric, over replications",
    *_OF_EXPERIMENT,
    *(text("metric", "metric"), text("unit", "unit of the metric")),
    real("mean", "metric's unit", "mean over replications; of a probability the share of them"),
    real("sd", "metric's unit", "standard deviation over replications; null below 2"),
    real("ci_low ci_high", "metric's unit", "ends of the interval of the mean; null below 2 replications"),
    count("n", "replications", "replications with a value"),
    text("method", "how the interval was made", levels=MEAN_METHODS),
    _LEVEL,
)

QUANTILES = table(
    *("quantiles", "experiment", "none", ("metric", "q")),
    "world x design x metric x quantile, over replications; of metrics that are no probability",
    *(*_OF_EXPERIMENT, text("metric", "metric")),
    column("float64", "share", "q", "share of replications that lie below"),
    text("unit", "unit of the metric"),
    real("estimate", "metric's unit", "least value with at least a share q of the values up to it"),
    real(
        "ci_low ci_high", "metric's unit", "ends of its interval; null where so few replications give no end"
    ),
    count("n", "replications", "replications with a value"),
    text("method", "how the interval was made", levels=QUANTILE_METHODS),
    column("float64", "share", "level", "confidence level of the interval, held at least"),
)

COMPARISON = table(
    *("comparison", "experiment", "none", ("baseline_world", "baseline_design", "metric")),
    "world x design x metric, against a baseline, paired by replication",
    *_OF_EXPERIMENT,
    *(text("baseline_world", "world compared with"),),
    text("baseline_design", "design compared with; null for a metric of the world alone", nullable=True),
    *(text("metric", "metric"), text("unit", "unit of the metric")),
    real("difference", "metric's unit", "mean of the paired differences, this less baseline"),
    real("se", "metric's unit", "standard error of it; null below 2 pairs"),
    real("ci_low ci_high", "metric's unit", "ends of the pair's own interval; null below 2 pairs"),
    text("method", "how the intervals were made", levels=PAIRED_METHODS),
    column(
        "float64", "share", "level", "confidence level of the own interval, and of the joint ones together"
    ),
    real(
        "joint_low joint_high",
        "metric's unit",
        "ends of the interval that holds for the whole family together; null below 2 pairs",
    ),
    count("family", "comparisons", "pairs compared at once: all of the metric with 2 replications or more"),
    text("correction", "how the joint interval makes up for them", levels=CORRECTIONS),
    real(
        "better_share", "share", "replications better than the baseline, ties half; null without a direction"
    ),
    real("same_share", "share", "replications in which both are the same"),
    count("n", "replications", "replications with both values"),
    column(
        *("int64", "replications", "n_needed"),
        "replications for a joint interval of the half-width wanted; null if none, and below 2 pairs",
        nullable=True,
    ),
    real(
        "half_width_wanted", "metric's unit", "as stated, else half the difference found; null below 2 pairs"
    ),
    real(
        "pairing_gain",
        "times",
        "(var of this + var of baseline) / var of the difference: replications that independent seeds would need, in"
        " those of common random numbers; null below 2 pairs and where the difference never varies",
    ),
    text("direction", "what the joint interval says, by the metric's direction", levels=DIRECTIONS),
)

PRECISION = table(
    *("precision", "experiment", "none", ("baseline_world", "baseline_design", "target")),
    "half-width asked for x world x design (x baseline)",
    text("world", "world; null for a target without a value anywhere", nullable=True),
    text("design", "design; null for a metric of the world alone", nullable=True),
    text("baseline_world", "world compared with; null for the metric itself", nullable=True),
    text("baseline_design", "design compared with; null as the two before", nullable=True),
    text("target", "what was asked for: [difference:]metric[@world/design]"),
    *(text("metric", "metric"), text("unit", "unit of the metric")),
    column("float64", "metric's unit", "half_width_wanted", "half-width asked for"),
    real("half_width", "metric's unit", "half of the interval; null below 2 values"),
    count("n", "replications", "replications with a value, of a difference with both"),
    column(
        *("int64", "replications", "n_foreseen", "replications it takes with this spread; null if unknown"),
        nullable=True,
    ),
    column("bool", "-", "reached", "whether the half-width is as asked for, from values enough"),
    text(
        *("method", "how the interval was made; null without a value"),
        nullable=True,
        levels=(*MEAN_METHODS, *PAIRED_METHODS),
    ),
    column("float64", "share", "level", "confidence level of the interval"),
)
