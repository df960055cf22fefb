"""Faults of accounts: names that do not exist, accounts that fill themselves, costs that eat up all that comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from injurysim.core.schemas import FACTOR_PLACES
from injurysim.scenario.check_contribution import places
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.faults import Fault, Path, unknown
from injurysim.scenario.fund import Account, FromAccount, RaiseRate
from injurysim.scenario.world import World


def fund_faults(at: Path, design: Design) -> Iterator[Fault]:
    """Find the faults of the accounts of the design at a path."""
    fills, hands_on = {}, {}
    for name, account in design.accounts.items():
        where = (*at, "accounts", name)
        if isinstance(account.deficit, FromAccount):
            fills[name] = account.deficit.account
        if account.surplus is not None:
            hands_on[name] = account.surplus.account
        yield from _costs(where, account)
        if isinstance(account.deficit, RaiseRate):
            yield from _raised((*where, "deficit"), account.deficit)
        if account.third_party_recovery is not None and design.third_party is None:
            yield (
                (*where, "third_party_recovery"),
                "the design has no drivers at fault to recover from.",
                "Add `third_party` to the design, or leave this out.",
            )
    yield from _between(at, design, "deficit", "would be filled from itself", fills)
    yield from _between(at, design, "surplus", "would hand its surplus to itself", hands_on)


def attribution_faults(at: Path, scheme: Scheme, design: Design, world: World) -> Iterator[Fault]:
    """Find the faults of the platforms' own accounts of the scheme at a path, on one world."""
    where = (*at, "attribution", "platform_accounts")
    for platform, account in scheme.attribution.platform_accounts.items():
        if platform not in world.platforms:
            yield unknown((*where, platform), "platform", platform, world.platforms)
        if account not in design.accounts:
            yield unknown((*where, platform), "account", account, design.accounts)
    paid_into = dict.fromkeys([scheme.account, *scheme.attribution.platform_accounts.values()])
    raises = [
        name
        for name in paid_into
        if name in design.accounts and isinstance(design.accounts[name].deficit, RaiseRate)
    ]
    if len(paid_into) > 1 and raises:
        yield (
            where,
            f"account '{raises[0]}' raises the rates of whole schemes, and this one pays into several accounts.",
            "Let accounts into which it pays have another deficit rule, or platforms no accounts of their own.",
        )


def _costs(where: Path, account: Account) -> Iterator[Fault]:
    """Refuse costs that are more than the contributions they are shares of."""
    handling, prevention = account.handling_share.value, account.prevention_share.value
    if handling + prevention > 1:
        yield (
            (*where, "prevention_share"),
            f"handling and prevention would take {handling} + {prevention} of the contributions, more than all.",
            f"Let it be {1 - handling} at most.",
        )


def _raised(where: Path, rule: RaiseRate) -> Iterator[Fault]:
    """Hold the factor on rates to what it can be and tables can hold."""
    if rule.most.value < 1:
        yield (
            (*where, "most"),
            f"rates would fall to {rule.most.value} of what they are.",
            "Let it be 1 or more.",
        )
    for key in ("step", "most"):
        if places(getattr(rule, key).value) > FACTOR_PLACES:
            yield (*where, key), f"a factor has {FACTOR_PLACES} decimals at most.", "Round it."


def _between(at: Path, design: Design, key: str, what: str, goes_to: Mapping[str, str]) -> Iterator[Fault]:
    """Find accounts that do not exist and chains of accounts that come back to where they began."""
    for name, other in goes_to.items():
        where = (*at, "accounts", name, key, "account")
        if other not in design.accounts:
            yield unknown(where, "account", other, design.accounts)
            continue
        chain = [name]
        while chain[-1] in goes_to and goes_to[chain[-1]] not in chain:
            chain.append(goes_to[chain[-1]])
        if goes_to.get(chain[-1]) == name:
            by = "" if len(chain) == 1 else f", by way of {', '.join(repr(each) for each in chain[1:])}"
            yield where, f"account '{name}' {what}{by}.", "Name an account outside this circle."
