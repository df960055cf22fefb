"""What riders and platforms do in answer to a design: another world, worked out from the design before the run.

Static by intent: the numbers follow from the design's rules and from what groups are expected to do, at the rates of
the first day; never from anything a book finds out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from injurysim.books.charged import charge_yuan
from injurysim.books.expected import ExpectedWork, expected_work
from injurysim.core.errors import InputError
from injurysim.scenario.benefits import BaseWage, DailyAllowance, FixedBaseWage, OwnEarnings, RecoveryPay
from injurysim.scenario.choice import StatedShare
from injurysim.scenario.contribution import Free, Payer
from injurysim.scenario.designs import Design, Scheme
from injurysim.scenario.document import Scenario
from injurysim.scenario.enrolment import Default, choice_of
from injurysim.scenario.groups import Group
from injurysim.scenario.injuries import HazardInjuries, Injuries
from injurysim.scenario.responses import ExitResponse
from injurysim.scenario.scaling import whole
from injurysim.scenario.stages import base_of, stages
from injurysim.scenario.stretching import stretched
from injurysim.scenario.world import World

DAYS_OF_MONTH = 30


def staged(scenario: Scenario, stage: str) -> Scenario:
    """Return the scenario with one world that is run, under its name, and the designs kept on it.

    Parameters
    ----------
    scenario : Scenario
        Resolved.
    stage : str
        One of :func:`injurysim.scenario.stages.stages`.

    Raises
    ------
    KeyError
        When there is no such world.
    InputError
        When the answer leaves no riders or no pay.
    """
    names = stages(scenario)[stage]
    designs = {name: scenario.designs[name] for name in names}
    world = scenario.worlds[base_of(stage)]
    if stage not in scenario.worlds:
        (design,) = designs.values()
        world = answered(world, design, scenario.horizon.start)
    return scenario.model_copy(update={"worlds": {stage: world}, "designs": designs})


def answered(world: World, design: Design, day: dt.date) -> World:
    """Return the world as it is in answer to a design; ``day`` is that whose rates hold."""
    law = design.responses
    if law is None:
        return world
    answers = _Answers(world, design, day)
    groups, platforms, injuries = dict(world.groups), dict(world.platforms), world.injuries
    passed = Decimal(0) if law.pass_through is None else law.pass_through.share.value
    if passed:
        for name, platform in world.platforms.items():
            cut = passed * answers.platform_cost_yuan_per_order(name)
            pay = (platform.pay_per_order_yuan.value - cut).quantize(Decimal("0.0001"))
            if pay < 0:
                raise InputError.of(
                    f"what is passed through takes more than the pay of an order on '{name}'.",
                    "Lower it, or the platforms' part of the contribution.",
                    where="responses.pass_through.share",
                )
            platforms[name] = platform.model_copy(
                update={"pay_per_order_yuan": platform.pay_per_order_yuan.model_copy(update={"value": pay})}
            )
    if law.leaving is not None:
        for name in world.groups:
            groups[name] = _leave(name, groups[name], law.leaving, answers.loss_of_pay(name, passed))
    if law.reclassified is not None:
        move = (law.reclassified,)
        groups = {
            name: group.model_copy(update={"reclassified": group.reclassified + move})
            for name, group in groups.items()
        }
    if law.recovery is not None:
        longer = 1 + float(law.recovery.elasticity.value) * answers.replacement_rate()
        injuries = _prolong(injuries, longer)
    return world.model_copy(update={"groups": groups, "platforms": platforms, "injuries": injuries})


@dataclass(frozen=True)
class _Mix:
    """Some riders of a group: their number, and what each is expected to do by platform in a month."""

    riders: float
    work: dict[str, ExpectedWork[float]]


class _Answers:
    """What a design means for the riders of a world, by expectation."""

    def __init__(self, world: World, design: Design, day: dt.date) -> None:
        self._world, self._design, self._day = world, design, day
        self._mixes = {name: list(_mixes(group, world)) for name, group in world.groups.items()}

    def platform_cost_yuan_per_order(self, platform: str) -> Decimal:
        """Return what the platform pays in contributions for an order taken on it, over all who take them."""
        cost = self._sum(lambda group, mix: self._paid(group, mix, platform, "platform"), platform)
        orders = self._sum(lambda _, mix: mix.work[platform].orders, platform)
        return Decimal(cost / orders) if orders else Decimal(0)

    def loss_of_pay(self, group: str, passed: Decimal) -> float:
        """Return what riders of a group lose of their pay: own contributions and what is passed through."""
        lost = earned = 0.0
        for mix in self._mixes[group]:
            for platform, work in mix.work.items():
                own = self._paid(group, mix, platform, "worker")
                through = float(passed * self.platform_cost_yuan_per_order(platform)) * work.orders
                lost += mix.riders * (own + through)
                earned += mix.riders * work.earnings_yuan
        return lost / earned if earned else 0.0

    def replacement_rate(self) -> float:
        """Return the share of earnings that pay while recovering replaces, over riders by their hours."""
        replaced = hours = 0.0
        for name, mixes in self._mixes.items():
            for mix in mixes:
                earned = sum(work.earnings_yuan for work in mix.work.values())
                for platform, work in mix.work.items():
                    weight = mix.riders * work.online_hours
                    hours += weight
                    if earned:
                        paid = sum(
                            self._eligible(law, name, platform) * _recovery_pay_yuan(law, earned, self._day)
                            for law in self._design.schemes.values()
                        )
                        replaced += weight * paid / earned
        return replaced / hours if hours else 0.0

    def _paid(self, group: str, mix: _Mix, platform: str, payer: Payer) -> float:
        """Return what one payer pays for a rider's month on a platform, over all schemes."""
        paid = 0.0
        for law in self._design.schemes.values():
            rule = law.contribution
            if isinstance(rule, Free):
                continue
            share = float(rule.payers().get(payer, 0)) * self._eligible(law, group, platform)
            paid += share * charge_yuan(
                rule, platform, self._world.platforms[platform], mix.work[platform], self._day, len(mix.work)
            )
        return paid

    def _eligible(self, law: Scheme, group_name: str, platform: str) -> float:
        """Return the share of a group's riders that is insured under a scheme on a platform."""
        group, asked = self._world.groups[group_name], law.eligible
        fits = (
            (asked.industries is None or self._world.platforms[platform].industry in asked.industries)
            and (asked.platforms is None or platform in asked.platforms)
            and (asked.groups is None or group_name in asked.groups)
            and (asked.regions is None or group.region in asked.regions)
        )
        if not fits:
            return 0.0
        share = 1.0
        for names, shares in ((asked.relations, group.relation), (asked.engagers, group.engager)):
            if names is not None:
                share *= sum(float(value.value) for name, value in shares.items() if name in names)
        return share * _take_up(law, group_name)

    def _sum(self, value: Callable[[str, _Mix], float], platform: str) -> float:
        return sum(
            mix.riders * value(name, mix)
            for name, mixes in self._mixes.items()
            for mix in mixes
            if platform in mix.work
        )


