#!/usr/bin/env bash
# Averages of small VGGs that were trained apart on scikit-learn's digits: plain, matched by `align`, and with moments put
# right: batch norms measured anew by stockpot-tools or as a mixture, networks without any by `repair` in closed form. The
# last must recognise 20 points more of unseen digits than the plain average.
# Takes Python 3.11 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/setup/tools.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TQDM_DISABLE=1 TRANSFORMERS_VERBOSITY=error PYTHONPATH=$tools/src
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/repair_digits.py" "$work"
