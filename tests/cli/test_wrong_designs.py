"""Mistakes in the language of designs: each is told once, at its place, with what to do, and nothing is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest

mistakes = SimpleNamespace(**run_path(str(Path(__file__).with_name("mistakes.py"))))
Mistake = mistakes.Mistake

MANY = Path(__file__).with_name("designs.yaml")
INJURY, ACCIDENT, PAYROLL, REST, LEVY = (
    f"designs.{scheme}"
    for scheme in (
        "pilot.schemes.injury",
        "layered.schemes.accident",
        "layered.schemes.payroll",
        "layered.schemes.rest",
        "answered.schemes.levy",
    )
)

NAMES = {
    "account of a scheme": Mistake(
        "account: fund\n        eligible",
        "account: ▸fnud\n        eligible",
        f"{INJURY}.account",
        "there is no account 'fnud'. Did you mean 'fund'? Known: fund, reserve, city.",
    ),
    "account that fills a deficit": Mistake(
        "account: reserve}",
        "account: ▸reserves}",
        "designs.pilot.accounts.fund.deficit.account",
        "there is no account 'reserves'. Did you mean 'reserve'?",
    ),
    "account of a platform": Mistake(
        "{meal-a: meal-insurer}",
        "{meal-a: ▸meal-insured}",
        f"{ACCIDENT}.attribution.platform_accounts.meal-a",
        "there is no account 'meal-insured'. Did you mean 'meal-insurer'?",
    ),
    "platform with an account": Mistake(
        "{meal-a: meal-insurer}",
        "{▸meal-c: meal-insurer}",
        f"{ACCIDENT}.attribution.platform_accounts.meal-c",
        "there is no platform 'meal-c'. Did you mean 'meal-a'? Known: meal-a, ride-b.",
    ),
    "industry of an amount": Mistake(
        "{delivery: 0.06, rides: {value",
        "{▸delivry: 0.06, rides: {value",
        f"{INJURY}.contribution.industries.delivry",
        "there is no industry 'delivry'. Did you mean 'delivery'? Known: delivery, rides.",
    ),
    "industry of those eligible": Mistake(
        "industries: [delivery, rides], regions",
        "industries: [delivery, ▸ride], regions",
        f"{INJURY}.eligible.industries.1",
        "there is no industry 'ride'. Did you mean 'rides'?",
    ),
    "region of a factor": Mistake(
        "region_factors: {south: 1.2}",
        "region_factors: {▸west: 1.2}",
        f"{INJURY}.contribution.region_factors.west",
        "there is no region 'west'. Known: north, south.",
    ),
    "region of an office": Mistake(
        "regions: {south: 1}, leave",
        "regions: {▸sout: 1}, leave",
        f"{INJURY}.handling.confirmation.regions.sout",
        "there is no region 'sout'. Did you mean 'south'?",
    ),
    "platform that joins in a region": Mistake(
        "platforms: {ride-b: 2022-10-01}",
        "platforms: {▸ride: 2022-10-01}",
        f"{INJURY}.enrolment.regions.south.platforms.ride",
        "there is no platform 'ride'. Did you mean 'ride-b'?",
    ),
    "group that opts out": Mistake(
        "groups: {part: 0.3}}",
        "groups: {▸parts: 0.3}}",
        f"{LEVY}.enrolment.opt_out.groups.parts",
        "there is no group 'parts'. Did you mean 'part'? Known: full, part.",
    ),
    "group that leaves": Mistake(
        "groups: {part: 0.4}}",
        "groups: {▸prat: 0.4}}",
        "designs.answered.responses.leaving.groups.prat",
        "there is no group 'prat'. Did you mean 'part'?",
    ),
    "severity that is reported": Mistake(
        "{mild: 0.5, serious: 0.9, fatal: 1}",
        "{mild: 0.5, ▸seriuos: 0.9, fatal: 1}",
        f"{INJURY}.reporting.severities.seriuos",
        "there is no severity 'seriuos'. Did you mean 'serious'?",
    ),
    "layer before": Mistake(
        "layers: [accident]",
        "layers: [▸acident]",
        f"{PAYROLL}.layer.layers.0",
        "there is no scheme 'acident'. Did you mean 'accident'?",
    ),
    "grade of newcomers": Mistake(
        "newcomer: middle",
        "newcomer: ▸midle",
        f"{INJURY}.rating.newcomer",
        "there is no grade 'midle'. There are: low, middle, high.",
    ),
    "payer": Mistake(
        "{worker: 0.4, platform: 0.6}",
        "{▸workers: 0.4, platform: 0.6}",
        f"{ACCIDENT}.contribution.payer.workers",
        "The key 'workers' is not allowed here. Did you mean 'worker'? Allowed: platform, worker, engager, state.",
    ),
    "world of a price": Mistake(
        "loading: 0.1}",
        "loading: 0.1, world: ▸bases}",
        f"{LEVY}.contribution.breaks_even.world",
        "there is no world 'bases'. Did you mean 'base'? Known: base.",
    ),
}

NUMBERS = {
    "payers that do not add to 1": Mistake(
        "payer: {worker: 0.4, platform: 0.6}",
        "▸payer: {worker: 0.4, platform: 0.5}",
        f"{ACCIDENT}.contribution.payer",
        "the shares must add to 1, and add to 0.9.",
    ),
    "probabilities above 1": Mistake(
        "dates: {2022-07-01: 0.5, 2022-08-01: 0.3}",
        "▸dates: {2022-07-01: 0.8, 2022-08-01: 0.3}",
        f"{LEVY}.enrolment.joins.dates",
        "the probabilities must not add to more than 1, and add to 1.1.",
    ),
    "ratios out of order": Mistake(
        "from_ratio: 1.2}",
        "from_ratio: ▸0.3}",
        f"{INJURY}.rating.grades.2.from_ratio",
        "the ratio must rise from grade to grade, and 0.3 follows 0.6.",
    ),
    "ratio bounds out of order": Mistake(
        "down_to_ratio: 0.5",
        "down_to_ratio: ▸1.5",
        f"{PAYROLL}.rating.down_to_ratio",
        "'down_to_ratio' (1.5) lies above 'up_above_ratio' (1.1).",
    ),
    "steps of a ladder out of order": Mistake(
        "[{grade: first, factor: 0.8}, {grade: second, factor: 1}]",
        "[{grade: first, factor: 1.8}, {grade: second, factor: ▸1}]",
        f"{PAYROLL}.rating.steps.1.factor",
        "a step up must not lower the factor, and 1 follows 1.8. List the steps from the lowest factor upwards.",
    ),
    "risk class without a rate": Mistake(
        "industries: {delivery: 2, rides: 3}",
        "industries: {delivery: 2, rides: ▸4}",
        f"{PAYROLL}.contribution.industries.rides",
        "industry 'rides' is in risk class 4, which has no rate. Classes with a rate: 2, 3.",
    ),
    "floor of a wage above its ceiling": Mistake(
        "floor_yuan: 3000, ceiling_yuan: 20000}\n        annuity",
        "floor_yuan: ▸30000, ceiling_yuan: 20000}\n        annuity",
        f"{INJURY}.base_wage.floor_yuan",
        "the floor of 30000 yuan lies above the ceiling of 20000 on 2022-07-01.",
    ),
    "limit below the deductible": Mistake(
        "{kind: medical, deductible_yuan: 100,",
        "{kind: medical, limit_yuan: ▸50, deductible_yuan: 100,",
        f"{ACCIDENT}.benefits.bills.limit_yuan",
        "the limit of 50 yuan lies below the deductible of 100: nothing is ever paid.",
    ),
    "price that breaks even on rates of 0": Mistake(
        "          rate: 0.01\n          at_most_of_earnings: 0.05\n          breaks_even",
        "          rate: 0\n          at_most_of_earnings: 0.05\n          ▸breaks_even",
        f"{LEVY}.contribution.breaks_even",
        "every rate is 0, and no multiple of 0 breaks even.",
    ),
    "negative delay": Mistake(
        "platform_days: {kind: exponential, mean: 5}",
        "▸platform_days: {kind: constant, value: -5}",
        f"{INJURY}.reporting.filing.platform_days",
        "days to the platform's report could lie below 0. Bound the distribution with `between: [0, …]`.",
    ),
    "percent": Mistake(
        "opt_out: {kind: share, share: 0.1,",
        "opt_out: {kind: share, share: ▸10%,",
        f"{LEVY}.enrolment.opt_out.share",
        "'10%' is not a number.",
    ),
    "interest in percent": Mistake(
        "{kind: borrow, annual_rate: 0.04}",
        "{kind: borrow, annual_rate: ▸4}",
        "designs.pilot.accounts.city.deficit.annual_rate",
        "4 is above 1. It must be 1 or less.",
    ),
    "amount beyond what can be added up": Mistake(
        "opening_yuan: 50000",
        "opening_yuan: ▸1e17",
        "designs.pilot.accounts.reserve.opening_yuan",
        "It must be 10,000,000,000,000 or less.",
    ),
    "pensions that double every year": Mistake(
        "funding: pay_as_you_go}",
        "funding: pay_as_you_go, rises_a_year: ▸1}",
        f"{INJURY}.benefits.pension.rises_a_year",
        "1 is above 0.2. It must be 0.2 or less.",
    ),
    "late fee of a year taken for that of a day": Mistake(
        "late_fee_per_day: 0.0005",
        "late_fee_per_day: ▸0.18",
        f"{INJURY}.contribution.inspection.late_fee_per_day",
        "0.18 is more than 1 % a day. The law of 2010 says 0.0005.",
    ),
    "ages that leave nobody": Mistake(
        "age_below: 60",
        "age_below: ▸16",
        f"{PAYROLL}.eligible.age_below",
        "nobody is 16 or older and below 16.",
    ),
    "scale that leaves nobody": Mistake(
        "seed: 7\n",
        "seed: 7\nscale: 0.02\n",
        "worlds.base.groups.part.riders",
        "at scale 0.02 not one of its 20 riders is left. Raise the scale, or join the group with another.",
    ),
    "unit of another amount": Mistake(
        "unit: yuan per order, source",
        "unit: ▸yuan per day, source",
        f"{INJURY}.contribution.industries.rides.unit",
        "This field is in 'yuan per order', not in 'yuan per day'.",
    ),
}

DATES = {
    "joining inside a month": Mistake(
        "          joins: 2022-07-01\n          platforms: {ride-b: 2022-08-01}",
        "          joins: 2022-07-01\n          platforms: {ride-b: ▸2022-08-15}",
        f"{INJURY}.enrolment.platforms.ride-b",
        "a platform joins on the first day of a month, not on 2022-08-15,",
    ),
    "one of several joining dates inside a month": Mistake(
        "{2022-07-01: 0.5, 2022-08-01: 0.3}",
        "{2022-07-01: 0.5, 2022-08-10: ▸0.3}",
        f"{LEVY}.enrolment.joins.dates.2022-08-10",
        "Give 2022-08-01 or the first of another month.",
    ),
    "grade inside a month": Mistake(
        "first_effective: 2022-09-01\n          every_months: 1",
        "first_effective: ▸2022-09-09\n          every_months: 1",
        f"{INJURY}.rating.first_effective",
        "a grade takes effect on the first day of a month, not on 2022-09-09.",
    ),
    "rate that changes inside a month": Mistake(
        "2022-09-01: 0.06}}}",
        "2022-09-10: ▸0.06}}}",
        f"{INJURY}.contribution.platforms.ride-b.dated.2022-09-10",
        "a rate that changes inside a month (2022-09-10)",
    ),
    "scheme that ends before it begins": Mistake(
        "until: 2022-10-01",
        "until: ▸2022-07-01",
        f"{PAYROLL}.until",
        "the scheme ends on 2022-07-01, before its first platform joins on 2022-07-01.",
    ),
    "bills after the run": Mistake(
        "runoff_months: 6}",
        "runoff_months: 0}",
        f"{INJURY}.contribution.lag_months",
        "the last contributions are billed 1 month late, after 0 of run-off.",
    ),
}

RULES = {
    "account that fills itself": Mistake(
        "{kind: from_account, account: reserve}",
        "{kind: from_account, account: ▸fund}",
        "designs.pilot.accounts.fund.deficit.account",
        "account 'fund' would be filled from itself.",
    ),
    "layer that stands after": Mistake(
        "layers: [accident]",
        "layers: [▸rest]",
        f"{PAYROLL}.layer.layers.0",
        "'rest' stands after 'payroll', whose award it cannot know.",
    ),
    "name that stands twice": Mistake(
        "relations: [not_fully, own_account]",
        "relations: [not_fully, ▸not_fully]",
        f"{INJURY}.eligible.relations.1",
        "'not_fully' stands twice in the list. Remove one of them.",
    ),
    "benefit without a base wage": Mistake(
        "        base_wage: {kind: fixed, yuan: 7000}\n        benefits:\n          care: {kind: medical}\n          wage",
        "        benefits:\n          care: {kind: medical}\n          ▸wage",
        f"{PAYROLL}.benefits.wage",
        "this benefit is a share of the base wage, and the scheme has none. Add `base_wage`.",
    ),
    "grade without a factor": Mistake(
        "{grade: middle, factor: 1, from_ratio: 0.6}",
        "▸{grade: middle, from_ratio: 0.6}",
        f"{INJURY}.rating.grades.1.factor",
        "'factor' is missing. Add it (unit: factor on the base amount).",
    ),
    "cover without a kind": Mistake(
        "cover: {kind: commute}",
        "▸cover: {waiting_days: 3}",
        f"{PAYROLL}.cover.kind",
        "'kind' is missing. Add it; one of: commute, day, online, order, order_plus_minutes.",
    ),
    "account without a kind": Mistake(
        "reserve:\n        kind: pool\n",
        "▸reserve:\n",
        "designs.pilot.accounts.reserve.kind",
        "'kind' is missing. Add it: pool, subaccount, insurer.",
    ),
    "key of another kind": Mistake(
        "rating: {kind: fixed, factor: 0.9}",
        "rating: {kind: fixed, factor: 0.9, ▸window_months: 12}",
        f"{ACCIDENT}.rating.window_months",
        "Unknown key 'window_months'. Allowed: kind, factor, grade.",
    ),
    "misspelt key that must be there": Mistake(
        "cover: {kind: day}",
        "▸covers: {kind: day}",
        f"{REST}.covers",
        "Unknown key 'covers'. Did you mean 'cover'?",
    ),
    "condition that is misspelt": Mistake(
        "{count: days, at_least",
        "{count: ▸day, at_least",
        f"{PAYROLL}.enrolment.any_of.0.count",
        "'day' is not allowed here. Did you mean 'days'?",
    ),
    "nobody joins": Mistake(
        "enrolment: {kind: main_platform, by: earnings, months: 2, joins: 2022-07-01}",
        "▸enrolment: {kind: main_platform, by: earnings, months: 2}",
        f"{REST}.enrolment",
        "no platform ever joins, so nobody is insured. Give `joins`, or dates in `platforms`.",
    ),
    "list of nobody": Mistake(
        "eligible: {age_from: 16, age_below: 60, groups: [full]}",
        "eligible: {age_from: 16, age_below: 60, ▸groups: []}",
        f"{PAYROLL}.eligible.groups",
        "A list has 0 entries. It needs at least 1.",
    ),
    "benefit for no grade": Mistake(
        "months: {10: 7, 5: 18}",
        "▸months: {}",
        f"{INJURY}.benefits.grant.months",
        "A mapping has 0 entries. It needs at least 1.",
    ),
    "board that never sits": Mistake(
        "sitting_weekdays: [1, 3]",
        "▸sitting_weekdays: [5, 6]",
        f"{INJURY}.handling.appraisal.sitting_weekdays",
        "the board never sits: these days are off, and 0 is Monday.",
    ),
    "appeal without review": Mistake(
        "          review: {asked_share: 0.5, days: {kind: exponential, mean: 20}, upheld_share: 0.1}\n          appeal",
        "          ▸appeal",
        f"{INJURY}.handling.appeal",
        "'appeal' follows 'review', which is not stated.",
    ),
    "inspection where all is declared": Mistake(
        "          declared: {share: 0.9, platforms: {ride-b: 0.8}}\n",
        "",
        f"{INJURY}.contribution.inspection",
        "an inspection finds nothing, since all is declared.",
    ),
    "recovery without drivers at fault": Mistake(
        "    third_party: {at_fault_share: 0.3, paid_share: 0.5}\n",
        "",
        "designs.pilot.accounts.fund.third_party_recovery",
        "the design has no drivers at fault to recover from.",
    ),
    "responses to own choice": Mistake(
        "opt_out: {kind: share, share: 0.1, groups: {part: 0.3}}",
        "opt_out: {kind: risk, b: 2}",
        f"{LEVY}.enrolment",
        "the design has responses, and who is insured ('default') comes from its book.",
    ),
    "move to the same class": Mistake(
        "to_relation: own_account, share: 0.2",
        "to_relation: ▸not_fully, share: 0.2",
        "designs.answered.responses.reclassified.to_relation",
        "riders would be moved from 'not_fully' to the same class.",
    ),
    "cover twice": Mistake(
        "        cover: {kind: day}\n",
        "        cover: {kind: day}\n        ▸cover: {kind: online}\n",
        f"{REST}.cover",
        "The key 'cover' stands twice, on line 239 and on line 240.",
    ),
    "overlay that no file offers": Mistake(
        "  answered:\n",
        "  answered:\n    based_on: ▸d7\n",
        "designs.answered.based_on",
        "There is no 'd7' in designs. Known designs: pilot, layered.",
    ),
    "file that is not there": Mistake(
        "format: 1\n",
        "include: [▸designs/d99.yaml]\nformat: 1\n",
        "include.0",
        "There is no file 'designs/d99.yaml' here.",
    ),
}
MISTAKES = NAMES | NUMBERS | DATES | RULES


def written(folder: Path, *edits: tuple[str, str]) -> Path:
    """Write the scenario with texts that stand once in it replaced by others."""
    text = MANY.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {MANY.name}"
        text = text.replace(old, new)
    path = folder / "edited.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_scenario_itself_has_no_mistake(say: Callable[..., Any]) -> None:
    assert say("check", MANY).code == 0


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_once_with_its_place(say: Callable[..., Any], tmp_path: Path, name: str) -> None:
    mistake = MISTAKES[name]
    path = written(tmp_path, (mistake.old, mistake.new.replace("▸", "")))
    said = say("check", path)
    assert (said.code, said.out) == (2, "")
    message, count = said.err.splitlines()
    assert count == "1 problem; nothing was run."
    assert f" {mistake.where}: " in message
    assert mistake.said in message
    if "▸" in mistake.new:
        text = MANY.read_text(encoding="utf-8").replace(mistake.old, mistake.new)
        line, column = mistakes.place_of("▸", text)
        assert message.startswith(f"{path}:{line}:{column}: {mistake.where}: ")
    assert say("run", path, "--out", tmp_path / "run") == said
    assert list(tmp_path.iterdir()) == [path], "no results folder, no remains"


def test_two_mistakes_are_told_at_once(say: Callable[..., Any], tmp_path: Path) -> None:
    edits = [(MISTAKES[name].old, MISTAKES[name].new) for name in ("account of a scheme", "layer before")]
    said = say("check", written(tmp_path, *((old, new.replace("▸", "")) for old, new in edits)))
    first, second, count = said.err.splitlines()
    assert "there is no account 'fnud'" in first
    assert "there is no scheme 'acident'" in second
    assert (said.code, count) == (2, "2 problems; nothing was run.")


def test_deficits_in_a_circle_are_told_at_each_account_of_it(say: Callable[..., Any], tmp_path: Path) -> None:
    circle = ("{kind: borrow, annual_rate: 0.04}", "{kind: from_account, account: fund}")
    through = ("surplus: {account: city, above_months: 12}", "deficit: {kind: from_account, account: city}")
    said = say("check", written(tmp_path, circle, through))
    *messages, count = said.err.splitlines()
    assert [message.split(": ")[1] for message in messages] == [
        f"designs.pilot.accounts.{name}.deficit.account" for name in ("fund", "reserve", "city")
    ]
    assert all("would be filled from itself, by way of" in message for message in messages)
    assert (said.code, count) == (2, "3 problems; nothing was run.")


def test_prices_found_together_are_found_on_the_same_replications(
    say: Callable[..., Any], tmp_path: Path
) -> None:
    first = ("yuan: 1.06}", "yuan: 1.06, breaks_even: {replications: 2}}")
    second = (
        "contribution: {kind: none}",
        "contribution: {kind: per_year, payer: state, yuan: 5, breaks_even: {replications: 3}}",
    )
    said = say("check", written(tmp_path, first, second))
    assert said.code == 2
    assert f" {REST}.contribution.breaks_even.replications: " in said.err
    assert "and 'accident' has replications 2. State the same in both." in said.err


def test_what_a_group_inherits_wrong_is_told_once(say: Callable[..., Any], tmp_path: Path) -> None:
    shares = ("{not_fully: 0.6, own_account: 0.4}", "{not_fully: 0.6, own_account: 0.5}")
    said = say("check", written(tmp_path, shares))
    message, count = said.err.splitlines()
    assert "worlds.base.groups.full.relation: the shares must add to 1, and add to 1.1." in message
    assert (said.code, count) == (2, "1 problem; nothing was run.")


OVERLAY = """overlays:
  offered:
    accounts: {pool: {kind: pool}}
    schemes: {one: {account: pool, contribution: {kind: none}, cover: {kind: day}, reporting: {kind: all}}}

