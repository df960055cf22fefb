"""Leaves that move no table, each with the reason."""

from __future__ import annotations

from keys.leaves import LAW, all_leaves, holders

SAID = "said to readers: it stands in descriptions and verdicts"

EXEMPT: dict[str, str] = {
    "Scenario.format": "there is one format",
    "Scenario.name": "names the folder of results",
    **dict.fromkeys(("Text.en", "Text.zh"), SAID),
    **dict.fromkeys(("Source.title", "Source.issuer", "Source.date", "Source.clause"), SAID),
    **dict.fromkeys(("Annuity.source", "Annuity.grade", "Annuity.note"), SAID),
    **{
        f"{law.__name__}.{field}": SAID
        for law in holders()
        if issubclass(law, LAW)
        for field in ("source", "clause", "grade", "note")
    },
    "ListedDays.published_to": "says to readers how far the days are published ones; the days themselves are listed",
    "ListedInjuries.severities": "names what may be reported: reporting must know each; an injury says its own",
    **dict.fromkeys(("World.varied/Varied.set", "Design.varied/Varied.set"), SAID),
    "Constant.between": "a constant within an interval is itself, and one outside is refused",
    "Lognormal.median": "is read as the mu of which it is the exponential, and never held (see Lognormal.mu)",
    "ConfirmAfter.compliance": "is refused: who confirms goes on, and `confirm_share` says who",
    "NoClaim.claim_cap_yuan": "is refused: the rating asks whether there was a claim, not what it cost",
}
"""Leaf: why changing it moves nothing."""

IN_RESULTS = frozenset(
    {
        *("Scenario.replications", "Baseline.world", "Baseline.design"),
        *("World.varied/Varied.of", "Design.varied/Varied.of"),
        *("Precision.at_least", "Precision.at_most"),
        *("Target.metric", "Target.of", "Target.world", "Target.design", "Target.half_width"),
    }
)
"""Leaves that say what is run and compared: they move the tables of a whole run and not those of a cell."""

EVERY = all_leaves() - IN_RESULTS - EXEMPT.keys()
"""Leaves that must move something in a cell."""
