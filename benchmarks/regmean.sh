#!/usr/bin/env bash
# Merges two fine-tunes of 1.16 GB by regmean with Stockpot and with a plain program for PyTorch, by turns on this
# machine's CPU: every matrix by its Gram matrices in float64, all else averaged. Fails where Stockpot is not twice as
# fast, or where the results differ by more than their rounding. Prints a table.
#
#   benchmarks/regmean.sh           once each: about five minutes
#   benchmarks/regmean.sh 3         best of three
#
# Linux, Python 3.10 or later; PyTorch for the CPU, numpy and safetensors come from PyPI the first time. The checkpoints
# (3.5 GB) are those of against-mergekit.sh, and statistics of 1.6 GB are made beside them. Environment:
#   BENCHMARK_DATA   folder for all of this, to delete afterwards (stockpot-benchmark in the temporary folder)
#   STOCKPOT         another command than ./stockpot
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checkpoints.sh"
prepare torch numpy torch safetensors
exec "$environment/bin/python" "$here/regmean.py" "$data" "${1:-1}"
