#!/usr/bin/env bash
# Stops merges at a terminal and by signals; merges without a word by --quiet; merges on a Java without the module of lanes,
# which jlink makes, and compares with the usual bytes. Needs a JDK with jlink, Python 3.9 or later and 8 GB of disk in the
# temporary folder: the models are large enough to be stopped.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
stockpot=$here/../../stockpot
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "Failed: $1" >&2
  exit 1
}

(cd "$work" && "$stockpot" quickstart >"$work/log" 2>&1) || fail "quickstart, see $(cat "$work/log")"

# --- Stopping ---

python3 "$here/large.py" "$work/large"

stopped() { # SIGNAL CODE SENTENCE OPTION…
  local code=0 said
  said=$(python3 "$here/stops.py" "$stockpot" "$work/large" "$1" --set report=false "${@:4}") || code=$?
  [ "$code" = "$2" ] || fail "$1 ends with $code instead of $2: $said"
  case $said in
    *"$3"*) ;;
    *) fail "$1 says: $said" ;;
  esac
  ! grep -qE "ERROR|WARN |Exception|	at " <<<"$said" || fail "$1 is loud: $said"
  [ ! -e "$work/large/out" ] || fail "$1 leaves an output"
}

stopped INT 130 "Stopped by Ctrl-C: nothing of it is left"
[ ! -e "$work/large/.out.stockpot" ] || fail "Ctrl-C leaves a hidden folder"
stopped TERM 143 "Stopped by a signal (TERM): nothing of it is left"
[ ! -e "$work/large/.out.stockpot" ] || fail "TERM leaves a hidden folder"
SHARDS=1 stopped INT 130 "shards are kept: merge again with --resume" --resume --shard-size 300MB
[ -d "$work/large/.out.stockpot/files" ] || fail "what is kept is not there"
(cd "$work/large" && "$stockpot" discard out >"$work/log" && grep -q "is gone" "$work/log") || fail "discard: $(cat "$work/log")"
rm -r "$work/large"

# --- Silence ---

(cd "$work" && "$stockpot" merge quickstart/ties.yml quiet --quiet) >"$work/log" 2>&1 || fail "--quiet: $(cat "$work/log")"
[ ! -s "$work/log" ] || fail "--quiet prints: $(cat "$work/log")"
code=0
(cd "$work" && "$stockpot" merge quickstart/ties.yml quiet --quiet) >"$work/log" 2>&1 || code=$?
[ "$code" = 1 ] || fail "--quiet ends with $code where it should fail"
sleep 1 # what comes through the pipe
[ "$(wc -l <"$work/log")" = 1 ] || fail "--quiet does not say what is wrong: $(cat "$work/log")"

# --- A Java without the module of lanes ---

java=$(readlink -f "${JAVA_HOME:+$JAVA_HOME/bin/java}" || readlink -f "$(command -v java)")
java=${java:-$(readlink -f "$(command -v java)")}
modules=$("$java" --list-modules | sed 's/@.*//' | grep -v incubator | paste -sd, -)
"$(dirname "$java")/jlink" --add-modules "$modules" --output "$work/jre" --strip-debug --no-header-files --no-man-pages
(cd "$work" && JAVA_HOME=$work/jre STOCKPOT_ARCHIVE=off "$stockpot" merge quickstart/ties.yml plain) >"$work/log" 2>&1 ||
  fail "without the module: $(cat "$work/log")"
cmp "$work/quiet/model.safetensors" "$work/plain/model.safetensors" || fail "plain loops give other bytes"
JAVA_HOME=$work/jre STOCKPOT_ARCHIVE=off "$stockpot" doctor >"$work/log" 2>&1 || fail "doctor: $(cat "$work/log")"
grep -q "has no module jdk.incubator.vector" "$work/log" || fail "doctor does not say what is missing: $(cat "$work/log")"

# --- A server that is not there ---

begin=$SECONDS
code=0
STOCKPOT_JAVA_OPTS="-Dspark.hadoop.fs.s3a.endpoint=http://127.0.0.1:9" \
  "$stockpot" inspect s3a://bucket/model >"$work/log" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q "nobody answers at 127.0.0.1:9" "$work/log" || fail "no server: $(cat "$work/log")"
[ $((SECONDS - begin)) -lt 30 ] || fail "it takes $((SECONDS - begin)) s to say that there is no server"

echo "Passed: stopped in three ways, silent by --quiet, plain loops without lanes, no server in $((SECONDS - begin)) s"
