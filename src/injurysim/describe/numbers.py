"""How each language writes numbers, dates, lists and values that change on a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Number = Decimal | int | float

TEN_THOUSAND = 10_000


def digits(value: Number) -> str:
    """Write a number exactly, without trailing zeros and without an exponent.

    Examples
    --------
    >>> digits(Decimal("0.0700")), digits(1200), digits(0.0000027), digits(Decimal("1E+3"))
    ('0.07', '1200', '0.0000027', '1000')
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    text = format(exact, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@dataclass(frozen=True)
class Manner:
    """The manner of a language.

    Attributes
    ----------
    comma, semicolon, last, gap : str
        What stands between the items of a list, between longer items, before the last of a list, between sentences.
    """

    comma: str
    semicolon: str
    last: str
    gap: str

    def number(self, value: Number) -> str:
        """Write a number."""
        raise NotImplementedError

    def share(self, value: Number) -> str:
        """Write a share in per cent."""
        raise NotImplementedError

    def date(self, day: dt.date) -> str:
        """Write a day."""
        raise NotImplementedError

    def since(self, day: dt.date, said: str) -> str:
        """Say that something holds from a day on."""
        raise NotImplementedError

    def counted(self, value: str, noun: str) -> str:
        """Write a number of things."""
        raise NotImplementedError

    def listed(self, items: Sequence[str], comma: str | None = None, last: str | None = None) -> str:
        """Write a list."""
        comma = self.comma if comma is None else comma
        last = self.last if last is None else last
        return (
            items[0] if len(items) == 1 else last.join([comma.join(items[:-1]), items[-1]]) if items else ""
        )


class English(Manner):
    """English: thousands by commas, per cent after a space, ISO dates in words."""

    def number(self, value: Number) -> str:
        """Write a number.

        Examples
        --------
        >>> MANNERS["en"].number(600000), MANNERS["en"].number(Decimal("0.0600"))
        ('600,000', '0.06')
        """
        whole, point, rest = digits(value).partition(".")
        return f"{int(whole):,}{point}{rest}" if whole not in ("-0",) else f"-0{point}{rest}"

    def share(self, value: Number) -> str:
        """Write a share in per cent."""
        return f"{self.number(Decimal(str(value)) * 100)} %"

    def date(self, day: dt.date) -> str:
        """Write a day."""
        return f"{day.day} {day:%B} {day.year}"

    def since(self, day: dt.date, said: str) -> str:
        """Say that something holds from a day on."""
        return f"{said} from {self.date(day)}"

    def counted(self, value: str, noun: str) -> str:
        """Write a number of things."""
        return f"{value} {noun}{'' if value == '1' else 's'}"


class Chinese(Manner):
    """Chinese: ten thousands where they are round, dates with 年月日."""

    def number(self, value: Number) -> str:
        """Write a number.

        Examples
        --------
        >>> MANNERS["zh"].number(600000), MANNERS["zh"].number(26709), MANNERS["zh"].number(Decimal("0.06"))
        ('60万', '26709', '0.06')
        """
        text = digits(value)
        if "." not in text and abs(int(text)) >= TEN_THOUSAND and int(text) % 100 == 0:
            return f"{digits(Decimal(text) / TEN_THOUSAND)}万"
        return text

    def share(self, value: Number) -> str:
        """Write a share in per cent."""
        return f"{digits(Decimal(str(value)) * 100)}%"

    def date(self, day: dt.date) -> str:
        """Write a day."""
        return f"{day.year}年{day.month}月{day.day}日"

    def since(self, day: dt.date, said: str) -> str:
        """Say that something holds from a day on."""
        return f"{self.date(day)}起{said}"

    def counted(self, value: str, noun: str) -> str:
        """Write a number of things."""
        return f"{value}{noun}"


MANNERS: dict[str, Manner] = {
    "en": English(comma=", ", semicolon="; ", last=" and ", gap=" "),
    "zh": Chinese(comma="，", semicolon="；", last="，", gap=""),
}
"""The manner of each language."""
