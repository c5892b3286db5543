#!/usr/bin/env bash
# Runs RAPIDS' real native code without a GPU: libcudf.so as it is in the jar, both what of it runs on the host and what
# runs on a GPU. In the place of CUDA's runtime, which is linked into it, comes one of ours (checks/gpu/cudf-emulated),
# for which device memory is memory, and which executes each kernel's PTX, thread by thread, on the host. So cudf's
# choice of kernels, its arithmetic, its sorts and its pool of memory are the real ones. What is missing is the machine
# code that NVIDIA's assembler makes of the PTX, or of the same sources for other architectures, and all that is about
# time.
#
# The kernels must have no fused, approximate or directed operation and flush no subnormals: the emulation has none, and
# ends where one would be executed.
#
# First the tests tagged gpu but for those of large tensors, then merges of a small model, each compared byte for byte
# with one on the CPU's lanes; two of them where the device's memory is full.
#
# Needs Linux on x86-64, root (for a mount namespace, in which a driver seems to be there), g++, Python 3.10 or later
# and a JDK of 17 or later; takes 1.5 GB in checks/gpu/cudf-emulated/target, and ten minutes. TESTS names classes to run
# instead of all.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/setup/emulation.sh"
prepare_emulation
cd "$root"
./mvnw -B -ntp -q -pl kernels dependency:build-classpath -DincludeArtifactIds=cudf -Dmdep.outputFile="$target/cudf-jar"
cudf=$(<"$target/cudf-jar")
unpack cudf "$cudf"

# --- What a machine with a GPU runs ---

benchmarks/gpu.sh pack "$target/pack" >/dev/null
run_tests() { # class
  local log=$target/$1.log
  (cd "$target/pack" && LD_PRELOAD=$emulation "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
    --add-modules=jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED -Xmx3g \
    -Dai.rapids.cudf.lib-native-dir="$native" -cp "classes:test-classes:$(printf '%s:' lib/*.jar)$cudf" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=tree \
    --include-tag=gpu --select-class="dev.stockpot.kernels.rapids.$1" --exclude-methodname='.*[lL]argeTensors.*') >"$log" 2>&1 ||
    fail "$1: see $log"
  require_clean "$log"
}

count=0
running=()
classes=${TESTS-GpuDeviceTest GpuMovesTest GpuStoringTest GpuScratchBytesTest GpuKernelsTest GpuMethodsTest}
for class in $classes; do
  run_tests "$class" &
  running+=($!)
  if [ ${#running[@]} -gt 2 ]; then
    wait "${running[0]}"
    running=("${running[@]:1}")
  fi
done
for process in "${running[@]}"; do wait "$process"; done
for class in $classes; do
  tests=$(sed -n 's/^\[ *\([0-9]*\) tests successful *\]$/\1/p' "$target/$class.log")
  [ "${tests:-0}" -gt 0 ] || fail "$target/$class.log: no tests ran"
  count=$((count + tests))
done

# --- Whole merges ---

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 "$here/setup/make_models.py" models small

merge() { # recipe output settings...
  "$root/stockpot" merge "$1" "$2" --set model-root=models --set report=false --set tasks=1 --overwrite "${@:3}"
}

on_device() { # name of the recipe
  STOCKPOT_LOG=info STOCKPOT_JARS=$cudf LD_PRELOAD=$emulation \
    STOCKPOT_JAVA_OPTS=-Dai.rapids.cudf.lib-native-dir=$native \
    merge "$1.yml" "$1-device" --set provider=rapids --set gpu-pinned-memory=16MiB >"$target/$1.log" 2>&1 ||
    fail "$1 on a device: see $target/$1.log"
  require_clean "$target/$1.log"
  cmp -s "$1-host/model.safetensors" "$1-device/model.safetensors" || fail "$1: bytes differ"
}

compare() { # method parameters of models
  printf '%s\n' "merge_method: $1" 'base_model: base' 'dtype: bfloat16' 'models:' \
    "  - {model: ${3-b}, parameters: {$2}}" "  - {model: a, parameters: {$2}}" >"$1.yml"
  merge "$1.yml" "$1-host" --set provider=vector --quiet 2>/dev/null
  on_device "$1"
}
compare ties 'weight: 0.7, density: 0.4'
compare model_stock ''
compare arcee_fusion '' base

said() { # log text
  grep -q "$2" "$target/$1" || fail "$target/$1 does not say: $2"
}
CUDF_EMULATED_MEMORY=2000000 on_device ties
said ties.log 'elements do not fit, the CPU takes them'
CUDF_EMULATED_MEMORY=3500000 on_device ties
said ties.log 'elements do not fit, the CPU takes them'

echo "Passed: $count tests on cudf's own kernels, 3 merges, 2 where memory is full"
