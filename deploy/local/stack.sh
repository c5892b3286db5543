#!/usr/bin/env bash
# Stockpot's cluster on this machine, without Docker: an S3 server, a Spark master and two workers, each a process of its
# own, in the folder layout of the image. For trying; its data and keys are worth nothing.
#
#   deploy/local/stack.sh up                    starts it; the first time fetches Spark from PyPI (430 MB) and an S3 server
#   deploy/local/stack.sh fs ARGUMENTS…         Hadoop's shell: fs -put models/base s3a://models/, fs -ls s3a://models/
#   deploy/local/stack.sh submit ARGUMENTS…     spark-submit of our jar: submit merge s3a://models/ties.yml s3a://models/merged
#   deploy/local/stack.sh down                  stops it; what was stored stays in deploy/target/stack/objects
#   deploy/local/stack.sh spark                 only fetches Spark, and prints its folder
#
# There is one bucket, s3a://models. Environment:
#   STACK_S3_PORT, STACK_MASTER_PORT, STACK_WEB_PORT    9000, 7077, 8080; 0: any that is free
#   STACK_UI_PORT                                       4040, for the driver's UI and, at /metrics/prometheus/, metrics
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=$root/deploy/target
stack=$target/stack
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
spark=4.2.0

fail() {
  echo "stack: $1" >&2
  exit 1
}

fetch_spark() {
  [ ! -e "$target/spark-$spark/python/complete" ] || return 0
  echo "Fetching Spark $spark ..." >&2
  rm -rf "$target/spark-$spark"
  mkdir -p "$target/download"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: --dest "$target/download" \
    "pyspark==$spark" >&2
  mkdir -p "$target/spark-$spark/python"
  tar -xzf "$target/download/pyspark-$spark.tar.gz" -C "$target/spark-$spark" --strip-components=2 \
    "pyspark-$spark/deps/bin" "pyspark-$spark/deps/sbin" "pyspark-$spark/deps/jars"
  tar -xzf "$target/download/pyspark-$spark.tar.gz" -C "$target/spark-$spark/python" --strip-components=1 \
    "pyspark-$spark/pyspark"
  rm -r "$target/download"
  touch "$target/spark-$spark/python/complete"
}

spark() {
  fetch_spark
  echo "$target/spark-$spark"
}

