#!/usr/bin/env bash
# Whether a checkout makes the same bytes as another one, or as was recorded: checksums of every tensor, config.json and
# index made from all recipes in conf/ and the quickstart's, and from the golden ones where they lie beside the
# project; each with large and small parts, one and four tasks, and two seeds. Takes two to four minutes and Python 3.9.
#
#   checks/models/same-bytes.sh                              compares this checkout with same-bytes/recorded.txt
#   checks/models/same-bytes.sh compare FILE [CHECKOUT]      compares with another record
#   checks/models/same-bytes.sh record FILE [CHECKOUT]       writes a record
#   checks/models/same-bytes.sh against OLD [CHECKOUT]       records what checkout OLD makes, and compares with that
#
# GOLDEN is the folder of golden cases (../shared/golden beside the project). A merge that is meant to change its bytes
# needs a new record, and a line in CHANGELOG.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
golden=${GOLDEN:-$root/../shared/golden}
if [ ! -d "$golden/cases" ]; then
  echo "SKIPPED: the golden recipes, as $golden is not there" >&2
  golden=
fi

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

record() { # file, checkout
  local checkout work main java
  checkout=$(cd "$2" && pwd)
  work=$(mktemp -d)
  scratch+=("$work")
  "$checkout/stockpot" --version >&2 # builds it if need be
  main=dev.stockpot.merge.cli.Main
  python3 "$here/same-bytes/same_bytes.py" prepare "$work" "$checkout" "$golden"
  echo "Merging $(wc -l <"$work/command-lines") times with $checkout ..." >&2
  java=${JAVA_HOME:+$JAVA_HOME/bin/}java
  (cd "$work" && SPARK_LOCAL_IP=127.0.0.1 "$java" "@$checkout/merge-job/src/main/launcher/java-options" \
    --add-modules=jdk.incubator.vector \
    "-Dlog4j2.configurationFile=file:$checkout/merge-job/src/main/launcher/log4j2.properties" -Xmx1g \
    -cp "$checkout/merge-job/target/merge-job.jar:$checkout/merge-job/target/lib/*" \
    "$here/same-bytes/CommandLines.java" "$main" command-lines) >"$work/log" 2>&1 </dev/null || {
    tail -n 20 "$work/log" >&2
    fail "a command of $checkout ended with an error"
  }
  python3 "$here/same-bytes/same_bytes.py" record "$work" "$1" || fail "a setting of $checkout changes bytes"
  rm -rf "$work"
}

compare() { # file, checkout
  local found
  found=$(mktemp)
  scratch+=("$found")
  record "$found" "$2"
  python3 "$here/same-bytes/same_bytes.py" compare "$1" "$found" "$golden" || fail "not the same bytes"
  echo "Passed: $2 makes the bytes of $1"
}

scratch=()
trap 'rm -rf "${scratch[@]}"' EXIT
checkout=${3:-$root}
case ${1-} in
  '') compare "$here/same-bytes/recorded.txt" "$root" ;;
  record | compare) [ $# -gt 1 ] || fail "which file?" && "$1" "$2" "$checkout" ;;
  against)
    [ $# -gt 1 ] || fail "against which checkout?"
    old=$(mktemp)
    scratch+=("$old")
    record "$old" "$2"
    compare "$old" "$checkout"
    ;;
  *) fail "$1 is none of compare, record, against" ;;
esac
