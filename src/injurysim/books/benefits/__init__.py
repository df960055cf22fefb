"""Benefits: what the law gives for an injury, in whole fen, each amount rounded half up once; a file a family."""

from injurysim.books.benefits import death, disability, income, medical
from injurysim.books.benefits.rules import AmountOf, Facts, PensionOf, amount_of, pension_of
from injurysim.books.benefits.wages import BaseWageOf, base_wage_of

__all__ = [
    "AmountOf",
    "BaseWageOf",
    "Facts",
    "PensionOf",
    "amount_of",
    "base_wage_of",
    "death",
    "disability",
    "income",
    "medical",
    "pension_of",
]
