#!/usr/bin/env bash
# Renews the lists of pinned versions from requirements.in and requirements-test.in. Needs uv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for list in requirements requirements-test; do
  uv pip compile --quiet --python-version 3.11 --no-annotate --custom-compile-command python/lock.sh \
    "$list.in" -o "$list.txt"
done
