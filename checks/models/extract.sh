#!/usr/bin/env bash
# Adapters that `stockpot extract` cuts out of fine-tunes of tiny models of transformers, loaded by peft onto the base:
# at full rank the logits are the fine-tune's; at a lower one each matrix is the nearest of its rank, by torch. None of
# them warns of a key that is missing or left over.
#
#   checks/models/extract.sh [CASE]...      all of them, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/peft.sh"
beside_peft extract.py "$@"
