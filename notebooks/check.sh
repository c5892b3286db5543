#!/usr/bin/env bash
# Executes the notebooks, each in a new kernel and in a scratch folder; their assertions must hold and their outputs be small.
# What is committed must have no outputs and no paths of a machine. Leaves the executed notebooks and their figures in target/.
# Needs Python 3.11 or later and, the first time, PyPI: 210 MB into a folder .venv here, and Spark (430 MB), which the
# checks of deploy/ take too.
#
#     notebooks/check.sh [NOTEBOOK.ipynb]...
#     STOCKPOT=PROGRAM    another stockpot than that of this checkout
#     SEEDS=10            how often 5-choosing-on-digits does all that it does (1)
#     MOST_SECONDS=1800   what one cell may take (180)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv
mark=$environment/$(cksum <"$here/requirements.txt" | tr ' ' -)

if [ ! -e "$mark" ]; then
  echo "Installing Jupyter into $environment ..." >&2
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check uv==0.13.8
  "$environment/bin/uv" pip sync --quiet --python "$environment/bin/python" "$here/requirements.txt"
  touch "$mark"
fi
# PySpark from the folder of Spark itself: its package on PyPI is Spark once more
spark=$("$here/../deploy/local/stack.sh" spark)
echo "$spark/python" >"$("$environment/bin/python" -c 'import site; print(site.getsitepackages()[0])')/spark.pth"

export PYTHONDONTWRITEBYTECODE=1 STOCKPOT=${STOCKPOT:-$here/../stockpot}
"$STOCKPOT" --version >/dev/null # builds if need be
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$environment/bin/python" "$here/test_check.py"
"$environment/bin/python" "$here/check.py" "$scratch" "$@"
