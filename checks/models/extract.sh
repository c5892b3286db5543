#!/usr/bin/env bash
# Adapters that `stockpot extract` cuts out of fine-tunes of tiny models of transformers, loaded by peft onto the base:
# at full rank the logits are the fine-tune's; at a lower one each matrix is the nearest of its rank, by torch. None of
# them warns of a key that is missing or left over.
#
#   checks/models/extract.sh [CASE]...      all of them, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${ADAPTERS_VENV:-$here/.venv/adapters}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing peft into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off peft==0.21.2 transformers==5.24.0 torch >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
STOCKPOT=${STOCKPOT:-$here/../../stockpot} exec "$environment/bin/python" "$here/extract.py" "$work" "$@"
