"""What is said when a run stops before its end: why, what is kept of it, and how to go on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from injurysim.core.errors import BalanceError, CheckFailed, InputError, RunInterrupted
from injurysim.results.folder import NO_ROOM, RunFolder

OUT_OF_REACH = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO, errno.ESTALE, errno.ENOENT)
"""What the system says of a file it does not let be read or written, be it for good or for a while."""


@contextmanager
def told_how_to_go_on(folder: RunFolder) -> Iterator[None]:
    """Turn what can stop a run from outside into a message that says how to go on.

    Raises
    ------
    RunInterrupted
        On Ctrl-C, a disk that is full or lets nothing be written, without memory or workers, and on a wrong input that
        shows when cells have been finished.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise _interrupted("interrupted", folder) from None
    except RunInterrupted as error:
        raise _interrupted(str(error), folder) from error
    except MemoryError as error:
        raise _interrupted("memory ran out (fewer --workers need less)", folder) from error
    except (BalanceError, CheckFailed):
        raise
    except InputError as error:
        if folder.holds_something and folder.keeps:
            raise _interrupted(str(error), folder) from error
        raise
    except OSError as error:
        if error.errno in NO_ROOM:
            raise _interrupted("the disk is full (make room first)", folder) from error
        if error.errno in OUT_OF_REACH:
            place = folder.target.name if error.filename is None else error.filename
            raise _interrupted(f"{place} cannot be read or written ({error.strerror})", folder) from error
        raise
    except Exception as error:
        if folder.holds_something and folder.keeps:
            error.add_note(_interrupted("stopped by an error of the program", folder).args[0])
        raise


def _interrupted(why: str, folder: RunFolder) -> RunInterrupted:
    if folder.committed:
        return RunInterrupted(f"{why}; the run is finished in {folder.target}")
    if folder.keeps and folder.holds_something:
        return RunInterrupted(f"{why}; what has ended is kept, go on with --out {folder.target} --resume")
    return RunInterrupted(f"{why}; nothing is kept")
