#!/usr/bin/env bash
# Merges on a cluster of this machine, from S3 to S3: a Spark master, two workers and an S3 server, each a process of
# its own, and spark-submit with our jar; then, with jars, recipe and settings from S3, by the method that
# docs/add-a-method.md shows; then an ensemble, a calibration that is folded into a model and soft labels of two tables.
# All talk TLS to the S3 server. Fails unless all results are those of local runs byte for byte, all executors worked,
# Spark's metrics tell of it (in Prometheus' format for the driver, in files for the executors), and no log holds the
# credentials. Takes some 300 MB from Maven Central the first time; therefore no part
# of ./mvnw verify.
#
#   SPARK_VERSION, HADOOP_VERSION, AWS_SDK_VERSION   which Spark, with the Hadoop and the AWS SDK that it was made
#                                                    with: 4.2.0 3.5.0 2.35.5 (default), 4.1.3 3.4.2 2.29.52
#   S3_SERVER                                        s3proxy (default), or minio: built from its Go module, for which
#                                                    it takes Go and, the first time, ten minutes
#   KEEP                                             a folder to leave logs and results in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
server=${S3_SERVER:-s3proxy}
. "$root/checks/cluster/setup/spark.sh"
. "$root/checks/cluster/setup/minio.sh"

# --- Jars ---

fetch spark "$home/jars"
if [ "$server" = minio ]; then
  build_minio
else
  fetch s3 "$jars/s3"
fi

. "$root/checks/cluster/setup/work.sh"
. "$root/checks/cluster/setup/s3proxy.sh"

# --- What to compare with ---

cuts=(--shard-size 6MB --set part-size=5MiB --seed 7)
"$root/stockpot" merge inputs/ties.yml expected --set model-root=inputs "${cuts[@]}" --overwrite --quiet

mkdir -p own/classes/META-INF/services
awk 'shown && /^```$/ { exit } shown; /^```java$/ { shown = 1 }' "$root/docs/add-a-method.md" >own/Halfway.java
"${java}c" -nowarn -cp "$root/kernels/target/classes" -d own/classes own/Halfway.java
echo Halfway >own/classes/META-INF/services/dev.stockpot.kernels.method.MergeMethod
jar=${java%java}jar
"$jar" --create --file own/halfway.jar -C own/classes .
sed 's/^merge_method:.*/merge_method: halfway/; s/^ *parameters:.*//' inputs/ties.yml >inputs/halfway.yml
STOCKPOT_JARS=own/halfway.jar "$root/stockpot" merge inputs/halfway.yml expected-halfway --set model-root=inputs \
  "${cuts[@]}" --overwrite --quiet

# --- An S3 server; credentials reach all others through the environment, where S3A's provider chain looks ---

export AWS_ACCESS_KEY_ID=check-access-key AWS_SECRET_ACCESS_KEY=check-secret-$RANDOM$RANDOM
s3=$(port) ui=$(port)
keytool=${java%java}keytool
mkdir -p objects certificates
"$keytool" -genkeypair -alias s3 -keyalg RSA -validity 9 -dname CN=check -ext SAN=ip:127.0.0.1 \
  -storetype PKCS12 -keystore key.p12 -storepass changeit 2>logs/keytool
"$keytool" -exportcert -rfc -alias s3 -keystore key.p12 -storepass changeit >certificates/public.crt 2>>logs/keytool
"$keytool" -importcert -noprompt -alias s3 -file certificates/public.crt -storetype PKCS12 -keystore trust.p12 \
  -storepass changeit 2>>logs/keytool
jvm_options=(-Djavax.net.ssl.trustStore="$work/trust.p12" -Djavax.net.ssl.trustStorePassword=changeit)
prepare_spark
if [ "$server" = minio ]; then
  openssl pkcs12 -in key.p12 -nocerts -nodes -passin pass:changeit >certificates/private.key 2>>logs/keytool
  minio_server objects "127.0.0.1:$s3" logs/s3 --certs-dir certificates
else
  s3proxy "$work/objects" s3proxy.secure-endpoint="https://127.0.0.1:$s3" s3proxy.keystore-path="$work/key.p12" \
    s3proxy.keystore-password=changeit
fi
started+=($!)
s3_request() { # method path; S3 has to be told how the body is signed
  curl -sf -X "$1" -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --aws-sigv4 aws:amz:us-east-1:s3 \
    --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" --cacert certificates/public.crt "https://127.0.0.1:$s3/$2"
}

# an endpoint without scheme: TLS is what one gets
s3a=(fs.s3a.endpoint="127.0.0.1:$s3" fs.s3a.endpoint.region=us-east-1 fs.s3a.path.style.access=true)
shell=()
submit=(--conf "spark.executor.extraJavaOptions=${jvm_options[*]}")
embedded="${jvm_options[*]}"
mkdir -p shell
echo '<configuration/>' >shell/core-site.xml # Hadoop's shell insists on one
for entry in "${s3a[@]}"; do
  shell+=(-D "$entry")
  submit+=(--conf "spark.hadoop.$entry")
  embedded="$embedded -Dspark.hadoop.$entry"
done
s3_shell() {
  "${spark_java[@]:0:${#spark_java[@]}-1}" "shell:$home/jars/*" -Xmx256m org.apache.hadoop.fs.FsShell "${shell[@]}" "$@" 2>>logs/shell
}

