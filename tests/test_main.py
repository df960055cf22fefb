"""The program as it is started: Ctrl-C before a command has begun."""

from __future__ import annotations

import builtins
import signal
import sys
import time

import pytest

from injurysim.__main__ import INTERRUPTED, main


@pytest.fixture(autouse=True)
def _hearing(monkeypatch):
    """Hear Ctrl-C as at the start of a program, and as before afterwards."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    yield
    signal.signal(signal.SIGINT, before)


def in_place_of_the_command_line(monkeypatch, act):
    """Let something else happen when the command line is imported."""
    imported = builtins.__import__

    def acting(name, *given):
        if name == "injurysim.cli.app":
            act()
        return imported(name, *given)

    monkeypatch.setattr(builtins, "__import__", acting)


def ends_interrupted(capsys):
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == INTERRUPTED
    assert capsys.readouterr().err == "interrupted\n"


def press():
    signal.raise_signal(signal.SIGINT)


def press_and_translate():
    """Turn Ctrl-C into another error, as pydantic does while it builds its models."""
    try:
        press()
    except KeyboardInterrupt as error:
        raise TypeError("no schema") from error


def press_in_a_callback():
    """Lose Ctrl-C in a place from which no exception can be raised; then go on, for a while."""

    class Finalised:
        def __del__(self):
            press()

    del_me = Finalised()
    del del_me
    for _ in range(500):
        time.sleep(0.01)
    raise AssertionError("it was lost")


@pytest.mark.parametrize("how", [press, press_and_translate, press_in_a_callback])
def test_ctrl_c_while_it_is_being_imported_has_no_traceback(monkeypatch, capsys, how):
    in_place_of_the_command_line(monkeypatch, how)
    ends_interrupted(capsys)


def test_an_error_of_the_program_is_no_interruption(monkeypatch):
    def fail():
        raise TypeError("a mistake")

    in_place_of_the_command_line(monkeypatch, fail)
    with pytest.raises(TypeError, match="a mistake"):
        main()


def test_where_ctrl_c_is_ignored_it_stays_so(monkeypatch):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seen = []
    in_place_of_the_command_line(monkeypatch, lambda: seen.append(signal.getsignal(signal.SIGINT)))
    monkeypatch.setattr("sys.argv", ["injurysim", "--version"])
    with pytest.raises(SystemExit):
        main()
    assert seen == [signal.SIG_IGN]


def test_ctrl_c_among_the_arguments_has_the_same_code(monkeypatch, capsys):
    def interrupted(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["injurysim", "--version"])
    monkeypatch.setattr("typer.core.TyperGroup.make_context", interrupted)
    ends_interrupted(capsys)


def test_other_ends_are_as_they_are_and_nothing_is_heard_after_them(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["injurysim", "--version"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr().out.startswith("injurysim ")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
