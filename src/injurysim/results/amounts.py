"""Differences and their intervals in words and digits: one scale and as many decimals as their precision deserves."""

from __future__ import annotations

import math
from dataclasses import dataclass

from injurysim.describe.catalogue import Language
from injurysim.results.catalogue import words
from injurysim.results.wording import is_per_cent

SCALES: dict[Language, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, " billion"), (1e6, " million")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}
"""From which size on numbers are told in larger units."""
MOST_DIGITS = 5
"""Significant digits of the largest number told."""
MOST_DECIMALS = 9


@dataclass(frozen=True)
class Amounts:
    """How the numbers of one sentence are written.

    Attributes
    ----------
    language : {'en', 'zh'}
        The language.
    unit : str
        Unit of the metric; shares are told in percentage points.
    size : float
        The largest number to be told, without its sign.
    half_width : float
        How precisely they are known: two digits of it are told. 0 when exactly.

    Examples
    --------
    >>> Amounts("en", "yuan", 1_512_345.0, 298_765.0).told(1_213_580.0)
    '1.21 million yuan'
    >>> Amounts("zh", "yuan", 1_512_345.0, 298_765.0).ends(914_815.0, 1_512_345.0)
    '91万至151万'
    """

    language: Language
    unit: str
    size: float
    half_width: float

    @property
    def _scale(self) -> tuple[float, str]:
        if is_per_cent(self.unit):
            return 0.01, ""
        return next(((at, word) for at, word in SCALES[self.language] if self.size >= at), (1.0, ""))

    @property
    def _decimals(self) -> int:
        scale = self._scale[0]
        of_size = MOST_DIGITS - 1 - _place(self.size / scale)
        wanted = of_size if self.half_width == 0 else 1 - _place(self.half_width / scale)
        return max(0, min(wanted, of_size, MOST_DECIMALS))

    def _digits(self, value: float, *, signed: bool = False) -> str:
        scale, word = self._scale
        text = f"{abs(value) / scale:,.{self._decimals}f}"
        if self.language == "zh":
            text = text.replace(",", "")
        if self.half_width == 0 and "." in text:
            text = text.rstrip("0").rstrip(".")
        sign = "−" if signed and value < 0 and any(digit in text for digit in "123456789") else ""
        return f"{sign}{text}{word}"

    def told(self, value: float) -> str:
        """Write a number without its sign, with its unit."""
        return in_unit(self._digits(value), self.unit, self.language)

    def bare(self, value: float) -> str:
        """Write a number with its sign, without its unit."""
        return self._digits(value, signed=True)

    def ends(self, low: float, high: float, *, signed: bool = False) -> str:
        """Write the ends of an interval without the unit.

        Where both have one sign it is left out by default, and the smaller number stands first.
        """
        if not signed and low <= high <= 0:
            low, high = -high, -low
        word = words(self.language)["range.ends"]
        first, last = self._digits(low, signed=True), self._digits(high, signed=True)
        if self.language == "en":
            first = first.removesuffix(self._scale[1])
        return word.format(low=first, high=last)


def in_unit(digits: str, unit: str, language: Language) -> str:
    """Put digits into their unit; a difference of shares is in percentage points.

    Examples
    --------
    >>> in_unit("0.06", "yuan/order", "en"), in_unit("", "share of payroll", "zh")
    ('0.06 yuan per order', '个百分点')
    """
    return words(language)[f"unit.{'per cent' if is_per_cent(unit) else unit}"].format(digits)


def _place(value: float) -> int:
    """Return the power of ten of the first digit."""
    return 0 if value == 0 else math.floor(math.log10(value))
