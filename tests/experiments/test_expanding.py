"""More of a run that stands: only what is new is run, and the whole is what it would have been in one go."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from injurysim import api
from injurysim.core.closed import rows_by_cell
from injurysim.core.errors import CheckFailed, InputError, RunInterrupted
from injurysim.core.parts import finished_cells
from injurysim.experiments.expanding import Standing, expand
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Cell, Plan
from injurysim.experiments.running import carry_out
from injurysim.experiments.watch import Watch

ANSWERED = "designs.daily.responses={leaving: {elasticity: 0.5}}"
HALVED = "scale=0.5"
OWN_PRICE = "designs.daily.schemes.accident.contribution.breaks_even={replications: 2}"
CHANGED = "designs.daily.schemes.accident.benefits.medical.paid_share=0.5"


@pytest.fixture
def standing(short, tmp_path, ran):
    """Return a function that runs something and gives the run as one that stands."""

    def run(*overrides, replications=2, **chosen):
        old = Plan(short(*overrides, **chosen).scenario, replications=replications, seed=5)
        carry_out(old, tmp_path / "standing", Means())
        ran.clear()
        return Standing.read(tmp_path / "standing")

    return run


@pytest.fixture
def expanded(short, tmp_path, ran):
    """Return a function that expands a standing run; it gives the cells taken over and those run."""

    def run(standing, *overrides, replications=2, means=None, resume=False, **chosen):
        new = Plan(short(*overrides, **chosen).scenario, replications=replications, seed=5)
        taken = expand(standing, new, tmp_path / "expanded", means or Means(), resume=resume)
        return set(taken), dict(ran)

    return run


@pytest.fixture
def one_go(short, tmp_path):
    """Return a function that runs the whole in one go and gives its folder."""

    def run(*overrides, replications=2, **chosen):
        new = Plan(short(*overrides, **chosen).scenario, replications=replications, seed=5)
        carry_out(new, tmp_path / "one-go", Means())
        return tmp_path / "one-go"

    return run


def cells(worlds, replications):
    return {Cell(number, world) for number in replications for world in worlds}


WORLDS = ("base", "limited")
FORMS = {
    "replications": ((), {}, (), {"replications": 4}, cells(WORLDS, (2, 3))),
    "worlds": ((), {"worlds": ["base"]}, (), {}, cells(["limited"], (0, 1))),
    "designs": ((), {"designs": ["daily"]}, (), {}, cells(WORLDS, (0, 1))),
    "months": ((), {}, ("horizon.months=2",), {}, cells(WORLDS, (0, 1))),
    "run-off": ((), {}, ("horizon.runoff_months=3",), {}, cells(WORLDS, (0, 1))),
    "run-off given up for months": (("horizon.runoff_months=2",), {}, ("horizon.months=2",), {}, cells(WORLDS, (0, 1))),
    "all at once": (
        (),
        {"worlds": ["base"], "designs": ["daily"]},
        ("horizon.months=2",),
        {"replications": 3},
        cells(WORLDS, (0, 1, 2)),
    ),
    "nothing": ((), {}, (), {}, set()),
    "titles": ((), {}, ("title={en: New}", "designs.daily.title={en: New}"), {}, cells(WORLDS, (0, 1))),
    "another baseline": ((), {}, ("baseline.design=pilot",), {}, set()),
    "in miniature": ((HALVED,), {}, (HALVED,), {"replications": 3}, cells(WORLDS, (2,))),
    "months in miniature": ((HALVED,), {}, (HALVED, "horizon.months=2"), {}, cells(WORLDS, (0, 1))),
    "replications of worlds that answer": ((ANSWERED,), {}, (ANSWERED,), {"replications": 3}, cells((*WORLDS, "base~daily", "limited~daily"), (2,))),
    "a design beside worlds that answer": ((ANSWERED,), {"designs": ["daily"]}, (ANSWERED,), {}, cells(WORLDS, (0, 1))),
    "a design that answers": ((), {"designs": ["pilot"]}, (ANSWERED,), {}, cells(["base~daily", "limited~daily"], (0, 1))),
}  # fmt: skip
"""What there was, what there is to be, and the cells that have to be run for it."""
QUICK = ("replications", "worlds", "designs", "months", "all at once", "a design beside worlds that answer")


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=() if form in QUICK else pytest.mark.slow) for form in FORMS]
)
def test_an_expanded_run_is_the_run_in_one_go_and_nothing_is_run_that_stands(
    standing, expanded, one_go, digests, manifest, ran, form
):
    before, chosen, after, more, wanted = FORMS[form]
    stood = standing(*before, **chosen)
    taken, run = expanded(stood, *after, **more)
    assert run == dict.fromkeys(wanted, 1)
    in_one_go = one_go(*after, **more)
    assert digests(in_one_go.with_name("expanded")) == digests(in_one_go)
    assert (
        manifest(in_one_go.with_name("expanded"))["scenario_digest"] == manifest(in_one_go)["scenario_digest"]
    )
    assert taken | set(run) == {
        Cell(number, world) for world, number, _ in rows_by_cell(in_one_go, "exposure")
    }
    assert Standing.read(stood.folder.path).plan.inputs == stood.plan.inputs, (
        "the run that stood is left as it was"
    )


def test_a_design_with_a_price_of_its_own_keeps_it(short, tmp_path, digests):
    """Its price is found before a run, and does not depend on the number of replications or other designs."""
    alone = short(OWN_PRICE, designs=["daily"])
    api.run(alone, replications=1, workers=1, out=tmp_path / "alone")
    api.expand(tmp_path / "alone", replications=2, workers=1, out=tmp_path / "longer")
    both = short(OWN_PRICE)
    api.expand(tmp_path / "longer", both, workers=1, out=tmp_path / "both")
    api.run(both, replications=2, workers=1, out=tmp_path / "one-go")
    assert digests(tmp_path / "both") == digests(tmp_path / "one-go")


@pytest.mark.parametrize(
    ("before", "chosen", "after", "more", "told"),
    [
        ((), {}, (), {"replications": 1}, "has 2 replications already"),
        ((), {}, (), {"worlds": ["base"]}, "worlds the scenario lacks: limited"),
        ((), {}, (), {"designs": ["daily"]}, "designs the scenario lacks: pilot"),
        (
            ("horizon.months=2",),
            {},
            (),
            {},
            "2 months and 1 of run-off from 2022-07-01, the scenario 1 and 1",
        ),
        (("horizon.runoff_months=2",), {}, (), {}, "1 months and 2 of run-off .* the scenario 1 and 1"),
        ((), {}, ("horizon.start=2022-08-01",), {}, "from 2022-08-01"),
        ((), {}, (HALVED,), {}, "has scale 1, the scenario 0.5"),
        ((), {}, ("seed=6",), {}, "has seed 5, the scenario 6"),
    ],
)
def test_what_takes_away_or_is_not_paired_is_refused(
    standing, expanded, ran, before, chosen, after, more, told
):
    with pytest.raises(InputError, match=told):
        expanded(standing(*before, **chosen), *after, **more)
    assert not ran


@pytest.mark.parametrize("change", [{"seed": 6}, {"engine": "twin"}])
def test_another_seed_or_engine_is_refused(standing, tmp_path, change):
    stood = standing()
    with pytest.raises(InputError, match="nothing would be paired"):
        expand(stood, replace(stood.plan, **change), tmp_path / "expanded", Means())


def test_a_row_that_comes_out_otherwise_is_told_and_nothing_is_kept(standing, expanded, tmp_path):
    with pytest.raises(
        CheckFailed, match=r"table claims, world base, replication 0, design daily,.* paid_fen was"
    ):
        expanded(standing(), CHANGED)
    assert [path.name for path in tmp_path.iterdir()] == ["standing"]


def test_an_expansion_that_was_stopped_goes_on(standing, expanded, one_go, digests, ran):
    stood = standing()
    done = iter([None])

    def stop(_):
        if next(done, "stop") == "stop":
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted, match="--resume"):
        expanded(stood, replications=4, means=Means(watch=Watch(on_done=stop)))
    assert sum(ran.values()) == 2
    assert len(finished_cells(stood.folder.path.with_name(".expanded.unfinished"))) == 6
    _, run = expanded(stood, replications=4, resume=True)
    assert run == dict.fromkeys(cells(WORLDS, (2, 3)), 1)
    _, run = expanded(stood, replications=4, resume=True)
    assert sum(run.values()) == 4, "finished, it is left alone"
    in_one_go = one_go(replications=4)
    assert digests(in_one_go.with_name("expanded")) == digests(in_one_go)


def test_one_that_was_stopped_before_its_check_is_checked(standing, expanded, tmp_path):
    stood = standing()

    def stop(cell):
        if cell == Cell(1, "limited"):
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted):
        expanded(stood, CHANGED, means=Means(watch=Watch(on_done=stop)))
    with pytest.raises(CheckFailed):
        expanded(stood, CHANGED, resume=True)
    assert [path.name for path in tmp_path.iterdir()] == ["standing"]


def test_one_that_was_stopped_goes_on_with_fewer_replications(standing, expanded, one_go, digests, ran):
    stood = standing()

    def stop(cell):
        if cell == Cell(3, "base"):
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted):
        expanded(stood, replications=4, means=Means(watch=Watch(on_done=stop)))
    expanded(stood, replications=3, resume=True)
    assert max(ran.values()) == 1
    in_one_go = one_go(replications=3)
    assert digests(in_one_go.with_name("expanded")) == digests(in_one_go)


def test_a_run_whose_tables_were_changed_is_not_expanded(standing, expanded, tmp_path):
    stood = standing(replications=3)
    carry_out(replace(stood.plan, replications=1), tmp_path / "other", Means())
    shutil.copy(tmp_path / "other" / "tables" / "fund.parquet", stood.folder.path / "tables" / "fund.parquet")
    with pytest.raises(InputError, match="were changed after the run: fund"):
        expanded(stood, replications=4)
    (stood.folder.path / "tables" / "fund.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"fund\.parquet' is damaged"):
        expanded(stood, replications=4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "standing"]


def test_what_cannot_be_expanded_is_told(standing, tmp_path, monkeypatch):
    stood = standing()
    with pytest.raises(InputError, match="there is no folder"):
        Standing.read(tmp_path / "nowhere")
    with monkeypatch.context() as patch:
        patch.setattr("injurysim.experiments.rereading.program_digest", lambda: "another")
        with pytest.raises(InputError, match="another version of injurysim"):
            Standing.read(stood.folder.path)
    manifest = stood.folder.path / "manifest.json"
    made = manifest.read_text("utf-8")
    for name in ("replications", "seed", "engine", "tables", "inputs_of_worlds"):
        manifest.write_text(made.replace(f'"{name}": ', f'"no_{name}": '), "utf-8")
        with pytest.raises(InputError, match="changed after the run"):
            Standing.read(stood.folder.path)
    manifest.write_text(made, "utf-8")
    scenario = stood.folder.scenario_file
    scenario.write_text(scenario.read_text("utf-8").replace("name: tiny", "name: other"), "utf-8")
    with pytest.raises(InputError, match="was changed after the run"):
        Standing.read(stood.folder.path)
