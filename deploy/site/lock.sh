#!/usr/bin/env bash
# Renews the list of pinned versions from requirements.in. Needs uv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
uv pip compile --quiet --python-version 3.11 --no-annotate --custom-compile-command deploy/site/lock.sh \
  requirements.in -o requirements.txt
