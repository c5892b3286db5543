#!/usr/bin/env bash
# checks/command/kill-loop.py, or killed-rounds.py where that is the first word, with outputs on an S3 server of this
# machine: what is killed leaves nothing there either. Takes the same options. Needs Python 3.10 or later with a network the first time, for boto3 and the server's jars.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/checks/cluster/setup/spark.sh"
. "$root/checks/cluster/setup/s3proxy.sh"
environment=$here/.venv/s3
script=kill-loop.py
case ${1-} in *.py) script=$1 && shift ;; esac

if [ ! -e "$environment/complete" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off boto3==1.43.11 >&2
  touch "$environment/complete"
fi
fetch s3 "$jars/s3"

work=$(mktemp -d)
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
mkdir -p "$work/objects/outputs" "$work/logs"
cd "$work"
export AWS_ACCESS_KEY_ID=kill-loop AWS_SECRET_ACCESS_KEY=secret-$RANDOM$RANDOM AWS_REGION=us-east-1
S3_ENDPOINT=http://127.0.0.1:$(port)
export S3_ENDPOINT
s3proxy "$work/objects" s3proxy.endpoint="$S3_ENDPOINT"
server=$!
wait_for "the S3 server" curl -s "$S3_ENDPOINT/"

STOCKPOT_JAVA_OPTS="-Dspark.hadoop.fs.s3a.endpoint=$S3_ENDPOINT -Dspark.hadoop.fs.s3a.endpoint.region=us-east-1"
STOCKPOT_JAVA_OPTS+=" -Dspark.hadoop.fs.s3a.path.style.access=true -Dspark.hadoop.fs.s3a.connection.ssl.enabled=false"
export STOCKPOT_JAVA_OPTS
"$environment/bin/python" "$here/$script" --folder s3a://outputs/killed "$@"
