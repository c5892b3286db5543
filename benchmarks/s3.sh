#!/usr/bin/env bash
# Merges three checkpoints of 1.16 GB from an S3 server of this machine to the same, beside plain copies that read and write
# as many bytes from and to the same server and throw away what they read: one with the AWS SDK, in one JVM, and one with
# the AWS CLI, a process for each file, all at once. They run in turns. Server and clients share the machine's cores, so
# what the server takes is part of all figures. Then two executors against one, each a process with one core (Spark's
# local-cluster), on S3 and on local files (three times four layers of a 70B model, 11 GB each, sparse), where no server
# takes part. Prints seconds and ratios, best of three.
#
#   benchmarks/s3.sh                  three checkpoints of 1.16 GB (needs Python, with numpy once to make them; the first
#                                     call fetches the AWS CLI from PyPI)
#   benchmarks/s3.sh FOLDER           with the models in that folder: base, tune-1 and tune-2
#
# BENCHMARK_DATA is the folder of models and objects, to delete afterwards (stockpot-benchmark in the temporary folder); RUNS says how
# often to repeat (3).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/class-path.sh"
data=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}
runs=${RUNS:-3}
models=${1:-$data/models}
if [ ! -d "$models/tune-2" ]; then
  python3 "$root/benchmarks/make-checkpoints.py" "$models" --fine-tunes 2 >&2
fi
cli=$data/aws-cli
if [ ! -x "$cli/bin/aws" ]; then
  python3 -m venv "$cli"
  "$cli/bin/pip" install --quiet --progress-bar off awscli==1.46.2 >&2
fi
work=$(mktemp -d)
started=
finish() {
  [ -z "$started" ] || kill "$started" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work" "$data/objects"
}
trap finish EXIT

export AWS_ACCESS_KEY_ID=benchmark-access-key AWS_SECRET_ACCESS_KEY=benchmark-secret-key AWS_REGION=us-east-1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cp "$root/merge-job/src/main/launcher/log4j2.properties" "$work"
quiet="-Dlog4j2.configurationFile=file:$work/log4j2.properties"
s3() {
  "$java" -Xmx1g "$quiet" -cp "$class_path" dev.stockpot.merge.storage.hadoop.S3Benchmark "$1" "$port" "${@:2}"
}
rm -rf "$data/objects"
mkdir -p "$data/objects"
"$java" -Xmx1g "$quiet" -cp "$class_path" dev.stockpot.merge.storage.hadoop.S3Benchmark serve "$port" "$data/objects" \
  >"$work/server" 2>&1 &
started=$!
for _ in $(seq 60); do
  ! curl -s "http://127.0.0.1:$port/" >/dev/null || break
  sleep 0.5