fetch_s3() {
  [ ! -e "$target/s3/complete" ] || return 0
  echo "Fetching an S3 server ..." >&2
  (cd "$root" && ./mvnw -B -ntp -q -f checks/cluster/pom.xml -P s3 dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$target/s3" >&2)
  touch "$target/s3/complete"
}

# What the image would hold: Spark's folders as in the base image, then what the Dockerfile copies into its first stage
lay_out() {
  "$root/deploy/image/context.sh" >/dev/null
  rm -rf "$target/layout"
  mkdir -p "$target/layout/opt/spark"
  cp -lr "$target/spark-$spark"/{bin,sbin,jars} "$target/layout/opt/spark/"
  sed -n '/^FROM .* AS stockpot/,/^FROM .* AS rapids/s/^COPY //p' "$target/image/Dockerfile" |
    while read -r source to; do
      mkdir -p "$(dirname "$target/layout${to}x")"
      cp -r --remove-destination "$target/image/$source"$([[ $source != */ ]] || echo .) "$target/layout$to"
    done
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
choose_port() { # wanted
  if [ "$1" = 0 ]; then free_port; else echo "$1"; fi
}

start() { # name command…
  "${@:2}" >"$stack/logs/$1" 2>&1 </dev/null &
  echo $! >>"$stack/pids"
}

wait_for() { # what command…
  for _ in $(seq 240); do
    ! "${@:2}" >/dev/null 2>&1 || return 0
    sleep 0.5
  done
  tail -n 20 "$stack"/logs/* >&2
  fail "$1 does not answer; the logs are in $stack/logs"
}

up() {
  [ ! -e "$stack/pids" ] || fail "it runs already; stop it by: $0 down"
  fetch_spark
  fetch_s3
  lay_out
  mkdir -p "$stack"/{logs,objects/models,local}
  (
    umask 077
    cat >"$stack/environment" <<END
export AWS_ACCESS_KEY_ID=local-stack AWS_SECRET_ACCESS_KEY=secret-$RANDOM$RANDOM$RANDOM AWS_REGION=us-east-1
export SPARK_HOME=$target/layout/opt/spark SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$stack/local SPARK_DAEMON_MEMORY=256m
s3=http://127.0.0.1:$(choose_port "${STACK_S3_PORT-9000}")
master=127.0.0.1:$(choose_port "${STACK_MASTER_PORT-7077}")
web=127.0.0.1:$(choose_port "${STACK_WEB_PORT-8080}")
END
  )
  . "$stack/environment"
  (
    umask 077
    cat >"$stack/s3proxy.properties" <<END
s3proxy.endpoint=$s3
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$AWS_ACCESS_KEY_ID
s3proxy.credential=$AWS_SECRET_ACCESS_KEY
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$stack/objects
END
  )
  echo '<configuration><root level="WARN"/></configuration>' >"$stack/logback.xml"
  start s3 "$java" -Xmx512m "-Dlogback.configurationFile=$stack/logback.xml" -cp "$target/s3/*" \
    org.gaul.s3proxy.Main --properties "$stack/s3proxy.properties"
  start master "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "${master#*:}" --webui-port "${web#*:}"
  wait_for "the S3 server" curl -s "$s3/"
  wait_for "the master" curl -sf "http://$web/json/"
  for worker in 1 2; do
    start "worker-$worker" "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 \
      --cores 1 --memory 1g --work-dir "$stack/worker-$worker" --webui-port 0 "spark://$master"
  done
  wait_for "a second worker" two_workers
  echo "S3 at $s3, its buckets in $stack/objects; Spark at spark://$master, http://$web"
}

two_workers() {
  curl -sf "http://$web/json/" | grep -q '"aliveworkers" *: *2'
}

join_in() {
  [ -e "$stack/pids" ] || fail "it does not run; start it by: $0 up"
  . "$stack/environment"
  s3a=(fs.s3a.endpoint="$s3" fs.s3a.endpoint.region=us-east-1 fs.s3a.path.style.access=true
    fs.s3a.connection.ssl.enabled=false)
}

fs() {
  join_in
  mkdir -p "$stack/hadoop"
  echo '<configuration/>' >"$stack/hadoop/core-site.xml" # Hadoop's shell insists on one
  HADOOP_CONF_DIR=$stack/hadoop exec "$SPARK_HOME/bin/spark-class" \
    org.apache.hadoop.fs.FsShell "${s3a[@]/#/-D}" "$@"
}

submit() {
  join_in
  exec "$SPARK_HOME/bin/spark-submit" --master "spark://$master" \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.memory=512m \
    --conf spark.executor.cores=1 --conf spark.executor.memory=1g \
    --conf "spark.ui.port=${STACK_UI_PORT-4040}" --conf spark.metrics.namespace=stockpot \
    --conf spark.metrics.conf.driver.sink.prometheusServlet.class=org.apache.spark.metrics.sink.PrometheusServlet \
    --conf spark.metrics.conf.driver.sink.prometheusServlet.path=/metrics/prometheus \
    "${s3a[@]/#/--conf=spark.hadoop.}" \
    --class dev.stockpot.merge.cli.Main "$target/layout/opt/stockpot/merge-job.jar" "$@"
}

down() {
  [ -e "$stack/pids" ] || fail "it does not run"
  while read -r process; do
    kill "$process" 2>/dev/null || true
  done <"$stack/pids"
  while read -r process; do
    for _ in $(seq 100); do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
  done <"$stack/pids"
  rm "$stack/pids" "$stack/environment" "$stack/s3proxy.properties"
}

case ${1-} in
  up | fs | submit | down | spark) "$@" ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
