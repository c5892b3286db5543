# Sourced, after spark.sh, by the checks of Spark's RAPIDS Accelerator: sets rapids, its jar, which it fetches the first
# time, by an old version of get, which takes the jar alone: the parent of its POM is not published.
plugin=${PLUGIN_VERSION:-26.08.1}
rapids=$jars/rapids-4-spark_2.13-$plugin-cuda13.jar
if [ ! -e "$rapids" ]; then
  echo "Fetching the RAPIDS Accelerator into $jars ..." >&2
  mkdir -p "$jars"
  (cd "$root" && ./mvnw -B -ntp -q -N org.apache.maven.plugins:maven-dependency-plugin:2.10:get -Dtransitive=false \
    -Dartifact="com.nvidia:rapids-4-spark_2.13:$plugin:jar:cuda13" "-Ddest=$rapids.part" >&2)
  mv "$rapids.part" "$rapids"
fi
