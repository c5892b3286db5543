#!/usr/bin/env bash
# Cuts a LoRA of rank 32 out of a fine-tune of 1.16 GB with `stockpot extract` and with mergekit-extract-lora, by turns
# on this machine's CPU, and measures with numpy, in float64, what each adapter leaves out of the change of every
# matrix. Fails where Stockpot is not ten times as fast, or leaves out more. Prints a table.
#
#   benchmarks/extract.sh [RANK]        rank 32; once each: about fifteen minutes, nearly all of it mergekit's
#
# The first call makes the checkpoints (3.5 GB) and a Python environment with mergekit from PyPI, those of
# against-mergekit.sh. The machine must be quiet. BENCHMARK_DATA and MERGEKIT_VERSION as there; STOCKPOT names another
# command than ./stockpot.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checkpoints.sh"
version=${MERGEKIT_VERSION:-0.1.4}
prepare "mergekit-$version" "mergekit==$version" 'transformers<5'
exec "$environment/bin/python" "$here/extract.py" "$data" "${1:-32}"
