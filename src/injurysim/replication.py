"""One replication: a world's months, handed to the book of every design."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from injurysim.books.answers import staged
from injurysim.books.book import Book
from injurysim.books.coverage_rows import coverage_columns
from injurysim.books.earnings import EarningsHistory
from injurysim.books.injured import Injured, take_in
from injurysim.books.office_rows import office_columns
from injurysim.books.position import position_columns
from injurysim.books.rows import (
    attribution_columns,
    claim_columns,
    contribution_columns,
    fund_columns,
    injury_columns,
    payment_columns,
)
from injurysim.books.setting import Setting
from injurysim.core.ahead import one_ahead
from injurysim.core.balance import check_cell
from injurysim.core.errors import BalanceError
from injurysim.core.machine import give_back_memory, map_large_arrays, seldom_collected
from injurysim.core.randomness import Streams
from injurysim.core.schemas import TABLES
from injurysim.scenario.document import Scenario
from injurysim.scenario.resolve import book_calendar, exposure_calendar
from injurysim.scenario.scaling import in_miniature
from injurysim.world.exposure import ExposureLog
from injurysim.world.month import Month
from injurysim.world.population import Population
from injurysim.world.tables import Tables

if TYPE_CHECKING:
    import pyarrow as pa

Engine = Literal["fast", "twin"]


class World(Protocol):
    """What a replication asks of a world, whichever engine runs it."""

    population: Population

    def months(self) -> Iterator[Month]:
        """Yield the months in order."""


def make_world(
    scenario: Scenario,
    name: str,
    streams: Streams,
    engine: Engine,
    compiled: dict[str, Tables] | None = None,
    *,
    threads: int = 1,
) -> World:
    """Return a world of a resolved scenario, ready to run on an engine.

    ``compiled`` keeps the tables of the scenario's worlds from one replication to the next; ``threads`` are for the
    kernel, the event-by-event engine has one.
    """
    law, calendar = scenario.worlds[name], exposure_calendar(scenario)
    if engine == "twin":
        from injurysim.world.reference import ReferenceWorld

        return ReferenceWorld(law, calendar, streams)
    from injurysim.world.fast import FastWorld

    running = FastWorld(
        law, calendar, streams, tables=None if compiled is None else compiled.get(name), threads=threads
    )
    if compiled is not None:
        compiled[name] = running.tables
    return running


def run_cell(
    scenario: Scenario,
    world: str,
    replication: int,
    *,
    seed: int,
    engine: Engine = "fast",
    compiled: dict[str, Tables] | None = None,
    threads: int = 1,
    on_month: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[str, list[pa.Table]]:
    """Run one cell: a world and a replication with all its designs.

    Parameters
    ----------
    scenario : Scenario
        Resolved; only the designs it holds are run, and its scale of everything.
    world : str
        Name of the world: one of the scenario's, or that of a design which is answered to (``world~design``).
    replication : int
        Number of the replication, from 0.
    seed : int
        Seed of the experiment.
    engine : {'fast', 'twin'}
        The workday kernel, or every order an event.
    compiled : dict, optional
        Kept by the caller from cell to cell of one scenario, so that a world is compiled once.
    threads : int
        Threads the world may use; the tables do not depend on it.
    on_month : callable
        Called at each month's end with the months done and those there are, run-off among them.

    Returns
    -------
    dict of str to list of pyarrow.Table
        Tables of the world, and those of each design.

    Raises
    ------
    BalanceError
        If a balance identity fails.
    """
    scenario = staged(in_miniature(scenario), world)
    map_large_arrays()
    with seldom_collected():
        kept = _kept(scenario, world, Streams(seed, replication), engine, compiled, threads, on_month)
        give_back_memory()
        tables = _tables({"world": world, "replication": replication}, kept)
        _check(tables, world, replication)
    return tables


@dataclass(frozen=True)
class _Kept:
    """What is left of a world when its last month is over: what was counted, its injured, its books."""

    setting: Setting
    exposure: ExposureLog
    injuries: Sequence[Injured]
    books: Sequence[Book]


def _kept(
    scenario: Scenario,
    world: str,
    streams: Streams,
    engine: Engine,
    compiled: dict[str, Tables] | None,
    threads: int,
    on_month: Callable[[int, int], None],
) -> _Kept:
    """Run a world through its months, and its books through the run-off as well."""
    running = make_world(scenario, world, streams, engine, compiled, threads=threads)
    setting = Setting.of(scenario, world, book_calendar(scenario), streams, running.population)
    books = [Book(name, design, setting) for name, design in scenario.designs.items()]
    exposure = ExposureLog(running.population, setting.industries, setting.calendar)
    earnings = EarningsHistory.of(scenario, world, running.population)
    injuries: list[Injured] = []
    give_back_memory()
    months = running.months()
    # The books leave the kernel's threads idle, and the world does not go by them.
    for month in one_ahead(months) if engine == "fast" and threads > 1 else months:
        exposure.add(month)
        hurt = take_in(month, setting, earnings)
        injuries.extend(hurt)
        for book in books:
            book.keep(month, hurt, earnings)
        # Only now: what an injury is worth may not depend on work after it.
        earnings.add(running.population.engagement_rider, month.earnings_fen)
        setting.end(month)
        on_month(month.index + 1, setting.calendar.months)
        del month
    for late in range(setting.exposure_months, setting.calendar.months):
        for book in books:
            book.run_off(late)
        on_month(late + 1, setting.calendar.months)
    return _Kept(setting, exposure, injuries, books)


def _tables(cell: Mapping[str, object], kept: _Kept) -> dict[str, list[pa.Table]]:
    setting, exposure, injuries = kept.setting, kept.exposure, kept.injuries
    valuation = {"valuation": setting.valuation}
    tables = {
        "exposure": [TABLES["exposure"].build(exposure.exposure(), **cell)],
        "riders": [TABLES["riders"].build(exposure.riders(), **cell)],
        "injuries": [TABLES["injuries"].build(injury_columns(injuries, setting), **cell)],
    }
    for book in kept.books:
        of_book = {**cell, "design": book.name}
        for name, columns, constants in (
            ("claims", claim_columns(book), valuation),
            ("attribution", attribution_columns(book), valuation),
            ("payments", payment_columns(book), {}),
            ("contributions", contribution_columns(book), {}),
            ("fund", fund_columns(book), {}),
            ("position", position_columns(book), valuation),
            ("coverage", coverage_columns(book, injuries), valuation),
            ("offices", office_columns(book), {}),
        ):
            tables.setdefault(name, []).append(TABLES[name].build(columns, **of_book, **constants))
    return tables


def _check(tables: Mapping[str, Sequence[pa.Table]], world: str, replication: int) -> None:
    import pyarrow as pa

    failures = check_cell({name: pa.concat_tables(parts) for name, parts in tables.items()})
    if failures:
        raise BalanceError([f"world '{world}', replication {replication}: {failure}" for failure in failures])
