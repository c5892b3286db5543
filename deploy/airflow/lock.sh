#!/usr/bin/env bash
# Renews the lists of pinned versions, requirements*.txt, from requirements*.in. Needs uv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for list in requirements requirements-test; do
  uv pip compile --quiet --python-version 3.11 --no-annotate --custom-compile-command deploy/airflow/lock.sh \
    "$list.in" -o "$list.txt"
done
