#!/usr/bin/env bash
# Tries what make.sh made, as a user does who has neither a JDK nor a checkout: unpacks the archive into an empty folder, with
# a PATH that has no Java; starts in under 3 s, quickstart, merge, Ctrl-C, a folder that cannot be written; then installs the
# wheel into an empty environment and calls it; then the Maven repository, from a project that builds with nothing else.
#
#   deploy/release/try.sh [FOLDER]   deploy/target/release
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
release=$(cd "${1:-$here/../target/release}" && pwd)
root=$(cd "$here/../.." && pwd)
python=$(python3 -c 'import sys; print(sys.executable)') # not a shim, which is a script
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

(cd "$release" && sha256sum --check --quiet SHA256SUMS) || fail "SHA256SUMS"

# A PATH of what every system has, without a Java in it
mkdir "$work/tools"
for tool in sh env dirname readlink mktemp mkfifo rm mv cat sed head ls tar gzip find sleep uname; do
  ln -s "$(command -v "$tool")" "$work/tools/$tool"
done
bare() {
  env -i PATH="$work/tools:$work/unpacked/bin" HOME="$work/home" LANG=C.UTF-8 "$@"
}
mkdir "$work/home" "$work/unpacked" "$work/stand"
tar -C "$work/unpacked" --strip-components=1 -xzf "$(ls "$release"/stockpot-*-"$(uname -s | tr '[:upper:]' '[:lower:]')"-*.tar.gz)"
cd "$work/stand"
if bare sh -c 'command -v java' >/dev/null; then fail "a Java is on the PATH"; fi

milliseconds() {
  "$python" -c 'import time; print(int(time.time() * 1000))'
}
took=999999
for _ in 1 2 3; do # a machine may be busy once
  begin=$(milliseconds)
  bare stockpot --version >version
  now=$(($(milliseconds) - begin))
  [ "$now" -ge "$took" ] || took=$now
done
grep -qE '^stockpot [0-9].* \([0-9a-f]{12}\+?\)$' version || fail "--version has no commit: $(cat version)"
[ "$took" -lt 3000 ] || fail "--version took $took ms"
echo "$(head -n 1 version) starts in $took ms"

bare stockpot quickstart >first 2>&1 || fail "quickstart: $(cat first)"
ls "$work"/unpacked/lib/stockpot-*.jsa >/dev/null || fail "no class data archive was made: $(cat first)"
begin=$(milliseconds)
bare stockpot merge quickstart/ties.yml merged >log 2>&1 || fail "merge: $(cat log)"
took=$(($(milliseconds) - begin))
echo "A small merge takes $took ms, its start included"
bare stockpot verify merged >log || fail "verify: $(cat log)"
cmp merged/model.safetensors quickstart/merged/model.safetensors || fail "the merge is not that of the quickstart"
bare stockpot plan - <quickstart/ties.yml >log || fail "plan -: $(cat log)"
bare stockpot doctor >log 2>&1 || fail "doctor: $(cat log)"
grep -q '"bomFormat" : "CycloneDX"\|"bomFormat": "CycloneDX"' "$work/unpacked/share/sbom.cdx.json" || fail "no bill of materials"
grep -q "lanes" log || fail "doctor tells nothing of lanes: $(cat log)"
if grep -q "no module jdk.incubator.vector" log; then fail "the runtime lacks lanes"; fi

# A folder that nobody may write, as under /opt: nothing is said, and it works
rm "$work"/unpacked/lib/stockpot-*.jsa
chmod -R a-w "$work/unpacked"
chmod 755 "$work"
mkdir -m 777 "$work/nobody"
nobody=()
[ "$(id -u)" != 0 ] || nobody=("$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups)
(cd "$work/nobody" && bare "${nobody[@]}" "$work/unpacked/bin/stockpot" quickstart >log 2>&1) ||
  fail "in a folder that cannot be written: $(cat "$work/nobody/log")"
if grep -qiE "denied|read-only|preparing" "$work/nobody/log"; then fail "it complains: $(cat "$work/nobody/log")"; fi
chmod -R u+w "$work/unpacked"
echo "A folder that cannot be written does as well"

# Ctrl-C: one sentence, nothing left, the code of the signal
"$python" "$root/checks/command/large.py" "$work/large"
code=0
bare "$python" "$root/checks/command/stops.py" "$work/unpacked/bin/stockpot" "$work/large" INT --set report=false \
  >log 2>&1 || code=$?
[ "$code" = 130 ] || fail "Ctrl-C ends with $code: $(cat log)"
grep -q "Stopped by Ctrl-C: nothing of it is left" log || fail "Ctrl-C says: $(cat log)"
[ ! -e "$work/large/out" ] && [ ! -e "$work/large/.out.stockpot" ] || fail "Ctrl-C leaves something"
echo "Ctrl-C leaves nothing"

# --- Python ---

wheel=$(find "$release" -name 'stockpot-*.whl' ! -name '*-any.whl')
"$python" -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check "$wheel"
env -i PATH="$work/venv/bin:$work/tools" HOME="$work/home" LANG=C.UTF-8 "$work/venv/bin/stockpot" --version >log 2>&1 ||
  fail "stockpot of the wheel: $(cat log)"
env -i PATH="$work/venv/bin:$work/tools" HOME="$work/home" LANG=C.UTF-8 "$work/venv/bin/python" "$here/three_calls.py" \
  "$work/stand/quickstart" "$work/large"
"$python" -m venv "$work/venv-bare"
"$work/venv-bare/bin/pip" install --quiet --disable-pip-version-check "$(ls "$release"/*-py3-none-any.whl)"
if env -i PATH="$work/venv-bare/bin:$work/tools" HOME="$work/home" "$work/venv-bare/bin/stockpot" --version 2>log; then
  fail "a wheel without an archive found one"
fi
grep -q "brings no Stockpot and finds none" log || fail "the bare wheel says: $(cat log)"
env -i PATH="$work/venv-bare/bin:$work/tools:$work/unpacked/bin" HOME="$work/home" LANG=C.UTF-8 \
  "$work/venv-bare/bin/stockpot" --version >log 2>&1 || fail "the bare wheel with an archive on the PATH: $(cat log)"
echo "Both wheels work"

# --- Java ---

mkdir "$work/maven" "$work/template"
tar -C "$work/maven" -xzf "$(ls "$release"/stockpot-*-maven.tar.gz)"
for kind in sources javadoc; do
  for module in kernels merge-job; do
    [ -n "$(find "$work/maven" -name "$module-*-$kind.jar")" ] || fail "$module has no $kind"
  done
done
cp -r "$root/docs/template/." "$work/template/"
version=$(sed 's/^stockpot \([^ ]*\).*/\1/;q' version)
(cd "$work/template" && "$root/mvnw" -B -ntp -q "-Dstockpot.version=$version" "-Dstockpot.repository=file:$work/maven" \
  package) >log 2>&1 || fail "the template project: $(tail -n 30 log)"
[ -n "$(find "$work/template/target" -name 'my-merges-*.jar')" ] || fail "the template made no jar"
echo "Passed: $(head -n 1 version), archive, wheels and Maven repository"
