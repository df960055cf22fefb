"""The identities of cases: claims, attribution, exposure, injuries and losses."""

from __future__ import annotations

from injurysim.core.balance_sums import CELL, Frames, same_sums, told


def every_claim_is_somewhere(frames: Frames) -> list[str]:
    """Check that reported = open + closed paid + closed unpaid + refused + withdrawn, and the rest has no file."""
    claims = frames["claims"]
    decision, closed = claims["final_decision"].fillna(""), claims["closed_at"].notna()
    standing = {
        "open": decision.isin(["pending", "confirmed"]) & ~closed,
        "closed paid": (decision == "confirmed") & closed & (claims["paid_fen"] > 0),
        "closed unpaid": (decision == "confirmed") & closed & (claims["paid_fen"] <= 0),
        "refused": decision.isin(["refused", "time_barred"]),
        "withdrawn": decision == "withdrawn",
    }
    places = sum(here.astype(int) for here in standing.values())
    file = claims[["claim_id", "final_decision", "closed_at"]].notna().any(axis=1) | (claims["paid_fen"] != 0)
    reported = claims["reported"].astype(bool)
    nowhere = reported & ((places != 1) | claims["claim_id"].isna())
    return [
        *told(
            "claims",
            claims,
            nowhere,
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


def only_the_confirmed_are_paid(frames: Frames) -> list[str]:
    """Check that nothing is paid before a confirmation, and nothing held against what is refused, given up or late."""
    claims = frames["claims"]
    decision = claims["final_decision"].fillna("")
    over = decision.isin(["refused", "withdrawn", "time_barred"])
    wrong = ((decision != "confirmed") & (claims["paid_fen"] != 0)) | (
        over & (claims["outstanding_fen"] != 0)
    )
    return told(
        "claims",
        claims,
        wrong & claims["reported"].astype(bool),
        ("claim_id",),
        lambda row: (
            f"{row.final_decision}, and {row.paid_fen} fen are paid and {row.outstanding_fen} outstanding"
        ),
    )


def moments_are_in_order(frames: Frames) -> list[str]:
    """Check that a claim is accepted after its notification and decided after both, and closed last of all."""
    claims = frames["claims"]
    # A claim that comes too late is decided when it is notified and never accepted.
    chain = ["notified_at", "accepted_at", "first_decided_at", "final_decided_at", "closed_at"]

    def before(later: str, earlier: str) -> list[str]:
        return told(
            "claims",
            claims,
            claims[later] < claims[earlier],
            ("claim_id",),
            lambda row: f"{later} {getattr(row, later)} comes before {earlier} {getattr(row, earlier)}",
        )

    found = [
        sentence
        for number, later in enumerate(chain)
        for earlier in chain[:number]
        for sentence in before(later, earlier)
    ]
    decided = claims["first_decision"].isin(["confirmed", "refused"]) & claims["accepted_at"].isna()
    return found + told("claims", claims, decided, ("claim_id",), lambda _: "decided and never accepted")


def queues_roll_forward(frames: Frames) -> list[str]:
    """Check that backlog = backlog before + arrived - finished - withdrawn, month by month from nothing."""
    offices = frames["offices"].sort_values([*CELL, "region", "office", "month"])
    change = (offices["arrived"] - offices["finished"] - offices["withdrawn"]).astype("Int64")
    keys = [offices[name] for name in (*CELL, "region", "office")]
    offices = offices.assign(wanted=change.groupby(keys).cumsum())
    return told(
        "offices",
        offices,
        offices["backlog"] != offices["wanted"],
        ("month", "region", "office"),
        lambda row: f"backlog is {row.backlog}, and what arrived less what left makes {row.wanted}",
    )


def claims_are_paid_the_payments(frames: Frames) -> list[str]:
    """Check that ``paid_fen`` of a claim is the sum of its payments, whoever paid them."""
    claims = frames["claims"]
    return same_sums(
        ("claims", "paid_fen", claims[claims["claim_id"].notna()]),
        ("payments", "amount_fen", frames["payments"]),
        ["claim_id", "scheme"],
    )


def attribution_adds_to_one(frames: Frames) -> list[str]:
    """Check that the shares of a claim add to one for each purpose, and that there is such a claim."""
    rows = frames["attribution"]
    total = rows.groupby([*CELL, "claim_id", "purpose"])["share"].sum().reset_index()
    known = frames["claims"][[*CELL, "claim_id"]].dropna().drop_duplicates()
    joined = total.merge(known, how="left", on=[*CELL, "claim_id"], indicator=True)
    return [
        *told(
            "attribution",
            total,
            (total["share"] - 1).abs() > 1e-9,
            ("claim_id", "purpose"),
            lambda row: f"the shares add to {row.share}, not to 1",
        ),
        *told(
            "attribution",
            joined,
            joined["_merge"] != "both",
            ("claim_id", "purpose"),
            lambda _: "no such claim",
        ),
    ]


def exposure_is_the_riders(frames: Frames) -> list[str]:
    """Check that orders and earnings are the same by platform and by rider, for each month, region and group."""
    return [
        sentence
        for column in ("orders", "earnings_fen")
        for sentence in same_sums(
            ("riders", column, frames["riders"]),
            ("exposure", column, frames["exposure"]),
            ["month", "region", "group"],
            cell=["world", "replication"],
        )
    ]


def injuries_are_counted(frames: Frames) -> list[str]:
    """Check that every design counts the world's injuries, each once.

    Months are not compared: an injury after midnight may be counted in the month its shift began.
    """
    coverage = frames["coverage"]
    counted = coverage[coverage["dimension"] == "all"].groupby(CELL)["injuries"].sum().reset_index()
    happened = frames["injuries"].groupby(["world", "replication"]).size().rename("happened").reset_index()
    both = counted.merge(happened, how="left", on=["world", "replication"]).fillna({"happened": 0})
    return told(
        "coverage",
        both,
        both["injuries"] != both["happened"],
        (),
        lambda row: f"counts {row.injuries} injuries, and the world has {int(row.happened)}",
    )


def losses_are_split(frames: Frames) -> list[str]:
    """Check that loss = compensation - overcompensated + uncompensated, and that neither of the two is negative."""
    rows = frames["coverage"]
    paid = rows[[f"compensated_{source}_fen" for source in ("fund", "platform", "insurer", "other")]].sum(
        axis=1
    )
    left, over = rows["uncompensated_fen"], rows["overcompensated_fen"]
    wrong = (left < 0) | (over < 0) | (rows["loss_fen"] != paid - over + left)
    return told(
        "coverage",
        rows.assign(paid=paid),
        wrong,
        ("month", "dimension", "level"),
        lambda row: (
            f"uncompensated_fen is {row.uncompensated_fen} and overcompensated_fen {row.overcompensated_fen}, "
            f"with loss {row.loss_fen} and {row.paid} compensated"
        ),
    )
