#!/usr/bin/env bash
# The matrix algebra beside NumPy (OpenBLAS), PyTorch and SciPy, by turns in one run on one core; prints a table of
# ratios, and fails if one is below what we want to keep, or if results differ.
#
#   benchmarks/matrices.sh                          everything: about 15 minutes
#   benchmarks/matrices.sh --only multiply,gram     some of it
#   benchmarks/matrices.sh --sizes 1024,2048        products and factors of these sizes only
#
# Linux, Python 3.10 or later; numpy, scipy and PyTorch for the CPU come from PyPI the first time (1 GB). Environment:
#   BENCHMARK_DATA   folder for the environment and the matrices (stockpot-benchmark in the temporary folder)
#   CORE             the core that both run on, 0
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
environment=$data/matrices
if [ ! -e "$environment/complete" ]; then
  echo "Installing numpy, scipy and PyTorch into $environment ..." >&2
  mkdir -p "$data"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off numpy scipy torch >&2
  touch "$environment/complete"
fi
cd "$here/.."
class_path_file=$PWD/kernels/target/benchmark-class-path
./mvnw -B -q -ntp -pl kernels test-compile dependency:build-classpath \
  -Dmdep.outputFile="$class_path_file" -Dmdep.includeScope=test >&2
export CLASSPATH="kernels/target/test-classes:kernels/target/classes:$(<"$class_path_file")"
# What their libraries find when nobody tells them anything
unset OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL_NUM_THREADS OPENBLAS_CORETYPE MKL_ENABLE_INSTRUCTIONS
exec taskset -c "${CORE:-0}" "$environment/bin/python" "$here/matrices.py" "$data" "$@"
