#!/usr/bin/env bash
# Alignment at the width of Llama 3 8B in one process whose task has 4 GB: says what `plan` thinks of all 32 layers (sparse
# files), then aligns one layer with real numbers to a copy whose units are in another order, where the average must be the
# model in every bit, and to a layer of another start, whose 14,336 units have no counterparts. Tells the
# time and the memory of each, and fails if that is more than the task's and what a JVM takes beside it.
#
#   benchmarks/align-8b.sh            both; a quarter of an hour on a quiet core with 256-bit lanes
#   benchmarks/align-8b.sh copy       one of them: copy, or apart
#
# Linux, a JDK, Python 3.10 or later; numpy comes from PyPI the first time. Environment:
#   BENCHMARK_DATA   folder of the files, 2 GB, to delete afterwards (stockpot-benchmark in the temporary folder)
#   STOCKPOT         another command than ./stockpot
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
environment=$data/numpy
if [ ! -e "$environment/bin/python" ]; then
  mkdir -p "$data"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off numpy >&2
fi
export STOCKPOT=${STOCKPOT:-$here/../stockpot} STOCKPOT_HEAP=512m
exec "$environment/bin/python" "$here/align_8b.py" "$data/align-8b" "${@:-all}"
