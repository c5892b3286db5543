#!/usr/bin/env bash
# Whether a checkout is as fast as another one, both measured by turns: the start to the first Spark task, the plan of
# 70B-shaped models, kernels by JMH, and merges of 1.16 GB models by linear, ties and dare_ties beside the floor. Prints
# medians and their ratios, and fails where the newer one is slower than the bounds in same-speed/same_speed.py.
#
#   checks/models/same-speed.sh OLD [NEW]          OLD and NEW are checkouts; NEW is this one unless given; about 25 minutes
#   checks/models/same-speed.sh OLD NEW -n 1       each once
#   checks/models/same-speed.sh OLD NEW --only start,plan
#
# Needs a quiet machine, 12 GB of disk and Python 3.10 or later; the first time some MB from PyPI and Maven Central.
# BENCHMARK_DATA is the folder of the models, to delete afterwards (stockpot-benchmark in the temporary folder).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export BENCHMARK_DATA=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
exec python3 "$here/same-speed/same_speed.py" "$@"
