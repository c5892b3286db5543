"""The command `stockpot`: becomes the program of the archive that this package brings or finds."""

import os
import sys
from typing import NoReturn

from stockpot.errors import StockpotError
from stockpot.home import launcher


def main() -> NoReturn:
    """Becomes the program, or says why there is none."""
    try:
        program = launcher()
    except StockpotError as missing:
        sys.exit(f"stockpot: {missing}")
    os.execv(program, [str(program), *sys.argv[1:]])  # noqa: S606 (the words are for it, without a shell)
