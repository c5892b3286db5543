#!/usr/bin/env bash
# Ensembles, calibration and teachers beside scikit-learn, NumPy and SciPy, on digits: three networks that learned them clean
# judge them with noise. What `./stockpot` measures and fits must be what these find: accuracy, likelihood, Brier score and
# calibration errors to 1e-9, temperature, scales and weights to 1e-4. With --write, the tables and values that the tests of
# merge-job read are written anew.
# Takes Python 3.11 or later and, the first time, 200 MB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/predictions

if [ ! -e "$environment/complete" ]; then
  echo "Installing scikit-learn and pandas into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off scikit-learn==1.7.2 pandas==2.3.3 pyarrow==22.0.0 >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/predictions.py" "$work" "$@"
