#!/usr/bin/env bash
# Merges three checkpoints shaped like Llama-3-70B into a sink that counts and discards, with 2 GB of heap and 2 GB
# outside it at most, and says how fast that was and how long executors with 10 Gbit/s each would take.
#
#   benchmarks/scale.sh                all 80 layers, 141 GB each (sparse files: a few MB of disk), linear
#   benchmarks/scale.sh 4 ties         four layers, 11 GB each, another method: linear, ties
#
# Needs a JDK and Python. Settings of the job follow: benchmarks/scale.sh 80 linear tasks=2 task-memory=256MiB
# BENCHMARK_DATA is the folder of the files, to delete afterwards (stockpot-benchmark in the temporary folder).
set -euo pipefail
layers=${1:-80}
method=${2:-linear}
. "$(dirname "${BASH_SOURCE[0]}")/class-path.sh"
models=${BENCHMARK_DATA:-${TMPDIR:-/tmp}/stockpot-benchmark}/70b-$layers
[ -f "$models/$method.yml" ] || python3 "$root/benchmarks/make-sparse.py" 70b "$models" "$layers"

# The last option of a kind counts. Netty keeps a count of its own.
exec "$java" "@$root/merge-job/src/main/launcher/java-options" --add-modules=jdk.incubator.vector \
  "-Dlog4j2.configurationFile=file:$root/merge-job/src/main/launcher/log4j2.properties" \
  -Xmx2g -XX:MaxDirectMemorySize=2g -Dio.netty.maxDirectMemory=2147483648 \
  -cp "$class_path" dev.stockpot.merge.cli.ScaleBenchmark "$models/$method.yml" "${@:3}"
