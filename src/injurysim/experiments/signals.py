"""Who hears Ctrl-C: the process the user has started, once, and neither its workers nor its clearing up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker


@contextmanager
def out_of_reach_of_the_terminal() -> Iterator[None]:
    """Start processes that Ctrl-C, which a terminal sends to all of a run's processes, does not reach.

    It is left to the one that started them. From the first moment on, also while they are still importing: children
    inherit what is blocked. A Ctrl-C in the meantime is heard afterwards.
    """
    if os.name == "nt":
        yield
        return
    # The tracker of multiprocessing unblocks the signal once it runs.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nobody press Ctrl-C again while a block clears up, which takes seconds."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
