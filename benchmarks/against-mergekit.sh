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
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
version=${MERGEKIT_VERSION:-0.1.4}

case " $* " in
  *\ --tools[\ =]*mergekit*) with_mergekit=true ;;
  *\ --tools[\ =]*) with_mergekit=false ;;
  *) with_mergekit=true ;;
esac
if $with_mergekit; then
  environment=$data/mergekit-$version
  # With transformers 5, mergekit 0.1.4 dies of "ConfiguredModuleArchitecture is not fully defined"
  packages=("mergekit==$version" 'transformers<5')
else
  environment=$data/numpy
  packages=(numpy)
fi
if [ ! -e "$environment/complete" ]; then
  echo "Installing ${packages[0]} into $environment ..." >&2
  mkdir -p "$data"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off "${packages[@]}" >&2
  touch "$environment/complete"
fi
if [ ! -f "$data/models/complete" ]; then
  echo "Making the checkpoints in $data/models ..." >&2
  "$environment/bin/python" "$here/make-checkpoints.py" "$data/models" --fine-tunes 2 >&2
  touch "$data/models/complete"
fi
exec "$environment/bin/python" "$here/against_mergekit.py" "$data" "$@"
