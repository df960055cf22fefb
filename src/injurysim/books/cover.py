"""Which injuries a scheme covers."""

from __future__ import annotations

from functools import singledispatch

from injurysim.books.injured import Injured
from injurysim.scenario.cover import Cover, OnlineWindow, OrderWindow
from injurysim.world.month import Ints, Month


@singledispatch
def in_window(window: Cover, injured: Injured) -> bool:
    """Say whether an injury happened inside the window of cover."""
    raise NotImplementedError(f"no window for {type(window).__name__}")


@in_window.register
def _(window: OrderWindow, injured: Injured) -> bool:  # noqa: ARG001
    return injured.situation == "on_order"


@in_window.register
def _(window: OnlineWindow, injured: Injured) -> bool:  # noqa: ARG001
    return injured.situation in ("on_order", "waiting")


@singledispatch
def covered_minutes(window: Cover, month: Month) -> Ints:
    """Return the minutes of each engagement that lie inside the window, shape (engagements,)."""
    raise NotImplementedError(f"no window for {type(window).__name__}")


@covered_minutes.register
def _(window: OrderWindow, month: Month) -> Ints:  # noqa: ARG001
    return month.engaged_minutes


@covered_minutes.register
def _(window: OnlineWindow, month: Month) -> Ints:  # noqa: ARG001
    return month.online_minutes
