"""The identities of cases: claims, attribution, exposure, injuries and losses."""

from __future__ import annotations

import numpy as np

from injurysim.core.balance_sums import (
    CELL,
    Tables,
    among,
    amounts,
    grouped,
    held,
    joined,
    moments,
    same_sums,
    told,
    total,
    with_columns,
)
from injurysim.core.tables import follows, ordered


def every_claim_is_somewhere(tables: Tables) -> list[str]:
    """Check that reported = open + closed paid + closed unpaid + refused + withdrawn, and the rest has no file."""
    claims = tables["claims"]
    confirmed, closed = among(claims, "final_decision", "confirmed"), held(claims, "closed_at")
    paid_fen = amounts(claims, "paid_fen")
    standing = {
        "open": among(claims, "final_decision", "pending", "confirmed") & ~closed,
        "closed paid": confirmed & closed & (paid_fen > 0),
        "closed unpaid": confirmed & closed & (paid_fen <= 0),
        "refused": among(claims, "final_decision", "refused", "time_barred"),
        "withdrawn": among(claims, "final_decision", "withdrawn"),
    }
    places = np.sum(list(standing.values()), axis=0)
    numbered = held(claims, "claim_id")
    file = numbered | held(claims, "final_decision") | closed | (paid_fen != 0)
    reported = claims.column("reported").to_numpy()
    return [
        *told(
            "claims",
            claims,
            reported & ((places != 1) | ~numbered),
            ("injury_id", "scheme"),
            lambda row: (
                f"reported as {row.claim_id} with the final decision {row.final_decision} and closed at"
                f" {row.closed_at}, which is none of {', '.join(standing)}"
            ),
        ),
        *told(
            "claims",
            claims,
            ~reported & file,
            ("injury_id", "scheme"),
            lambda row: f"not reported, and still with a claim, a decision or {row.paid_fen} fen paid",
        ),
    ]


def only_the_confirmed_are_paid(tables: Tables) -> list[str]:
    """Check that nothing is paid before a confirmation, and nothing held against what is refused, given up or late."""
    claims = tables["claims"]
    over = among(claims, "final_decision", "refused", "withdrawn", "time_barred")
    wrong = (~among(claims, "final_decision", "confirmed") & (amounts(claims, "paid_fen") != 0)) | (
        over & (amounts(claims, "outstanding_fen") != 0)
    )
    return told(
        "claims",
        claims,
        wrong & claims.column("reported").to_numpy(),
        ("claim_id",),
        lambda row: (
            f"{row.final_decision}, and {row.paid_fen} fen are paid and {row.outstanding_fen} outstanding"
        ),
    )


def moments_are_in_order(tables: Tables) -> list[str]:
    """Check that a claim is accepted after its notification and decided after both, and closed last of all."""
    claims = tables["claims"]
    # A claim that comes too late is decided when it is notified and never accepted.
    chain = ["notified_at", "accepted_at", "first_decided_at", "final_decided_at", "closed_at"]
    at = {name: moments(claims, name) for name in chain}

    def before(later: str, earlier: str) -> list[str]:
        return told(
            "claims",
            claims,
            at[later] < at[earlier],
            ("claim_id",),
            lambda row: f"{later} {getattr(row, later)} comes before {earlier} {getattr(row, earlier)}",
        )

    found = [
        sentence
        for number, later in enumerate(chain)
        for earlier in chain[:number]
        for sentence in before(later, earlier)
    ]
    decided = among(claims, "first_decision", "confirmed", "refused") & ~held(claims, "accepted_at")
    return found + told("claims", claims, decided, ("claim_id",), lambda _: "decided and never accepted")


