#!/usr/bin/env bash
# Merges on a cluster of this machine, from S3 to S3: a Spark master, two workers and an S3 server, each a process of
# its own, and spark-submit with our jar; then, with jars, recipe and settings from S3, by the method that CONTRIBUTING.md shows.
# All talk TLS to the S3 server. Fails unless both results are those of local merges byte for byte, both executors worked, Spark's metrics tell of it (in Prometheus' format for
# the driver, in files for the executors), and no log holds the credentials. Takes some 300 MB from Maven Central the first time; therefore no part
# of ./mvnw verify.
#
#   SPARK_VERSION, HADOOP_VERSION, AWS_SDK_VERSION   which Spark, with the Hadoop and the AWS SDK that it was made
#                                                    with: 4.2.0 3.5.0 2.35.4 (default), 4.1.3 3.4.2 2.29.52
#   S3_SERVER                                        s3proxy (default), or minio: built from its Go module, for which
#                                                    it takes Go and, the first time, ten minutes
#   KEEP                                             a folder to leave logs and results in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
spark=${SPARK_VERSION:-4.2.0}
hadoop=${HADOOP_VERSION:-3.5.0}
sdk=${AWS_SDK_VERSION:-2.35.4}
server=${S3_SERVER:-s3proxy}
minio=v0.0.0-20260212201848-7aac2a2c5b7c
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# --- Jars ---

