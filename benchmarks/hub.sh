#!/usr/bin/env bash
# Reads the weights of models from a hub on this machine, which serves 1 GB a second and is a process of its own: as tasks
# of Stockpot read them, and by plain range reads of the same bytes, as many at a time; in turns, in one JVM. Prints the
# seconds of both and their ratio. Fails above 1.2.
#
#   benchmarks/hub.sh                 two models of 2 GB, three times
#   benchmarks/hub.sh 4000000000 5    of so many bytes, so many times
#
# Needs a JDK and a quiet machine: server and readers share its cores. BYTES_A_SECOND is what the server serves (1e9).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/class-path.sh"
bytes=${1:-2000000000}
runs=${2:-3}
models=2
most=1.2
work=$(mktemp -d)
started=
finish() {
  [ -z "$started" ] || kill "$started" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

hub() {
  "$java" -Xmx512m -cp "$class_path" dev.stockpot.merge.hub.HubBenchmark "$@"
}
hub serve "$models" "$bytes" "${BYTES_A_SECOND:-1e9}" >"$work/address" 2>"$work/server" &
started=$!
for _ in $(seq 100); do
  [ ! -s "$work/address" ] || break
  sleep 0.1
done
[ -s "$work/address" ] || { cat "$work/server" >&2; exit 1; }
hub read "$(<"$work/address")" "$models" "$runs" | tee "$work/figures"
awk -v most="$most" '/^median/ { ratio = $(NF - 1) } END {
  if (ratio == "" || ratio > most) { print "FAILED: " ratio " times, above " most; exit 1 }
}' "$work/figures" >&2
