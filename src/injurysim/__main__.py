"""Run the command line with ``python -m injurysim``."""

from injurysim.cli import main

if __name__ == "__main__":
    main()
