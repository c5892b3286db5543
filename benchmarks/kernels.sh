#!/usr/bin/env bash
# Runs the JMH benchmarks of the kernels; needs a JDK only. Arguments are those of JMH:
#   benchmarks/kernels.sh                                  all of them
#   benchmarks/kernels.sh MemoryCopyBenchmark -f 3         one, in three JVMs
#   benchmarks/kernels.sh -l                               names only
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

class_path_file=kernels/target/benchmark-class-path
./mvnw -B -q -ntp -pl kernels test-compile dependency:build-classpath \
  -Dmdep.outputFile="$PWD/$class_path_file" -Dmdep.includeScope=test >&2

class_path=kernels/target/test-classes:kernels/target/classes:$(<"$class_path_file")
# the options about compilation are those of ./stockpot; Arrow needs the others, on newer Java all of them
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --add-modules=jdk.incubator.vector \
  --add-opens=java.base/java.nio=ALL-UNNAMED -XX:+IgnoreUnrecognizedVMOptions --sun-misc-unsafe-memory-access=allow \
  -XX:CompileCommand=quiet '-XX:CompileCommand=dontinline,dev.stockpot.kernels.vector.*::*' -cp "$class_path" org.openjdk.jmh.Main "$@"
