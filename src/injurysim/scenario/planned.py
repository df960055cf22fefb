"""What the language is laid out for and this version cannot do yet.

A kind or a value named here is refused by name, with what it is, rather than as a mistake in spelling.
"""

from __future__ import annotations

PLANNED: dict[str, dict[str, str]] = {
    # of a world
    "rest": {"latent": "a latent effectiveness that rest restores"},
}
"""Field name -> kind (a value of ``kind`` or of the field itself) -> what it is, in a few words."""


def planned_kind(field: str, kind: str) -> str | None:
    """Say what a kind under a field is, when the language is laid out for it and it is not available; else None.

    Examples
    --------
    >>> planned_kind("rest", "latent")
    'a latent effectiveness that rest restores'
    >>> planned_kind("rest", "latend") is None
    True
    """
    return PLANNED.get(field, {}).get(kind)
