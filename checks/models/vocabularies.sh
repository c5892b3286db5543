#!/usr/bin/env bash
# Merges models of several vocabularies and loads the results with Hugging Face's libraries: tokenizers of all kinds
# that are read and written, trained on the texts that a package ships. Fails unless each result loads, gives the ids of
# the tokenizer that it has for every line of that text, has the rows of its tokens, and renders chats as expected.
# Takes Python 3.10 or later and, the first time, some GB from PyPI; therefore no part of ./mvnw verify. STOCKPOT names
# another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${VOCABULARIES_VENV:-$here/.venv/vocabularies}
stockpot=${STOCKPOT:-$here/../../stockpot}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing transformers into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off transformers torch jinja2 >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TOKENIZERS_PARALLELISM=false

"$environment/bin/python" "$here/vocabularies.py" prepare "$work"
for recipe in "$work"/*.yml; do
  "$stockpot" merge "$recipe" "${recipe%.yml}" --set "model-root=$work" --set report=false
done
"$environment/bin/python" "$here/vocabularies.py" compare "$work"
