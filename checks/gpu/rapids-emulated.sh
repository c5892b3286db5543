#!/usr/bin/env bash
# Merges as a guest of Spark's RAPIDS Accelerator with its own native code: the plugin, its libcudf.so and what decides
# there who waits for memory are real, as they are in its jar; the device is that of checks/gpu/cudf-emulated.sh. Two
# tasks at once, in one JVM: with memory for both, with too little for both at once, so that the plugin makes one wait
# and try again, and with too little for either, so that the CPU takes over. All must give the bytes of a merge on
# lanes, and leave nothing on the device.
#
# Needs what checks/gpu/cudf-emulated.sh needs; the plugin's jar (576 MB) and some 300 MB more from Maven Central the
# first time, 2.5 GB of disk, and three minutes. Variables: PLUGIN_VERSION, SPARK_VERSION.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/setup/emulation.sh"
. "$root/checks/cluster/setup/spark.sh"
. "$here/setup/plugin.sh"
fetch spark "$home/jars"
prepare_emulation
unpack plugin "$rapids"

work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work/logs"
cd "$work"
python3 "$here/setup/make_models.py" models small
cp "$here/setup/ties.yml" .
settings=(--set model-root=models --set report=false --set shard-size=150kB) # a shard, and a task, for each tensor
"$root/stockpot" merge ties.yml expected "${settings[@]}" --set provider=vector --quiet 2>/dev/null # builds the jar too
jvm_options=("-Dai.rapids.cudf.lib-native-dir=$native" -Xmx2g)
prepare_spark

guest() { # output, bytes of the device
  CUDF_EMULATED_MEMORY=$2 LD_PRELOAD=$emulation timeout 500 "${spark_java[@]/%"$home/jars/*"/$home/jars/*:$rapids}" \
    org.apache.spark.deploy.SparkSubmit --master 'local[2]' --conf spark.driver.host=127.0.0.1 --conf spark.ui.enabled=false \
    --conf spark.plugins=com.nvidia.spark.SQLPlugin --conf spark.rapids.sql.concurrentGpuTasks=2 \
    --conf spark.rapids.memory.pinnedPool.size=16m --conf spark.rapids.memory.gpu.reserve=0 \
    --conf spark.rapids.memory.gpu.allocFraction=1 --conf spark.rapids.memory.gpu.minAllocFraction=0 \
    --conf spark.rapids.sql.chunkedPack.bounceBufferSize=1m --conf spark.rapids.sql.chunkedPack.bounceBuffers=1 \
    --class dev.stockpot.merge.cli.Main "$root/merge-job/target/merge-job.jar" \
    merge ties.yml "$work/$1" "${settings[@]}" --set provider=rapids >"logs/$1" 2>&1 || fail "$1: $(tail -n 20 "logs/$1")"
  diff -r -x stockpot-manifest.json expected "$1" >&2 || fail "$1 is not what the local merge gives"
  said "$1" 'GPU: guest of the memory pool that this JVM has'
  require_clean "logs/$1"
}
said() { # log text
  grep -qF "$2" "logs/$1" || fail "$1 does not say: $2"
}

# The plugin keeps 10.5 MB for itself, and a task takes some 3 MB.
guest plenty 18000000
guest scarce 14800000
said scarce 'Retrying allocation of'
guest tiny 13700000
said tiny 'elements do not fit, the CPU takes them'

echo "Passed: Spark $spark, guest of the RAPIDS Accelerator $plugin with its own native code, also where memory is short"
