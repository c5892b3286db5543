# To be read by other scripts: what runs a file of Python beside peft, in an environment made the first time (some GB from
# PyPI, Python 3.10 or later) and a folder that is removed at the end. STOCKPOT names another command than ./stockpot.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
environment=${ADAPTERS_VENV:-$here/.venv/adapters}

if [ ! -x "$environment/bin/python" ]; then
  echo "Installing peft into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off peft==0.21.2 transformers==5.24.0 torch >&2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# beside_peft FILE ARGUMENT...: ARGUMENT... follow the folder
beside_peft() {
  export HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error HF_HUB_DISABLE_PROGRESS_BARS=1 TQDM_DISABLE=1
  local file=$1
  shift
  STOCKPOT=${STOCKPOT:-$here/../../stockpot} "$environment/bin/python" "$here/$file" "$work" "$@"
}
