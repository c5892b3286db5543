#!/usr/bin/env bash
# The tests of the command line as cron, systemd and bare containers start programs: in no language but C, and without
# a home folder.
#
#   checks/command/bare.sh [TEST…]     all classes of the package cli, or those that match
#
# Needs what ./mvnw verify needs, and about as long.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
tests=${*:-dev.stockpot.merge.cli.*Test}
log=$root/merge-job/target/bare.log
mkdir -p "${log%/*}"
if ! env -u HOME -u LANG -u LANGUAGE -u LC_CTYPE LC_ALL=C MAVEN_USER_HOME="${MAVEN_USER_HOME:-$HOME/.m2}" \
  ./mvnw -B -ntp test -pl merge-job -am "-Dtest=${tests// /,}" -Dsurefire.failIfNoSpecifiedTests=false >"$log" 2>&1; then
  grep -E '^\[ERROR\]' "$log" | head -n 40 >&2
  echo "FAILED: see $log" >&2
  exit 1
fi
echo "Passed: $(grep -E '^\[(INFO|WARNING)\] Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$' "$log" | tail -n 1 | sed 's/^\[[A-Z]*\] //') in C without a home"
