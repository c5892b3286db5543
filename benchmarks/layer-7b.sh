#!/usr/bin/env bash
# Whole matrices of a model shaped like Llama-2-7B in one process with 4 GB: says what `plan` thinks of all 32 layers
# (sparse files), then merges one layer of two fine-tunes with real numbers, and fails if that took more memory.
#
#   benchmarks/layer-7b.sh            regmean and tsv_m: on one core about 4 and 45 minutes
#   benchmarks/layer-7b.sh regmean    one of them
#
# Linux, a JDK, Python 3.10 or later; numpy comes from PyPI the first time. Environment:
#   BENCHMARK_DATA   folder of the files, 3 GB, to delete afterwards (stockpot-benchmark in the temporary folder)
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
export STOCKPOT=${STOCKPOT:-$here/../stockpot}
# The heap, what lies outside it, and some hundred MB of the JVM's own
export STOCKPOT_HEAP=512m STOCKPOT_JAVA_OPTS="-XX:MaxDirectMemorySize=3450m -Dio.netty.maxDirectMemory=3617587200"
exec "$environment/bin/python" "$here/layer_7b.py" "$data/7b" "${@:-all}"