wait_for "the S3 server" s3_request PUT models
cat >inputs/settings.conf <<'END'
stockpot { shard-size = 6MB, part-size = 5MiB, seed = 7 }
END
mkdir -p jars
cp "$root/merge-job/target/merge-job.jar" own/halfway.jar jars
s3_shell -put inputs jars s3a://models/ || fail "the models could not be uploaded, see logs/shell"

# --- A cluster ---

start_master
start_worker 1
start_worker 2
await_workers 2

# --- The merge ---

echo "Merging with Spark $spark ..." >&2
sinks=org.apache.spark.metrics.sink
on_spark() { # jar, options of spark-submit..., --, words of the command line...
  local jar=$1 options=()
  shift
  while [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  "${spark_java[@]}" -Xmx512m org.apache.spark.deploy.SparkSubmit --master "spark://127.0.0.1:$master" \
    --conf spark.driver.host=127.0.0.1 --conf "spark.ui.port=$ui" \
    --conf "spark.metrics.conf.driver.sink.prometheusServlet.class=$sinks.PrometheusServlet" \
    --conf spark.metrics.conf.driver.sink.prometheusServlet.path=/metrics/prometheus \
    --conf "spark.metrics.conf.executor.sink.csv.class=$sinks.CsvSink" \
    --conf "spark.metrics.conf.executor.sink.csv.directory=$work/metrics" \
    --conf spark.executor.cores=1 --conf spark.executor.memory=1g \
    --conf spark.scheduler.minRegisteredResourcesRatio=1 --conf spark.scheduler.maxRegisteredResourcesWaitingTime=60s \
    --conf spark.serializer=org.apache.spark.serializer.KryoSerializer \
    "${submit[@]}" ${options[@]+"${options[@]}"} \
    --class dev.stockpot.merge.cli.Main "$jar" "${@:2}" \
    2>>logs/submit | tee -a logs/report || {
    tail -n 40 logs/submit >&2
    fail "spark-submit ended with an error"
  }
}
merge() { # recipe, output, jar, options of spark-submit...
  on_spark "${@:3}" -- merge "s3a://models/inputs/$1" "s3a://models/$2" --set model-root=s3a://models/inputs "${cuts[@]}"
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

# --- Tables of predictions: the same on both executors, and in one process ---

echo "Combining predictions ..." >&2
mkdir -p tables
for model in a b; do
  awk -v seed="$model" 'BEGIN {
    srand(seed == "a" ? 1 : 2); print "id,label,x,y,z"
    for (i = 0; i < 150000; i++) {
      for (c = 0; c < 3; c++) z[c] = 3 * rand() + (c == i % 3 ? 1 : 0)
      printf "%d,%d,%.4f,%.4f,%.4f\n", i, i % 3, z[0], z[1], z[2]
    }
  }' >"tables/$model.csv"
done
s3_shell -put tables s3a://models/ || fail "the tables could not be uploaded, see logs/shell"
everywhere() { # words, with AT where the models lie
  on_spark "$root/merge-job/target/merge-job.jar" -- "${@//AT/s3a://models}"
  "$root/stockpot" "${@//AT/.}" >>logs/report
}
everywhere ensemble AT/tables/a.csv AT/tables/b.csv --scores logits --by stacking --calibrate --bootstrap 20 \
  --output AT/ensemble
everywhere calibrate AT/tables/a.csv --scores logits --bootstrap 0 --output AT/calibrate --model AT/inputs/base \
  --folded AT/folded
everywhere teach AT/tables/a.csv AT/tables/b.csv --scores logits --temperature 2 --top-k 2 --output AT/teach

# --- What came of it ---

s3_shell -get s3a://models/merged s3a://models/merged-halfway . || fail "the results could not be fetched, see logs/shell"
diff -r -x stockpot-manifest.json expected merged || fail "the result is not that of a local merge"
diff -r -x stockpot-manifest.json expected-halfway merged-halfway || fail "the result of --jars is not that of a local merge"
STOCKPOT_JAVA_OPTS="$embedded" "$root/stockpot" verify s3a://models/merged
mkdir -p remote
s3_shell -get s3a://models/{ensemble,calibrate,teach,folded} remote || fail "predictions could not be fetched, see logs/shell"
rows() { # a Parquet file without its footer, which lists encodings in any order
  head -c -$((8 + $(tail -c 8 "$1" | od -An -tu4 -N4))) "$1"
}
for made in ensemble calibrate teach folded; do
  diff -r -x stockpot-manifest.json -x report -x README.md -x '*.parquet' "$made" "remote/$made" ||
    fail "the result of $made is not that of one process"
done
for table in {ensemble,calibrate,teach}/predictions/*; do
  [ -n "${SPARK_VERSION-}" ] || cmp <(rows "$table") <(rows "remote/$table") || fail "$table is not that of one process"
done
busy=$(grep -l "Finished task" worker-*/app-*/*/stderr | wc -l)
[ "$busy" -eq 10 ] || fail "$busy executors of two merges and three commands on tables worked, should be 10"
if s3_request GET 'models?list-type=2' | grep -o '<Key>[^<]*\(stockpot-\(lock\|journal\)\|unfinished\)[^<]*'; then
  fail "left behind"
fi
if s3_request GET 'models?uploads=' | grep -o '<Upload>.*'; then
  fail "uploads left behind"
fi
if grep -rqF "$AWS_SECRET_ACCESS_KEY" logs worker-* merged merged-halfway remote; then
  fail "the secret is in a log"
fi
echo "Passed: Spark $spark, $server, S3 to S3 with two executors, equal to local merges and predictions"
