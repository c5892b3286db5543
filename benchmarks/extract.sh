#!/usr/bin/env bash
# Cuts a LoRA of rank 32 out of a fine-tune of 1.16 GB with `stockpot extract` and with mergekit-extract-lora, by turns
# on this machine's CPU, and measures with numpy, in float64, what each adapter leaves out of the change of every
# matrix. Fails where Stockpot is not ten times as fast, or leaves out more. Prints a table.
#
#   benchmarks/extract.sh [RANK]        rank 32; once each: about fifteen minutes, nearly all of it mergekit's
#
# The first call makes the checkpoints (3.5 GB) and a Python environment with mergekit from PyPI, those of
# against-mergekit.sh. The machine must be quiet. BENCHMARK_DATA and MERGEKIT_VERSION as there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
version=${MERGEKIT_VERSION:-0.1.4}
environment=$data/mergekit-$version

if [ ! -e "$environment/complete" ]; then
  echo "Installing mergekit==$version into $environment ..." >&2
  mkdir -p "$data"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off "mergekit==$version" 'transformers<5' >&2
  touch "$environment/complete"
fi
if [ ! -f "$data/models/complete" ]; then
  echo "Making the checkpoints in $data/models ..." >&2
  "$environment/bin/python" "$here/make-checkpoints.py" "$data/models" --fine-tunes 2 >&2
  touch "$data/models/complete"
fi
exec "$environment/bin/python" "$here/extract.py" "$data" "${1:-32}"
