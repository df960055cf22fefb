"""The wording of results in each language: labels of metrics, units, and what is said of differences.

A file of ``phrases/`` is one language, a phrase a line; places to fill in stand in braces.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from injurysim.describe.catalogue import Language, phrases
from injurysim.results.metrics import metric_of


@cache
def words(language: Language) -> dict[str, str]:
    """Return the phrases of a language, by ``table.key``."""
    return phrases(files(__package__).joinpath("phrases", f"{language}.txt").read_text(encoding="utf-8"))


def metric_label(metric: str, language: Language = "en") -> str:
    """Name a metric for a reader, with the year, scheme, account or industry it is of.

    Examples
    --------
    >>> metric_label("ultimate_loss_ratio[2022]"), metric_label("charged_rate[main]")
    ('ultimate loss ratio 2022', 'mean rate charged, main')
    >>> metric_label("ultimate_loss_ratio[2022]", "zh")
    '2022年最终赔付率'
    """
    definition = metric_of(metric)
    label = metric[metric.index("[") + 1 : -1] if "[" in metric else ""
    if language != "en":
        return words(language)[f"metric.{definition.name}"].format(label)
    return definition.label + (f" {label}" if label.isdigit() else f", {label}" if label else "")
