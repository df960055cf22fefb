"""Dask: the same figures from its workers, killed, late or under TLS; what cannot be connected to is told."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from injurysim.core.errors import InputError, RunInterrupted
from injurysim.core.parts import finished_cells
from injurysim.experiments import cluster as module
from injurysim.experiments.cluster import LOCAL, cluster
from injurysim.experiments.means import Means
from injurysim.experiments.plan import Shard
from injurysim.experiments.running import carry_out
from injurysim.experiments.shards import merge_shards, run_shard
from injurysim.experiments.watch import Watch

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")


pytest.importorskip("distributed")


@contextmanager
def dask(*command, until, **options):
    """Run a command of Dask until the block ends; begin when it has said something, and give the line."""
    running = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "dask", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        **options,
    )
    try:
        yield next(line for line in running.stdout if until in line), running
    finally:
        running.terminate()
        try:
            running.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()


@contextmanager
def scheduler(protocol="tcp", **options):
    """Start a scheduler on the loopback interface and give its address."""
    command = ("scheduler", "--host", f"{protocol}://127.0.0.1:0", "--no-dashboard")
    with dask(*command, until="Scheduler at:", **options) as (line, running):
        yield line.split()[-1], running


@contextmanager
def worker(address, **options):
    with dask(
        "worker",
        address,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        until="Registered to:",
        **options,
    ) as (_, running):
        yield running


def kill_one_worker(executor):
    """Kill one of a cluster's worker processes, so that it has no time to say a word."""
    ids = executor._client.run(os.getpid)
    os.kill(next(iter(ids.values())), signal.SIGKILL)


@POSIX
def test_in_process_by_workers_by_dask_with_one_killed_and_in_shards_it_is_the_same(
    plan, tmp_path, whole, digests
):
    carry_out(plan, tmp_path / "workers", Means(workers=2))

    with cluster(LOCAL, 2) as executor:
        kills = iter([lambda: kill_one_worker(executor)])
        watch = Watch(on_done=lambda _: next(kills, lambda: None)())
        carry_out(plan, tmp_path / "dask", Means(executor=executor, watch=watch))
        assert next(kills, None) is None, "a worker was killed"

    folders = [tmp_path / f"shard-{number}" for number in (1, 2, 3)]
    for number, folder in enumerate(folders, start=1):
        run_shard(plan, Shard(number, 3), folder, Means())
    merge_shards(folders, tmp_path / "merged")

    for name in ("workers", "dask", "merged"):
        assert digests(tmp_path / name) == digests(whole), name


def test_own_workers_listen_on_the_loopback_interface_alone():
    import psutil

    with cluster(LOCAL, 1):
        own = psutil.Process()
        listening = {
            each.laddr.ip
            for process in (own, *own.children(recursive=True))
            for each in process.net_connections()
            if each.status == psutil.CONN_LISTEN
        }
    assert listening == {"127.0.0.1"}


@POSIX
def test_workers_may_come_late_and_go(plan, tmp_path, whole, digests):
    told, both = [], []
    with (
        scheduler() as (address, _),
        cluster(address, 1, told.append) as executor,
        ExitStack() as workers,
    ):
        assert "no worker has come" in told[0]
        both.append(workers.enter_context(worker(address)))

        def done(_):
            if len(both) == 1:
                both.append(workers.enter_context(worker(address)))
                both[0].kill()

        carry_out(plan, tmp_path / "run", Means(executor=executor, watch=Watch(on_done=done)))
        assert [each.poll() is None for each in both] == [False, True]
    assert digests(tmp_path / "run") == digests(whole)


@POSIX
def test_when_the_scheduler_is_gone_finished_cells_are_kept(plan, tmp_path, whole, digests, caplog, ran):
    with scheduler() as (address, running), worker(address):
        watch = Watch(on_done=lambda _: running.kill())
        with (
            pytest.raises(RunInterrupted, match=r"the workers are gone.*--resume"),
            cluster(address, 1) as executor,
        ):
            carry_out(replace(plan, replications=5), tmp_path / "run", Means(executor=executor, watch=watch))
    assert [record for record in caplog.records if record.exc_info] == []
    assert finished_cells(tmp_path / ".run.unfinished")
    carry_out(plan, tmp_path / "run", Means(), resume=True)
    assert digests(tmp_path / "run") == digests(whole)


