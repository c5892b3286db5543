# Sourced: sets java and class_path for benchmarks that lie among the tests of merge-job, which it compiles.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
class_path_file=$root/merge-job/target/benchmark-class-path
(cd "$root" && ./mvnw -B -q -ntp -pl kernels,merge-job test-compile dependency:build-classpath \
  -Dmdep.outputFile="$class_path_file" -Dmdep.includeScope=test >&2)
class_path=$root/merge-job/target/classes:$root/merge-job/target/test-classes:$(<"$class_path_file")
