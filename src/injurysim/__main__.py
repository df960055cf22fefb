"""The command line as a program: ``injurysim``, or ``python -m injurysim``."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from types import FrameType

INTERRUPTED = 3
INTERRUPTED_AMONG_ARGUMENTS = 130
"""What the library that reads arguments makes of Ctrl-C before a command is begun."""
SECONDS_UNTIL_RAISED_AGAIN = 0.05


class CtrlC:
    """Hears Ctrl-C, and keeps it from being lost.

    It comes as an exception in the midst of whatever goes on, which may be code that turns every exception into one of
    its own (as pydantic does while it builds its models), or that cannot raise any (a callback of the interpreter).
    """

    def __init__(self) -> None:
        self.heard = False

    def listen(self) -> None:
        """Begin to hear; where it is ignored, as in the background of a shell, it stays so."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._hear)
            sys.unraisablehook = self._raise_again

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.heard = True
        signal.default_int_handler(number, frame)

    @staticmethod
    def _raise_again(lost: sys.UnraisableHookArgs) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            threading.Timer(SECONDS_UNTIL_RAISED_AGAIN, _thread.interrupt_main).start()
        else:
            sys.__unraisablehook__(lost)


def main() -> None:
    """Run the command line; Ctrl-C ends it with exit code 3 and without a traceback, however early it comes."""
    ctrl_c = CtrlC()
    try:
        ctrl_c.listen()
        # Nothing is imported before somebody listens.
        from injurysim.cli.app import app

        app()
    except SystemExit as ended:
        if ended.code != INTERRUPTED_AMONG_ARGUMENTS:
            raise
    except BaseException as error:
        if not (ctrl_c.heard or isinstance(error, KeyboardInterrupt)):
            raise
    finally:
        # All is said; what is left is to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    print("interrupted", file=sys.stderr)
    raise SystemExit(INTERRUPTED)


if __name__ == "__main__":
    main()
