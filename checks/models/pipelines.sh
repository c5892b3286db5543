#!/usr/bin/env bash
# Merges models whose weights lie in several folders, with the libraries that make them: two diffusers pipelines at once,
# one of them in several shards, a component copied and another with weights of its own; and two sentence-transformers
# models with a Dense module. Tiny random ones. Fails unless every weight is what it is to be, as the libraries load it,
# the pipeline makes an image, and sentences embed as the means of the weights make them. Takes Python 3.10 or later
# and, the first time, some GB from PyPI; therefore no part of ./mvnw verify. PIPELINES_PYTHON names a Python that has
# diffusers and sentence-transformers already, STOCKPOT another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=$here/.venv/pipelines
python=${PIPELINES_PYTHON:-$environment/bin/python}

if [ -z "${PIPELINES_PYTHON:-}" ] && [ ! -e "$environment/complete" ]; then
  echo "Installing diffusers and sentence-transformers into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off torch transformers diffusers accelerate \
    sentence-transformers >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 DIFFUSERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1

"$python" "$here/pipelines.py" prepare "$work"
for recipe in "$work"/*.yml; do
  name=$(basename "$recipe" .yml)
  "${STOCKPOT:-$here/../../stockpot}" merge "$recipe" "$work/out/$name" --quiet
done
"$python" "$here/pipelines.py" compare "$work"
