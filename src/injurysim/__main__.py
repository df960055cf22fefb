"""Run the command line with ``python -m injurysim``."""

from injurysim.cli.app import main

if __name__ == "__main__":
    main()
