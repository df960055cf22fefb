"""Coverage: identities between its rows, and with exposure, injuries and payments."""

from __future__ import annotations

import pytest

RIDERS = ["riders_eligible", "riders_insured", "riders_ever_insured", "riders_first_insured"]
RIDER_DIMENSIONS = ["group", "relation", "region", "platforms_used", "hours_band"]
KEYS = ["month", "dimension", "level"]


@pytest.fixture(scope="session")
def rich(small):
    """Two regions, four groups, three platforms; only some are eligible, and a platform joins in February."""
    platforms = {
        "alpha": small.platform(),
        "beta": small.platform("parcel", 2, "7"),
        "gamma": small.platform("food", 2),
    }
    split = [{"alpha": 1}, {"alpha": "0.5", "beta": "0.5"}, {"gamma": "0.3", "alpha": "0.4", "beta": "0.3"}]
    short = {**small.group()["work"], "wanted_hours": {"kind": "uniform", "low": 0, "high": 2}}
    away = {**small.group()["work"], "attendance": {"workday": "0.02", "weekend": 0, "holiday": 0}}
    groups = {
        "full": small.group(12, [*split, {"beta": 1}]),
        "part": small.group(5, [{"gamma": 1}], work=short),
        "away": small.group(4, work=away),
        "west": small.group(8, split, region="west"),
    }
    world = small.world(groups, platforms=platforms, regions={"east": {}, "west": {}})
    pilot = small.scheme(
        reporting=small.SHARES,
        eligible={"relations": ["not_fully", "own_account"], "groups": ["full", "part", "away", "west"]},
        enrolment={"kind": "mandatory", "joins": "2024-01-01", "platforms": {"beta": "2024-02-01"}},
    )
    ordinary = small.scheme(
        eligible={"relations": ["labour_relation"], "regions": ["west"]},
        contribution={"kind": "payroll", "payer": "platform", "rate": "0.01"},
        cover={"kind": "online"},
        benefits={**small.BENEFITS, "recovery": {**small.BENEFITS["recovery"], "payer": "platform"}},
    )
    design = small.design({"pilot": pilot, "ordinary": ordinary}, basic_medical={"reimbursed_share": "0.5"})
    bare = small.design({"pilot": pilot})
    return small.frames(small.document({"layers": design, "bare": bare}, {"base": world}, months=3))


@pytest.fixture(scope="session")
def coverage(small, rich):
    return small.of_design(rich["coverage"], "layers")


def numbers(frame):
    return [name for name in frame.columns if name not in (*KEYS, "world", "replication", "valuation")]


def whole(frame):
    return frame[frame["dimension"] == "all"].set_index("month")


@pytest.mark.parametrize("dimension", RIDER_DIMENSIONS)
def test_levels_add_to_all(coverage, dimension):
    columns = numbers(coverage)
    total = coverage[coverage["dimension"] == dimension].groupby("month")[columns].sum()
    difference = (total - whole(coverage)[columns]).abs()
    assert (difference[[name for name in columns if "hours" not in name]] == 0).all(axis=None)
    assert (difference[["online_hours", "online_hours_insured"]] < 1e-9 * total["online_hours"].max()).all(
        axis=None
    )


@pytest.mark.parametrize("dimension", ["industry", "platform"])
def test_levels_of_work_add_to_all_but_for_riders_who_work_on_several(coverage, dimension):
    columns = [name for name in numbers(coverage) if name not in RIDERS and "hours" not in name]
    levels = coverage[coverage["dimension"] == dimension].groupby("month")
    assert levels[columns].sum().equals(whole(coverage)[columns])
    hours = levels[["online_hours", "online_hours_insured"]].sum()
    assert (hours - whole(coverage)[hours.columns]).abs().max(axis=None) < 1e-6
    assert (levels[RIDERS].sum() >= whole(coverage)[RIDERS]).all(axis=None)
    assert (levels[RIDERS].max() <= whole(coverage)[RIDERS]).all(axis=None)


def test_parts_are_no_larger_than_wholes(coverage):
    assert (coverage["riders_eligible"] >= coverage["riders_insured"]).all()
    assert (coverage["riders_ever_insured"] >= coverage["riders_insured"]).all()
    assert (coverage["orders"] >= coverage["orders_insured"]).all()
    assert (coverage["online_hours"] >= coverage["online_hours_insured"]).all()
    for part in ("covered", "reported", "compensated", "open"):
        assert (coverage["injuries"] >= coverage[f"injuries_{part}"]).all()
    assert (coverage["injuries_reported"] >= coverage["injuries_open"]).all()
    assert (coverage["uncompensated_fen"] <= coverage["loss_fen"]).all()
    everybody = whole(coverage)
    assert (everybody["riders_eligible"] > everybody["riders_insured"]).any()
    assert (everybody["orders_insured"] < everybody["orders"]).all()
    assert (everybody["injuries_covered"] < everybody["injuries"]).all()


def test_riders_insured_for_the_first_time_add_up_to_all_who_ever_were(coverage):
    """Those at work in a month who were insured before have been counted; in the first month nobody was."""
    everybody = whole(coverage)
    so_far = everybody["riders_first_insured"].cumsum()
    assert (so_far >= everybody["riders_ever_insured"]).all()
    assert so_far.iloc[0] == everybody["riders_insured"].iloc[0] == everybody["riders_ever_insured"].iloc[0]
    assert (everybody["riders_first_insured"] <= everybody["riders_insured"]).all()


