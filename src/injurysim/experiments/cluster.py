"""Many machines: cells on a Dask cluster, through the same interface as any other executor.

Needs the extra ``cluster`` (dask.distributed). A worker that dies has its cell run by another; one that comes late
gets cells as well; both without a trace in the results, since a cell is a pure function of its inputs.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from injurysim.core.errors import InputError
from injurysim.experiments.signals import out_of_reach_of_the_terminal, undisturbed

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""In place of an address: workers of our own on this machine, each a process, reached by the loopback interface."""

SECONDS_TO_CONNECT = 30


@contextmanager
def cluster(
    address: str, workers: int, on_note: Callable[[str], None] = lambda _: None
) -> Iterator[Executor]:
    """Connect to a Dask scheduler, or start one, and run a block with its executor.

    Parameters
    ----------
    address : str
        ``local``, or the address of a scheduler: ``tcp://host:8786``, ``tls://host:8786``. Certificates of ``tls://``
        are those of Dask's own configuration (``distributed.comm.tls``).
    workers : int
        Processes to start when the address is ``local``.
    on_note : callable
        Told what the user should know of the connection.

    Yields
    ------
    concurrent.futures.Executor

    Raises
    ------
    InputError
        Dask is not installed, the address is none, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise InputError.of(
            "dask.distributed is not installed.",
            "Install it: pip install 'injurysim[cluster]'.",
            where="--cluster",
        ) from None
    with (
        _own(workers, Client) if address == LOCAL else _other(address, Client, on_note) as client,
        client.get_executor(pure=False, retries=0) as executor,
    ):
        yield executor


@contextmanager
def _own(workers: int, connect: type[Client]) -> Iterator[Client]:
    from distributed import LocalCluster

    with ExitStack() as stack:
        # Workers that are started again, in place of killed ones, inherit it from the thread that is begun here.
        with out_of_reach_of_the_terminal():
            own = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # with none named it is a fixed port on every interface
                memory_limit=0,  # the cells were measured before: a worker is not to be paused half-way
                silence_logs=logging.CRITICAL,  # every end of a worker is an error to it; what a cell raised comes back
            )
            client = stack.enter_context(connect(stack.enter_context(own)))
        try:
            yield client
        finally:
            with undisturbed():
                stack.close()


@contextmanager
def _other(address: str, connect: type[Client], on_note: Callable[[str], None]) -> Iterator[Client]:
    _check(address, on_note)
    try:
        client = connect(address, timeout=SECONDS_TO_CONNECT)
    except Exception as error:  # whatever answers there, and whatever is wrong with the certificates
        why = str(error).partition("\n")[0] or type(error).__name__
        raise InputError.of(
            f"no Dask scheduler answers at {address}: {why}.",
            "Start one (dask scheduler), or write --cluster local.",
            where="--cluster",
        ) from error
    with _quiet("distributed.client"), client:
        if not client.scheduler_info()["workers"]:
            on_note(f"no worker has come to {address} yet; cells are run as soon as one does")
        yield client


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a logger from telling, with a traceback, what is told in a sentence."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


def _check(address: str, on_note: Callable[[str], None]) -> None:
    """Refuse what is no address, and say when others can listen in."""
    parts: Any = urlsplit(address)
    try:
        known = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        known = False
    if not known:
        raise InputError.of(
            f"'{address}' is no address of a Dask scheduler.",
            "Write local, tcp://HOST:PORT or tls://HOST:PORT.",
            where="--cluster",
        )
    if parts.scheme == "tcp" and not _is_loopback(parts.hostname):
        on_note(
            f"{address} is neither encrypted nor authenticated: who reaches it can run programs on its workers; "
            "use tls:// on a network that others use"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
