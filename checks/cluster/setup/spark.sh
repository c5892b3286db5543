# Sourced by the checks that start a Spark cluster, before work.sh: which Spark, its jars, and how its processes start.
# Spark's processes get the JVM options in $jvm_options, if that is set.
spark=${SPARK_VERSION:-4.2.0}
hadoop=${HADOOP_VERSION:-3.5.0}
sdk=${AWS_SDK_VERSION:-2.35.5}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jars=$root/checks/cluster/target
home=$jars/spark-$spark

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

fetch() { # profile folder
  [ ! -e "$2/complete" ] || return 0
  echo "Fetching the jars of $1 into $2 ..." >&2
  (cd "$root" && ./mvnw -B -ntp -q -f checks/cluster/pom.xml -P "$1" "-Dspark.version=$spark" \
    "-Dhadoop.version=$hadoop" "-Daws-sdk.version=$sdk" dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$2" >&2)
  touch "$2/complete"
}

port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_for() { # what command...
  for _ in $(seq 120); do
    ! "${@:2}" >/dev/null 2>&1 || return 0
    sleep 0.5
  done
  tail -n 20 logs/* >&2
  fail "$1 does not answer"
}

# Sets spark_java: no function, as the process itself is to be killed in the end
prepare_spark() {
  local package opens=(-XX:+IgnoreUnrecognizedVMOptions --add-modules=jdk.incubator.vector
    --sun-misc-unsafe-memory-access=allow -Dio.netty.tryReflectionSetAccessible=true ${jvm_options[@]+"${jvm_options[@]}"})
  for package in lang lang.invoke lang.reflect io net nio util util.concurrent util.concurrent.atomic; do
    opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
  done
  for package in jdk.internal.ref sun.nio.ch sun.nio.cs sun.util.calendar; do
    opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
  done
  spark_java=("$java" "${opens[@]}" -cp "$home/jars/*")
  export SPARK_HOME=$home SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS=$work/spark-local
  mkdir -p spark-local
  master=$(port) web=$(port)
}

start_master() {
  "${spark_java[@]}" -Xmx256m org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master" --webui-port "$web" \
    >logs/master 2>&1 &
  started+=($!)
  wait_for "the master" curl -sf "http://127.0.0.1:$web/json/"
}

start_worker() { # number, options of Spark's worker...
  "${spark_java[@]}" -Xmx256m org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 --memory 1g \
    --work-dir "$work/worker-$1" --webui-port 0 "${@:2}" "spark://127.0.0.1:$master" >"logs/worker-$1" 2>&1 &
  started+=($!)
}

await_workers() { # how many
  wait_for "worker $1" workers_are "$1"
}

workers_are() {
  curl -sf "http://127.0.0.1:$web/json/" | grep -q "\"aliveworkers\" *: *$1"
}
