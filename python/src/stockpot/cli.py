"""The command `stockpot`: becomes the program of the archive that this package brings or finds."""

import os
import sys

from stockpot.errors import StockpotError
from stockpot.home import launcher


def main() -> int:
    """Does not come back but where there is nothing to start."""
    try:
        program = launcher()
    except StockpotError as missing:
        print(f"stockpot: {missing}", file=sys.stderr)
        return 1
    os.execv(program, [str(program), *sys.argv[1:]])  # noqa: S606 (the words are for it, without a shell)
