#!/usr/bin/env bash
# Merges of networks that learned different tasks from scikit-learn's digits, with statistics that stockpot-tools makes
# of them: RegMean and Fisher must beat the mean as their papers say, task vectors added at full length must spoil the
# network, and adapters side by side must be their sum. Statistics over two halves of the examples, added up by
# `stockpot statistics add`, must merge as those over all of them.
# Takes Python 3.11 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/setup/tools.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TQDM_DISABLE=1 TRANSFORMERS_VERBOSITY=error
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/statistics_digits.py" "$work"
