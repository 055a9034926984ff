"""`python -m fairlink`: the command line."""

import sys

from fairlink.cli import main

if __name__ == "__main__":
    sys.exit(main())
