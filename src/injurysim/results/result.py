"""A finished run as Python sees it: tidy frames, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from injurysim.describe.catalogue import Language
from injurysim.results.contrast import contrast
from injurysim.results.folder import ResultsFolder
from injurysim.results.intervals import LEVEL
from injurysim.results.places import read_place
from injurysim.results.reading import own_accounts, titles_of
from injurysim.results.sentences import comparison_sentences
from injurysim.scenario.document import Scenario
from injurysim.scenario.variants import Setting, points_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """A finished run.

    Attributes
    ----------
    folder : ResultsFolder
        Where it stands.
    scenario : Scenario
        What was run: resolved, and with a price for every design that had none.
    """

    folder: ResultsFolder
    scenario: Scenario

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Each metric by world and design: mean and interval over replications."""
        return self.folder.table("summary")

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """Differences to the baseline, paired by replication."""
        return self.folder.table("comparison")

    @cached_property
    def metrics(self) -> pd.DataFrame:
        """Each metric by world, design and replication: what the statistics are made from."""
        return self.folder.table("metrics")

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Quantiles of each metric over replications, by world and design, with their intervals."""
        return self.folder.table("quantiles")

    @cached_property
    def precision(self) -> pd.DataFrame:
        """Half-widths that were asked for, and those that were reached; without rows when none were."""
        return self.folder.table("precision")

    @cached_property
    def points(self) -> pd.DataFrame:
        """What an experiment varied: a row for each setting of a variant, with ``kind`` (world or design), ``name``,
        ``of`` (what it is a variant of), ``path`` and ``value`` as text; without rows when nothing was varied.
        """  # noqa: D205
        import pandas as pd

        return pd.DataFrame(points_of(self.scenario), columns=list(Setting._fields))

    def contrast(
        self,
        a: str,
        b: str,
        metrics: Iterable[str] | None = None,
        half_widths: Mapping[str, float] | None = None,
        level: float = LEVEL,
    ) -> pd.DataFrame:
        """Compare any two places, paired by replication: rows as of ``comparison``, the metrics being one family.

        Parameters
        ----------
        a, b : str
            ``world/design``, or a world alone.
        metrics, half_widths, level
            As of :func:`injurysim.results.contrast.contrast`.

        Raises
        ------
        InputError
            A place or metric there is not.
        """
        return contrast(
            self.metrics,
            read_place(a),
            read_place(b),
            metrics,
            half_widths,
            level,
            own_accounts(self.scenario),
        )

    def table(self, name: str) -> pd.DataFrame:
        """Return one table of the results as a tidy frame (money in fen; see ``docs/tables.md``).

        Raises
        ------
        InputError
            There is no such table.
        """
        return self.folder.table(name)

    def sentences(self, comparison: pd.DataFrame | None = None, language: Language = "en") -> pd.Series[str]:
        """Put differences into words.

        Parameters
        ----------
        comparison : pandas.DataFrame, optional
            Rows of :attr:`comparison` or of a :meth:`contrast`; by default the differences to the baseline.
        language : {'en', 'zh'}

        Returns
        -------
        pandas.Series of str
            A sentence for each row, in its order.
        """
        rows = self.comparison if comparison is None else comparison
        return comparison_sentences(rows, titles_of(self.scenario, language), language)
