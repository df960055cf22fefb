"""How the metrics of people are worked out: who is covered, how long they wait, what is left uncompensated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from injurysim.results.frames import CELL, WORLD_CELL, Frames, Series, calendar_days
from injurysim.results.metric import FEN, ratio

if TYPE_CHECKING:
    import pandas as pd


def coverage_share(top: str, bottom: str) -> Callable[[Frames], Series]:
    """Return the metric of one total of ``coverage`` over another, all riders."""

    def compute(frames: Frames) -> Series:
        rows = frames.all_riders
        return ratio(frames.book(rows, top), frames.book(rows, bottom))

    return compute


def coverage_of_riders(frames: Frames) -> Series:
    """Rider-months with an insured order or day over all rider-months with work."""
    return ratio(frames.book(frames.all_riders, "riders_insured"), frames.for_books(rider_months(frames)))


def reported_share_of_covered(frames: Frames) -> Series:
    """Covered injuries reported to a scheme that covers them, over covered injuries."""
    claims = frames.table("claims")
    covered = claims[claims["covered"].astype(bool)]
    injuries = covered.groupby([*CELL, "injury_id"])["reported"].any().rename("reported").reset_index()
    counted = injuries.assign(injuries=1, reported=injuries["reported"].astype("int64"))
    return ratio(frames.book(counted, "reported"), frames.book(counted, "injuries"))


def _decisions(frames: Frames) -> pd.DataFrame:
    """Return reported claims with ``decided`` and ``end``: the first decision, or how far the claim was waited for.

    A claim that was given up, or barred when it came, was never decided: it is waited for until then, an open one to
    the end of the valuation month.
    """
    import pandas as pd

    claims = frames.table("claims")
    claims = claims[claims["reported"].astype(bool)]
    known_to = pd.to_datetime(claims["valuation"], format="%Y-%m") + pd.offsets.MonthBegin(1)
    over = claims["first_decided_at"]
    decided = over.notna() & claims["first_decision"].isin(["confirmed", "refused"])
    return claims.assign(decided=decided, end=over.where(over.notna(), known_to))


def days_to_decision(q: float) -> Callable[[Frames], Series]:
    """Return the metric of a quantile of days from notification to first decision, pooled in a replication.

    The quantile is the smallest time by which the Kaplan-Meier estimate says at least a share q is decided; claims
    that are still undecided count up to the valuation. Null when it does not get that far.
    """

    def compute(frames: Frames) -> Series:
        import pandas as pd

        claims = _decisions(frames)
        claims = claims.assign(days=calendar_days(claims["notified_at"], claims["end"]))
        found = {
            cell: kaplan_meier_quantile(own["days"].to_numpy(), own["decided"].to_numpy(), q)
            for cell, own in claims.groupby(CELL)
        }
        return pd.Series([found.get(cell) for cell in frames.cells], frames.cells, "float64")

    return compute


def kaplan_meier_quantile(times: Any, ended: Any, q: float) -> float | None:
    """Return the smallest time t with 1 - S(t) >= q, S the Kaplan-Meier estimate; None when there is none.

    Parameters
    ----------
    times : array of shape (n,)
        Time to the end, or to where it was last seen open.
    ended : array of bool of shape (n,)
        Whether it ended; with all ended this is the smallest value with a share q of the values up to it.
    q : float
        Between 0 and 1.
    """
    import numpy as np

    if len(times) == 0:
        return None
    moments, place = np.unique(times, return_inverse=True)
    ends = np.bincount(place, weights=np.asarray(ended, np.float64), minlength=len(moments))
    gone = np.bincount(place, minlength=len(moments))
    at_risk = len(times) - np.concatenate(([0], np.cumsum(gone)[:-1]))
    surviving = np.cumprod(1 - ends / at_risk)
    # The tolerance keeps 0.5 of four from needing a third by a rounding error.
    reached = np.flatnonzero((1 - surviving >= q - 1e-12) & (ends > 0))
    return float(moments[reached[0]]) if len(reached) else None


def decided_within_limit(frames: Frames) -> Series:
    """Divide accepted claims decided within their limit by those decided or already beyond it."""
    import pandas as pd

    claims = _decisions(frames)
    claims = claims[claims["accepted_at"].notna() & claims["limit_days"].notna()]
    tops, bottoms = [], []
    for design, own in claims.groupby("design"):
        facts, limit = frames.facts(str(design)), own["limit_days"].to_numpy("int64")
        start, end = (own[name].to_numpy().astype("datetime64[s]") for name in ("accepted_at", "end"))
        days = facts.count_days(start, end) - own["suspended_days"].fillna(0).to_numpy()
        within = own["decided"].to_numpy() & (days <= limit)
        known = own["decided"].to_numpy() | (days > limit)
        tops.append(own[CELL].assign(claims=within.astype("int64")))
        bottoms.append(own[CELL].assign(claims=known.astype("int64")))
    if not tops:
        return pd.Series(float("nan"), frames.cells, dtype="float64")
    return ratio(frames.book(pd.concat(tops), "claims"), frames.book(pd.concat(bottoms), "claims"))


def undecided_claims(frames: Frames) -> Series:
    """Count reported claims without a first decision at the valuation."""
    claims = _decisions(frames)
    return frames.book(claims.assign(open=claims["first_decided_at"].isna().astype("int64")), "open")


def open_claims(frames: Frames) -> Series:
    """Count reported claims neither closed, refused nor withdrawn at the valuation."""
    claims = frames.table("claims")
    gone = (
        claims["final_decision"].isin(["refused", "time_barred", "withdrawn"]) | claims["closed_at"].notna()
    )
    return frames.book(claims.assign(open=(claims["reported"].astype(bool) & ~gone).astype("int64")), "open")


def uncompensated_per_injured_rider(frames: Frames) -> Series:
    """Uncompensated loss over riders injured at least once, yuan."""
    riders = frames.table("injuries").groupby(WORLD_CELL)["rider_id"].nunique().reindex(frames.world_cells)
    return ratio(uncompensated_loss(frames), frames.for_books(riders.astype("float64")))


def uncompensated_loss(frames: Frames) -> Series:
    """Loss that nobody made good, yuan; null where no loss is worked out."""
    loss = frames.book(frames.all_riders, "loss_fen")
    return frames.book(frames.all_riders, "uncompensated_fen").where(loss != 0) / FEN


def rider_months(frames: Frames) -> Series:
    """Riders with work in a month, over months."""
    return frames.world(frames.table("riders"), "riders_active")


def of_world(table: str, column: str) -> Callable[[Frames], Series]:
    """Return the metric of a total of a world's table."""
    return lambda frames: frames.world(frames.table(table), column)


def injuries(frames: Frames) -> Series:
    """Count the injuries of a world."""
    return frames.world(frames.table("injuries").assign(count=1), "count")


def deaths(frames: Frames) -> Series:
    """Count the injuries of a world of which the rider died."""
    rows = frames.table("injuries")
    return frames.world(rows.assign(count=rows["fatal"].astype("int64")), "count")


def injuries_per_million_hours(frames: Frames) -> Series:
    """Injuries over worked hours, times a million."""
    return ratio(injuries(frames) * 1e6, of_world("riders", "worked_hours")(frames))
