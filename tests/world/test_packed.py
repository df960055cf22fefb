"""Rows as the tables keep them: what is exact, what is rounded, and by how much at most."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from injurysim.world import layout, packed
from injurysim.world.rows import LINE_BYTES, NUMBER_BYTES

SINGLE, DOUBLED = 2.0**-24, 2.0**-48
"""Half of the last place of a number of single precision, and of a sum of two."""

minutes = st.integers(0, 20 * 60).map(float)
amounts = st.floats(0, 1e5, allow_subnormal=False).map(lambda value: value if value > 1e-20 else 0.0)


@st.composite
def rows(draw: st.DrawFn) -> tuple[int, np.ndarray]:
    """The number of apps, and a row of a walk."""
    apps = draw(st.integers(1, layout.MOST_APPS))
    row = [draw(minutes), draw(minutes), draw(minutes), draw(amounts)]
    for _ in range(apps):
        row += [draw(minutes), *(draw(amounts) for _ in range(layout.PER_APP - 1))]
    return apps, np.array(row)


def packing(apps: int, combine: int) -> Any:
    """What of a law the packing asks for."""
    return SimpleNamespace(apps=np.array([apps]), combine=combine)


@pytest.mark.parametrize("combine", [layout.PRODUCT, layout.ADDITIVE, layout.CAPPED])
@given(given=rows(), begin=st.sampled_from([0, 8, 40]))
def test_minutes_are_exact_and_the_rest_is_nearly(
    combine: int, given: tuple[int, np.ndarray], begin: int
) -> None:
    apps, row = given
    width = packed.width_of(apps, combine)
    values = np.full(begin + width + 8, -7.0, np.float32)
    packed.pack.py_func(packing(apps, combine), 0, row, values, begin)  # type: ignore[attr-defined]
    assert (np.delete(values, slice(begin, begin + width)) == -7.0).all()  # what lies beside is not touched

    def kept(k: int, column: int) -> float:
        return float(packed.number_in(values, begin, k, column))

    assert kept(0, packed.LENGTH) == row[layout.LENGTH]
    assert kept(0, packed.OFF) == row[layout.OFF]
    if apps > 1:
        assert packed.worked_in(values, begin, apps, True) == row[layout.WORKED]
        assert kept(1, packed.BUSY) == pytest.approx(row[layout.BUSY], rel=SINGLE)
    online = [row[layout.HEAD + k * layout.PER_APP + layout.ONLINE] for k in range(apps)]
    assert packed.worked_in(values, begin, apps, False) == sum(online)
    plain = 0.0
    for k in range(apps):
        of_app = row[layout.HEAD + k * layout.PER_APP :]
        assert kept(k, packed.ONLINE) == of_app[layout.ONLINE]
        for mine, theirs in (
            (packed.ENGAGED, layout.ENGAGED), (packed.ORDERS, layout.ORDERS), (packed.LOST, layout.LOST)
        ):  # fmt: skip
            assert kept(k, mine) == pytest.approx(of_app[theirs], rel=SINGLE, abs=1e-37)
        assert packed.hazard_in(values, begin, k) == pytest.approx(
            of_app[layout.HAZARD], rel=DOUBLED, abs=1e-37
        )
        if combine == layout.ADDITIVE:
            assert packed.plain_in(values, begin, apps, k) == pytest.approx(
                of_app[layout.PLAIN], rel=DOUBLED, abs=1e-37
            )
            plain += of_app[layout.PLAIN]
    hazard = sum(row[layout.HEAD + k * layout.PER_APP + layout.HAZARD] for k in range(apps))
    found = packed.hazard_of(values, begin, apps, combine == layout.ADDITIVE, 1.5, 0.25)
    assert found == pytest.approx(1.5 * hazard + 0.25 * plain, rel=1e-13, abs=1e-36)


def test_a_row_of_two_apps_is_a_line_of_the_cache() -> None:
    assert packed.width_of(1, layout.PRODUCT) * NUMBER_BYTES * 2 == LINE_BYTES
    assert packed.width_of(2, layout.PRODUCT) * NUMBER_BYTES == LINE_BYTES
    assert packed.width_of(layout.MOST_APPS, layout.ADDITIVE) == packed.MOST_WIDTH
