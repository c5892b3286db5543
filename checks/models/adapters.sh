#!/usr/bin/env bash
# Adapters of every form that is baked, made by peft itself on tiny models of transformers, each merged by peft and by
# Stockpot: values within 1e-6 in float32, 2 units in the last place of base or result in bfloat16. The result of each
# loads in transformers without a missing key. Forms that cannot be baked are refused by name.
#
#   checks/models/adapters.sh [FORM]...      all of them, or some
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
STOCKPOT=${STOCKPOT:-$here/../../stockpot} exec "$environment/bin/python" -W ignore "$here/adapters.py" "$work" "$@"
