#!/usr/bin/env bash
# Fills deploy/target/image, the build context of the Dockerfile beside: our jar, the S3A modules that an official Spark
# image lacks, and with --rapids the jar of cudf (some hundred MB from Maven Central).
#
#   CUDF   which cudf: ai.rapids:cudf:26.08.1:jar:cuda13
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
context=$root/deploy/target/image
built=$root/merge-job/target

"$root/stockpot" --version >/dev/null # builds if need be
rm -rf "$context"
mkdir -p "$context/s3a"
cp "$here/Dockerfile" "$context/"
cp "$built/merge-job.jar" "$context/"

# The modules of the AWS SDK have one version, which none of Spark's jars has
sdk=$(basename "$built"/lib/sdk-core-*.jar .jar)
cp "$built"/lib/*"-${sdk#sdk-core-}.jar" "$context/s3a/"
for module in hadoop-aws analyticsaccelerator-s3 eventstream httpclient reactive-streams; do
  cp "$built/lib/$module"-[0-9]*.jar "$context/s3a/"
done

if [ "${1-}" = --rapids ]; then
  (cd "$root" && ./mvnw -B -ntp -q dependency:copy -Dartifact="${CUDF:-ai.rapids:cudf:26.08.1:jar:cuda13}" \
    -DoutputDirectory="$context/rapids")
fi
echo "$context"
