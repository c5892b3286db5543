#!/usr/bin/env bash
# Adapters of every form that is baked, made by peft itself on tiny models of transformers, each merged by peft and by
# Stockpot: values within 1e-6 in float32, 2 units in the last place of base or result in bfloat16. The result of each
# loads in transformers without a missing key. Forms that cannot be baked are refused by name.
#
#   checks/models/adapters.sh [FORM]...      all of them, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/peft.sh"
PYTHONWARNINGS=ignore beside_peft adapters.py "$@"