@POSIX
def test_a_cell_that_kills_its_workers_keeps_the_others(plan, tmp_path):
    import dask.config

    longer = replace(plan, replications=5)
    with dask.config.set({"distributed.scheduler.allowed-failures": 0}), cluster(LOCAL, 1) as executor:
        means = Means(executor=executor, watch=Watch(on_done=lambda _: kill_one_worker(executor)))
        with pytest.raises(RunInterrupted, match=r"a cell killed every worker .*--resume"):
            carry_out(longer, tmp_path / "run", means)
    assert finished_cells(tmp_path / ".run.unfinished")


def certificates(folder):
    """Make an authority and a certificate of it for the loopback interface; return Dask's settings for them."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl")
    ca, key = ("-x509", "-keyout", "ca.key", "-out", "ca.pem"), ("-keyout", "own.key", "-out", "own.csr")
    for command in (
        ("req", *ca, "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=authority", "-days", "2"),
        ("req", *key, "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=worker"),
        ("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "own.pem", "-days", "2"),
    ):  # fmt: skip
        subprocess.run([openssl, *command], cwd=folder, check=True, capture_output=True)  # noqa: S603
    settings = {"require-encryption": True, "tls.ca-file": str(folder / "ca.pem")}
    for role in ("scheduler", "worker", "client"):
        settings[f"tls.{role}.cert"] = str(folder / "own.pem")
        settings[f"tls.{role}.key"] = str(folder / "own.key")
    return {f"distributed.comm.{name}": value for name, value in settings.items()}


def test_under_tls_the_certificates_are_those_of_dasks_configuration(plan, tmp_path, whole, digests):
    import dask.config

    settings = certificates(tmp_path)
    named = {
        f"DASK_{name.replace('.', '__').replace('-', '_').upper()}": str(each)
        for name, each in settings.items()
    }
    elsewhere = {"env": {**os.environ, **named}}
    with scheduler("tls", **elsewhere) as (address, _), worker(address, **elsewhere):
        assert address.startswith("tls://")
        with pytest.raises(InputError, match="no Dask scheduler answers"), cluster(address, 1):
            pass  # without certificates
        told = []
        with dask.config.set(settings), cluster(address, 1, told.append) as executor:
            carry_out(plan, tmp_path / "run", Means(executor=executor))
    assert told == []
    assert digests(tmp_path / "run") == digests(whole)


@pytest.mark.parametrize(
    "address",
    ["", "here", "local:1", "host:8786", "http://host:8786", "tcp://host", "tcp://:8786", "tcp://host:99999"],
)
def test_what_is_no_address_is_refused(address):
    with (
        pytest.raises(InputError, match=f"'{address}' is no address of a Dask scheduler"),
        cluster(address, 1),
    ):
        pass


def test_where_nobody_answers_is_told(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 0.2)
    with (
        pytest.raises(
            InputError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1: .*dask scheduler"
        ),
        cluster("tcp://127.0.0.1:1", 1),
    ):
        pass


def test_where_something_else_answers_is_told(monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_CONNECT", 5)

    class Page(BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever).start()
        address = f"tcp://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(InputError, match=f"no Dask scheduler answers at {address}"), cluster(address, 1):
            pass
        server.shutdown()


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("tcp://10.1.2.3:1", True),
        ("tls://10.1.2.3:1", False),
        ("tcp://localhost:1", False),
        ("tcp://[::1]:1", False),
    ],
)
def test_an_open_network_is_warned_of(monkeypatch, address, warned):
    def refuse(*_given, **_options):
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("distributed.Client", refuse)
    told = []
    with pytest.raises(InputError), cluster(address, 1, told.append):
        pass
    assert ["neither encrypted nor authenticated" in note for note in told] == [True] * warned


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"not installed.*injurysim\[cluster\]") as told, cluster(LOCAL, 1):
        pass
    assert told.value.exit_code == 2


def test_a_logger_is_quiet_for_a_while_only():
    before = logging.getLogger("distributed.client").level
    with module._quiet("distributed.client"):
        assert not logging.getLogger("distributed.client").isEnabledFor(logging.ERROR)
    assert logging.getLogger("distributed.client").level == before
