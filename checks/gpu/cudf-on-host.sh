#!/usr/bin/env bash
# Runs all that runs on a GPU without one: cudf's own Java classes, from its jar as it is, on a native library of ours
# that computes on the host (checks/gpu/cudf-on-host). It knows the operations that merges use, as cudf's sources describe
# them, tracks every column and byte, and ends a test where a GPU would read what is not its own. So whatever is ours,
# and cudf's Java, runs for real; what the real native code does, only a GPU can tell.
#
# First the tests tagged gpu and the GPU's benchmark, then whole merges, each compared byte for byte with one on the
# CPU's lanes: as they should be, with little memory, with hardly any, with page-locked memory refused, and on a device
# that fails; at last what doctor says. No memory of the device may be left at the end of any of them.
#
# Needs Linux, root (for a mount namespace, in which a driver seems to be there), g++, Python 3 and a JDK of 17 or later;
# cudf's jar (337 MB) comes with the build. Takes four minutes. KEEP names a folder to leave logs and results in.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=$here/cudf-on-host/target

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

command -v g++ >/dev/null || fail "there is no g++; install Debian's package g++, or your system's C++ compiler"
. "$here/setup/driver.sh"

mkdir -p "$target/native"
java_home=$(dirname "$(dirname "$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}javac")")")")
g++ -std=c++17 -O2 -Wall -Wextra -Werror -ffp-contract=off -fPIC -shared -I"$java_home/include" \
  -I"$java_home/include/linux" -o "$target/native/libcudf.so" "$here"/cudf-on-host/*.cpp
g++ -shared -fPIC -x c++ -o "$target/native/libcudfjni.so" - </dev/null # all natives are in the other

cd "$root"
./mvnw -B -ntp -q -pl kernels dependency:build-classpath -DincludeArtifactIds=cudf -Dmdep.outputFile="$target/cudf-jar"
cudf=$(<"$target/cudf-jar")
export CUDF_ON_HOST_LEAKS=1

# The last process' device has done something, and nothing is left of it.
require_clean() { # log
  local last
  last=$(grep '^cudf-on-host: ' "$1" | tail -1)
  [[ "$last" =~ ^'cudf-on-host: '[1-9][0-9]*' operations, 0 handles and 0 bytes left'$ ]] || fail "$1: ${last:-no device was used}"
}

# --- What a machine with a GPU runs ---

benchmarks/gpu.sh pack "$target/pack" >/dev/null
log=$target/gpu.log
CUDF_JAR=$cudf CUDF_LIB=$target/native LOG=20 MOST=20 SECONDS_AT_MOST=1 benchmarks/gpu.sh run "$target/pack" >"$log" 2>&1 ||
  fail "tests or benchmark: see $log"
require_clean "$log"
grep -q 'BYTES DIFFER' "$log" && fail "$log: bytes differ"
tests=$(sed -n 's/^\[ *\([0-9]*\) tests successful *\]$/\1/p' "$log")
[ "${tests:-0}" -gt 700 ] || fail "$log: $tests tests ran"

# --- Whole merges ---

work=${KEEP:-$(mktemp -d)}
[ -n "${KEEP-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
cd "$work"
python3 "$here/setup/make_models.py" models

recipe() { # method dtype [parameters]
  local method=$1 parameters="{weight: 0.7, density: 0.4}" models="a b c"
  case $method in
    linear) parameters="{weight: 0.7}" ;;
    della) parameters="{weight: 0.7, density: 0.4, epsilon: 0.1}" ;;
    nuslerp) parameters="{weight: 0.7}" models="a b" ;;
    slerp | arcee_fusion) parameters="{}" models="base a" ;;
    sce | model_stock) parameters="{}" ;;
  esac
  echo "merge_method: $method"
  echo "dtype: $2"
  [ "$method" = linear ] || echo "base_model: base"
  [ -z "${3-}" ] || echo "parameters: $3"
  echo "models:"
  for model in $models; do
    echo "  - {model: $model, parameters: $parameters}"
  done
}

merge() { # recipe output settings...
  local recipe=$1 output=$2
  shift 2
  "$root/stockpot" merge "$recipe" "$output" --set model-root=models --set report=false --set tasks=2 --overwrite "$@"
}

on_device() { # name of the recipe
  STOCKPOT_LOG=info STOCKPOT_JARS=$cudf STOCKPOT_JAVA_OPTS=-Dai.rapids.cudf.lib-native-dir=$target/native \
    merge "$1.yml" "$1-device" --set provider=rapids --set gpu-pinned-memory=536870999B >"$1.log" 2>&1 ||
    fail "$1 on a device: $(tail -5 "$1.log")"
  require_clean "$1.log"
  cmp -s "$1-host/model.safetensors" "$1-device/model.safetensors" || fail "$1: bytes differ"
}

merges=0
compare() { # name method dtype [parameters]
  recipe "${@:2}" >"$1.yml"
  merge "$1.yml" "$1-host" --set provider=vector --quiet 2>/dev/null
  on_device "$1"
  merges=$((merges + 1))
}
for method in linear ties della breadcrumbs model_stock; do
  compare "$method" "$method" bfloat16
done
compare dare_ties dare_ties float32
compare slerp slerp float16 "{t: 0.3}"
compare sce sce bfloat16 "{select_topk: 0.4}"
compare rows model_stock bfloat16 "{filter_wise: true}"
compare columns nuslerp bfloat16 "{nuslerp_flatten: false, nuslerp_row_wise: true}"
compare arcee_fusion arcee_fusion bfloat16

said() { # log text
  grep -q "$2" "$1" || fail "$1 does not say: $2"
}
CUDF_ON_HOST_MEMORY=500000000 on_device ties
CUDF_ON_HOST_MEMORY=40000000 on_device ties
said ties.log 'elements do not fit, the CPU takes them'
CUDF_ON_HOST_PINNED_MEGABYTES=1 on_device ties
said ties.log 'the host has no 536870912 bytes to lock'
for operation in 0 7 400; do
  CUDF_ON_HOST_FAIL_AT=$operation on_device ties
  said ties.log 'GPU: given up in this JVM'
done

# --- What people are told ---

doctor() {
  STOCKPOT_JARS=$cudf STOCKPOT_JAVA_OPTS=-Dai.rapids.cudf.lib-native-dir=$target/native "$root/stockpot" doctor 2>&1
}
doctor >doctor.log
said doctor.log '^Kernels: rapids *GPU 0, compute capability 9.0'
CUDF_ON_HOST_DRIVER=12080 doctor >doctor.log
said doctor.log 'the NVIDIA driver is for CUDA 12.8, RAPIDS for CUDA 13.3; update the driver'
CUDF_ON_HOST_DRIVER=0 doctor >doctor.log
said doctor.log 'there is no NVIDIA driver; install one'
CUDF_ON_HOST_DEVICES=0 doctor >doctor.log
said doctor.log 'GPU 0 was asked for, but the driver shows 0'

echo "Passed: $tests tests, $merges merges on a device of the host and 6 on one that is small or fails, doctor"
