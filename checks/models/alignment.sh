#!/usr/bin/env bash
# Which units may change places, and what is gained by matching them.
#
# specs: tiny random models of every spec that ships, in float64: units permuted as `inspect --permutations` says leave the
# logits as they were, 1e-10 of their size; each group with one tensor left as it was changes them.
# turns: the same models with their heads turned as the spec allows: logits as they were, and others where RoPE keeps keys
# from turning so; the average with a turned copy, aligned with `heads: turned`, has the model's logits, 1e-4.
# digits: networks of width 64 and 256 that learned digits apart, three pairs each: how high the loss rises between them,
# on average, as they are and aligned: above .5 for width 64, then below .3 and .1.
#
#   checks/models/alignment.sh [specs] [turns] [digits]      all, or some
#
# Takes Python 3.10 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${ALIGNMENT_VENV:-$here/.venv/alignment}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing transformers, timm and scikit-learn into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off transformers==5.24.0 timm torch scikit-learn >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/alignment.py" "$work" "$@"
