#!/usr/bin/env bash
# Coverage-guided fuzzing of all that reads what others wrote, by Jazzer: headers, indexes, configurations, recipes in YAML
# and HOCON, settings, adapters, tokenizers, results of evaluators. Begins with the corpus in merge-job/src/test/resources/fuzz.
#
#   checks/fuzz/fuzz.sh [--runs 1000000] [--seconds 0] [PARSER…]     0: no limit of time for each parser
#
# An exception that is no refusal, an input that takes over 2 s of the processor, or 60 by the clock, and a heap beyond
# 1 GB are failures: the input lies in target/PARSER, and belongs into the corpus once it is mended. Needs a JDK 17 or
# later, and Maven Central the first time. CLASSES and LIBRARIES take other places of compiled classes and of jars than
# a build's.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=0.24.0
runs=1000000
seconds=0
parsers=()
while [ $# -gt 0 ]; do
  case $1 in
    --runs) runs=$2 && shift 2 ;;
    --seconds) seconds=$2 && shift 2 ;;
    *) parsers+=("$1") && shift ;;
  esac
done
corpus=$root/merge-job/src/test/resources/fuzz
[ ${#parsers[@]} -gt 0 ] || mapfile -t parsers < <(ls "$corpus")

target=$root/checks/fuzz/target
mkdir -p "$target"
if [ ! -e "$target/jazzer/complete" ]; then
  rm -rf "$target/jazzer"
  for artifact in jazzer jazzer-api; do
    (cd "$root" && ./mvnw -q -B -ntp dependency:copy -Dartifact="com.code-intelligence:$artifact:$version" \
      -DoutputDirectory="$target/jazzer") >&2
  done
  touch "$target/jazzer/complete"
fi
if [ -z "${CLASSES-}" ]; then
  (cd "$root" && ./mvnw -q -B -ntp -DskipTests test-compile \
    dependency:build-classpath -Dmdep.outputFile="$target/libraries" -pl merge-job -am) >&2
  CLASSES=$root/merge-job/target/test-classes:$root/merge-job/target/classes:$root/kernels/target/classes
  LIBRARIES=$(cat "$target/libraries")
fi

sanitizers=com.code_intelligence.jazzer.sanitizers
failed=0
for parser in "${parsers[@]}"; do
  [ -d "$corpus/$parser" ] || { echo "There is no parser $parser; there are: $(ls "$corpus" | xargs)" >&2 && exit 2; }
  found=$target/$parser
  mkdir -p "$found/corpus"
  begin=$SECONDS
  code=0
  # Hooks into each step of a regular expression cost twenty times what our parsers do and more; how a word is guessed,
  # and what looks like a key, need no guide
  (cd "$found" && java -Xmx1g -Xss2m -Dfuzz.parser="$parser" -cp "$target/jazzer/*:$CLASSES:$LIBRARIES" \
    com.code_intelligence.jazzer.Jazzer --target_class=dev.stockpot.merge.fuzz.FuzzTarget \
    --instrumentation_includes='dev.stockpot.merge.**:com.typesafe.config.**:org.snakeyaml.**' \
    --instrumentation_excludes='dev.stockpot.merge.recipe.Suggestion:dev.stockpot.merge.Secrets' \
    --disabled_hooks="$sanitizers.RegexInjection:$sanitizers.RegexRoadblocks" --reproducer_path="$found" \
    -runs="$runs" -max_total_time="$seconds" -timeout=60 -report_slow_units=60 -rss_limit_mb=4096 -max_len=4096 \
    -print_final_stats=1 "$found/corpus" "$corpus/$parser") >"$found/log" 2>&1 || code=$?
  done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$found/log" | tail -n 1)
  echo "$parser: ${done:-no} inputs in $((SECONDS - begin)) s$([ "$code" = 0 ] || echo ", FAILED with $code: see $found/log")"
  [ "$code" = 0 ] || failed=1
done
[ "$failed" = 0 ] || exit 1
echo "Passed: nothing but refusals of ${#parsers[@]} parsers"
