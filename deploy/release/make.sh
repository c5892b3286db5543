#!/usr/bin/env bash
# Makes a release of this checkout for the platform that it runs on, in deploy/target/release:
#
#   stockpot-VERSION-SYSTEM-MACHINE.tar.gz   all that a merge needs, with a Java of its own
#   stockpot-VERSION-spark4.jar              what spark-submit takes
#   stockpot-VERSION-maven.tar.gz            a Maven repository: jars, sources, Javadoc
#   stockpot-VERSION-….whl                   the Python package with the archive inside, for this platform
#   stockpot-VERSION-py3-none-any.whl        the Python package alone
#   stockpot-VERSION-SYSTEM-MACHINE.cdx.json the archive's bill of materials, by CycloneDX; it lies in the archive, too
#   SHA256SUMS
#
# Needs a JDK with jlink and, the first time, Maven Central and PyPI. deploy/release/try.sh tries what came out.
#
#   deploy/release/make.sh [--built]   --built: take merge-job.jar and the Maven repository as they are from a run before
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
target=$root/deploy/target
out=$target/release
built=$root/merge-job/target

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

java_home=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
[ -x "$java_home/bin/jlink" ] || fail "$java_home has no bin/jlink. Set JAVA_HOME to a JDK 17 or later with jmods"
version=$(sed -n '/<artifactId>stockpot</,/<version>/s/.*<version>\(.*\)<.*/\1/p' "$root/pom.xml" | head -n 1)
commit=$(git -C "$root" describe --always --exclude '*' --abbrev=12 --dirty=+)
case $version$commit in
  *-SNAPSHOT*) echo "Version $version of $commit: a trial, no release" >&2 ;;
  *+) fail "files are changed beside $commit. Commit them: a release names what it is made of" ;;
esac
system=$(uname -s | tr '[:upper:]' '[:lower:]')
machine=$(uname -m)
name=stockpot-$version-$system-$machine

# --- Jars ---

if [ "${1-}" != --built ]; then
  rm -rf "$target/maven"
  mkdir -p "$target"
  (cd "$root" && ./mvnw -B -ntp -Prelease -Dmaven.test.skip=true -Dmdep.analyze.skip=true -Dspotless.check.skip=true \
    "-Dstockpot.commit=$commit" "-DaltDeploymentRepository=release::file:$target/maven" deploy) >"$target/release.log" 2>&1 || {
    tail -n 40 "$target/release.log" >&2
    fail "the build; all of it is in $target/release.log"
  }
  touch "$built/merge-job.jar" # Maven leaves a file whose content stays the same
fi
rm -rf "$out" "$target/archive"
mkdir -p "$out" "$target/archive"
cp "$built/merge-job.jar" "$out/stockpot-$version-spark4.jar"
tar -C "$target/maven" -czf "$out/stockpot-$version-maven.tar.gz" .

# --- The archive ---

archive=$target/archive/$name
mkdir -p "$archive/bin" "$archive/lib/launcher" "$archive/share/man/man1" "$archive/share/completions"
# What Spark, Hadoop and the AWS SDK load, lanes, and what rehearses a first merge; kerberos and elliptic curves for TLS
"$java_home/bin/jlink" --output "$archive/runtime" --strip-debug --no-header-files --no-man-pages \
  --dedup-legal-notices=error-if-not-same-content --add-modules \
  java.base,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.charsets,jdk.crypto.ec,jdk.httpserver,jdk.incubator.vector,jdk.management,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
cp "$here/stockpot" "$archive/bin/stockpot"
cp "$root"/merge-job/src/main/launcher/* "$archive/lib/launcher/"
cp "$built/merge-job.jar" "$archive/lib/"
cp -r "$built/lib" "$archive/lib/spark"
cp -r "$built/sql" "$archive/lib/sql"
cp -r "$root/conf" "$archive/conf"
cp -r "$root/docs/schemas" "$archive/share/schemas"
cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$archive/"
chmod -R u=rwX,go=rX "$archive"
export STOCKPOT_ARCHIVE=off
"$archive/bin/stockpot" man >"$archive/share/man/man1/stockpot.1"
"$archive/bin/stockpot" generate-completion >"$archive/share/completions/stockpot.bash"
python3 -m venv "$target/venv-build"
"$target/venv-build/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
"$target/venv-build/bin/python" "$here/sbom.py" "$built/sbom.json" "$archive" "$root/merge-job/pom.xml" "$out/$name.cdx.json"
cp "$out/$name.cdx.json" "$archive/share/sbom.cdx.json"
tar -C "$target/archive" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"

# --- Python ---

(cd "$root/python" && "$target/venv-build/bin/python" -m build --no-isolation --wheel --outdir "$out" . >/dev/null)
(cd "$root/python" && STOCKPOT_RELEASE=$archive \
  "$target/venv-build/bin/python" -m build --no-isolation --wheel --outdir "$out" . >/dev/null)

(cd "$out" && sha256sum -- * >SHA256SUMS)
ls -l "$out"
echo "Passed: a release of $version ($commit) is in $out"
