#!/usr/bin/env bash
# What a report costs: merges of the checkpoints of make-checkpoints.py with and without one, in turns.
#
#     benchmarks/report.sh [REPETITIONS]
#
# Needs Python 3.10 or later and 8 GB of disk, in the temporary folder unless BENCHMARK_DATA says otherwise. Give it a
# quiet machine: the difference is small.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}}/stockpot-report-benchmark
mkdir -p "$data"
if [ ! -e "$data/complete" ]; then
  [ -x "$data/venv/bin/python" ] || python3 -m venv "$data/venv"
  "$data/venv/bin/pip" install --quiet numpy
  "$data/venv/bin/python" "$here/make-checkpoints.py" "$data/models"
  touch "$data/complete"
fi
for method in linear ties; do
  {
    echo "merge_method: $method"
    [ "$method" = linear ] || echo "base_model: base"
    echo "models:"
    for model in "$data"/models/*; do
      name=$(basename "$model")
      [ "$name" = base ] || echo "- {model: $name, parameters: {weight: 0.33, density: 0.5}}"
    done
  } > "$data/$method.yml"
done
sed -i 's/, density: 0.5//' "$data/linear.yml"
TIMEFORMAT='%R s wall, %U s of CPU'
for method in linear ties; do
  for ((i = 0; i < ${1:-3}; i++)); do
    for report in false true; do
      printf '%-7s report=%-5s ' "$method" "$report"
      time "$here/../stockpot" merge "$data/$method.yml" "$data/out" --overwrite --quiet \
        --set "model-root=$data/models" --set "report=$report"
    done
  done
done
rm -rf "$data/out"