designs:
"""


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            ("design: pilot}", "design: offered}"),
            "baseline.design: there is no design 'offered'. Known: pilot, layered, answered.",
        ),
        (
            ("  answered:\n", "  mine: {based_on: offred}\n  answered:\n"),
            "designs.mine.based_on: There is no 'offred' in designs. Did you mean 'offered'? Known designs: pilot, layered, answered; overlays: offered.",
        ),
    ],
)
def test_an_overlay_is_no_design_until_one_is_based_on_it(
    say: Callable[..., Any], tmp_path: Path, edit: tuple[str, str], told: str
) -> None:
    said = say("check", written(tmp_path, ("designs:\n", OVERLAY), edit))
    message, count = said.err.splitlines()
    assert told in message
    assert (said.code, count) == (2, "1 problem; nothing was run.")


@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("designs.pilot.schemes.injury.account=fond", "there is no account 'fond'. Did you mean 'fund'?"),
        ("designs.pilot.schemes.injuries.account=fund", "There is no 'injuries' in 'designs.pilot.schemes'."),
        ("designs.pilot.schemes.injury.contribution.lag=2", "Unknown key 'lag'."),
        ("designs.pilot.schemes.injury.rating.grades.7.factor=2", "The list has items 0 to 2."),
        ("designs.pilot.schemes.injury.rating.grades.1.factor=-2", "-2 is not above 0."),
        ("designs.pilot.schemes.injury.enrolment.joins=2022-07-31", "not on 2022-07-31"),
        ("designs.pilot.schemes.injury.cover.kind=oder", "Unknown kind 'oder'. Did you mean 'order'?"),
    ],
)
def test_what_is_laid_over_wrongly_is_told_by_its_path(
    say: Callable[..., Any], tmp_path: Path, assignment: str, told: str
) -> None:
    said = say("run", MANY, "--set", assignment, "--out", tmp_path / "run")
    message, count = said.err.splitlines()
    assert message.startswith(f"--set: {assignment.partition('=')[0]}")
    assert told in message
    assert (said.code, count) == (2, "1 problem; nothing was run.")
    assert not any(tmp_path.iterdir())
