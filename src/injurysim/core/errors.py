"""The errors a user can meet, each with the exit code the command line gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the user's input, and where.

    Attributes
    ----------
    file : str
        The file as the user named it, or ``--set`` for a command-line override.
    line, column : int
        Position, both from 1 (0 when the problem has no position).
    where : str
        Dotted path of the key, for example ``designs.pilot.schemes.base.rate``.
    what : str
        What is wrong, in a sentence.
    fix : str
        What is allowed, or what to do.
    """

    file: str
    line: int
    column: int
    where: str
    what: str
    fix: str = ""

    def __str__(self) -> str:
        position = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = f" {self.where}:" if self.where else ""
        fix = f" {self.fix}" if self.fix else ""
        return f"{position}:{where} {self.what}{fix}"


class InjurysimError(Exception):
    """Base of the errors that end a command with a message and no traceback."""

    exit_code = 1


class InputError(InjurysimError):
    """The user's input is wrong; carries every problem found, in reading order."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def of(cls, what: str, fix: str = "", *, file: str = "injurysim", where: str = "") -> InputError:
        """Build an error of one problem that has no position in a file."""
        return cls([Problem(file, 0, 0, where, what, fix)])

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        # Exceptions travel between worker processes by pickle, which calls the class with its arguments.
        return (type(self), (self.problems,))


class CheckFailed(InjurysimError):
    """The check that was asked for came out against it; the message says where."""

    exit_code = 1


class RunInterrupted(InjurysimError):
    """The run was interrupted or ran out of room; nothing half-written is left."""

    exit_code = 3


class BalanceError(InjurysimError):
    """The run failed its own balance checks; carries one line per failed identity."""

    exit_code = 4

    def __init__(self, failures: Sequence[str]) -> None:
        self.failures = list(failures)
        super().__init__(
            "the run does not balance:\n" + "\n".join(f"  {failure}" for failure in self.failures)
        )

    def __reduce__(self) -> tuple[type[BalanceError], tuple[list[str]]]:
        return (type(self), (self.failures,))