jars=$here/cluster/target
fetch() { # profile folder
  [ ! -e "$2/complete" ] || return 0
  echo "Fetching the jars of $1 into $2 ..." >&2
  (cd "$root" && ./mvnw -B -ntp -q -f checks/cluster/pom.xml -P "$1" "-Dspark.version=$spark" \
    "-Dhadoop.version=$hadoop" "-Daws-sdk.version=$sdk" dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$2" >&2)
  touch "$2/complete"
}
home=$jars/spark-$spark
fetch spark "$home/jars"
if [ "$server" = minio ]; then
  if [ ! -x "$jars/minio-$minio/minio" ]; then
    echo "Building MinIO $minio ..." >&2
    GOBIN=$jars/minio-$minio go install "github.com/minio/minio@$minio" >&2
  fi
else
  fetch s3 "$jars/s3"
fi

. "$here/cluster/work.sh"
mkdir -p spark-local

# --- What to compare with ---

cuts=(--shard-size 6MB --set part-size=5MiB --seed 7)
"$root/stockpot" merge inputs/ties.yml expected --set model-root=inputs "${cuts[@]}" --overwrite --quiet

mkdir -p own/classes/META-INF/services
{
  echo 'import dev.stockpot.kernels.Kernels; import dev.stockpot.kernels.method.*; import java.util.List;'
  awk '/^```$/ { shown = 0 } shown; /^```java$/ { shown = 1 }' "$root/CONTRIBUTING.md"
} >own/Halfway.java
"${java}c" -nowarn -cp "$root/kernels/target/classes" -d own/classes own/Halfway.java
echo Halfway >own/classes/META-INF/services/dev.stockpot.kernels.method.MergeMethod
jar=${java%java}jar
"$jar" --create --file own/halfway.jar -C own/classes .
sed 's/^merge_method:.*/merge_method: halfway/; s/^ *parameters:.*//' inputs/ties.yml >inputs/halfway.yml
STOCKPOT_JARS=own/halfway.jar "$root/stockpot" merge inputs/halfway.yml expected-halfway --set model-root=inputs \
  "${cuts[@]}" --overwrite --quiet

# --- An S3 server; credentials reach all others through the environment, where S3A's provider chain looks ---

export AWS_ACCESS_KEY_ID=check-access-key AWS_SECRET_ACCESS_KEY=check-secret-$RANDOM$RANDOM
export SPARK_HOME=$home SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$work/spark-local
port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
s3=$(port) master=$(port) web=$(port) ui=$(port)
keytool=${java%java}keytool
mkdir -p objects certificates
"$keytool" -genkeypair -alias s3 -keyalg RSA -validity 9 -dname CN=check -ext SAN=ip:127.0.0.1 \
  -storetype PKCS12 -keystore key.p12 -storepass changeit 2>logs/keytool
"$keytool" -exportcert -rfc -alias s3 -keystore key.p12 -storepass changeit >certificates/public.crt 2>>logs/keytool
"$keytool" -importcert -noprompt -alias s3 -file certificates/public.crt -storetype PKCS12 -keystore trust.p12 \
  -storepass changeit 2>>logs/keytool
trust=(-Djavax.net.ssl.trustStore="$work/trust.p12" -Djavax.net.ssl.trustStorePassword=changeit)
if [ "$server" = minio ]; then
  openssl pkcs12 -in key.p12 -nocerts -nodes -passin pass:changeit >certificates/private.key 2>>logs/keytool
  MINIO_ROOT_USER=$AWS_ACCESS_KEY_ID MINIO_ROOT_PASSWORD=$AWS_SECRET_ACCESS_KEY \
    "$jars/minio-$minio/minio" server objects --address "127.0.0.1:$s3" --certs-dir certificates >logs/s3 2>&1 &
else
  cat >s3proxy.properties <<END
s3proxy.secure-endpoint=https://127.0.0.1:$s3
s3proxy.keystore-path=$work/key.p12
s3proxy.keystore-password=changeit
s3proxy.authorization=aws-v2-or-v4
s3proxy.identity=$AWS_ACCESS_KEY_ID
s3proxy.credential=$AWS_SECRET_ACCESS_KEY
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$work/objects
END
  echo '<configuration><root level="WARN"/></configuration>' >logback.xml
  "$java" -Xmx512m -Dlogback.configurationFile=logback.xml -cp "$jars/s3/*" org.gaul.s3proxy.Main \
    --properties s3proxy.properties >logs/s3 2>&1 &
fi
started+=($!)
s3_request() { # method path; S3 has to be told how the body is signed
  curl -sf -X "$1" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 aws:amz:us-east-1:s3 \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --cacert certificates/public.crt "https://127.0.0.1:$s3/$2"
}

# an endpoint without scheme: TLS is what one gets
s3a=(fs.s3a.endpoint="127.0.0.1:$s3" fs.s3a.endpoint.region=us-east-1 fs.s3a.path.style.access=true)
shell=()
submit=(--conf "spark.executor.extraJavaOptions=${trust[*]}")
embedded="${trust[*]}"
mkdir -p shell
echo '<configuration/>' >shell/core-site.xml # Hadoop's shell insists on one
for entry in "${s3a[@]}"; do
  shell+=(-D "$entry")
  submit+=(--conf "spark.hadoop.$entry")
  embedded="$embedded -Dspark.hadoop.$entry"
done
opens=(-XX:+IgnoreUnrecognizedVMOptions --add-modules=jdk.incubator.vector --sun-misc-unsafe-memory-access=allow
  -Dio.netty.tryReflectionSetAccessible=true "${trust[@]}")
for package in lang lang.invoke lang.reflect io net nio util util.concurrent util.concurrent.atomic; do
  opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
for package in jdk.internal.ref sun.nio.ch sun.nio.cs sun.util.calendar; do
  opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
done
spark_java=("$java" "${opens[@]}" -cp "$home/jars/*") # no function: the process itself is to be killed in the end
s3_shell() {
  "$java" "${opens[@]}" -Xmx256m -cp "shell:$home/jars/*" org.apache.hadoop.fs.FsShell "${shell[@]}" "$@" 2>>logs/shell
}

wait_for() { # what command...
  for _ in $(seq 120); do
    ! "${@:2}" >/dev/null 2>&1 || return 0
    sleep 0.5
  done
  tail -n 20 logs/* >&2
  fail "$1 does not answer"
}
wait_for "the S3 server" s3_request PUT models
cat >inputs/settings.conf <<'END'
stockpot { shard-size = 6MB, part-size = 5MiB, seed = 7 }
END
mkdir -p jars
cp "$root/merge-job/target/merge-job.jar" own/halfway.jar jars
s3_shell -put inputs jars s3a://models/ || fail "the models could not be uploaded, see logs/shell"

# --- A cluster ---

"${spark_java[@]}" -Xmx256m org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master" --webui-port "$web" \
  >logs/master 2>&1 &
started+=($!)
wait_for "the master" curl -sf "http://127.0.0.1:$web/json/"
for worker in 1 2; do
  "${spark_java[@]}" -Xmx256m org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g \
    --work-dir "$work/worker-$worker" --webui-port 0 "spark://127.0.0.1:$master" >"logs/worker-$worker" 2>&1 &
  started+=($!)
done
two_workers() {
  curl -sf "http://127.0.0.1:$web/json/" | grep -q '"aliveworkers" *: *2'
}
wait_for "a second worker" two_workers

# --- The merge ---

echo "Merging with Spark $spark ..." >&2
sinks=org.apache.spark.metrics.sink
merge() { # recipe, output, jar, options of spark-submit...
  "${spark_java[@]}" -Xmx512m org.apache.spark.deploy.SparkSubmit --master "spark://127.0.0.1:$master" \
    --conf spark.driver.host=127.0.0.1 --conf "spark.ui.port=$ui" \
    --conf "spark.metrics.conf.driver.sink.prometheusServlet.class=$sinks.PrometheusServlet" \
    --conf spark.metrics.conf.driver.sink.prometheusServlet.path=/metrics/prometheus \
    --conf "spark.metrics.conf.executor.sink.csv.class=$sinks.CsvSink" \
    --conf "spark.metrics.conf.executor.sink.csv.directory=$work/metrics" \
    --conf spark.executor.cores=1 --conf spark.executor.memory=1g \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --conf spark.scheduler.maxRegisteredResourcesWaitingTime=60s \
    --conf spark.serializer=org.apache.spark.serializer.KryoSerializer \
    "${submit[@]}" "${@:4}" \
    --class dev.stockpot.merge.cli.Main "$3" \
    merge "s3a://models/inputs/$1" "s3a://models/$2" --set model-root=s3a://models/inputs "${cuts[@]}" \
    2>>logs/submit | tee -a logs/report || {
    tail -n 40 logs/submit >&2
    fail "spark-submit ended with an error"
  }
}
while sleep 0.2; do
  curl -sfL "http://127.0.0.1:$ui/metrics/prometheus" | grep MetricsPlugin >>logs/prometheus || true
done &
started+=($!)
mkdir -p metrics
merge ties.yml merged "$root/merge-job/target/merge-job.jar"
[ -s logs/prometheus ] || fail "Spark's driver did not offer our metrics to Prometheus"
read_bytes=$(tail -q -n 1 metrics/*MetricsPlugin.bytes.read.csv | awk -F, '{ sum += $2 } END { printf "%d", sum }')
inputs=$(cat inputs/*/*.safetensors | wc -c)
[ "$read_bytes" -ge $((inputs - 100000)) ] || fail "executors' metrics tell of $read_bytes bytes read, of $inputs"
# this time everything comes from S3: recipe, settings, jars
cuts=(--settings s3a://models/inputs/settings.conf)
merge halfway.yml merged-halfway s3a://models/jars/merge-job.jar --jars s3a://models/jars/halfway.jar

# --- What came of it ---

s3_shell -get s3a://models/merged s3a://models/merged-halfway . || fail "the results could not be fetched, see logs/shell"
diff -r -x stockpot-manifest.json expected merged || fail "the result is not that of a local merge"
diff -r -x stockpot-manifest.json expected-halfway merged-halfway || fail "the result of --jars is not that of a local merge"
STOCKPOT_JAVA_OPTS="$embedded" "$root/stockpot" verify s3a://models/merged
busy=$(grep -l "Finished task" worker-*/app-*/*/stderr | wc -l)
[ "$busy" -eq 4 ] || fail "$busy executors of two merges worked, should be 4"
if s3_request GET 'models?list-type=2' | grep -o '<Key>[^<]*stockpot-\(lock\|journal\)[^<]*'; then
  fail "left behind"
fi
if s3_request GET 'models?uploads=' | grep -o '<Upload>.*'; then
  fail "uploads left behind"
fi
if grep -rqF "$AWS_SECRET_ACCESS_KEY" logs worker-* merged merged-halfway; then
  fail "the secret is in a log"
fi
echo "Passed: Spark $spark, $server, S3 to S3 with two executors, equal to the local merge"
