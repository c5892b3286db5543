#!/usr/bin/env bash
# Merges from HDFS to HDFS: a name node and a data node, each a process of its own, and ./stockpot. Merges, merges over
# what is there, kills a driver with -9 and goes on with --resume. Fails unless each result is that of a local merge
# byte for byte, and nothing else is left. Takes some 60 MB from Maven Central the first time.
#
#   HADOOP_VERSION   of the servers: 3.5.0
#   KEEP             a folder to leave logs and results in
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
hadoop=${HADOOP_VERSION:-3.5.0}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jars=$root/checks/cluster/target/hdfs-$hadoop

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

if [ ! -e "$jars/complete" ]; then
  echo "Fetching the jars of HDFS into $jars ..." >&2
  (cd "$root" && ./mvnw -B -ntp -q -f checks/cluster/pom.xml -P hdfs "-Dhadoop.version=$hadoop" \
    dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$jars" >&2)
  touch "$jars/complete"
fi
. "$root/checks/cluster/setup/work.sh"

# --- What to compare with ---

# many small shards, one after the other, so that there is time to kill a driver between them
cuts=(--shard-size 400kB --set part-size=256KiB --set tasks=1)
"$root/stockpot" merge inputs/ties.yml expected --set model-root=inputs "${cuts[@]}" --overwrite --quiet

# --- HDFS ---

name_node=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
hdfs=hdfs://127.0.0.1:$name_node
mkdir -p etc/webapps/hdfs etc/webapps/datanode # which they insist on
property() {
  echo "<property><name>$1</name><value>$2</value></property>"
}
{
  echo '<configuration>'
  property fs.defaultFS "$hdfs"
  property hadoop.tmp.dir "$work/hdfs"
  echo '</configuration>'
} >etc/core-site.xml
{
  echo '<configuration>'
  property dfs.replication 1
  for address in dfs.namenode.http-address dfs.datanode.address dfs.datanode.http.address dfs.datanode.ipc.address; do
    property "$address" 127.0.0.1:0
  done
  echo '</configuration>'
} >etc/hdfs-site.xml
cat >etc/log4j.properties <<'END'
log4j.rootLogger=WARN,console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.target=System.err
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n
END
hadoop_java=("$java" -Xmx256m -cp "etc:$jars/*") # no function: the process itself is to be killed in the end
shell() {
  "${hadoop_java[@]}" org.apache.hadoop.fs.FsShell "$@" 2>>logs/shell
}
server=org.apache.hadoop.hdfs.server
"${hadoop_java[@]}" $server.namenode.NameNode -format -nonInteractive >logs/format 2>&1
"${hadoop_java[@]}" $server.namenode.NameNode >logs/name-node 2>&1 &
started+=($!)
"${hadoop_java[@]}" $server.datanode.DataNode >logs/data-node 2>&1 &
started+=($!)
for attempt in $(seq 60); do
  ! shell -put -f inputs / || break
  [ "$attempt" -lt 60 ] || fail "HDFS takes no files, see logs/name-node, logs/data-node and logs/shell"
  sleep 1
done

# --- Merges ---

export HADOOP_CONF_DIR=$work/etc
merge() { # output, options...
  "$root/stockpot" merge "$hdfs/inputs/ties.yml" "$hdfs/merges/$1" --set "model-root=$hdfs/inputs" "${cuts[@]}" "${@:2}" \
    2>>logs/merges
}
compare() { # output
  rm -rf found
  shell -get "/merges/$1" found || fail "$1 could not be fetched, see logs/shell"
  diff -r -x stockpot-manifest.json expected found || fail "$1 is not the result of a local merge"
  "$root/stockpot" verify "$hdfs/merges/$1"
}
merge merged || fail "the merge ended with an error, see logs/merges"
compare merged
merge merged --overwrite || fail "the merge over another one ended with an error, see logs/merges"
compare merged

"$root/stockpot" merge "$hdfs/inputs/ties.yml" "$hdfs/merges/killed" --set "model-root=$hdfs/inputs" "${cuts[@]}" \
  >logs/killed 2>&1 &
driver=$! # ./stockpot becomes the driver
for attempt in $(seq 100); do
  ! shell -ls /merges/.killed.stockpot-journal | grep -q safetensors || break
  kill -0 "$driver" 2>/dev/null || fail "the merge ended before it was killed"
  [ "$attempt" -lt 100 ] || fail "no shard was finished, see logs/merges"
done
kill -9 "$driver"
wait "$driver" && fail "the merge ended before it was killed"
! shell -test -e /merges/killed || fail "a killed merge can be seen"
! merge killed || fail "a merge began where another one was killed"
merge killed --resume | tee logs/resumed || fail "the merge could not be gone on with, see logs/merges"
grep -q ' of .* files' logs/resumed || fail "nothing of the killed merge was used"
compare killed

left=$(shell -ls -C /merges | sort | tr '\n' ' ')
[ "$left" = "/merges/killed /merges/merged " ] || fail "left behind: $left"
echo "Passed: HDFS $hadoop, equal to the local merge; a killed driver was gone on with"
