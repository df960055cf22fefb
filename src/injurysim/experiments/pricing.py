"""A price for designs that have none of their own: rates are raised or lowered until income meets outgo.

The price is found before the run, on replications that no run uses, so that the run itself stays a fair test of it:
in the mean the scheme breaks even, in a replication it may not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from injurysim.core.errors import InputError
from injurysim.core.schemas import TABLES
from injurysim.replication import Engine, run_cell
from injurysim.scenario.choice import LogitChoice, WillingnessChoice
from injurysim.scenario.contribution import BreakEven, Free, ShareOfTurnover
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.enrolment import choice_of
from injurysim.scenario.fund import Account
from injurysim.scenario.stages import stage_of
from injurysim.scenario.values import Positive, Value

if TYPE_CHECKING:
    import pandas as pd

FIRST_REPLICATION = 1 << 30
"""Replications from here on are for prices alone."""
MOST_ROUNDS = 12
"""Where take-up follows the price, the price is found anew so often at most."""
STEADY = Fraction(1, 200)
"""A relative change of the price below which it is found."""
PLACES = Decimal("0.000001")
"""Decimals of a price factor."""

Factors = dict[str, Decimal]
"""Price factor by scheme."""


def priced(
    scenario: Scenario,
    whole: Scenario,
    *,
    seed: int,
    engine: Engine = "fast",
    on_price: Callable[[str], None] = lambda _: None,
) -> Scenario:
    """Return the scenario with a price factor in place of every ``breaks_even``.

    Parameters
    ----------
    scenario : Scenario
        Resolved; its designs are priced.
    whole : Scenario
        Resolved, with every world of the file: a price does not depend on which worlds are run.
    seed : int
        Seed of the run.
    engine : {'fast', 'twin'}
        Which engine runs the worlds.
    on_price : callable
        Called with a sentence before a design is priced.

    Returns
    -------
    Scenario
        The scenario itself when no design asks for a price.

    Raises
    ------
    InputError
        When a scheme takes nothing in at its stated rates, so that no multiple of them breaks even, or when its
        price does not settle because too many leave as it rises.
    """
    designs = dict(scenario.designs)
    for name, design in scenario.designs.items():
        if asked := _asked(design):
            on_price(f"finding the price at which {name} breaks even")
            designs[name] = _Pricing(whole, name, design, asked, seed, engine).settled()
    return scenario.model_copy(update={"designs": designs})


def _asked(design: Design) -> dict[str, BreakEven]:
    return {
        name: law.contribution.breaks_even
        for name, law in design.schemes.items()
        if not isinstance(law.contribution, Free) and law.contribution.breaks_even is not None
    }


class _Pricing:
    """The search for the prices of one design."""

    def __init__(
        self,
        whole: Scenario,
        name: str,
        design: Design,
        asked: Mapping[str, BreakEven],
        seed: int,
        engine: Engine,
    ) -> None:
        first = next(iter(asked.values()))
        self._name, self._design, self._asked = name, design, asked
        self._world = first.world or whole.baseline.world
        self._cells = range(FIRST_REPLICATION, FIRST_REPLICATION + first.replications.value)
        self._seed, self._engine = seed, engine
        baseline = whole.baseline.model_copy(update={"world": self._world, "design": name})
        self._scenario = whole.model_copy(
            update={"worlds": {self._world: whole.worlds[self._world]}, "baseline": baseline}
        )

    def settled(self) -> Design:
        """Return the design at the prices at which it breaks even."""
        design = self._design
        for _ in range(MOST_ROUNDS if self._moves else 1):
            before = {name: _price_factor(design.schemes[name]) for name in self._asked}
            found = self._found(design)
            design = self._at(found)
            if all(abs(found[name] - before[name]) <= STEADY * Fraction(before[name]) for name in found):
                break
        else:
            if any(_is_bounded(self._design.schemes[name]) for name in self._asked):
                raise self._error("it does not break even at the most of earnings it may take")
            if self._moves:
                raise self._error("its price does not settle: as it rises, those who stay cost more")
        return self._at({name: _price_factor(design.schemes[name]) for name in self._asked}, final=True)

    @property
    def _moves(self) -> bool:
        """Say whether income is not in proportion to the price: those who are insured follow it, or it is bounded."""
        laws = [self._design.schemes[name] for name in self._asked]
        return any(_follows_price(law) or _is_bounded(law) for law in laws)

    def _at(self, factors: Factors, *, final: bool = False) -> Design:
        """Return the design at price factors; the final one asks for no price any more."""
        schemes = dict(self._design.schemes)
        for name, factor in factors.items():
            rule = schemes[name].contribution
            if isinstance(rule, Free):
                continue
            priced_at = Value[Positive](
                value=factor,
                unit=rule.price_factor.unit,
                grade="derived",
                note=f"breaks even over {len(self._cells)} replications in world {self._world}, by this program",
            )
            update: dict[str, object] = {"price_factor": priced_at}
            if final:
                update["breaks_even"] = None
            schemes[name] = schemes[name].model_copy(update={"contribution": rule.model_copy(update=update)})
        return self._design.model_copy(update={"schemes": schemes})

    def _found(self, design: Design) -> Factors:
        """Return the factors at which outgo would have been met: over all replications together."""
        income, outgo = self._flows(design)
        factors = {}
        for name, asked in self._asked.items():
            if not income[name]:
                raise self._error(f"scheme '{name}' takes nothing in at its stated rates: nobody in it works")
            account = design.accounts[design.schemes[name].account]
            kept = 1 - Fraction(account.handling_share.value) - Fraction(account.prevention_share.value)
            if kept <= 0:
                raise self._error(f"handling and prevention leave nothing of what scheme '{name}' takes in")
            factor = Fraction(_price_factor(design.schemes[name])) * outgo[name] / (income[name] * kept)
            loaded = factor * (1 + Fraction(asked.loading.value))
            exact = Decimal(loaded.numerator) / Decimal(loaded.denominator)
            factors[name] = max(exact.quantize(PLACES, ROUND_HALF_UP), PLACES)
        return factors

    def _flows(self, design: Design) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
        """Add what each scheme takes in, and what its claims and its part of fixed costs take in the end."""
        scenario = self._scenario.model_copy(update={"designs": {self._name: design}})
        stage = stage_of(scenario, self._world, self._name)
        income = dict.fromkeys(design.schemes, Fraction(0))
        outgo = dict.fromkeys(design.schemes, Fraction(0))
        for replication in self._cells:
            tables = run_cell(scenario, stage, replication, seed=self._seed, engine=self._engine)
            frames = {
                name: TABLES[name].to_pandas(TABLES[name].join(tables[name]))
                for name in ("contributions", "claims", "fund")
            }
            due = frames["contributions"].groupby("scheme")[["due_fen", "assessed_fen"]].sum().sum(axis=1)
            ultimate = frames["claims"].groupby("scheme")["ultimate_fen"].sum()
            for name, law in design.schemes.items():
                mine = int(due.get(name, 0))
                income[name] += mine
                outgo[name] += int(ultimate.get(name, 0))
                fund = frames["fund"][frames["fund"]["account"] == law.account]
                if received := int(fund["contributions_fen"].sum()):
                    outgo[name] += _fixed_costs(design.accounts[law.account], fund) * Fraction(mine, received)
        return income, outgo

    def _error(self, what: str) -> InputError:
        where = f"designs.{self._name}"
        return InputError.of(f"{what}.", "State its price, or leave `breaks_even` out.", where=where)


def _price_factor(law: Scheme) -> Decimal:
    return Decimal(1) if isinstance(law.contribution, Free) else law.contribution.price_factor.value


def _follows_price(law: Scheme) -> bool:
    return isinstance(choice_of(law.enrolment), LogitChoice | WillingnessChoice)


def _is_bounded(law: Scheme) -> bool:
    rule = law.contribution
    return isinstance(rule, ShareOfTurnover) and rule.at_most_of_earnings is not None


def _fixed_costs(account: Account, fund: pd.DataFrame) -> Fraction:
    """Return handling and prevention that do not follow the contributions, in fen."""
    costs: Any = fund["handling_fen"].sum() + fund["prevention_fen"].sum()
    share = Fraction(account.handling_share.value) + Fraction(account.prevention_share.value)
    return max(Fraction(int(costs)) - share * int(fund["contributions_fen"].sum()), Fraction(0))
