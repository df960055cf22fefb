"""The program as it is started: Ctrl-C before a command has begun."""

from __future__ import annotations

import builtins
import signal

import pytest

from injurysim.__main__ import INTERRUPTED, main


@pytest.fixture(autouse=True)
def _hearing():
    """Hear Ctrl-C again afterwards."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_while_it_is_being_imported_has_no_traceback(monkeypatch, capsys):
    imported = builtins.__import__

    def interrupted(name, *given):
        if name == "injurysim.cli.app":
            raise KeyboardInterrupt
        return imported(name, *given)

    monkeypatch.setattr(builtins, "__import__", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def test_ctrl_c_among_the_arguments_has_the_same_code(monkeypatch, capsys):
    def interrupted(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["injurysim", "--version"])
    monkeypatch.setattr("typer.core.TyperGroup.make_context", interrupted)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def test_other_ends_are_as_they_are_and_nothing_is_heard_after_them(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["injurysim", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("injurysim ")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
