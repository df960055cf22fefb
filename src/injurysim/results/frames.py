"""The tables of a run as metrics read them: totals for every cell of world, design and replication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from injurysim.core.parts import read_table
from injurysim.core.schemas import TABLES

if TYPE_CHECKING:
    import pandas as pd

Series: TypeAlias = "pd.Series[Any]"

CELL = ["world", "design", "replication"]
WORLD_CELL = ["world", "replication"]

NEEDED: dict[str, tuple[str, ...]] = {
    "exposure": ("month", "industry", "rider_days", "orders", "engaged_hours", "online_hours"),
    "riders": ("month", "riders_active", "rider_days", "worked_hours", "earnings_fen"),
    "injuries": ("injury_id", "rider_id", "industry", "occurred_at", "fatal"),
    "claims": (
        *(
            "claim_id",
            "injury_id",
            "scheme",
            "valuation",
            "covered",
            "reported",
            "notified_at",
            "accepted_at",
        ),
        *(
            "limit_days",
            "first_decision",
            "first_decided_at",
            "final_decision",
            "suspended_days",
            "closed_at",
            "paid_fen",
            "outstanding_fen",
            "ultimate_fen",
        ),
    ),
    "payments": ("claim_id", "scheme", "payer", "account", "amount_fen"),
    "contributions": (
        *("month", "account", "scheme", "payer", "region", "industry", "platform", "rate_from"),
        *("base_unit", "base_declared"),
        *("due_fen", "assessed_fen", "paid_fen", "late_fee_fen", "fine_fen"),
    ),
    "fund": (
        *("month", "account", "kind", "closing_fen", "deficit_before_rule_fen"),
        *("contributions_fen", "subsidy_fen", "benefits_fen", "handling_fen", "prevention_fen"),
    ),
    "position": ("month", "account", "net_position_fen"),
    "coverage": tuple(TABLES["coverage"].names[3:]),
}
"""Columns that metrics read, by table, besides the leading ones."""


def calendar_days(start: Any, end: Any) -> Any:
    """Count calendar days, with fractions, between arrays of ``datetime64``."""
    import numpy as np

    return (end - start) / np.timedelta64(1, "D")


@dataclass(frozen=True)
class DesignFacts:
    """What metrics must know of a design and the tables do not say.

    Attributes
    ----------
    count_days : callable (start, end) -> days
        How the limit counts days between two arrays of ``datetime64[s]``; calendar days by default, working days
        where the law says so.
    contribution_lag_months : mapping of scheme to months
        How many months after the exposure it is for a contribution is billed; 0 where not named.
    fund_accounts : sequence of str, optional
        Accounts of the design's own fund; by default every account of kind ``pool`` or ``subaccount``.
    """

    count_days: Callable[[Any, Any], Any] = calendar_days
    contribution_lag_months: Mapping[str, int] = field(default_factory=dict)
    fund_accounts: Sequence[str] | None = None


@dataclass(frozen=True)
class Frames:
    """The tables of any number of cells, and what else metrics need.

    Attributes
    ----------
    tables : mapping of name to pandas.DataFrame
        Of one cell or of a whole run; a table that is not there counts as empty.
    last_exposure_month : str
        As ``2024-12``; the months after it are run-off.
    designs : mapping of design to DesignFacts
        A design that is not named has the defaults.
    scale : Decimal
        Share of the scenario's riders, staff and pools that the tables are of.
    """

    tables: Mapping[str, pd.DataFrame]
    last_exposure_month: str
    designs: Mapping[str, DesignFacts] = field(default_factory=dict)
    scale: Decimal = Decimal(1)

    @classmethod
    def read(
        cls,
        folder: Path,
        last_exposure_month: str,
        designs: Mapping[str, DesignFacts],
        scale: Decimal = Decimal(1),
        cells: Sequence[tuple[str, int]] | None = None,
    ) -> Frames:
        """Read what metrics need of a run folder's tables, or of the parts of some of its cells."""
        tables = {
            name: read_table(folder, name, [*TABLES[name].index, *columns], cells=cells)
            for name, columns in NEEDED.items()
        }
        return cls(tables, last_exposure_month, designs, scale)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, without rows when it was not given."""
        if name in self.tables:
            return self.tables[name]
        return TABLES[name].to_pandas(TABLES[name].empty())

    def facts(self, design: str) -> DesignFacts:
        """Return what is known of a design."""
        return self.designs.get(design, DesignFacts())

    @cached_property
    def cells(self) -> pd.MultiIndex:
        """Every (world, design, replication) with a row in a table of books, sorted."""
        return self._index([name for name, table in TABLES.items() if table.of == "book"], CELL)

    @cached_property
    def world_cells(self) -> pd.MultiIndex:
        """Every (world, replication) with a row in a table of worlds, sorted."""
        return self._index([name for name, table in TABLES.items() if table.of == "world"], WORLD_CELL)

    def _index(self, names: list[str], by: list[str]) -> pd.MultiIndex:
        import pandas as pd

        rows = pd.concat([self.table(name)[by].drop_duplicates() for name in names]).drop_duplicates()
        return pd.MultiIndex.from_frame(rows.sort_values(by))

    def book(self, rows: pd.DataFrame, column: str) -> Series:
        """Sum a column of a book's table by cell, as floats; 0 for a cell without rows."""
        return rows.groupby(CELL)[column].sum().astype("float64").reindex(self.cells, fill_value=0.0)

    def world(self, rows: pd.DataFrame, column: str) -> Series:
        """Sum a column of a world's table by world and replication, as floats; 0 without rows."""
        return (
            rows.groupby(WORLD_CELL)[column].sum().astype("float64").reindex(self.world_cells, fill_value=0.0)
        )

    def for_books(self, of_world: Series) -> Series:
        """Give every cell of a book the value of its world."""
        wanted = self.cells.droplevel("design")
        return of_world.reindex(wanted).set_axis(self.cells)

    @cached_property
    def years(self) -> list[str]:
        """Calendar years with a month of exposure, in order."""
        months = {month for name in ("fund", "riders") for month in self.table(name)["month"].unique()}
        return sorted({month[:4] for month in months if month <= self.last_exposure_month})

    @cached_property
    def all_riders(self) -> pd.DataFrame:
        """Return the rows of ``coverage`` that take all riders together."""
        coverage = self.table("coverage")
        return coverage[coverage["dimension"] == "all"]

    @cached_property
    def own_fund(self) -> pd.DataFrame:
        """Return the rows of ``fund`` of designs' own funds, in months of exposure.

        Insurers' accounts are not a fund of the design.
        """
        fund = self.table("fund")
        fund = fund[(fund["month"] <= self.last_exposure_month) & (fund["kind"] != "insurer")]
        for design, facts in self.designs.items():
            if facts.fund_accounts is not None:
                fund = fund[(fund["design"] != design) | fund["account"].isin(list(facts.fund_accounts))]
        return fund

    @cached_property
    def injury_benefits(self) -> pd.DataFrame:
        """Return ultimate benefits: cell, ``scheme``, ``year`` of occurrence, ``industry``, ``ultimate_fen``.

        What claims take from accounts of funds and insurers in the end, as the simulator knows: paid, outstanding
        and not yet reported. What platforms pay themselves, and the state, is not in it.
        """
        injuries = self.table("injuries")
        happened = injuries[[*WORLD_CELL, "injury_id", "industry"]].assign(
            year=injuries["occurred_at"].dt.strftime("%Y")
        )
        claims = self.table("claims")[[*CELL, "injury_id", "scheme", "ultimate_fen"]]
        return claims.merge(happened, how="left", on=[*WORLD_CELL, "injury_id"])[
            [*CELL, "scheme", "year", "industry", "ultimate_fen"]
        ]