def queues_roll_forward(tables: Tables) -> list[str]:
    """Check that backlog = backlog before + arrived - finished - withdrawn, month by month from nothing."""
    office = [*CELL, "region", "office"]
    offices = ordered(tables["offices"], [*office, "month"])
    change = amounts(offices, "arrived") - total(offices, ("finished", "withdrawn"))
    running = np.cumsum(change)
    # What all rows before the first of an office add to is no part of its queue.
    first = np.flatnonzero(~follows(offices, office))
    wanted = running - np.repeat((running - change)[first], np.diff(first, append=offices.num_rows))
    return told(
        "offices",
        with_columns(offices, wanted=wanted),
        amounts(offices, "backlog") != wanted,
        ("month", "region", "office"),
        lambda row: f"backlog is {row.backlog}, and what arrived less what left makes {row.wanted}",
    )


def claims_are_paid_the_payments(tables: Tables) -> list[str]:
    """Check that ``paid_fen`` of a claim is the sum of its payments, whoever paid them."""
    claims = tables["claims"]
    return same_sums(
        ("claims", claims.filter(claims.column("claim_id").is_valid())),
        ("payments", tables["payments"]),
        {"paid_fen": "amount_fen"},
        ["claim_id", "scheme"],
    )


def attribution_adds_to_one(tables: Tables) -> list[str]:
    """Check that the shares of a claim add to one for each purpose, and that there is such a claim."""
    key = [*CELL, "claim_id", "purpose"]
    shares = grouped(tables["attribution"], key, share=("share", "sum"))
    unknown = joined(shares, tables["claims"].select([*CELL, "claim_id"]), [*CELL, "claim_id"], "left anti")
    return [
        *told(
            "attribution",
            shares,
            abs(shares.column("share").to_numpy() - 1) > 1e-9,
            ("claim_id", "purpose"),
            lambda row: f"the shares add to {row.share}, not to 1",
            order=key,
        ),
        *told(
            "attribution",
            unknown,
            np.ones(unknown.num_rows, bool),
            ("claim_id", "purpose"),
            lambda _: "no such claim",
            order=key,
        ),
    ]


def exposure_is_the_riders(tables: Tables) -> list[str]:
    """Check that orders and earnings are the same by platform and by rider, for each month, region and group."""
    return same_sums(
        ("riders", tables["riders"]),
        ("exposure", tables["exposure"]),
        {"orders": "orders", "earnings_fen": "earnings_fen"},
        ["month", "region", "group"],
        cell=["world", "replication"],
    )


def injuries_are_counted(tables: Tables) -> list[str]:
    """Check that every design counts the world's injuries, each once.

    Months are not compared: an injury after midnight may be counted in the month its shift began.
    """
    coverage, world = tables["coverage"], ["world", "replication"]
    everybody = coverage.filter(among(coverage, "dimension", "all"))
    counted = grouped(everybody, CELL, injuries=("injuries", "sum"))
    happened = grouped(tables["injuries"], world, happened=("injury_id", "count"))
    both = joined(counted, happened, world, "left outer")
    injuries = both.column("happened").fill_null(0)
    both = both.drop_columns("happened").append_column("happened", injuries)
    return told(
        "coverage",
        both,
        amounts(both, "injuries") != amounts(both, "happened"),
        (),
        lambda row: f"counts {row.injuries} injuries, and the world has {row.happened}",
        order=CELL,
    )


def losses_are_split(tables: Tables) -> list[str]:
    """Check that loss = compensation - overcompensated + uncompensated, and that neither of the two is negative."""
    rows = tables["coverage"]
    paid = total(rows, (f"compensated_{source}_fen" for source in ("fund", "platform", "insurer", "other")))
    left, over = amounts(rows, "uncompensated_fen"), amounts(rows, "overcompensated_fen")
    return told(
        "coverage",
        with_columns(rows, paid=paid),
        (left < 0) | (over < 0) | (amounts(rows, "loss_fen") != paid - over + left),
        ("month", "dimension", "level"),
        lambda row: (
            f"uncompensated_fen is {row.uncompensated_fen} and overcompensated_fen {row.overcompensated_fen}, "
            f"with loss {row.loss_fen} and {row.paid} compensated"
        ),
    )
