#!/usr/bin/env bash
# Merges on a Spark cluster of this machine of which one worker has a GPU and another has none, as far as Spark knows: it
# believes what a worker's discovery script prints. The GPU is that of checks/cudf-on-host.sh, so cudf's Java classes run
# there, from --jars, and merges by a GPU and by lanes must give the same bytes.
#
# By gpu-request a merge asks for the GPU by a resource profile, while the cluster's settings say nothing of GPUs; by
# Spark's own settings all executors have one; without dynamic allocation gpu-request is refused in words; a GPU that is
# demanded where there is none is an error that says so.
#
# Needs what checks/cudf-on-host.sh needs, and its library, which that makes; some 300 MB from Maven Central the first
# time. Takes a minute. Same variables as checks/spark-submit.sh: SPARK_VERSION, HADOOP_VERSION, AWS_SDK_VERSION, KEEP.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
. "$here/cluster/spark.sh"
native=$here/cudf-on-host/target/native
[ -e "$native/libcudf.so" ] || fail "there is no $native; run checks/cudf-on-host.sh first"
if [ "${1-}" != inside ]; then
  unshare -m true 2>/dev/null || fail "no mount namespace can be made; run this as root, outside of a container"
  exec unshare -m "$here/gpu-cluster.sh" inside
fi
# What the probe looks for, seen by this script's processes alone
mount -t tmpfs none /proc/driver
mkdir /proc/driver/nvidia
touch /proc/driver/nvidia/version

fetch spark "$home/jars"
cudf=$(<"$here/cudf-on-host/target/cudf-jar")
. "$here/cluster/work.sh"
python3 "$here/cudf-on-host/make_models.py" models
cat >ties.yml <<'END'
merge_method: ties
base_model: base
dtype: bfloat16
models:
  - {model: a, parameters: {weight: 0.7, density: 0.4}}
  - {model: b, parameters: {weight: 0.7, density: 0.4}}
END
# Small tasks, so that the large tensor is scanned in a stage of its own before it is merged
cuts=(--set model-root="$work/models" --set report=false --set part-size=2MiB --set task-memory=8MiB)
"$root/stockpot" merge ties.yml expected "${cuts[@]}" --quiet

prepare_spark
ui=$(port)
start_master
cat >gpus.sh <<'END'
#!/bin/sh
echo '{"name": "gpu", "addresses": ["0"]}'
END
chmod +x gpus.sh
printf '%s\n' 'spark.worker.resource.gpu.amount 1' "spark.worker.resource.gpu.discoveryScript $work/gpus.sh" >worker.conf
start_worker 1 --properties-file worker.conf
start_worker 2
await_workers 2

submit() { # output, arguments of the merge --, options of spark-submit...
  local output=$1 merge=()
  shift
  while [ "$1" != -- ]; do
    merge+=("$1")
    shift
  done
  shift
  rm -rf events && mkdir events
  timeout 300 "${spark_java[@]}" -Xmx512m org.apache.spark.deploy.SparkSubmit --master "spark://127.0.0.1:$master" \
    --conf spark.driver.host=127.0.0.1 --conf "spark.ui.port=$ui" --conf spark.executor.memory=1g --conf spark.executor.cores=1 \
    --conf spark.eventLog.enabled=true --conf "spark.eventLog.dir=file://$work/events" --conf spark.eventLog.compress=false \
    --conf "spark.executor.extraJavaOptions=-Dai.rapids.cudf.lib-native-dir=$native" --jars "$cudf" "$@" \
    --class dev.stockpot.merge.cli.Main "$root/merge-job/target/merge-job.jar" \
    merge ties.yml "$work/$output" "${cuts[@]}" --set gpu-pinned-memory=64MiB "${merge[@]}" >"logs/$output" 2>&1
}
require_same() { # output
  diff -r -x stockpot-manifest.json expected "$1" >&2 || fail "$1 is not what the local merge gives"
}
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
