#!/usr/bin/env bash
# What choosing costs beside merging. First a generation of ten candidates over three 1.16 GB models, made in one reading by
# `ask`, beside ten merges of the same recipes one after the other, by turns: wall times, their ratio, and the bytes that
# the process read. Then a greedy soup of ten models of which none is accepted, scored by an evaluator that sleeps: with two
# at once beside one. Fails above 40 %, where inputs are read twice, where bytes differ, or above 60 % for two evaluators.
#
#   benchmarks/trials.sh                three checkpoints of 1.16 GB
#   benchmarks/trials.sh FOLDER         the models in that folder: base, tune-1 and tune-2; of small ones the time of a
#                                       start counts most, so that only bytes are looked at
#
# Needs Linux, a JDK, a quiet machine, 30 GB of disk, Python 3.10 and numpy from PyPI. BENCHMARK_DATA is the folder of the
# models and outputs, to delete afterwards (stockpot-benchmark in the temporary folder); RUNS says how often to repeat (2),
# SECONDS_OF_SLEEP how long an evaluation takes (3). STOCKPOT names another command than ./stockpot.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
models=${1:-$data/models}
stockpot=${STOCKPOT:-$root/stockpot}
runs=${RUNS:-2}
sleep=${SECONDS_OF_SLEEP:-3}
candidates=10
most_generation=40 # per cent of the separate merges
most_speculation=60 # per cent of one evaluator's time: half, and what two at once cost each other

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

[ -d "$models/tune-2" ] || python3 "$here/make-checkpoints.py" "$models" --fine-tunes 2 >&2
mkdir -p "$data"
work=$(mktemp -d "$data/trials.XXXXXX")
trap 'rm -rf "$work"' EXIT
inputs=$(cat "$models"/{base,tune-1,tune-2}/*.safetensors | wc -c)
"$stockpot" --version >/dev/null # builds if need be

now() { date +%s.%N; }
since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.2f", to - from }'; }
share() { awk -v one="$1" -v other="$2" 'BEGIN { printf "%.0f", 100 * one / other }'; }

# Runs a command, and leaves in $work/read how many bytes its process had read when it was last looked at
counted() {
  "$@" >"$work/said" 2>"$work/log" &
  local process=$! line
  : >"$work/read"
  while line=$(grep rchar "/proc/$process/io" 2>/dev/null); do
    echo "${line#rchar: }" >"$work/read.new" && mv "$work/read.new" "$work/read"
    sleep 0.02
  done
  wait "$process" || { cat "$work/log" >&2; fail "$*"; }
}

# --- A generation ---

cat >"$work/search.yml" <<END
merge_method: linear
parameters: {normalize: false}
dtype: bfloat16
models:
- {model: $models/base, parameters: {weight: {range: [0.1, 0.5]}}}
- {model: $models/tune-1, parameters: {weight: {range: [0.1, 0.5]}}}
- {model: $models/tune-2, parameters: {weight: {range: [0.1, 0.5]}}}
search: {strategy: random, evaluations: $candidates, seed: 1}
evaluate: {on: nowhere, direction: max}
END
quiet=(--set report=false)
together= apart=
for run in $(seq "$runs"); do
  rm -rf "$work/out"* "$work/alone"
  cat "$models"/{base,tune-1,tune-2}/*.safetensors >/dev/null # both find the inputs in memory
  started=$(now)
  counted "$stockpot" ask "$work/search.yml" "$work/out" --most "$candidates" --json "${quiet[@]}"
  took=$(since "$started")
  bytes=$(<"$work/read")
  together="$together $took"
  python3 - "$work" <<'PYTHON'
import json, sys
for number, line in enumerate(open(sys.argv[1] + "/said")):
    asked = json.loads(line)
    open(f"{sys.argv[1]}/recipe-{number}.yml", "w").write(asked["recipe"])
    open(f"{sys.argv[1]}/place-{number}", "w").write(asked["model"])
PYTHON
  [ "$(wc -l <"$work/said")" = "$candidates" ] || fail "$(wc -l <"$work/said") candidates were made"
  started=$(now)
  for number in $(seq 0 $((candidates - 1))); do
    "$stockpot" merge "$work/recipe-$number.yml" "$work/alone/$number" --quiet "${quiet[@]}"
  done
  apart="$apart $(since "$started")"
  for number in $(seq 0 $((candidates - 1))); do
    for file in "$work/alone/$number"/*.safetensors; do
      cmp -s "$file" "$(<"$work/place-$number")/$(basename "$file")" || fail "candidate $number is not what it is alone"
    done
  done
  "$stockpot" discard "$work/out" >/dev/null
done
best() { tr ' ' '\n' <<<"$1" | grep . | sort -n | head -1; }
one=$(best "$together")
ten=$(best "$apart")
ratio=$(share "$one" "$ten")
echo "| $candidates candidates over $((inputs / 1000000)) MB of models | wall time |"
echo "| --- | ---: |"
echo "| ten merges one after the other | $ten s |"
echo "| a generation in one reading | $one s ($ratio %) |"
echo "the generation's process read $((bytes / 1000000)) MB"
if [ "$inputs" -gt 1000000000 ]; then
  [ "$bytes" -ge $((inputs * 9 / 10)) ] || fail "the process read $bytes bytes: they are not counted here"
  [ "$bytes" -le $((inputs * 115 / 100)) ] || fail "the inputs have $inputs bytes, and $bytes were read"
  [ "$ratio" -le "$most_generation" ] || fail "$ratio % of separate merges; $most_generation % are allowed"
fi

# --- Speculation ---

python3 - "$work" <<'PYTHON'
import json, os, struct, sys
for model in range(10):
    folder = f"{sys.argv[1]}/m{model}"
    os.makedirs(folder)
    header = json.dumps({"w": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}).encode()
    with open(f"{folder}/model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(header)) + header + struct.pack("<4f", *[model] * 4))
    open(f"{folder}/config.json", "w").write('{"model_type": "llama"}')
PYTHON
soup() { # evaluators at once: single models are worth 2, soups 1
  {
    echo "soup: greedy"
    echo "models:"
    for model in 0 1 2 3 4 5 6 7 8 9; do echo "- model: $work/m$model"; done
    echo "evaluate:"
    echo "  command: [sh, -c, 'sleep $sleep; case \$0 in */m?) echo 2;; *) echo 1;; esac', '{model}']"
    echo "  direction: max"
    echo "  parallel: $1"
  } >"$work/soup-$1.yml"
  local started
  started=$(now)
  "$stockpot" merge "$work/soup-$1.yml" "$work/soup-$1" --quiet --overwrite "${quiet[@]}"
  since "$started"
}
alone= two=
for run in $(seq "$runs"); do
  alone="$alone $(soup 1)"
  two="$two $(soup 2)"
done
alone=$(best "$alone")
two=$(best "$two")
cmp -s "$work/soup-1/model.safetensors" "$work/soup-2/model.safetensors" || fail "two evaluators came to another soup"
ratio=$(share "$two" "$alone")
echo "| a greedy soup of 10, 19 evaluations of $sleep s, none accepted | wall time |"
echo "| --- | ---: |"
echo "| one evaluator | $alone s |"
echo "| two evaluators | $two s ($ratio %) |"
[ "$ratio" -le "$most_speculation" ] || fail "$ratio % of one evaluator's time; $most_speculation % are allowed"
echo "Passed"
