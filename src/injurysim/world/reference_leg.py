"""A leg of a shift of the reference model: what its limits, its orders and its hazard have to do with each other."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Leg:
    """Work without a look at the limits: who walks a shift says what may be worked, who works it what was.

    Attributes
    ----------
    rest : minutes of rest before it.
    apps : places of the apps that are open, in the order of the portfolio.
    opened : those of them that are opened anew, with nothing in hand.
    most : minutes until a limit may act, or nothing more is wanted.
    begin : its first minute from the first midnight.
    minutes : minutes worked, at least 1 and at most ``most``.
    engaged : of these, those with an order in hand on each app.
    busy : those with an order in hand on any app.
    moments : middles of the minutes in which it is asked which orders are in hand.
    in_hand : the answers: places of the apps with one.
    turns : asked for when a list: the moments at which having an order in hand begins and ends, in turn.
    """

    rest: int
    apps: tuple[int, ...]
    opened: tuple[int, ...]
    most: int
    begin: int = 0
    minutes: int = 0
    engaged: tuple[float, ...] = ()
    busy: float = 0.0
    moments: list[float] = field(default_factory=list)
    in_hand: list[tuple[int, ...]] = field(default_factory=list)
    turns: list[float] | None = None
