#!/usr/bin/env bash
# Opens reports in a headless Chromium, fails on whatever the console complains about, and takes pictures to look at.
# Reads the Parquet files beside them with pandas. Pictures go to the temporary folder.
#
#     checks/models/report.sh [FOLDER_WITH_REPORT.HTML]...
#
# Without arguments: the reports of the quickstart merge, and of soups, a search and a path over its models. CHROMIUM
# names the browser; else chromium of the PATH, else Playwright fetches one. Needs Python 3.10 or later.
set -euo pipefail
cd "$(dirname "$0")/../.."
stockpot=${STOCKPOT:-./stockpot}
venv=${BENCHMARK_DATA:-${TMPDIR:-/tmp}}/stockpot-report
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet playwright==1.65.2 pandas==3.1.1 pyarrow==26.0.1
browser=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$browser" ] || "$venv/bin/playwright" install chromium

# Reports of trials; scores are any numbers that hang on the candidate
trials() {
  local models
  mkdir -p "$1/sweep-a" "$1/sweep-b" "$1/both"
  mapfile -t models < <(find "$PWD/quickstart" -mindepth 2 -maxdepth 2 -name '*.safetensors' -not -path '*/merged/*' -printf '%h\n' | sort)
  ln -s "${models[0]}" "$1/sweep-a/first"
  ln -s "${models[1]}" "$1/sweep-a/second"
  ln -s "${models[2]}" "$1/sweep-b/third"
  ln -s "${models[3]}" "$1/sweep-b/fourth"
  cat >"$1/score.sh" <<'END'
sum=$(cat "$1"/*.safetensors | cksum)
echo "{\"acc\": 0.$((${sum%% *} % 900 + 100)), \"acc_stderr\": 0.02, \"loss\": 0.$((${sum%% *} / 7 % 900 + 100))}"
END
  cat >"$1/both/metrics.json" <<'END'
{"ensemble": {"models": [{"name": "first"}, {"name": "second"}, {"name": "third"}, {"name": "fourth"}]}, "measures": [
{"name": "first", "accuracy": 0.71, "nll": 0.9, "brier": 0.4, "ece": 0.1},
{"name": "second", "accuracy": 0.72, "nll": 0.9, "brier": 0.4, "ece": 0.1},
{"name": "third", "accuracy": 0.73, "nll": 0.8, "brier": 0.4, "ece": 0.12},
{"name": "fourth", "accuracy": 0.7, "nll": 0.8, "brier": 0.4, "ece": 0.13},
{"name": "ensemble", "accuracy": 0.78, "nll": 0.7, "brier": 0.3, "ece": 0.2},
{"name": "ensemble, calibrated", "accuracy": 0.78, "nll": 0.6, "brier": 0.28, "ece": 0.04}]}
END
  local score="command: [sh, $1/score.sh, '{model}']"
  local sweeps="models: [{model: $1/sweep-a/first}, {model: $1/sweep-a/second}, {model: $1/sweep-b/third}, {model: $1/sweep-b/fourth}]"
  printf '%s\n' "soup: {kind: greedy, ensemble: $1/both}" "$sweeps" "evaluate: {$score, metric: acc, direction: max}" >"$1/greedy.yml"
  printf '%s\n' "soup: uniform" "$sweeps" "evaluate: {$score, metric: acc, direction: max}" >"$1/uniform.yml"
  printf '%s\n' "merge_method: linear" "search: {strategy: nsga2, population: 6, evaluations: 24, seed: 1}" \
    "models: [{model: $1/sweep-a/first, parameters: {weight: {range: [0.1, 1]}}}, {model: $1/sweep-b/third, parameters: {weight: {range: [0.1, 1]}}}]" \
    "evaluate: [{$score, metric: acc, direction: max}, {$score, metric: loss, direction: min}]" >"$1/search.yml"
  printf '%s\n' "$score" "metric: loss" "direction: min" >"$1/evaluate.yml"
  for kind in greedy uniform search; do
    "$stockpot" merge "$1/$kind.yml" "$1/$kind" --quiet
  done
  "$stockpot" path "$1/sweep-a/first" "$1/sweep-b/third" --points 9 --evaluate "$1/evaluate.yml" --output "$1/path" >/dev/null
}

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
if [ $# = 0 ]; then
  "$stockpot" quickstart >/dev/null
  trials "$made"
  set -- quickstart/merged/report "$made"/{greedy,uniform,search,path}/report
fi
pictures=$venv/pictures
mkdir -p "$pictures"
PICTURES=$pictures CHROMIUM=$browser "$venv/bin/python" checks/models/report.py "$@"
