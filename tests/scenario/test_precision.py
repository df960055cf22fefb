"""A stated precision: what a scenario may say, what the command line may, and what is said of mistakes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.core.errors import InputError
from injurysim.scenario.precision import LEAST, Precision, Target, target_of
from injurysim.scenario.reading import ReadScenario, read_scenario

TINY = Path(__file__).parents[1] / "cli" / "tiny.yaml"
ONE = "precision: {at_most: 60, targets: [{metric: closing_balance, half_width: 5}]}\n"

Read = Callable[..., ReadScenario]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reads(said: str, **chosen: Any) -> ReadScenario:
        file = tmp_path / "tiny.yaml"
        file.write_text(TINY.read_text(encoding="utf-8") + said, encoding="utf-8")
        return read_scenario(file, **chosen)

    return reads


def problems(read: Read, said: str, **chosen: Any) -> list[tuple[int, int, str, str]]:
    with pytest.raises(InputError) as caught:
        read(said, **chosen)
    lines = len(TINY.read_text(encoding="utf-8").splitlines())
    return [(p.line - lines, p.column, p.where, f"{p.what} {p.fix}") for p in caught.value.problems]


def test_a_precision_has_a_least_number_of_its_own(read: Read) -> None:
    stated = read(ONE).scenario.precision
    assert stated is not None
    assert (stated.at_least, stated.at_most) == (LEAST, 60)
    assert stated.targets == (Target(metric="closing_balance", half_width=Decimal(5)),)


@pytest.mark.parametrize(
    ("target", "where", "said"),
    [
        (
            "{metric: closing_balance, half_width: ▸5%}",
            "half_width",
            (
                "'5%' is relative, and a figure such as a balance may be zero or negative. State the half-width in the"
                " metric's own unit: 50000 for yuan, 0.02 for a share or a probability."
            ),
        ),
        (
            "{metric: closing_balance, half_width: ▸0}",
            "half_width",
            "0 is not above 0. It must be above 0.",
        ),
        (
            "{metric: closing_balance, half_width: 5, ▸relative: true}",
            "relative",
            "Unknown key 'relative'. Allowed: metric, of, world, design, half_width.",
        ),
        (
            "{metric: closing_balance, half_width: 5, of: ▸diference}",
            "of",
            "'diference' is not allowed here. Did you mean 'difference'? Allowed: estimate, difference.",
        ),
        (
            "{metric: closing_balance, half_width: 5, world: ▸limted}",
            "world",
            "there is no world 'limted'. Did you mean 'limited'? Known: base, limited.",
        ),
        (
            "{metric: closing_balance, half_width: 5, design: ▸x}",
            "design",
            "there is no design 'x'. Known: ",
        ),
    ],
)
def test_a_target_that_cannot_be_meant_is_refused_where_it_stands(
    read: Read, target: str, where: str, said: str
) -> None:
    """The sign ▸ marks where the problem is told."""
    written = f"precision: {{at_most: 60, targets: [{target}]}}\n"
    ((line, column, path, told),) = problems(read, written.replace("▸", ""))
    assert (line, column, path) == (1, written.index("▸") + 1, f"precision.targets.0.{where}")
    assert told.startswith(said)


def test_a_budget_below_the_least_number_and_a_target_twice_are_refused(read: Read) -> None:
    ((_, column, where, told),) = problems(read, ONE.replace("60", "6"))
    assert (column, where) == (22, "precision.at_most")
    assert told == (
        "at most 6 replications are fewer than the 20 at least. State 20 or more, or a smaller `at_least`."
    )
    twice = "precision: {at_most: 60, targets: [{metric: a, half_width: 5}, {metric: a, half_width: 6}]}\n"
    ((_, _, where, told),) = problems(read, twice)
    assert (where, told) == ("precision.targets.1", "there are two targets for 'a'. Remove one of them.")


def test_only_what_bears_on_the_chosen_worlds_and_designs_is_asked_for(read: Read) -> None:
    two = (
        "precision: {at_most: 60, targets: [{metric: closing_balance, world: limited, half_width: 5},"
        " {metric: injuries, half_width: 5}]}\n"
    )
    kept = read(two, worlds=["base"]).scenario.precision
    assert kept is not None
    assert [target.metric for target in kept.targets] == ["injuries"]
    none = two.replace(" {metric: injuries, half_width: 5}", "")
    ((_, _, where, told),) = problems(read, none, worlds=["base"])
    assert where == "precision.targets"
    assert told.startswith("no target bears on the worlds and designs chosen.")


NAMES = st.from_regex(r"\A[a-z][a-z0-9_\-]{0,9}\Z")


@given(
    st.builds(
        Target,
        metric=st.from_regex(r"\A[a-z][a-z0-9_]{0,9}(\[[a-z0-9\-]{1,6}\])?\Z"),
        of=st.sampled_from(["estimate", "difference"]),
        world=st.none() | NAMES,
        design=st.none() | NAMES,
        half_width=st.decimals("0.0001", "1e9", places=4),
    )
)
def test_a_target_in_a_line_is_the_target(target: Target) -> None:
    assert target_of(f"{target.name}={target.half_width}") == target


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("closing_balance", "'closing_balance' is not METRIC=HALF_WIDTH. Write closing_balance=50000, "),
        ("closing_balance=", "'closing_balance=' is not METRIC=HALF_WIDTH."),
        ("closing_balance=5%", "closing_balance=5%: '5%' is relative, and a figure such as a balance may be"),
        ("closing_balance=-5", "closing_balance=-5: '-5' is no number above 0. State it in the metric's own"),
        ("closing_balance=nan", "closing_balance=nan: 'NaN' is no number above 0."),
        ("closing_balance=much", "closing_balance=much: 'much' is no number above 0."),
        ("Closing balance=5", "Closing balance=5: 'Closing balance' is no metric. Write its name, and its"),
        ("closing_balance@Base/pilot=5", "closing_balance@Base/pilot=5: 'Base' is no name of a world."),
        ("closing_balance@base/a/b=5", "closing_balance@base/a/b=5: 'a/b' is no name of a design."),
    ],
)
def test_a_line_that_is_no_target_is_refused_at_the_option(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        target_of(text)
    assert str(caught.value).startswith(f"--precision: {said}")


def test_a_number_of_replications_beside_it_is_the_least_if_it_is_more(read: Read) -> None:
    stated = read(ONE).scenario.precision
    assert stated is not None
    assert [stated.beside(number).at_least for number in (1, 20, 35, 500)] == [20, 20, 35, 60]


def test_a_precision_is_saved_and_read_again(read: Read, tmp_path: Path) -> None:
    from injurysim.scenario.loading import dump_resolved, load_document, scenario_digest

    stated = read(ONE).scenario
    (tmp_path / "saved.yaml").write_text(dump_resolved(stated), encoding="utf-8")
    again = load_document(tmp_path / "saved.yaml", type(stated)).model
    assert isinstance(again.precision, Precision)
    assert scenario_digest(again) == scenario_digest(stated)
