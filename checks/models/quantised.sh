#!/usr/bin/env bash
# Merges tiny checkpoints of every quantised format that is read, made by the libraries themselves: compressed-tensors
# packs (INT4 and INT8; groups, channels, zero points; NVFP4; FP8), FP8 by blocks of transformers, MXFP4
# of gpt-oss, and GGUF as `gguf` writes it. Fails unless each value is what the library's own de-quantiser gives, to the
# bit or within one unit in the last place of float32, a model alone is copied byte by byte, and FP8 written again loads
# in transformers. Takes Python 3.10 or later and, the first time, some GB from PyPI; therefore no part of
# ./mvnw verify. QUANTISED_PYTHON names a Python that has the packages already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/quantised
python=${QUANTISED_PYTHON:-$environment/bin/python}

if [ -z "${QUANTISED_PYTHON:-}" ] && [ ! -e "$environment/complete" ]; then
  echo "Installing compressed-tensors, transformers and gguf into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off torch transformers compressed-tensors gguf >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1

"$python" "$here/quantised.py" prepare "$work"
for recipe in "$work"/*.yml; do
  name=$(basename "$recipe" .yml)
  "${STOCKPOT:-$here/../../stockpot}" merge "$recipe" "$work/out/$name" --quiet
done
"$python" "$here/quantised.py" compare "$work"
