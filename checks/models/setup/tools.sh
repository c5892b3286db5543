# Sourced by the checks that need stockpot-tools and scikit-learn beside it; `here` is the folder of checks. Sets
# `environment`, where both are installed, and `tools`, the folder of the package.

tools=$here/../../python
environment=$here/.venv/statistics

if [ ! -e "$environment/complete" ]; then
  echo "Installing stockpot-tools and scikit-learn into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off -r "$tools/requirements.txt" scikit-learn==1.7.2 >&2
  "$environment/bin/pip" install --quiet --progress-bar off --no-deps "$tools" >&2
  touch "$environment/complete"
fi
