"""Triangles: published reserves and errors (VALIDATION E8), the ledger's sums, and a run without noise."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import numpy as np
import pytest

from injurysim.analysis.triangles import ChainLadder, paid_triangle

small = SimpleNamespace(**run_path(str(Path(__file__).parents[1] / "books" / "small_cells.py")))

TAYLOR_ASHE = [
    [357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463],
    [352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085],
    [290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315],
    [310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268],
    [443160, 1136350, 2128333, 2897821, 3402672, 3873311],
    [396132, 1333217, 2180715, 2985752, 3691712],
    [440832, 1288463, 2419861, 3483130],
    [359480, 1421128, 2864498],
    [376686, 1363294],
    [344014],
]
RAA = [
    [5012, 8269, 10907, 11805, 13539, 16181, 18009, 18608, 18662, 18834],
    [106, 4285, 5396, 10666, 13782, 15599, 15496, 16169, 16704],
    [3410, 8992, 13873, 16141, 18735, 22214, 22863, 23466],
    [5655, 11555, 15766, 21266, 23425, 26083, 27067],
    [1092, 9565, 15836, 22169, 25955, 26180],
    [1513, 6445, 11702, 12935, 15852],
    [557, 4020, 10946, 12314],
    [1351, 6947, 13112],
    [3133, 5395],
    [2063],
]
RESERVES = [
    *(0, 94633.81, 469511.29, 709637.82, 984888.64),
    *(1419459.46, 2177640.62, 3920301.01, 4278972.26, 4625810.69),
]
ERRORS = [
    *(0, 75535.04, 121698.56, 133548.85, 261406.45),
    *(411009.70, 558316.86, 875327.51, 971257.81, 1363154.91),
]
FACTORS = [
    *(3.490606548, 1.747332642, 1.457412836, 1.173851709, 1.103823532),
    *(1.086269364, 1.053874356, 1.076555178, 1.017724725),
]
VARIANCES = [
    *(160280.33, 37736.855, 41965.213, 15182.903, 13731.324),
    *(8185.7716, 446.61655, 1147.366, 446.61655),
]


def square(rows):
    """Fill a triangle up with what is not known."""
    return np.array([[*row, *[np.nan] * (len(rows) - len(row))] for row in rows], float)


def test_taylor_ashe_is_as_printed():
    """VALIDATION E8: factors, variances, reserves and Mack's standard errors, to every digit printed."""
    found = ChainLadder(square(TAYLOR_ASHE))
    np.testing.assert_allclose(found.factors, FACTORS, atol=5e-10)
    np.testing.assert_allclose(found.variances, VARIANCES, rtol=5e-7)
    np.testing.assert_allclose(found.reserves, RESERVES, atol=0.005)
    np.testing.assert_allclose(found.errors, ERRORS, atol=0.005)


@pytest.mark.parametrize(
    ("rows", "reserve", "error"),
    [(TAYLOR_ASHE, 18680855.612, 2447094.861), (RAA, 52135.228, 26909.011)],
    ids=["Taylor-Ashe", "RAA"],
)
def test_totals_are_as_the_packages_print_them(rows, reserve, error):
    found = ChainLadder(square(rows))
    assert found.total_reserve == pytest.approx(reserve, abs=5e-4)
    assert found.total_error == pytest.approx(error, abs=5e-4)


def test_simple_means_of_factors_are_caught():
    """A fault as it is often made: the mean of single factors in place of the volume-weighted one."""
    rows = square(TAYLOR_ASHE)
    simple = np.nanmean(rows[:, 1:] / rows[:, :-1], axis=0)
    assert not np.allclose(simple, FACTORS, rtol=1e-3)


def test_without_noise_the_true_ultimate_comes_back():
    pattern = np.array([0.1, 0.35, 0.6, 0.85, 0.95, 1.0])
    truth = np.array([900.0, 1100.0, 1000.0, 1250.0, 800.0, 1400.0])
    full = truth[:, np.newaxis] * pattern
    known = np.where(np.add.outer(np.arange(6), np.arange(6)) < 6, full, np.nan)
    found = ChainLadder(known)
    np.testing.assert_allclose(found.ultimates, truth)
    np.testing.assert_allclose(found.errors, 0, atol=1e-6)
    assert found.total_error == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "bad", [np.ones((2, 2)), np.ones((3, 4)), np.zeros((4, 4))], ids=["small", "oblong", "empty"]
)
def test_what_is_no_triangle_is_refused(bad):
    with pytest.raises(ValueError, match=r"triangle|divide by nothing"):
        ChainLadder(bad)


@pytest.fixture(scope="module")
def frames():
    worlds = {"base": small.world({"crew": small.group(40)})}
    return small.frames(small.document(worlds=worlds, months=6, runoff_months=6))


@pytest.mark.parametrize("months", [1, 3, 12])
def test_a_triangle_holds_all_that_is_paid(frames, months):
    """Its last column is, row by row, what the ledger has paid on the injuries of the period."""
    payments, claims, injuries = (frames[name] for name in ("payments", "claims", "injuries"))
    found = paid_triangle(payments, claims, injuries, months=months)
    assert found[:, -1].sum() == payments["amount_fen"].sum() == frames["fund"]["benefits_fen"].sum()
    by_origin = claims.merge(injuries[["injury_id", "occurred_at"]], on="injury_id")
    period = (by_origin["occurred_at"].dt.month - 1) // months
    assert found[:, -1].tolist() == by_origin.groupby(period)["paid_fen"].sum().tolist()
    assert (np.diff(found, axis=1) >= 0).all()


def test_a_payment_on_nobody_is_refused(frames):
    with pytest.raises(ValueError, match="belongs to none"):
        paid_triangle(frames["payments"], frames["claims"].iloc[:0], frames["injuries"])
