"""What the language is laid out for and this version cannot do yet, so that a reader of older notes is told so."""

from __future__ import annotations

PLANNED: dict[str, dict[str, str]] = {
    "limits": {
        "week_logoff": "a weekly limit",
        "month_logoff": "a monthly limit",
        "bad_weather": "fewer orders in bad weather",
    },
    "rating": {
        "floating": "a grade by the paid ratio",
        "credibility": "experience rating by credibility",
    },
    "attribution": {
        "main_platform": "the platform the rider works on most",
    },
}
"""Field name -> kind (a value of ``kind`` or of the field itself) -> what it is, in a few words."""

PLANNED_KEYS: dict[str, dict[str, str]] = {
    "worlds": {"weather": "rain, snow and heat by region and month"},
    "platforms": {"reoffer_share": "orders lost to a limit and offered again"},
}
"""Field name of the mapping -> key -> what it is, in a few words."""


def planned_kind(field: str, kind: str) -> str | None:
    """Say what a kind under a field is, when the language is laid out for it and it is not available; else None.

    Examples
    --------
    >>> planned_kind("limits", "week_logoff")
    'a weekly limit'
    >>> planned_kind("limits", "week_logof") is None
    True
    """
    return PLANNED.get(field, {}).get(kind)


def planned_key(field: str, key: str) -> str | None:
    """Say what a key under a field is, when the language is laid out for it and it is not available; else None."""
    return PLANNED_KEYS.get(field, {}).get(key)
