#!/usr/bin/env bash
# Eight merges of three 1.16 GB models in one read of them, beside eight merges one after the other: wall times and their
# ratio, bytes read, and whether both made the same. Fails above 45 %, where inputs are read twice, or where bytes differ.
#
#   benchmarks/one-read.sh              linear
#   benchmarks/one-read.sh ties         by another method: linear, ties, dare_ties
#
# Needs a JDK, a quiet machine, 25 GB of disk, Python 3.10 and numpy from PyPI. BENCHMARK_DATA is the folder of the models and
# outputs, to delete afterwards (stockpot-benchmark in the temporary folder).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
export BENCHMARK_DATA=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
method=${1:-linear}
merges=8
most=45 # per cent of the separate merges
work=$BENCHMARK_DATA/one-read
models=$BENCHMARK_DATA/models

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

if [ ! -f "$models/complete" ]; then
  "$here/against-mergekit.sh" --tools floor --methods linear >&2 # makes the models
fi
rm -rf "$work"
mkdir -p "$work/apart" "$work/together"
trap 'rm -rf "$work"' EXIT

recipe() { # number: weights and densities are others in each
  local position=0 model more
  echo "merge_method: $method"
  echo "dtype: bfloat16"
  [ "$method" = linear ] || echo "base_model: $models/base"
  echo "models:"
  for model in base tune-1 tune-2; do
    position=$((position + 1))
    [ "$method" = linear ] || [ "$model" != base ] || continue
    more=
    [ "$method" = linear ] || more=", density: 0.$((2 + ($1 + position) % merges))"
    echo "- {model: $models/$model, parameters: {weight: 0.$((1 + ($1 + 3 * position) % merges))$more}}"
  done
}

numbers=$(seq 0 $((merges - 1)))
for number in $numbers; do
  recipe "$number" >"$work/recipe-$number.yml"
done

# --- The merges ---

apart() { # number
  "$root/stockpot" merge "$work/recipe-$1.yml" "$work/apart/$1" --overwrite
}

together() { # all recipes, each into $work/together/NUMBER, as ./stockpot starts; prints "Read … of input"
  "${java[@]}" OneRead "$work/together" $(printf "$work/recipe-%s.yml " $numbers)
}

measure() { # log, command...
  sync
  local started=$EPOCHREALTIME
  "${@:2}" >"$1"
  awk -v from="$started" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.2f\n", to - from }'
}

bytes_read() { # log: the sum of "Read 3.48 GB and wrote …" in MB
  awk '/^Read / { factor = ($3 == "GB") ? 1000 : ($3 == "MB") ? 1 : 0.001; sum += $2 * factor } END { printf "%d\n", sum }' "$1"
}

"$root/stockpot" merge --help >/dev/null # builds, and makes the archive
jars=("$root"/merge-job/target/merge-job.jar "$root"/merge-job/target/lib/*.jar)
class_path=$(IFS=:; echo "${jars[*]}")
"${JAVA_HOME:+$JAVA_HOME/bin/}javac" -cp "$class_path" -d "$work" "$here/OneRead.java"
launcher=$root/merge-job/src/main/launcher
java=("${JAVA_HOME:+$JAVA_HOME/bin/}java" "@$launcher/java-options" "-Dlog4j2.configurationFile=file:$launcher/log4j2.properties"
  --add-modules=jdk.incubator.vector "-Xmx${STOCKPOT_HEAP:-1g}" -cp "$class_path:$work")
for archive in "$root"/merge-job/target/stockpot-*.jsa; do
  [ ! -s "$archive" ] || java+=("-XX:SharedArchiveFile=$archive")
done
export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1}
cat "$models"/{base,tune-1,tune-2}/*.safetensors >/dev/null # from here on, the system holds the inputs in memory for both
each() {
  for number in $numbers; do apart "$number"; done
}
separate=$(measure "$work/apart.log" each)
one=$(measure "$work/together.log" together)

# --- What they made ---

for number in $numbers; do
  (cd "$work/apart/$number" && sha256sum ./*.safetensors config.json) >"$work/sums"
  (cd "$work/together/$number" && sha256sum --quiet -c "$work/sums") || fail "merge $number is not what it is alone"
done
inputs=$(cat "$models"/{base,tune-1,tune-2}/*.safetensors | wc -c)
read_apart=$(bytes_read "$work/apart.log")
read_together=$(bytes_read "$work/together.log")
share=$(awk -v one="$one" -v separate="$separate" 'BEGIN { printf "%.0f", 100 * one / separate }')
echo "| $merges merges by $method | wall time | read |"
echo "| --- | ---: | ---: |"
echo "| one after the other | $separate s | $read_apart MB |"
echo "| in one read | $one s ($share %) | $read_together MB |"
[ "$read_together" -le $((inputs / 1000000 * 101 / 100)) ] || fail "the inputs have $((inputs / 1000000)) MB and were read more than once"
[ "$share" -le "$most" ] || fail "$share % of separate merges; $most % are allowed"
echo "Passed"
