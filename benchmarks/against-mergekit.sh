#!/usr/bin/env bash
# Merges checkpoints of 1.16 GB, three for most methods, with Stockpot and with mergekit on this machine's CPU, beside
# the floor: reading the inputs once and writing one output, with plain file copies. Prints a table.
#
#   benchmarks/against-mergekit.sh                              everything once: about ten minutes
#   benchmarks/against-mergekit.sh --methods all                every method that both have: about 40 minutes
#   benchmarks/against-mergekit.sh --tools floor,stockpot -n 5  without mergekit, best, worst and median of five
#   benchmarks/against-mergekit.sh --tools floor,../old,.       by turns with Stockpot as it is in two checkouts
#
# The first call makes the checkpoints (3.5 GB) and a Python environment: with numpy, or where mergekit is among the
# tools with mergekit from PyPI (some GB, because PyPI's PyTorch brings its CUDA libraries; not used). Environment:
#   BENCHMARK_DATA     folder for all of this, to delete afterwards (stockpot-benchmark in the temporary folder)
#   MERGEKIT_VERSION   0.1.4, the one our golden results come from
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/checkpoints.sh"
version=${MERGEKIT_VERSION:-0.1.4}

case " $* " in
  *\ --tools[\ =]*mergekit*) with_mergekit=true ;;
  *\ --tools[\ =]*) with_mergekit=false ;;
  *) with_mergekit=true ;;
esac
if $with_mergekit; then
  # With transformers 5, mergekit 0.1.4 dies of "ConfiguredModuleArchitecture is not fully defined"
  prepare "mergekit-$version" "mergekit==$version" 'transformers<5'
else
  prepare numpy numpy
fi
exec "$environment/bin/python" "$here/against_mergekit.py" "$data" "$@"