done
for model in base tune-1 tune-2; do
  mkdir -p "$work/real/$model"
  cp -l "$models/$model"/* "$work/real/$model/" 2>/dev/null || cp "$models/$model"/* "$work/real/$model/"
done
s3 fill "$work/real"
cat >"$work/linear.yml" <<END
merge_method: linear
parameters: {weight: 1}
dtype: bfloat16
models: [{model: s3a://models/base}, {model: s3a://models/tune-1}, {model: s3a://models/tune-2}]
END

options=(-Dspark.hadoop.fs.s3a.endpoint="http://127.0.0.1:$port" -Dspark.hadoop.fs.s3a.endpoint.region=us-east-1
  -Dspark.hadoop.fs.s3a.path.style.access=true -Dspark.hadoop.fs.s3a.connection.ssl.enabled=false)
export SPARK_LOCAL_IP=127.0.0.1
cd "$work" # Spark leaves folders
merge() {
  STOCKPOT_JAVA_OPTS="${options[*]}" "$root/stockpot" merge "$work/linear.yml" s3a://models/merged --overwrite >>"$work/merges"
}
cluster() { # executors, recipe, output
  SPARK_TESTING=1 SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_DIRS=$work/spark \
    "$java" "@$root/merge-job/src/main/launcher/java-options" --add-modules=jdk.incubator.vector "$quiet" -Xmx1g \
    "${options[@]}" "-Dspark.master=local-cluster[$1,1,1024]" "-Dspark.executor.extraClassPath=$class_path" \
    -Dspark.scheduler.minRegisteredResourcesRatio=1 -Dspark.scheduler.maxRegisteredResourcesWaitingTime=60s \
    -Dspark.ui.enabled=false -cp "$class_path" dev.stockpot.merge.cli.Main merge "$2" "$3" --overwrite >>"$work/merges"
}
aws_cli() {
  local file copies=()
  for file in "$work"/real/*/*.safetensors; do
    "$cli/bin/aws" --endpoint-url "http://127.0.0.1:$port" s3 cp "s3://models/${file#"$work/real/"}" - >/dev/null &
    copies+=($!)
  done
  for file in "$work"/real/base/*.safetensors; do
    "$cli/bin/aws" --endpoint-url "http://127.0.0.1:$port" s3 cp --quiet "$file" s3://models/merged-by-cli/ &
    copies+=($!)
  done
  wait "${copies[@]}"
}
timed() { # name, command...: notes seconds
  local begin end
  begin=$(date +%s.%N)
  "${@:2}" >&2
  end=$(date +%s.%N)
  echo "$1 $begin $end" >>"$work/times"
}
best() { # name: seconds of the fastest run
  awk -v name="$1" '$1 == name { t = $3 - $2; if (!n++ || t < least) least = t } END { printf "%.2f\n", least }' "$work/times"
}
"$root/stockpot" merge --help >"$work/help" # builds, if need be
output=$(find -L "$models/base" -name '*.safetensors' -printf '%s\n' | awk '{ all += $1 } END { printf "%d\n", all }')
for _ in $(seq "$runs"); do
  timed sdk s3 copy "$output" 2>>"$work/copies"
  timed cli aws_cli
  timed merge merge
done
for _ in $(seq "$runs"); do
  timed one cluster 1 "$work/linear.yml" s3a://models/merged
  timed two cluster 2 "$work/linear.yml" s3a://models/merged
done
kill "$started"
started=
tail -n 3 "$work/merges" >&2
large=$data/70b-4 # large enough for the start of executors not to count much
[ -f "$large/linear.yml" ] || python3 "$root/benchmarks/make-sparse.py" 70b "$large" 4
for _ in $(seq "$runs"); do
  timed local-one cluster 1 "$large/linear.yml" "$data/merged"
  timed local-two cluster 2 "$large/linear.yml" "$data/merged"
done
rm -rf "$data/merged"
copied=$(sort -n "$work/copies" | grep -m 1 '^[0-9.]*$')
awk -v copy="$copied" -v sdk="$(best sdk)" -v cli="$(best cli)" -v merge="$(best merge)" -v one="$(best one)" -v two="$(best two)" \
  -v local_one="$(best local-one)" -v local_two="$(best local-two)" -v bytes="$output" 'BEGIN {
  printf "inputs 3 x %.2f GB, output %.2f GB\n", bytes / 1e9, bytes / 1e9
  printf "%-44s %8.2f s, %.2f s with the start of its JVM\n", "copy with the AWS SDK", copy, sdk
  printf "%-44s %8.2f s\n", "copy with the AWS CLI", cli
  printf "%-44s %8.2f s, %.2f times the SDK, %.2f times its process, %.2f times the CLI\n", "stockpot merge", merge, merge / copy, merge / sdk, merge / cli
  printf "%-44s %8.2f s\n", "merge on S3, one executor of one core", one
  printf "%-44s %8.2f s, %.2f times as fast\n", "merge on S3, two executors of one core", two, one / two
  printf "%-44s %8.2f s\n", "four layers of 70B, local, one executor", local_one
  printf "%-44s %8.2f s, %.2f times as fast\n", "four layers of 70B, local, two executors", local_two, local_one / local_two
}'
