#!/usr/bin/env bash
# Checks stockpot-tools: ruff, mypy --strict, and its tests on tiny models, on the CPU. Needs Python 3.11 or later and, the
# first time, PyPI: 6 GB into a folder .venv here, most of it PyTorch's libraries for GPUs.
#
#     python/check.sh [ARGUMENT OF PYTEST]...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
mark=.venv/$(cat requirements*.txt pyproject.toml | cksum | tr ' ' -)

if [ ! -e "$mark" ]; then
  echo "Installing PyTorch and transformers into $PWD/.venv ..." >&2
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
  .venv/bin/uv pip sync --quiet --python .venv/bin/python requirements-test.txt
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
  touch "$mark"
fi

.venv/bin/ruff check --quiet .
.venv/bin/ruff format --quiet --check . || { echo "Format them: python/.venv/bin/ruff format python" >&2; exit 1; }
.venv/bin/mypy --no-error-summary
.venv/bin/python -m pytest "$@"
