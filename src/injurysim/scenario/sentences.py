"""The sentences for what pydantic refuses, by the type of its error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from injurysim.scenario.nodes import ListNode, MapNode, Node, ScalarNode

_EXPECTED = {
    "a whole number": ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
    "a number": ("float_type", "float_parsing", "decimal_type", "decimal_parsing"),
    "a finite number": ("finite_number",),
    "true or false": ("bool_type", "bool_parsing"),
    "text": ("string_type", "string_sub_type", "string_unicode"),
    "a date": (
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    ),
    "a date and time": ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
    "a time of day": ("time_type", "time_parsing"),
    "a length of time": ("time_delta_type", "time_delta_parsing"),
    "a list": ("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"),
    "a mapping of keys": (
        "dict_type",
        "mapping_type",
        "model_type",
        "model_attributes_type",
        "dataclass_type",
    ),
    "null": ("none_required",),
}
_BY_TYPE = {kind: phrase for phrase, kinds in _EXPECTED.items() for kind in kinds}

_HINTS = {
    "text": "Put it in quotes.",
    "a date": "Write it as 2022-07-01.",
    "a date and time": "Write it as 2022-07-01T08:30.",
    "a time of day": "Write it as 08:30.",
    "a list": "Write [a, b], or one '- item' per line.",
    "a mapping of keys": "Write 'key: value' lines below it, indented.",
    "null": "Leave the key out.",
}

_BOUNDS = {
    "greater_than": ("gt", "is not above {gt}.", "It must be above {gt}."),
    "greater_than_equal": ("ge", "is below {ge}.", "It must be {ge} or more."),
    "less_than": ("lt", "is not below {lt}.", "It must be below {lt}."),
    "less_than_equal": ("le", "is above {le}.", "It must be {le} or less."),
    "multiple_of": ("multiple_of", "is not a multiple of {multiple_of}.", ""),
    "string_too_short": ("min_length", "is too short.", "It needs at least {min_length} characters."),
    "string_too_long": ("max_length", "is too long.", "It may have at most {max_length} characters."),
    "string_pattern_mismatch": ("pattern", "does not have the right form.", "It must match {pattern}"),
    "too_short": ("min_length", "has {actual_length} entries.", "It needs at least {min_length}."),
    "too_long": ("max_length", "has more than {max_length} entries.", "It may have at most {max_length}."),
    "decimal_max_digits": ("max_digits", "has too many digits.", "It may have at most {max_digits}."),
    "decimal_max_places": (
        "decimal_places",
        "has too many decimals.",
        "It may have at most {decimal_places}.",
    ),
    "decimal_whole_digits": (
        "whole_digits",
        "is too large.",
        "It may have {whole_digits} digits before the point.",
    ),
}

_FORMS = {
    r"^[a-z][a-z0-9_\-]*$": "Use small letters, digits, '_' and '-', starting with a letter.",
}
"""Patterns that are better said in words."""


def shown(node: Node) -> str:
    """Name what the user wrote: a number as it stands, a text in quotes, a mapping or list by that word."""
    if isinstance(node, MapNode):
        return "A mapping"
    if isinstance(node, ListNode):
        return "A list"
    text = node.text if len(node.text) <= 40 else f"{node.text[:39]}…"
    return f"'{text}'" if isinstance(node.value, str) else text


def expected(kind: str, context: Mapping[str, Any]) -> str | None:
    """Say what was expected, in a few words, when an error of this type says so; else None.

    Examples
    --------
    >>> expected("decimal_parsing", {})
    'a number'
    >>> expected("literal_error", {"expected": "'stop' or 'switch'"})
    "'stop' or 'switch'"
    """
    if kind in ("literal_error", "enum"):
        return str(context.get("expected", ""))
    return _BY_TYPE.get(kind)


def said(kind: str, context: Mapping[str, Any], node: Node, message: str) -> tuple[str, str]:
    """Say what is wrong and what to do about it.

    Parameters
    ----------
    kind : str
        pydantic's error type.
    context : mapping
        What pydantic tells with it: bounds, expected words, the error of a validator.
    node : Node
        What the user wrote.
    message : str
        pydantic's own text, kept for errors that validators of the models raise.

    Returns
    -------
    tuple of str
        A sentence, and a sentence of advice (perhaps empty).
    """
    phrase = expected(kind, context)
    if phrase:
        missed_day = kind.startswith("date_") and "outside expected range" in str(context.get("error", ""))
        what = f"{shown(node)} is not in the calendar." if missed_day else f"{shown(node)} is not {phrase}."
        return what, "" if kind == "string_type" and not isinstance(node, ScalarNode) else _HINTS.get(
            phrase, ""
        )
    if kind in _BOUNDS and _BOUNDS[kind][0] in context:
        facts = {"actual_length": "too few", **context}
        _, what, fix = _BOUNDS[kind]
        return f"{shown(node)} {what.format(**facts)}", _FORMS.get(str(context.get("pattern"))) or fix.format(
            **facts
        )
    if kind in ("value_error", "assertion_error"):
        return sentence(str(context.get("error", message))), ""
    return sentence(message.replace("Input should", "It should")), ""


def sentence(text: str) -> str:
    """Begin with a capital and end with a stop.

    Examples
    --------
    >>> sentence("a Pareto law has a cv above 1")
    'A Pareto law has a cv above 1.'
    """
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
