#!/usr/bin/env bash
# A cache that huggingface_hub itself has made, from a small hub on this machine, read by Stockpot: whole, by tag, in
# part, broken off, without links, and after the hub went on. What is merged from it has the bytes of plain folders.
#
#   checks/models/hub_cache.sh
#
# Takes Python 3.10 or later and, the first time, 20 MB from PyPI. HUGGINGFACE_HUB says which version (the newest);
# STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${HUB_CACHE_VENV:-$here/.venv/hub-cache}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing huggingface_hub into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off "huggingface_hub${HUGGINGFACE_HUB:+==$HUGGINGFACE_HUB}" >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for variable in HF_ENDPOINT HF_HUB_CACHE HUGGINGFACE_HUB_CACHE XDG_CACHE_HOME HF_TOKEN HF_HUB_OFFLINE TRANSFORMERS_OFFLINE; do
  unset "$variable"
done
export HF_HUB_DISABLE_PROGRESS_BARS=1 HF_HUB_DISABLE_XET=1 HF_HUB_DISABLE_TELEMETRY=1
STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" -W ignore "$here/hub_cache.py" "$work"
