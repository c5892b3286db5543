#!/usr/bin/env bash
# Tries the DAGs in a real Airflow: its parts on local folders and on S3, then whole nights with
# `airflow dags test` and small models. Needs Python 3.11 or later and, the first time, PyPI (300 MB in a folder .venv here).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv
mark=$environment/$(cat "$here"/requirements*.txt | cksum | tr ' ' -)

if [ ! -e "$mark" ]; then
  echo "Installing Airflow into $environment ..." >&2
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check uv==0.13.8
  "$environment/bin/uv" pip sync --quiet --python "$environment/bin/python" "$here/requirements-test.txt"
  touch "$mark"
fi
export PYTHONDONTWRITEBYTECODE=1 STOCKPOT=${STOCKPOT:-$here/../../stockpot}
"$STOCKPOT" --version >/dev/null # builds if need be
"$environment/bin/python" "$here/test_stockpot_airflow.py"
"$environment/bin/python" "$here/test_nightly_soup.py" --failfast
"$environment/bin/python" "$here/test_federated_round.py" --failfast
