#!/usr/bin/env bash
# Merges from Python: a session that a PySpark script makes for itself, with Kryo as its serializer and our jar beside
# it, calls the same facade that Java callers have. Fails unless merges there, two of them at the same time, give the
# bytes of ./stockpot, a refusal says what it is about, and the session counts rows as before when all is over. And a
# session of Spark Connect is refused in a sentence by `import stockpot`, and goes on.
# Takes Python 3.10 or later and, the first time, some 450 MB from PyPI; therefore no part of ./mvnw verify.
#
#   SPARK_VERSION   which PySpark; the one that we are built with (default)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
version=${SPARK_VERSION:-$(sed -n 's:.*<spark.version>\(.*\)</spark.version>.*:\1:p' "$root/pom.xml")}
environment=$here/.venv/pyspark-connect-$version

if [ ! -e "$environment/complete" ]; then
  echo "Installing PySpark $version into $environment ..." >&2
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off "pyspark[connect]==$version" >&2
  touch "$environment/complete"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$root/stockpot" quickstart --folder quickstart >quickstart.log
"$root/stockpot" merge quickstart/ties.yml alone --seed 7 --quiet

export SPARK_LOCAL_IP=127.0.0.1 PYSPARK_PYTHON=$environment/bin/python
"$environment/bin/python" "$here/pyspark_session.py" "$root/merge-job/target/merge-job.jar" quickstart merged
for merged in merged/1 merged/2; do
  diff -r alone "$merged"
  "$root/stockpot" verify "$merged"
done
PYTHONPATH=$root/python/src "$environment/bin/python" "$here/pyspark_connect.py" quickstart merged-connect
echo "Passed: PySpark $version merged as ./stockpot does, twice at the same time, and its session went on;"
echo "a session of Spark Connect is told what it lacks."
