"""Results folders: made aside and moved into place when whole; opened with their tables read when asked for."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from injurysim.core.errors import BalanceError, CheckFailed, InputError, RunInterrupted
from injurysim.core.parts import read_table
from injurysim.core.schemas import TABLES
from injurysim.results.manifest import read_manifest

if TYPE_CHECKING:
    import pandas as pd

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""What a full disk, or a full quota, says."""
MARK = "inputs.json"
"""What an unfinished run is of."""


class RunFolder:
    """A results folder in the making: a temporary sibling that becomes the target when it is committed.

    Leaving the ``with`` block without :meth:`commit` keeps the temporary for ``--resume`` to go on with, whatever went
    wrong, when a cell is finished in it; it is taken away when the figures themselves were found wrong
    (:class:`BalanceError`, :class:`CheckFailed`). One process works in it at a time.

    Parameters
    ----------
    target : Path
        Where the results go; it must not exist, or be an empty folder.
    resume : bool
        Go on with an unfinished run of the same ``inputs`` when there is one.
    inputs : mapping of name to text or number
        What must agree before figures are mixed: digests of scenario and program, seed, engine.
    keeps : bool
        Off for what is quickly made again: nothing is kept then, whatever happened.

    Raises
    ------
    InputError
        The target has no name of its own. On entering: it is taken or cannot be made, an unfinished run is there and ``resume`` is off, it is
        another run, or another process works in it.
    RunInterrupted
        On entering: the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "run-1"
    >>> with RunFolder(target) as folder:
    ...     _ = (folder.tmp / "notes.txt").write_text("whole")
    ...     path = folder.commit()
    >>> (target / "notes.txt").read_text()
    'whole'
    """

    def __init__(
        self,
        target: Path,
        *,
        resume: bool = False,
        inputs: Mapping[str, str | int] | None = None,
        keeps: bool = True,
    ) -> None:
        self.target = Path(target)
        if self.target.name in ("", ".."):
            raise InputError.of(
                f"'{self.target}' is no name for a folder to be made.", "Choose another --out.", where="--out"
            )
        self.resume = resume
        self.inputs = dict(inputs or {})
        self.keeps = keeps
        self.tmp = self.target.with_name(f".{self.target.name}.unfinished")
        """The folder to write into until :meth:`commit`."""
        self.committed = False
        self._mark: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._enter()
        except OSError as error:
            self._let_go()
            if error.errno in NO_ROOM:
                raise RunInterrupted("the disk is full; nothing was begun") from error
            raise InputError.of(
                f"the folder '{self.target.name}' cannot be made: {error.strerror}.",
                "Choose another --out.",
                where="--out",
            ) from error
        except BaseException:
            self._let_go()
            raise
        if os.name == "nt":  # there a folder with an open file cannot be moved
            self._let_go()
        return self

    def _enter(self) -> None:
        if self.target.exists() and not (self.target.is_dir() and not any(self.target.iterdir())):
            raise InputError.of(
                f"the folder '{self.target.name}' exists and is not empty.",
                "Choose another --out or remove it.",
                where="--out",
            )
        self.tmp.mkdir(parents=True, exist_ok=True)
        self._mark = (self.tmp / MARK).open("a+b")
        self._keep_others_out(self._mark)
        if self.holds_something:
            self._check_resumable(self._mark)
        else:  # new, or cut short before it held anything
            try:
                self._mark.truncate(0)
                self._mark.write(json.dumps(self.inputs).encode())
                self._mark.flush()
            except OSError:
                shutil.rmtree(self.tmp, ignore_errors=True)
                raise

    def _keep_others_out(self, mark: IO[bytes]) -> None:
        """Let no other process work here for as long as the mark is open."""
        if os.name == "nt":
            return
        import fcntl

        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError.of(
                f"another process is at work in '{self.tmp.name}'.",
                "Wait until it has ended, or choose another --out.",
                where="--out",
            ) from None
        except OSError:
            pass  # a file system without locks

    def _check_resumable(self, mark: IO[bytes]) -> None:
        if not self.resume:
            raise InputError.of(
                f"an unfinished run is kept in '{self.tmp.name}' beside '{self.target.name}'.",
                "Go on with it by --resume, choose another --out, or remove it.",
                where="--out",
            )
        mark.seek(0)
        try:
            kept = json.loads(mark.read())
        except ValueError:
            kept = None
        known = kept if isinstance(kept, dict) else {}
        if differ := [name for name, value in self.inputs.items() if known.get(name) != value]:
            raise InputError.of(
                f"the unfinished run in '{self.tmp.name}' is of another {' and '.join(differ)}.",
                "Choose another --out or remove it.",
                where="--resume",
            )

    @property
    def holds_something(self) -> bool:
        """Say whether a cell is finished in the temporary, or the whole run is closed."""
        return (self.tmp / "manifest.json").is_file() or any((self.tmp / "cells").glob("part-*.json"))

    def commit(self) -> Path:
        """Move the whole folder into place and return the target."""
        if self.target.is_dir():
            self.target.rmdir()
        self.tmp.rename(self.target)
        self.committed = True
        # Only now: without it an unfinished run cannot be gone on with.
        (self.target / MARK).unlink(missing_ok=True)
        return self.target

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wrong = error is None or isinstance(error, (BalanceError, CheckFailed))
        if not self.committed and (wrong or not self.keeps or not self.holds_something):
            shutil.rmtree(self.tmp, ignore_errors=True)
        self._let_go()

    def _let_go(self) -> None:
        if self._mark is not None:
            self._mark.close()
            self._mark = None


class ResultsFolder:
    """A results folder opened for reading; nothing is read before it is asked for.

    Parameters
    ----------
    path : Path
        The folder.

    Raises
    ------
    InputError
        It is not a whole results folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if not self.path.is_dir():
            raise InputError.of(
                f"there is no folder '{self.path}'.", "Name the folder a run has written.", where="RESULTS"
            )
        if not (self.path / "manifest.json").is_file():
            raise InputError.of(
                f"the folder '{self.path}' has no manifest.json, so no run was finished in it.",
                "Name the folder a run has written.",
                where="RESULTS",
            )

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The manifest."""
        try:
            return read_manifest(self.path)
        except ValueError as error:
            raise InputError.of(
                f"manifest.json in '{self.path}' cannot be read: {error}.",
                "Run the scenario again.",
                where="RESULTS",
            ) from error

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables it holds, in the documented order."""
        held = self.path / "tables"
        return tuple(
            name for name in TABLES if (held / f"{name}.parquet").is_file() or (held / name).is_dir()
        )

    def table(self, name: str, columns: Sequence[str] | None = None, filters: Any = None) -> pd.DataFrame:
        """Read a table (see :func:`injurysim.core.parts.read_table`).

        Raises
        ------
        InputError
            There is no such table in the folder.
        """
        if name not in self.tables:
            fix = (
                "Run the scenario again: it was taken away, or another version has made the folder."
                if name in TABLES
                else f"It holds {', '.join(self.tables) or 'none'}."
            )
            raise InputError.of(f"no table '{name}' in '{self.path}'.", fix, where="table")
        return read_table(self.path, name, columns, filters)

    @property
    def scenario_file(self) -> Path:
        """The scenario as it was resolved."""
        return self.path / "scenario.yaml"
