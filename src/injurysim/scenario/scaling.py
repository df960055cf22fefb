"""A scenario in miniature: riders, staff, pools and fixed amounts of the stated ``scale``, all else as it is.

What is measured per rider, order, hour or claim keeps its size; what is a total shrinks with the riders. Whole things
are rounded half up: riders of a group, staff of a desk (at least one where there is any) and orders of a threshold;
riders who enter month by month are rounded on their running sum, so that none is lost over the months.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.document import Horizon, Scenario
from injurysim.scenario.faults import Fault
from injurysim.scenario.fund import Account
from injurysim.scenario.groups import Entry, Group
from injurysim.scenario.handling import Desk
from injurysim.scenario.rating import Credibility
from injurysim.scenario.values import Dated, Part, Value
from injurysim.scenario.world import World

P = TypeVar("P", bound=Part)

FIXED_YUAN = ("opening_yuan", "subsidy_yuan", "handling_yuan")
"""Amounts of an account that do not follow the number of riders by themselves."""
DESKS = ("confirmation", "appraisal", "payment")


def in_miniature(scenario: Scenario) -> Scenario:
    """Return the scenario at its scale, with scale 1; a scenario of scale 1 is returned as it is.

    Parameters
    ----------
    scenario : Scenario
        As it is written, in full size.

    Returns
    -------
    Scenario
        What is simulated.
    """
    scale = scenario.scale.value
    if scale == 1:
        return scenario
    return scenario.model_copy(
        update={
            "scale": Value[Decimal](value=Decimal(1)),
            "worlds": {
                name: _world(world, scale, scenario.horizon) for name, world in scenario.worlds.items()
            },
            "designs": {name: _design(design, scale) for name, design in scenario.designs.items()},
        }
    )


def scale_faults(scenario: Scenario) -> Iterator[Fault]:
    """Find groups of which nothing is left at the scale."""
    for world_name, world in scenario.worlds.items():
        for name, group in world.groups.items():
            if group.riders.value and not whole(group.riders.value * scenario.scale.value):
                yield (
                    ("worlds", world_name, "groups", name, "riders"),
                    f"at scale {scenario.scale.value} not one of its {group.riders.value} riders is left.",
                    "Raise the scale, or join the group with another.",
                )


def whole(number: Decimal) -> int:
    """Round half up."""
    return int(number.to_integral_value(ROUND_HALF_UP))


def _world(world: World, scale: Decimal, horizon: Horizon) -> World:
    groups = {name: _group(group, scale, horizon) for name, group in world.groups.items()}
    return world.model_copy(update={"groups": groups})


def _group(group: Group, scale: Decimal, horizon: Horizon) -> Group:
    update: dict[str, object] = {"riders": _count(group.riders, scale)}
    if group.entry is not None:
        update["entry"] = _entry(group.entry, scale, horizon)
    return group.model_copy(update=update)


def _entry(entry: Entry, scale: Decimal, horizon: Horizon) -> Entry:
    """Let the running sum of those who have entered be the scaled one, rounded, at each month's end."""
    months, entered, rounded = {}, Decimal(0), 0
    for month in _months(horizon):
        entered += entry.per_month.at(month) * scale
        months[month] = whole(entered) - rounded
        rounded += months[month]
    return entry.model_copy(
        update={"per_month": entry.per_month.model_copy(update={"value": None, "dated": months})}
    )


def _months(horizon: Horizon) -> Iterator[dt.date]:
    first = horizon.start.year * 12 + horizon.start.month - 1
    for number in range(first, first + horizon.months):
        yield dt.date(number // 12, number % 12 + 1, 1)


def _design(design: Design, scale: Decimal) -> Design:
    return design.model_copy(
        update={
            "accounts": {name: _account(account, scale) for name, account in design.accounts.items()},
            "schemes": {name: _scheme(scheme, scale) for name, scheme in design.schemes.items()},
        }
    )


def _account(account: Account, scale: Decimal) -> Account:
    update: dict[str, object] = {name: _amount(getattr(account, name), scale) for name in FIXED_YUAN}
    if account.background is not None:
        flows = {
            name: _amount(getattr(account.background, name), scale) for name in ("income_yuan", "outgo_yuan")
        }
        update["background"] = account.background.model_copy(update=flows)
    return account.model_copy(update=update)


def _scheme(scheme: Scheme, scale: Decimal) -> Scheme:
    update: dict[str, object] = {}
    if (most := scheme.enrolment.orders_per_month_at_least) is not None:
        update["enrolment"] = scheme.enrolment.model_copy(
            update={"orders_per_month_at_least": _count(most, scale)}
        )
    desks = {
        name: _desk(desk, scale)
        for name in DESKS
        if isinstance(desk := getattr(scheme.handling, name, None), Desk)
    }
    if desks:
        update["handling"] = scheme.handling.model_copy(update=desks)
    if isinstance(scheme.rating, Credibility) and scheme.rating.k_yuan is not None:
        update["rating"] = scheme.rating.model_copy(update={"k_yuan": _amount(scheme.rating.k_yuan, scale)})
    return scheme.model_copy(update=update)


def _desk(desk: Desk, scale: Decimal) -> Desk:
    def staff(stated: Value[int]) -> Value[int]:
        left = max(whole(stated.value * scale), 1 if stated.value else 0)
        return stated.model_copy(update={"value": left})

    regions = {name: staff(each) for name, each in desk.regions.items()}
    return desk.model_copy(update={"staff": staff(desk.staff), "regions": regions})


def _count(stated: Value[int], scale: Decimal) -> Value[int]:
    return stated.model_copy(update={"value": whole(stated.value * scale)})


def _amount(stated: P | None, scale: Decimal) -> P | None:
    """Scale an amount, dated or not."""
    if isinstance(stated, Dated) and stated.dated is not None:
        return stated.model_copy(update={"dated": _scaled(stated.dated, scale)})
    value = getattr(stated, "value", None)
    return (
        stated
        if stated is None or value is None
        else stated.model_copy(update={"value": _yuan(value * scale)})
    )


def _scaled(dated: Mapping[dt.date, Decimal], scale: Decimal) -> dict[dt.date, Decimal]:
    return {day: _yuan(amount * scale) for day, amount in dated.items()}


def _yuan(amount: Decimal) -> Decimal:
    """Round an amount half up to the fen."""
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
