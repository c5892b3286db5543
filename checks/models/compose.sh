#!/usr/bin/env bash
# Models put together by rules, the recipes of conf/ among them, loaded by PyTorch modules: each gives the logits of the
# same network put together by hand, and no key is missing or left over. Fused projections of GPT-NeoX, Phi-3 and GPT-2 are
# split as transformers splits them, and back. LLaMA-Pro's new blocks leave the logits as they were.
#
#   checks/models/compose.sh [CASE]...      all of them, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${COMPOSE_VENV:-$here/.venv/compose}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing transformers and timm into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off transformers==5.24.0 timm torch >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/compose.py" "$work" "$@"
