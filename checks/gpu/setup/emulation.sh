# Sourced by the checks that run RAPIDS' native code without a GPU: unpacks it, and makes what executes its kernels.
# Goes on in a mount namespace, in which a driver seems to be there.
target=$here/cudf-emulated/target

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

[ "$(uname -sm)" = "Linux x86_64" ] || fail "the emulation writes x86-64 code, and this is $(uname -sm)"
command -v g++ >/dev/null || fail "there is no g++; install Debian's package g++, or your system's C++ compiler"
. "$here/setup/driver.sh"

# Tools and headers of CUDA 13.3, for which cudf 26.08 is built, and the emulation.
prepare_emulation() {
  local cuda
  mkdir -p "$target"
  if [ ! -e "$target/venv/complete" ]; then
    python3 -m venv "$target/venv"
    "$target/venv/bin/pip" install -q --no-deps nvidia-cuda-runtime==13.3.29 nvidia-cuda-crt==13.3.33 nvidia-cuda-cuobjdump==13.3.29
    touch "$target/venv/complete"
  fi
  cuda=$(echo "$target"/venv/lib/python3*/site-packages/nvidia/cu13)
  cuobjdump=$cuda/bin/cuobjdump
  chmod +x "$cuobjdump"
  emulation=$target/emulation.so
  g++ -std=c++17 -O2 -Wall -Wextra -Werror -ffp-contract=off -fPIC -shared -I"$cuda/include" -o "$emulation" \
    "$here"/cudf-emulated/*.cpp -ldl
}

# Sets native, the folder of a jar's libraries, and CUDF_PTX, that of its kernels.
unpack() { # name jar
  native=$target/$1/amd64/Linux
  export CUDF_PTX=$target/$1/ptx
  [ "$(cat "$target/$1/complete" 2>/dev/null)" != "$2" ] || return 0
  echo "Unpacking the kernels of $(basename "$2") ..." >&2
  rm -rf "${target:?}/$1"
  mkdir -p "$CUDF_PTX"
  python3 - "$2" "$target/$1" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as jar:
    jar.extractall(sys.argv[2], [name for name in jar.namelist() if name.startswith("amd64/Linux/lib")])
END
  (cd "$CUDF_PTX" && "$cuobjdump" -xptx sm_120 "$native/libcudf.so" >/dev/null)
  python3 "$here/cudf-emulated/find_kernels.py" "$CUDF_PTX"
  echo "$2" >"$target/$1/complete"
}

# The last process' device has done something, and nothing is left of it.
require_clean() { # log
  local last
  last=$(grep '^cudf-emulated: ' "$1" | tail -1) || true
  [[ "$last" =~ ^'cudf-emulated: '[1-9][0-9]*' kernels, '.*' 0 bytes left'$ ]] || fail "$1: ${last:-no device was used}"
}
