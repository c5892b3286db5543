#!/usr/bin/env bash
# Rounds of federated learning: three of each rule beside Flower's own strategies, within 1e-6; one of each rule on 20
# clients that learned parts of scikit-learn's digits, 4 of them hostile (the mean must fail, robust rules must not); and
# checkpoints that PyTorch saves from 2 to 4 processes, merged as they lie to the bytes of their consolidated twins.
#
#   checks/models/rounds.sh [flower|attacks|sharded]...      all of them, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${ROUNDS_VENV:-$here/.venv/rounds}

if [ ! -e "$environment/complete" ] && [ -z "${ROUNDS_VENV:-}" ]; then
  echo "Installing Flower, PyTorch and scikit-learn into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off flwr==1.42.0 numpy safetensors scikit-learn==1.7.2 torch >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/rounds.py" "$work" "$@"
