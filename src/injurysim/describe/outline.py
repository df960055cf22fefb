"""What stands under which heading: worlds and designs as labelled items, each with its sentence and a list below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from injurysim.describe.telling import Teller
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.values import Part
from injurysim.scenario.world import World


@dataclass(frozen=True)
class Item:
    """A label (perhaps empty), a sentence (perhaps empty) and the items below it; `nothing` stands where there are none."""

    label: str
    text: str = ""
    items: tuple[Item, ...] = ()
    nothing: str = ""

    def leaves(self, above: tuple[str, ...] = (), place: int = 0) -> Iterator[tuple[tuple[str, ...], str]]:
        """Yield every sentence with its labels; an item without a label goes by its place."""
        path = (*above, self.label or f"#{place}")
        if self.text:
            yield path, self.text
        for position, item in enumerate(self.items, start=1):
            yield from item.leaves(path, position)


def item_of(teller: Teller, label: str, part: Part) -> Item:
    """Tell a part under a label."""
    lead, rest = teller.lines(part)
    return Item(label, lead, tuple(Item("", line) for line in rest))


def _named(teller: Teller, parts: Mapping[str, Part], kind: str) -> tuple[Item, ...]:
    return tuple(item_of(teller, teller.name(name, kind), part) for name, part in parts.items())


def world_outline(teller: Teller, world: World) -> tuple[Item, ...]:
    """Return a world's items: where, on which platforms, who, and what happens to them."""
    label = teller.label
    regions = teller.manner.listed([teller.name(name, "region") for name in world.regions])
    limits = _named_limits(teller, world)
    return (
        Item(label("regions"), regions),
        Item(label("platforms"), "", _named(teller, world.platforms, "platform")),
        Item(label("groups"), "", _named(teller, world.groups, "group")),
        item_of(teller, label("weather"), world.weather)
        if world.weather
        else Item(label("weather"), teller.say("dry")),
        item_of(teller, label("fatigue"), world.fatigue),
        Item(label("limits"), "", limits, teller.say("no_limits")),
        item_of(teller, label("injuries"), world.injuries),
        item_of(teller, label("recovery"), world.recovery),
    )


def _named_limits(teller: Teller, world: World) -> tuple[Item, ...]:
    return tuple(
        item_of(teller, title_of(teller, name, limit), limit) for name, limit in world.limits.items()
    )


def title_of(teller: Teller, name: str, part: Part) -> str:
    """Return a part's own title in the language, or its name where it has none."""
    title = getattr(part, "title", None)
    if title is None:
        return teller.name(name, "")
    return str((title.zh if teller.language == "zh" else None) or title.en)


def scheme_outline(teller: Teller, scheme: Scheme) -> tuple[Item, ...]:
    """Return a scheme's items, in the order in which a plan states them."""
    label = teller.label
    who = [teller.tell(scheme.eligible), teller.tell(scheme.enrolment)]
    if scheme.until is not None:
        who.append(teller.say("until", until=scheme.until))
    items = [
        Item(label("who"), teller.manner.gap.join(who)),
        item_of(teller, label("contribution"), scheme.contribution),
        item_of(teller, label("rating"), scheme.rating),
        item_of(teller, label("cover"), scheme.cover),
        item_of(teller, label("attribution"), scheme.attribution),
        item_of(teller, label("reporting"), scheme.reporting),
        item_of(teller, label("handling"), scheme.handling),
    ]
    if scheme.base_wage is not None:
        items.append(item_of(teller, label("base_wage"), scheme.base_wage))
    benefits = _named(teller, scheme.benefits, "benefit")
    items.append(Item(label("benefits"), "", benefits, teller.say("no_benefits")))
    if scheme.annuity is not None:
        items.append(item_of(teller, label("annuity"), scheme.annuity))
    items.append(item_of(teller, label("layer"), scheme.layer))
    items.append(Item(label("account"), teller.name(scheme.account, "account")))
    return tuple(items)


def around_outline(teller: Teller, design: Design) -> tuple[Item, ...]:
    """Return what a design has besides its schemes: accounts, what stands behind them, answers."""
    label = teller.label
    behind = [Item("", teller.tell(part)) for part in (design.basic_medical, design.third_party) if part]
    items = [Item(label("accounts"), "", _named(teller, design.accounts, "account"))]
    if behind:
        items.append(Item(label("behind"), "", tuple(behind)))
    if design.responses is not None:
        items.append(item_of(teller, label("responses"), design.responses))
    else:
        items.append(Item(label("responses"), teller.say("no_responses")))
    return tuple(items)
