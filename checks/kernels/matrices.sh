#!/usr/bin/env bash
# The matrix algebra: equal bits on every JDK that is named, with lanes of 128, 256 and 512 bits; and values,
# residuals and orthogonality beside NumPy on random, rank-deficient, graded and nearly equal spectra.
#
#   checks/kernels/matrices.sh                                   the JDKs in /usr/lib/jvm
#   checks/kernels/matrices.sh ~/jdk-17/bin/java ~/jdk-25/bin/java
#
# Linux, Python 3.10 or later; numpy comes from PyPI the first time. Three minutes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here/../.."
class_path_file=$PWD/kernels/target/benchmark-class-path
./mvnw -B -q -ntp -pl kernels test-compile dependency:build-classpath \
  -Dmdep.outputFile="$class_path_file" -Dmdep.includeScope=test >&2
export CLASSPATH="kernels/target/test-classes:kernels/target/classes:$(<"$class_path_file")"
options=(--add-modules=jdk.incubator.vector --add-opens=java.base/java.nio=ALL-UNNAMED
  -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow)
javas=("$@")
if [ ${#javas[@]} = 0 ]; then
  for java in /usr/lib/jvm/*/bin/java; do
    [ -L "$(dirname "$(dirname "$java")")" ] || ! "$java" "${options[@]}" --version >/dev/null 2>&1 || javas+=("$java")
  done
fi
first=
for java in "${javas[@]}"; do
  for bytes in 16 32 64; do
    made=$("$java" "${options[@]}" "-XX:MaxVectorSize=$bytes" dev.stockpot.kernels.matrix.Fingerprints 2>/dev/null)
    lines=$(wc -l <<<"$made")
    [ "$lines" -gt 100 ] || { echo "Failed: $java printed $lines checksums"; exit 1; }
    first=${first:-$made}
    [ "$made" = "$first" ] || { diff <(echo "$first") <(echo "$made"); echo "Failed: $java, $bytes bytes"; exit 1; }
    echo "$("$java" --version | head -1), lanes of $((bytes * 8)) bits: $lines checksums are equal"
  done
done
if [ ! -e "$here/.venv/complete" ]; then
  python3 -m venv "$here/.venv"
  "$here/.venv/bin/pip" install --quiet --progress-bar off numpy >&2
  touch "$here/.venv/complete"
fi
exec "$here/.venv/bin/python" "$here/matrices.py" "${javas[0]}" "${options[@]}"
