"""`python -m stockpot`."""

import sys

from stockpot.cli import main

sys.exit(main())
