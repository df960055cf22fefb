"""Processes that tests start, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def started(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a command in a session of its own, as a terminal does; nothing of it outlives the block."""
    running = subprocess.Popen(  # noqa: S603
        command,
        encoding="utf-8",
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()


def of_session(leader: int, seconds: float = 10) -> list[int]:
    """Return the processes of a session that still run after so many seconds, where the system lists them."""
    end = time.monotonic() + seconds
    while (left := _of_session(leader)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def _of_session(leader: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found
