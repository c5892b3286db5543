#!/usr/bin/env bash
# Opens reports in a headless Chromium, fails on whatever the console complains about, and takes pictures to look at.
# Reads the Parquet files beside them with pandas. Pictures go to the temporary folder.
#
#     checks/models/report.sh [FOLDER_WITH_REPORT.HTML]...
#
# Without arguments: the report of the quickstart merge. CHROMIUM names the browser; else chromium of the PATH, else
# Playwright fetches one. Needs Python 3.10 or later.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${BENCHMARK_DATA:-${TMPDIR:-/tmp}}/stockpot-report
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet playwright==1.65.2 pandas==3.1.1 pyarrow==26.0.1
browser=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$browser" ] || "$venv/bin/playwright" install chromium
if [ $# = 0 ]; then
  ./stockpot quickstart > /dev/null
  set -- quickstart/merged/report
fi
pictures=$venv/pictures
mkdir -p "$pictures"
PICTURES=$pictures CHROMIUM=$browser exec "$venv/bin/python" checks/models/report.py "$@"
