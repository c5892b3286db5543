#!/usr/bin/env bash
# What `diff --sample` says of tiny Llamas that learned text, of which is known where they come from: checkpoints of one
# run, fine-tunes of one base, runs from one start, and runs apart. Each pair's verdict must be right; the table has what
# was measured, and the loss at the middle of both beside that of the ends (docs/advice.md).
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${ALIGNMENT_VENV:-$here/.venv/alignment}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing transformers into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off transformers==5.24.0 timm torch scikit-learn >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/kinship.py" "$work" "$here/../../docs"
