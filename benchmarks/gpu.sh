#!/usr/bin/env bash
# Tests and measures the RAPIDS kernels on an NVIDIA GPU, in one call. Needs nothing but this:
#   benchmarks/gpu.sh pack FOLDER     on a machine with a JDK and a network: classes and jars, without RAPIDS, into FOLDER
#   benchmarks/gpu.sh run FOLDER      on the machine with the GPU: tests tagged gpu, then the benchmark, then PyTorch if it is there
# and, without a GPU, on the model of one that tests use:
#   benchmarks/gpu.sh traffic MODELS LOG [METHOD]     bytes that merges of so many models of 2^LOG elements move in a GPU's memory
#
# For run, JAVA names the java to use; CUDF_JAR the RAPIDS jar, or its classes alone with CUDF_LIB the folder of its
# unpacked libcudf.so. A tensor has 2^LOG elements, 26 unless set; merges of up to 2^MOST elements in a row, 30 unless
# set, are timed; nothing new is begun after SECONDS_AT_MOST, 240 unless set.
set -euo pipefail
usage="usage: benchmarks/gpu.sh pack FOLDER | run FOLDER | traffic MODELS LOG [METHOD]"
command=${1:?$usage}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
open=(--add-modules=jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED)
package=dev.stockpot.kernels.rapids

case $command in
  pack)
    folder=$(mkdir -p "${2:?$usage}" && cd "$2" && pwd)
    ./mvnw -B -q -ntp -pl kernels test-compile dependency:copy-dependencies -DincludeScope=test \
      -DexcludeArtifactIds=cudf -DoutputDirectory="$folder/lib"
    ./mvnw -B -q -ntp dependency:copy -DoutputDirectory="$folder/lib" \
      -Dartifact=org.junit.platform:junit-platform-console-standalone:1.14.4
    cp -r kernels/target/classes kernels/target/test-classes "$folder/"
    mkdir -p "$folder/benchmarks"
    cp benchmarks/gpu.sh benchmarks/gpu_torch.py "$folder/benchmarks/"
    du -sh "$folder"
    ;;
  run)
    cd "${2:?$usage}"
    log=${LOG:-26} most=${MOST:-30}
    class_path="classes:test-classes:$(printf '%s:' lib/*.jar)${CUDF_JAR:?the RAPIDS jar}"
    start=("${JAVA:-java}" "${open[@]}" -Xmx8g -XX:MaxDirectMemorySize=48g
      ${CUDF_LIB:+-Dai.rapids.cudf.lib-native-dir="$CUDF_LIB"} -cp "$class_path")
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv || true
    tests=0
    "${start[@]}" org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
      --details=summary --include-tag=gpu --select-package="$package" || tests=$?
    "${start[@]}" "$package.GpuBenchmark" "$log" "$most" "${SECONDS_AT_MOST:-240}"
    if python3 -c 'import torch' 2>/dev/null; then
      python3 benchmarks/gpu_torch.py "$log" "$most"
    else
      echo "PyTorch is not here: not compared"
    fi
    exit "$tests"
    ;;
  traffic)
    ./mvnw -B -q -ntp -pl kernels test-compile dependency:build-classpath -DincludeScope=test \
      -Dmdep.outputFile="$PWD/kernels/target/benchmark-class-path"
    "${JAVA:-java}" "${open[@]}" -Xmx12g -cp \
      "kernels/target/classes:kernels/target/test-classes:$(<kernels/target/benchmark-class-path)" \
      "$package.DeviceTraffic" "${2:?$usage}" "${3:?$usage}" "${@:4:1}"
    ;;
  *)
    echo "$usage" >&2
    exit 2
    ;;
esac
