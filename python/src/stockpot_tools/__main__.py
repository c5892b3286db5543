"""`python -m stockpot_tools`."""

import sys

from stockpot_tools.cli import main

sys.exit(main())
