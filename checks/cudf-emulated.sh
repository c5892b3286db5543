#!/usr/bin/env bash
# Runs RAPIDS' real native code without a GPU: libcudf.so as it is in the jar, both what of it runs on the host and what
# runs on a GPU. In the place of CUDA's runtime, which is linked into it, comes one of ours (checks/cudf-emulated), for
# which device memory is memory, and which executes each kernel's PTX, thread by thread, on the host. So cudf's choice of
# kernels, its arithmetic, its sorts and its pool of memory are the real ones. What is missing is the machine code that
# NVIDIA's assembler makes of the PTX, or of the same sources for other architectures, and all that is about time.
#
# The kernels must have no fused, approximate or directed operation and flush no subnormals: the emulation has none, and
# ends where one would be executed.
#
# First the tests tagged gpu but for those of large tensors, then merges of a small model, each compared byte for byte with
# one on the CPU's lanes; two of them where the device's memory is full.
#
# Needs Linux on x86-64, root (for a mount namespace, in which a driver seems to be there), g++, Python 3.10 or later and a
# JDK of 17 or later; takes 1.5 GB in checks/cudf-emulated/target, and ten to fifteen minutes. TESTS names classes to run
# instead of all.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
target=$here/cudf-emulated/target

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

if [ "${1-}" != inside ]; then
  [ "$(uname -sm)" = "Linux x86_64" ] || fail "the emulation writes x86-64 code, and this is $(uname -sm)"
  command -v g++ >/dev/null || fail "there is no g++; install Debian's package g++, or your system's C++ compiler"
  unshare -m true 2>/dev/null || fail "no mount namespace can be made; run this as root, outside of a container"
  exec unshare -m "$here/cudf-emulated.sh" inside
fi
mount -t tmpfs none /proc/driver
mkdir /proc/driver/nvidia
touch /proc/driver/nvidia/version

# --- The library, the PTX of its kernels, and what executes it ---

mkdir -p "$target"
cd "$root"
./mvnw -B -ntp -q -pl kernels dependency:build-classpath -DincludeArtifactIds=cudf -Dmdep.outputFile="$target/cudf-jar"
cudf=$(<"$target/cudf-jar")
native=$target/amd64/Linux
if ! cmp -s "$target/cudf-jar" "$target/unpacked"; then
  rm -rf "$target/amd64" "$target/ptx"
  (cd "$target" && python3 -m zipfile -e "$cudf" jar && mv jar/amd64 . && rm -r jar)
  python3 -m venv "$target/venv"
  # CUDA 13.3, for which cudf was built
  "$target/venv/bin/pip" install -q --no-deps nvidia-cuda-runtime==13.3.29 nvidia-cuda-crt==13.3.33 nvidia-cuda-cuobjdump==13.3.29
  cuda=$(echo "$target"/venv/lib/python3*/site-packages/nvidia/cu13)
  chmod +x "$cuda/bin/cuobjdump"
  mkdir "$target/ptx"
  (cd "$target/ptx" && "$cuda/bin/cuobjdump" -xptx sm_120 "$native/libcudf.so" >/dev/null)
  python3 "$here/cudf-emulated/find_kernels.py" "$target/ptx"
  cp "$target/cudf-jar" "$target/unpacked"
fi
cuda=$(echo "$target"/venv/lib/python3*/site-packages/nvidia/cu13)
g++ -std=c++17 -O2 -Wall -Wextra -Werror -ffp-contract=off -fPIC -shared -I"$cuda/include" -o "$target/emulation.so" \
  "$here"/cudf-emulated/*.cpp -ldl
export CUDF_PTX=$target/ptx

# The last process' device has done something, and nothing is left of it.
require_clean() { # log
  local last
  last=$(grep '^cudf-emulated: ' "$1" | tail -1)
  [[ "$last" =~ ^'cudf-emulated: '[1-9][0-9]*' kernels, '.*' 0 bytes left'$ ]] || fail "$1: ${last:-no device was used}"
}

# --- What a machine with a GPU runs ---

benchmarks/gpu.sh pack "$target/pack" >/dev/null
run_tests() { # class
  local log=$target/$1.log
  (cd "$target/pack" && LD_PRELOAD=$target/emulation.so "${JAVA_HOME:+$JAVA_HOME/bin/}java" \
    --add-modules=jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED -Xmx3g \
    -Dai.rapids.cudf.lib-native-dir="$native" -cp "classes:test-classes:$(printf '%s:' lib/*.jar)$cudf" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=tree \
    --include-tag=gpu --select-class="dev.stockpot.kernels.rapids.$1" --exclude-methodname='.*[lL]argeTensors.*') >"$log" 2>&1 ||
    fail "$1: see $log"
  require_clean "$log"
}

count=0
running=()
classes=${TESTS-GpuDeviceTest GpuStoringTest GpuScratchBytesTest GpuKernelsTest GpuMethodsTest}
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
python3 "$here/cudf-on-host/make_models.py" models small

merge() { # recipe output settings...
  "$root/stockpot" merge "$1" "$2" --set model-root=models --set report=false --set tasks=1 --overwrite "${@:3}"
}

on_device() { # name of the recipe
  STOCKPOT_LOG=info STOCKPOT_JARS=$cudf LD_PRELOAD=$target/emulation.so \
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
