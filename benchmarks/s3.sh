#!/usr/bin/env bash
# Merges three checkpoints of 1.16 GB from an S3 server of this machine to the same, beside a plain copy with the AWS SDK
# that reads and writes as many bytes from and to the same server; then the same with one executor and with two,
# each a process with one core (Spark's local-cluster). Prints seconds and ratios, best of three.
#
#   benchmarks/s3.sh                  three checkpoints of 1.16 GB (needs Python with numpy once, to make them)
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
export SPARK_TESTING=1 SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_DIRS=$work/spark
cd "$work" # Spark leaves folders
merge() { # more options of Java
  "$java" "@$root/merge-job/src/main/launcher/java-options" --add-modules=jdk.incubator.vector "$quiet" -Xmx1g \
    "${options[@]}" "$@" -cp "$class_path" dev.stockpot.merge.cli.Main merge "$work/linear.yml" s3a://models/merged \
    --overwrite >>"$work/merges"
}
cluster() { # executors
  merge "-Dspark.master=local-cluster[$1,1,1024]" "-Dspark.executor.extraClassPath=$class_path" \
    -Dspark.scheduler.minRegisteredResourcesRatio=1 -Dspark.scheduler.maxRegisteredResourcesWaitingTime=60s \
    -Dspark.ui.enabled=false
}
best() { # command...: seconds of the fastest run
  for _ in $(seq "$runs"); do
    local begin end
    begin=$(date +%s.%N)
    "$@" >&2
    end=$(date +%s.%N)
    echo "$begin $end"
  done | awk '{ t = $2 - $1; if (!n++ || t < least) least = t } END { printf "%.2f\n", least }'
}
output=$(find -L "$models/base" -name '*.safetensors' -printf '%s\n' | awk '{ all += $1 } END { printf "%d\n", all }')
copied=$(for _ in $(seq "$runs"); do s3 copy "$output"; done | sort -n | head -n 1)
embedded=$(best merge)
one=$(best cluster 1)
two=$(best cluster 2)
tail -n 3 "$work/merges" >&2
awk -v copy="$copied" -v merge="$embedded" -v one="$one" -v two="$two" -v bytes="$output" 'BEGIN {
  printf "inputs 3 x %.2f GB, output %.2f GB\n", bytes / 1e9, bytes / 1e9
  printf "%-34s %8.2f s\n", "copy with the AWS SDK", copy
  printf "%-34s %8.2f s  %.2f times the copy, start of the JVM and Spark in it\n", "merge, embedded", merge, merge / copy
  printf "%-34s %8.2f s\n", "merge, one executor of one core", one
  printf "%-34s %8.2f s  %.2f times as fast, start of the executors in it\n", "merge, two executors of one core", two, one / two
}'
