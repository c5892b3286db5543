#!/usr/bin/env bash
# Merges on a Spark cluster of this machine of which one worker has a GPU and another has none, as far as Spark knows.
# The GPU is that of checks/gpu/cudf-on-host.sh, so cudf's Java classes run there, from --jars, and merges by a GPU and
# by lanes must give the same bytes.
#
# By gpu-request a merge asks for the GPU by a resource profile, while the cluster's settings say nothing of GPUs; by
# Spark's own settings all executors have one; without dynamic allocation gpu-request is refused in words; a GPU that is
# demanded where there is none is an error that says so.
#
# Needs what checks/gpu/cudf-on-host.sh needs, and its library, which that makes; some 300 MB from Maven Central the
# first time. Takes a minute. Same variables as checks/cluster/spark-submit.sh: SPARK_VERSION, HADOOP_VERSION,
# AWS_SDK_VERSION, KEEP.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/checks/cluster/setup/spark.sh"
. "$here/setup/worker.sh"

fetch spark "$home/jars"
rapids=$(<"$here/cudf-on-host/target/cudf-jar")
. "$root/checks/cluster/setup/work.sh"
prepare_merge

prepare_spark
ui=$(port)
start_master
start_gpu_worker 1
start_worker 2
await_workers 2

event() { # text, in the event log of the last merge
  cat events/*/events_* | grep -F "$1"
}
dynamic=(--conf spark.dynamicAllocation.enabled=true --conf spark.dynamicAllocation.shuffleTracking.enabled=true
  --conf spark.dynamicAllocation.initialExecutors=0 --conf spark.dynamicAllocation.maxExecutors=2)

# --- A GPU for our stages only ---

submit requested --set gpu-request=true -- "${dynamic[@]}" || fail "with gpu-request: $(tail -n 20 logs/requested)"
require_same requested
profile=$(event SparkListenerResourceProfileAdded | grep -F '"gpu"' | grep -o '"Resource Profile Id":[0-9]*' | head -1)
[ -n "$profile" ] || fail "no resource profile with a GPU was made"
stages=$(event SparkListenerStageSubmitted)
[ "$(grep -c . <<<"$stages")" -gt 1 ] || fail "there was no scan before the merge"
if grep -vF "$profile" <<<"$stages" | grep -q .; then
  fail "a stage ran without the resource profile"
fi
added=$(event '"Event":"SparkListenerExecutorAdded"')
if grep -vF '"addresses":["0"]' <<<"$added" | grep -q .; then
  fail "an executor has no GPU: $added"
fi
grep -rqF 'Kernels: rapids' worker-1/app-*/*/stderr || fail "no executor used the GPU: $(grep -rhF 'Kernels: ' worker-1)"
[ ! -e worker-2 ] || ! grep -rqF 'Kernels: ' worker-2 || fail "the worker without a GPU was used"

# --- A GPU for all ---

rm -rf worker-1 worker-2
submit settings -- --conf spark.executor.resource.gpu.amount=1 --conf spark.task.resource.gpu.amount=0.5 \
  --conf spark.cores.max=1 || fail "with Spark's settings: $(tail -n 20 logs/settings)"
require_same settings
grep -rqF 'Kernels: rapids' worker-1/app-*/*/stderr || fail "no executor used the GPU of Spark's settings"

# --- A GPU for nobody ---

submit lanes --set provider=vector -- || fail "on lanes: $(tail -n 20 logs/lanes)"
require_same lanes

# --- What is refused ---

refused() { # output words; Spark's own log has more to say, and stack traces
  local last
  last=$(grep -v '^[0-9][0-9]/[0-9][0-9]/' "logs/$1" | tail -n 1)
  [[ "$last" == *"$2"* ]] || fail "logs/$1 should end with: $2; it ends with: $last"
  [ ! -e "$1" ] || fail "something is left of a merge that was refused"
}
! submit static --set gpu-request=true -- || fail "gpu-request needs no dynamic allocation"
refused static 'set spark.dynamicAllocation.enabled=true, or leave gpu-request off'
umount /proc/driver
! submit missing --set provider=rapids -- || fail "a GPU was found where there is none"
refused missing 'provider is rapids, but on an executor rapids kernels cannot run: there is no NVIDIA GPU'

echo "Passed: Spark $spark, a GPU by resource profile, by settings and for nobody, equal to the local merge; two refusals"
