#!/usr/bin/env bash
# An ensemble of tables of 10 million generated rows: `./stockpot ensemble` with a small heap, beside the same in pandas and
# NumPy, which hold all of it in memory. Accuracy, likelihood, Brier score and calibration error must be equal to 1e-9.
# Tells the time, the cores' time and the memory of each process.
#
#     benchmarks/predictions.sh [EXAMPLES [MODELS [CLASSES]]] [--alone]      10000000 4 4
#     benchmarks/predictions.sh 100000000 8 --alone                          what no machine holds: not beside pandas
#     ... --by mean                    only this, of mean,mean-intervals,stacking
#
# Takes Python 3.11 or later, 200 MB from PyPI the first time, and 12 GB of disk, with 100 million rows of 8 models 50.
# Tables, and what must come out, are made chunk by chunk. HEAP is Stockpot's, 1g; TMPDIR says where.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/predictions

if [ ! -e "$environment/complete" ]; then
  echo "Installing pandas into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off pandas==2.3.3 pyarrow==22.0.0 >&2
  touch "$environment/complete"
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/predictions.XXXXXX")
trap 'rm -rf "$work"' EXIT
export SPARK_LOCAL_DIRS=$work STOCKPOT_HEAP=${HEAP:-1g}
STOCKPOT=${STOCKPOT:-$here/../stockpot} \
  "$environment/bin/python" "$here/predictions.py" "$work" "$@"
