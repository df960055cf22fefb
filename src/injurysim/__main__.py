"""The command line as a program: ``injurysim``, or ``python -m injurysim``."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 3
INTERRUPTED_AMONG_ARGUMENTS = 130
"""What the library that reads arguments makes of Ctrl-C before a command is begun."""


def main() -> None:
    """Run the command line; Ctrl-C ends it with exit code 3 and without a traceback, however early it comes."""
    try:
        # Nothing is imported before somebody listens.
        from injurysim.cli.app import app

        app()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None
    except SystemExit as ended:
        if ended.code != INTERRUPTED_AMONG_ARGUMENTS:
            raise
        print("interrupted", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None
    finally:
        # All is said; what is left is to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
