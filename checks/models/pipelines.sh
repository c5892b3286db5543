#!/usr/bin/env bash
# Merges two diffusers pipelines, one model after the other, and loads the result with diffusers: tiny random ones, one
# of them in several shards. Fails unless the root is refused with the folders to name, every weight is the mean of the
# two, and the merged pipeline makes an image. Takes Python 3.10 or later and, the first time, some GB from PyPI;
# therefore no part of ./mvnw verify. PIPELINES_PYTHON names a Python that has diffusers already.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/pipelines
python=${PIPELINES_PYTHON:-$environment/bin/python}

if [ -z "${PIPELINES_PYTHON:-}" ] && [ ! -e "$environment/complete" ]; then
  echo "Installing diffusers into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off torch transformers diffusers accelerate >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 DIFFUSERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1

"$python" "$here/pipelines.py" prepare "$work"
if "$here/../../stockpot" merge "$work/root.yml" "$work/refused" --quiet 2>"$work/words"; then
  echo "FAILED: a pipeline was merged as if it were a model" >&2
  exit 1
fi
for folder in unet vae; do
  grep -q "'$folder'" "$work/words" || { cat "$work/words" >&2; exit 1; }
  "$here/../../stockpot" merge "$work/$folder.yml" "$work/merged/$folder" --quiet
done
"$python" "$here/pipelines.py" compare "$work"
