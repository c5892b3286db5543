#!/usr/bin/env bash
# Tests and measures the RAPIDS kernels on an NVIDIA GPU, in one call. Needs nothing but this:
#   benchmarks/gpu.sh pack FOLDER     on a machine with a JDK and a network: classes and jars, without RAPIDS, into FOLDER
#   benchmarks/gpu.sh run FOLDER      on the machine with the GPU: tests tagged gpu, then the benchmark, then PyTorch if it is there
# JAVA names the java to use; CUDF_JAR the RAPIDS jar, or its classes alone with CUDF_LIB the folder of its unpacked
# libcudf.so. LEAST and MOST are binary logarithms of the numbers of elements, 26 and 28 unless set.
set -euo pipefail
command=${1:?pack or run} folder=$(mkdir -p "${2:?folder}" && cd "$2" && pwd)
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case $command in
  pack)
    ./mvnw -B -q -ntp -pl kernels test-compile dependency:copy-dependencies -DincludeScope=test \
      -DexcludeArtifactIds=cudf -DoutputDirectory="$folder/lib"
    ./mvnw -B -q -ntp dependency:copy -DoutputDirectory="$folder/lib" \
      -Dartifact=org.junit.platform:junit-platform-console-standalone:1.14.4
    cp -r kernels/target/classes kernels/target/test-classes "$folder/"
    cp benchmarks/gpu.sh benchmarks/gpu_torch.py "$folder/"
    du -sh "$folder"
    ;;
  run)
    cd "$folder"
    java=${JAVA:-java}
    class_path="classes:test-classes:$(printf '%s:' lib/*.jar)${CUDF_JAR:?the RAPIDS jar}"
    options=(--add-modules=jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED -Xmx8g
      -XX:MaxDirectMemorySize=32g ${CUDF_LIB:+-Dai.rapids.cudf.lib-native-dir="$CUDF_LIB"})
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv || true
    tests=0
    "$java" "${options[@]}" -cp "$class_path" org.junit.platform.console.ConsoleLauncher execute \
      --disable-banner --disable-ansi-colors --details=summary --include-tag=gpu \
      --select-package=dev.stockpot.kernels.rapids || tests=$?
    "$java" "${options[@]}" -cp "$class_path" dev.stockpot.kernels.rapids.GpuBenchmark \
      "${LEAST:-26}" "${MOST:-28}"
    if python3 -c 'import torch' 2>/dev/null; then
      python3 gpu_torch.py "${LEAST:-26}" "${MOST:-28}"
    else
      echo "PyTorch is not here: not compared"
    fi
    exit "$tests"
    ;;
  *)
    echo "pack or run, not $command" >&2
    exit 2
    ;;
esac
