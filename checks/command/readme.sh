#!/usr/bin/env bash
# Runs every command of README.md and docs/quickstart.md as it stands there, in a clone of this checkout's last commit in
# which nothing is built: what the pages take for granted is there, models, tables, a hub that has org/name, a bucket of an
# S3 server and a spark-submit, all on this machine. And holds their numbers beside the pages that they come from.
# `./mvnw verify` is left out, unless --verify asks for it: CI runs it.
# Takes Python 3.10 or later and, the first time, 400 MB from Maven Central and 60 MB from PyPI.
#
#   KEEP   a folder to leave clone and logs in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/checks/cluster/setup/spark.sh"
. "$root/checks/cluster/setup/s3proxy.sh"
environment=$here/.venv/readme

if [ ! -e "$environment/complete" ]; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --progress-bar off boto3==1.43.11 pyarrow==22.0.0 >&2
  touch "$environment/complete"
fi
fetch spark "$home/jars"
fetch s3 "$jars/s3"

work=${KEEP:-$(mktemp -d)}
server=
finish() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  [ -n "${KEEP-}" ] || rm -rf "$work"
}
trap finish EXIT
mkdir -p "$work"/{objects,logs,bin,defaults,empty,home}
cd "$work"
git clone --quiet "$root" clone

export AWS_ACCESS_KEY_ID=readme AWS_SECRET_ACCESS_KEY=secret-$RANDOM$RANDOM AWS_REGION=us-east-1
S3_ENDPOINT=http://127.0.0.1:$(port)
export S3_ENDPOINT
s3proxy "$work/objects" s3proxy.endpoint="$S3_ENDPOINT"
server=$!
wait_for "the S3 server" curl -s "$S3_ENDPOINT/"

# Where S3 is: for ./stockpot in its variable, for spark-submit in Spark's file of defaults
STOCKPOT_JAVA_OPTS=
for option in "endpoint $S3_ENDPOINT" "endpoint.region us-east-1" "path.style.access true"; do
  echo "spark.hadoop.fs.s3a.$option" >>defaults/spark-defaults.conf
  STOCKPOT_JAVA_OPTS+="-Dspark.hadoop.fs.s3a.${option/ /=} "
done
prepare_spark
export STOCKPOT_JAVA_OPTS SPARK_CONF_DIR=$work/defaults
{
  echo "#!/usr/bin/env bash"
  printf 'exec'
  printf ' %q' "${spark_java[@]}" -Xmx512m org.apache.spark.deploy.SparkSubmit
  echo ' "$@"'
} >bin/spark-submit
printf '#!/usr/bin/env bash\nexec %q "$@"\n' "$work/clone/stockpot" >bin/stockpot
chmod +x bin/*
PATH=$work/bin:$PATH "$environment/bin/python" "$here/readme.py" clone empty "$@"