def test_in_a_closed_group_that_is_always_at_work_everybody_is_insured_for_the_first_time_once(small):
    world = small.world({"full": small.group(12)}, recovery={"kind": "none"})
    joins = {"enrolment": {"kind": "mandatory", "joins": "2024-02-01"}}
    designs = {"late": small.design({"pilot": small.scheme(**joins)})}
    found = whole(small.frames(small.document(designs, {"base": world}, months=3))["coverage"])
    assert found["riders_first_insured"].tolist() == [0, 12, 0]
    assert found["riders_ever_insured"].tolist() == [0, 12, 12]


def test_without_basic_medical_insurance_only_what_is_reported_is_compensated(small, rich):
    bare = small.of_design(rich["coverage"], "bare")
    assert (bare["injuries_compensated"] <= bare["injuries_reported"]).all()
    assert (bare["compensated_other_fen"] == 0).all()


def test_exposure_and_injuries_are_those_of_the_world(rich, coverage):
    everybody = whole(coverage)
    exposure = rich["exposure"].groupby("month")[["orders", "online_hours"]].sum()
    assert everybody["orders"].equals(exposure["orders"])
    assert (everybody["online_hours"] - exposure["online_hours"]).abs().max() < 1e-6
    for dimension in ("platform", "industry"):
        rows = coverage[coverage["dimension"] == dimension].rename(columns={"level": dimension})
        counted = rich["exposure"].groupby(["month", dimension])["orders"].sum()
        assert rows.set_index(["month", dimension])["orders"].to_dict() == counted.to_dict()
    riders = rich["riders"].groupby("month")["riders_active"].sum()
    used = coverage[(coverage["dimension"] == "platforms_used") & (coverage["level"] != "0")]
    assert (riders >= everybody["riders_eligible"]).all()
    assert (used.groupby("month")["riders_eligible"].sum() == everybody["riders_eligible"]).all()
    by_group = rich["injuries"].groupby("group").size()
    mine = coverage[coverage["dimension"] == "group"].groupby("level")["injuries"].sum()
    assert by_group.to_dict() == {name: count for name, count in mine.to_dict().items() if count}


def test_money_is_that_of_the_payments(small, rich, coverage):
    payments = small.of_design(rich["payments"], "layers").groupby("payer")["amount_fen"].sum()
    everybody = whole(coverage).sum(numeric_only=True)
    assert everybody["compensated_fund_fen"] == payments["fund"]
    assert everybody["compensated_platform_fen"] == payments["platform"]
    assert everybody["compensated_other_fen"] > 0


def test_insured_orders_are_those_of_the_joined_platforms(small, rich):
    """Under the pilot alone: orders insured are exactly the orders that its contributions are charged on."""
    bare = small.of_design(rich["coverage"], "bare")
    orders = (
        rich["contributions"][rich["contributions"]["design"] == "bare"]
        .groupby(["month", "platform"])["base_true"]
        .sum()
    )
    rows = bare[(bare["dimension"] == "platform") & (bare["orders_insured"] > 0)]
    assert rows.set_index(["month", "level"])["orders_insured"].to_dict() == orders.to_dict()
    january = bare[(bare["month"] == "2024-01") & (bare["level"] == "beta")]
    assert january["riders_insured"].tolist() == [0]
    assert january["riders_eligible"].tolist()[0] > 0


def test_order_cover_insures_engaged_hours_and_online_cover_all_of_them(small):
    def hours(window):
        law = small.scheme(cover={"kind": window}, handling=small.IMMEDIATE)
        found = small.frames(small.document({"plan": small.design({"plan": law})}))
        exposure = found["exposure"].groupby("month")[["online_hours", "engaged_hours"]].sum()
        return whole(found["coverage"])["online_hours_insured"], exposure

    insured, exposure = hours("order")
    assert (insured - exposure["engaged_hours"]).abs().max() < 1e-6
    insured, exposure = hours("online")
    assert (insured - exposure["online_hours"]).abs().max() < 1e-6


def test_hours_bands_are_whole_hours_begun(small):
    """Riders of exactly 0, 1, 40, 41 and 200 hours in the month of a single worked day or more."""
    from injurysim.books.shared import HOURS_BAND_ENDS, HOURS_BANDS

    minutes = [0, 1, 40 * 60, 40 * 60 + 1, 120 * 60, 120 * 60 + 1, 200 * 60, 200 * 60 + 1]
    names = [HOURS_BANDS[place] for place in HOURS_BAND_ENDS.searchsorted(minutes)]
    assert names == ["0", "1-40", "1-40", "41-120", "41-120", "121-200", "121-200", "201+"]


def test_basic_medical_insurance_takes_a_share_of_what_is_left(small):
    """Cost 1000 yuan, the scheme pays 600: half of the 400 left, whatever else the scheme pays."""
    item = {
        "at": "2024-01-15T10:00:00", "group": "crew", "platform": "alpha", "severity": "mild", "medical_yuan": 1000,
        "days_off": 10,
    }  # fmt: skip
    world = small.world(
        injuries={"kind": "listed", "severities": ["mild"], "items": [item]}, recovery={"kind": "none"}
    )
    benefits = {
        "medical": {"kind": "medical", "paid_share": "0.6"},
        "sum": {"kind": "fixed_sum", "yuan": 500},
    }
    law = small.scheme(handling=small.IMMEDIATE, benefits=benefits)
    design = small.design({"pilot": law}, basic_medical={"reimbursed_share": "0.5"})
    coverage = small.frames(small.document({"d": design}, {"base": world}))["coverage"]
    row = whole(coverage).loc["2024-01"]
    assert (row["compensated_fund_fen"], row["compensated_other_fen"]) == (110000, 20000)
    assert row["uncompensated_fen"] == max(row["loss_fen"] - 130000, 0)
    assert row["injuries_compensated"] == 1
