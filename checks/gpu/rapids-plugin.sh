#!/usr/bin/env bash
# Merges as a guest of Spark's RAPIDS Accelerator: the real plugin, from its jar, owns the GPU of a Spark cluster of
# this machine. The GPU is that of checks/gpu/cudf-on-host.sh, which knows as much of the plugin's natives as its
# executors need. Two tasks at once, of which the plugin's semaphore lets one onto the GPU; then the plugin asks one to
# retry, one to split, and one to retry as the host's memory is short. All must give the bytes of a merge on lanes, with
# device memory taken by threads of tasks only, and nothing of it held while one waits.
#
# Needs what checks/gpu/cudf-on-host.sh needs, and its library, which that makes; the plugin's jar (576 MB) and some
# 300 MB more from Maven Central the first time. Takes two minutes. Variables: PLUGIN_VERSION, and those of
# checks/cluster/spark-submit.sh.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/checks/cluster/setup/spark.sh"
. "$here/setup/worker.sh"
. "$here/setup/plugin.sh"
fetch spark "$home/jars"
. "$root/checks/cluster/setup/work.sh"
prepare_merge
prepare_spark
ui=$(port)
start_master
start_gpu_worker 1 --cores 2
await_workers 1

log() {
  cat worker-1/app-*/*/stderr
}
said() { # text
  log | grep -qF "$1" || fail "the executor does not say: $1; it says: $(log | grep -F 'GPU' | tail -n 5)"
}
guest() { # output, options of spark-submit...
  rm -rf worker-1/app-*
  submit "$1" --set provider=rapids -- --conf spark.plugins=com.nvidia.spark.SQLPlugin \
    --conf spark.executor.resource.gpu.amount=1 --conf spark.task.resource.gpu.amount=0.5 --conf spark.executor.cores=2 \
    --conf spark.cores.max=2 --conf spark.rapids.sql.concurrentGpuTasks=1 --conf spark.executorEnv.CUDF_ON_HOST_LEAKS=1 \
    "${@:2}" || fail "$1: $(tail -n 20 "logs/$1")"
  require_same "$1"
  said 'GPU: guest of the memory pool that this JVM has'
  ! log | grep -F 'GPU: given up' || fail "$1: the GPU was given up"
  local last
  last=$(log | grep -F 'cudf-on-host: a task is done' | tail -n 1)
  [[ "$last" =~ ' '[1-9][0-9]*' allocations so far, 0 bytes left'$ ]] || fail "$1: ${last:-the plugin saw no task}"
}
pinned=(--conf spark.rapids.memory.pinnedPool.size=64m)
waited='cudf-on-host: a thread that has nothing waits for memory'

guest plain
guest pinned "${pinned[@]}"
guest retry "${pinned[@]}" --conf spark.executorEnv.CUDF_ON_HOST_RETRY_AT=20
said 'cudf-on-host: a thread is told to retry'
said "$waited"
guest split "${pinned[@]}" --conf spark.executorEnv.CUDF_ON_HOST_SPLIT_AT=30
said 'cudf-on-host: a thread is told to split'
said 'elements do not fit, the CPU takes them'
guest host-retry --conf spark.executorEnv.CUDF_ON_HOST_HOST_RETRY_AT=3
said 'cudf-on-host: a thread is told to retry'
said "$waited"

echo "Passed: Spark $spark, guest of the RAPIDS Accelerator $plugin, with retries and splits, equal to the local merge"
