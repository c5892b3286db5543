# Sourced, after spark.sh, by the checks that start a Spark cluster of which a worker has a GPU, as far as Spark knows:
# it believes what a worker's discovery script prints. The GPU is that of checks/gpu/cudf-on-host.sh, whose library must
# be there. Goes on in a mount namespace, in which a driver seems to be there.
native=$here/cudf-on-host/target/native
[ -e "$native/libcudf.so" ] || fail "there is no $native; run checks/gpu/cudf-on-host.sh first"
. "$here/setup/driver.sh"

# Makes models, the recipe ties.yml and what a merge on this machine's lanes gives, in expected/
prepare_merge() {
  python3 "$here/setup/make_models.py" models
  cp "$here/setup/ties.yml" .
  # Small tasks, so that the large tensor is scanned in a stage of its own before it is merged
  cuts=(--set model-root="$work/models" --set report=false --set part-size=2MiB --set task-memory=8MiB)
  "$root/stockpot" merge ties.yml expected "${cuts[@]}" --quiet
}

start_gpu_worker() { # number, options of Spark's worker...
  printf '%s\n' '#!/bin/sh' "echo '{\"name\": \"gpu\", \"addresses\": [\"0\"]}'" >gpus.sh
  chmod +x gpus.sh
  printf '%s\n' 'spark.worker.resource.gpu.amount 1' "spark.worker.resource.gpu.discoveryScript $work/gpus.sh" >worker.conf
  start_worker "$1" --properties-file worker.conf "${@:2}"
}

# Merges on the cluster, with the jar $rapids on its class path.
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
    --conf "spark.executor.extraJavaOptions=-Dai.rapids.cudf.lib-native-dir=$native" --jars "$rapids" "$@" \
    --class dev.stockpot.merge.cli.Main "$root/merge-job/target/merge-job.jar" \
    merge ties.yml "$work/$output" "${cuts[@]}" --set gpu-pinned-memory=64MiB "${merge[@]}" >"logs/$output" 2>&1
}
require_same() { # output
  diff -r -x stockpot-manifest.json expected "$1" >&2 || fail "$1 is not what the local merge gives"
}
