"""Results folders: made aside and moved into place when whole; opened with their tables read when asked for."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from injurysim.core.errors import InputError, RunInterrupted
from injurysim.core.parts import read_table
from injurysim.core.schemas import TABLES
from injurysim.results.manifest import read_manifest

if TYPE_CHECKING:
    import pandas as pd

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""What a full disk, or a full quota, says."""


class RunFolder:
    """A results folder in the making: a temporary sibling that becomes the target when it is committed.

    Leaving the ``with`` block without :meth:`commit` takes the temporary away. Only after an interruption
    (``KeyboardInterrupt``, :class:`RunInterrupted`, a full disk) is it kept, for ``--resume`` to go on with.

    Parameters
    ----------
    target : Path
        Where the results go; it must not exist, or be an empty folder.
    resume : bool
        Go on with an unfinished run of the same ``inputs`` when there is one.
    inputs : mapping of name to text or number
        What must agree before figures are mixed: digests of scenario and program, seed, engine.

    Raises
    ------
    InputError
        On entering: the target is taken, an unfinished run is there and ``resume`` is off, or it is another run.

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
        self, target: Path, *, resume: bool = False, inputs: Mapping[str, str | int] | None = None
    ) -> None:
        self.target = Path(target)
        self.resume = resume
        self.inputs = dict(inputs or {})
        self.tmp = self.target.with_name(f".{self.target.name}.unfinished")
        """The folder to write into until :meth:`commit`."""
        self.committed = False

    @property
    def _mark(self) -> Path:
        return self.tmp / "inputs.json"

    def __enter__(self) -> Self:
        name = self.target.name
        if self.target.exists() and not (self.target.is_dir() and not any(self.target.iterdir())):
            raise InputError.of(
                f"the folder '{name}' exists and is not empty.",
                "Choose another --out or remove it.",
                where="--out",
            )
        if self.tmp.exists():
            if not self.resume:
                raise InputError.of(
                    f"an unfinished run is kept in '{self.tmp.name}' beside '{name}'.",
                    "Go on with it by --resume, choose another --out, or remove it.",
                    where="--out",
                )
            if differ := self._differing():
                raise InputError.of(
                    f"the unfinished run in '{self.tmp.name}' is of another {' and '.join(differ)}.",
                    "Choose another --out or remove it.",
                    where="--resume",
                )
            return self
        try:
            self.tmp.mkdir(parents=True)
        except OSError as error:
            raise InputError.of(
                f"the folder '{name}' cannot be made: {error.strerror}.",
                "Choose another --out.",
                where="--out",
            ) from error
        try:
            self._mark.write_text(json.dumps(self.inputs), encoding="utf-8")
        except OSError:
            shutil.rmtree(self.tmp, ignore_errors=True)  # nothing is in it that could be gone on with
            raise
        return self

    def _differing(self) -> list[str]:
        """Name the inputs in which the unfinished run is another."""
        try:
            kept = json.loads(self._mark.read_text("utf-8"))
        except (OSError, ValueError):
            kept = {}
        return [name for name, value in self.inputs.items() if kept.get(name) != value]

    def commit(self) -> Path:
        """Move the whole folder into place and return the target."""
        self._mark.unlink(missing_ok=True)
        if self.target.is_dir():
            self.target.rmdir()
        self.tmp.rename(self.target)
        self.committed = True
        return self.target

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        full = isinstance(error, OSError) and error.errno in NO_ROOM
        resumable = full or isinstance(error, (KeyboardInterrupt, RunInterrupted))
        if not self.committed and not resumable:
            shutil.rmtree(self.tmp, ignore_errors=True)


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
            raise InputError.of(
                f"no table '{name}' in '{self.path}'.", f"It holds {', '.join(self.tables)}.", where="table"
            )
        return read_table(self.path, name, columns, filters)

    @property
    def scenario_file(self) -> Path:
        """The scenario as it was resolved."""
        return self.path / "scenario.yaml"