def _mixes(group: Group, world: World) -> Iterator[_Mix]:
    weights = sum(float(portfolio.weight.value) for portfolio in group.portfolios.values())
    for name, portfolio in group.portfolios.items():
        share = float(portfolio.weight.value) / weights
        yield _Mix(group.riders.value * share, expected_work(group, name, world))


def _take_up(law: Scheme, group: str) -> float:
    """Return the share that is insured by a stated choice (others are refused when the scenario is read)."""
    choice = choice_of(law.enrolment)
    if not isinstance(choice, StatedShare):
        return 1.0
    stated = float(choice.groups.get(group, choice.share).value)
    return 1 - stated if isinstance(law.enrolment, Default) else stated


def _recovery_pay_yuan(law: Scheme, earned: float, day: dt.date) -> float:
    """Return what a scheme pays in a month off work to somebody who earned so much."""
    paid = 0.0
    for benefit in law.benefits.values():
        if isinstance(benefit, RecoveryPay) and law.base_wage is not None:
            paid += float(benefit.wage_share.value) * _base_wage_yuan(law.base_wage, earned, day)
        elif isinstance(benefit, DailyAllowance):
            paid += float(benefit.yuan.at(day)) * DAYS_OF_MONTH
    return paid


def _base_wage_yuan(rule: BaseWage, earned: float, day: dt.date) -> float:
    if isinstance(rule, FixedBaseWage):
        return float(rule.yuan.at(day))
    return _held(rule, earned, day)


def _held(rule: OwnEarnings, earned: float, day: dt.date) -> float:
    held = earned if rule.floor_yuan is None else max(earned, float(rule.floor_yuan.at(day)))
    return held if rule.ceiling_yuan is None else min(held, float(rule.ceiling_yuan.at(day)))


def _leave(name: str, group: Group, law: ExitResponse, loss: float) -> Group:
    elasticity = law.groups.get(name, law.elasticity).value
    stay = 1 - elasticity * Decimal(loss)
    if stay <= 0:
        raise InputError.of(
            f"nobody of group '{name}' would stay: pay falls by {loss:.1%} and riders by {elasticity} times that.",
            "Lower it, or what riders pay.",
            where="responses.leaving",
        )
    update: dict[str, object] = {
        "riders": group.riders.model_copy(update={"value": whole(group.riders.value * stay)})
    }
    if group.entry is not None:
        rule = group.entry.per_month
        value = None if rule.value is None else whole(rule.value * stay)
        dated = None if rule.dated is None else {day: whole(n * stay) for day, n in rule.dated.items()}
        entering = rule.model_copy(update={"value": value, "dated": dated})
        update["entry"] = group.entry.model_copy(update={"per_month": entering})
    return group.model_copy(update=update)


def _prolong(injuries: Injuries, factor: float) -> Injuries:
    if not isinstance(injuries, HazardInjuries):
        return injuries
    severities = {
        name: each.model_copy(update={"days_off": stretched(each.days_off, factor)})
        for name, each in injuries.severities.items()
    }
    return injuries.model_copy(update={"severities": severities})
