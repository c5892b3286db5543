# Sourced by benchmarks of the checkpoints of 1.16 GB: sets here, data (BENCHMARK_DATA, stockpot-benchmark in the temporary
# folder unless it is set), and with prepare() environment.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}

# Makes $data/NAME with packages from PyPI, and the checkpoints: prepare NAME PACKAGE…
prepare() {
  environment=$data/$1
  shift
  if [ ! -e "$environment/complete" ]; then
    echo "Installing $1 into $environment ..." >&2
    mkdir -p "$data"
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --progress-bar off "$@" >&2
    touch "$environment/complete"
  fi
  if [ ! -f "$data/models/complete" ]; then
    echo "Making the checkpoints in $data/models ..." >&2
    "$environment/bin/python" "$here/make-checkpoints.py" "$data/models" --fine-tunes 2 >&2
    touch "$data/models/complete"
  fi
}
