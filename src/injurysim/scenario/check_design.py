"""Faults of a design: what its schemes and accounts say about each other and about the worlds they are kept on."""

from __future__ import annotations

from collections.abc import Iterator

from injurysim.scenario.check_benefits import benefit_faults
from injurysim.scenario.check_claims import claim_faults, claim_names
from injurysim.scenario.check_contribution import charged_names, contribution_faults
from injurysim.scenario.check_enrolment import enrolment_faults
from injurysim.scenario.check_fund import attribution_faults, fund_faults
from injurysim.scenario.check_layers import layer_faults, third_party_faults
from injurysim.scenario.check_pricing import pricing_faults
from injurysim.scenario.check_rating import rating_faults
from injurysim.scenario.check_responses import response_faults
from injurysim.scenario.document import Scenario
from injurysim.scenario.faults import Fault, Path, unknown


def design_faults(scenario: Scenario, name: str) -> Iterator[Fault]:
    """Find the faults of one design, on every world of the scenario."""
    design = scenario.designs[name]
    yield from fund_faults(("designs", name), design)
    yield from layer_faults(("designs", name), design)
    yield from third_party_faults(("designs", name), design, scenario)
    yield from pricing_faults(("designs", name), design, scenario)
    yield from response_faults(("designs", name), design, scenario.worlds)
    for scheme_name, scheme in design.schemes.items():
        at: Path = ("designs", name, "schemes", scheme_name)
        if scheme.account not in design.accounts:
            yield unknown((*at, "account"), "account", scheme.account, design.accounts)
        yield from contribution_faults(at, scheme, scenario.horizon)
        yield from claim_faults(at, scheme, scenario.calendar)
        for world in scenario.worlds.values():
            yield from enrolment_faults(at, scheme, world)
            yield from charged_names(at, scheme, world)
            yield from claim_names(at, scheme, world)
            yield from attribution_faults(at, scheme, design, world)
        yield from rating_faults(at, scheme)
        yield from benefit_faults(at, scheme, scenario.horizon)
