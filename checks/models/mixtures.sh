#!/usr/bin/env bash
# Mixtures of experts of tiny random models, beside mergekit-moe and in transformers: the tensors are mergekit's, the
# mixtures load without a key that is missing or left over, and one of equal experts and a router of zeros has the
# logits of the dense model; in transformers 4, with which mergekit runs, and in transformers 5.
#
#   checks/models/mixtures.sh [CASE]...      all of them, or some
#
# Takes Python 3.10 to 3.12 and, the first time, some GB from PyPI. STOCKPOT names another command than ./stockpot,
# MIXTURES_VENV and MIXTURES_VENV5 environments that have mergekit, and transformers 5,
# TOKENIZER_JARS the jars of ai.djl.huggingface:tokenizers, without which Maven fetches them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${MIXTURES_VENV:-$here/.venv/mixtures}
newer=${MIXTURES_VENV5:-$here/.venv/mixtures5}

if [ ! -x "$environment/bin/mergekit-moe" ]; then
  echo "Installing mergekit into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off mergekit==0.1.4 transformers==4.57.6 >&2
fi

if [ ! -e "$newer/complete" ]; then
  echo "Installing transformers 5 into $newer ..." >&2
  python3 -m venv "$newer"
  "$newer/bin/pip" install --quiet --progress-bar off transformers==5.24.0 torch >&2
  touch "$newer/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${TOKENIZER_JARS:-}" ]; then
  cat > "$work/pom.xml" <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>check</groupId><artifactId>check</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>ai.djl.huggingface</groupId><artifactId>tokenizers</artifactId><version>0.36.0</version></dependency>
  </dependencies>
</project>
POM
  "$here/../../mvnw" --quiet --file "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars" >&2
  TOKENIZER_JARS=$(find "$work/jars" -name '*.jar' ! -name 'slf4j*' | paste -sd:)
fi
export TOKENIZER_JARS HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
export STOCKPOT=${STOCKPOT:-$here/../../stockpot}
failed=0
"$environment/bin/python" "$here/mixtures.py" "$work" "$@" || failed=1
"$newer/bin/python" "$here/mixtures5.py" "$work" || failed=1
exit $failed
