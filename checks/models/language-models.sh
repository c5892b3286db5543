#!/usr/bin/env bash
# A soup and a search over real language models, scored by stockpot-tools: a tiny Llama learns the English of Python's
# manual, four fine-tunes of it learn NumPy's, one of them too fast. Fails unless the greedy soup is no worse than the
# best of them, leaves the spoilt one out, and CMA-ES finds weights better than the mean's; each score must be that which
# the evaluator gives the output afterwards, and going on with a finished search must evaluate nothing. A third time the
# soup is scored by lm-evaluation-harness, its own command on a task of a local folder, by the file that it writes.
# Takes Python 3.11 or later and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$here/../../python
environment=$here/.venv/language-models

if [ ! -e "$environment/complete" ]; then
  echo "Installing stockpot-tools into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off -r "$tools/requirements-test.txt" >&2
  "$environment/bin/pip" install --quiet --progress-bar off --no-deps "$tools" >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HF_DATASETS_CACHE=$work/cache
export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error TQDM_DISABLE=1 HF_DATASETS_OFFLINE=1 TOKENIZERS_PARALLELISM=false
export PATH=$environment/bin:$PATH
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/language_models.py" "$work"
