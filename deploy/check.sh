#!/usr/bin/env bash
# Checks what is in deploy/ and conf/profiles as far as a machine without Docker and Kubernetes can: the Dockerfile by
# hadolint, manifests by the schemas of Kubernetes and of the Spark operator, options by Spark itself, and the image by
# assembling its folders and merging from S3 to S3 with them on a cluster of two workers.
# Needs Python 3.10 or later, Go (to fetch the operator's schemas) and, the first time, some 500 MB from PyPI.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
checks=$here/checks
environment=$checks/.venv
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

fail() {
  echo "FAILED: $1" >&2
  exit 1
}

# --- Dockerfile and manifests ---

mark=$environment/$(cksum <"$checks/requirements.txt" | tr ' ' -)
if [ ! -e "$mark" ]; then
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$checks/requirements.txt"
  touch "$mark"
fi
"$environment/bin/hadolint" "$here/image/Dockerfile"
echo "The Dockerfile is clean"
operator=$(cd "$checks" && GOFLAGS=-mod=mod go mod download -json github.com/kubeflow/spark-operator/v2 |
  "$environment/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["Dir"])')
"$environment/bin/python" "$checks/manifests.py" "$operator/config/crd/bases" "$here"/kubernetes/*.yaml

# --- The image's folders, on a cluster ---

export STACK_S3_PORT=0 STACK_MASTER_PORT=0 STACK_WEB_PORT=0
work=$(mktemp -d)
trap 'rm -rf "$work"; "$here/local/stack.sh" down' EXIT
"$here/local/stack.sh" up
spark=$here/target/layout/opt/spark

"$java" -cp "$spark/jars/*" "$checks/KnownOptions.java" \
  "$here"/kubernetes/*.yaml "$here"/README.md "$root"/conf/profiles/*.properties 2>"$work/options" || {
  cat "$work/options" >&2
  fail "an option that Spark does not know"
}

(cd "$work" && "$root/stockpot" quickstart --folder models >/dev/null)
sed -i.old 's|models/||' "$work/models/ties.yml"
mv "$work/models/merged" "$work/expected"
stack() {
  "$here/local/stack.sh" "$@" 2>>"$work/log" || {
    tail -n 40 "$work/log" >&2
    fail "stack.sh $1"
  }
}
stack fs -rm -r -f s3a://models/in s3a://models/out
stack fs -put "$work/models" s3a://models/in
stack submit merge s3a://models/in/ties.yml s3a://models/out --set model-root=s3a://models/in --set part-size=5MiB
stack submit verify s3a://models/out
cmp "$work/expected/model.safetensors" "$here/target/stack/objects/models/out/model.safetensors" ||
  fail "the cluster's result is not that of a local merge"
busy=$(grep -l "Finished task" "$here"/target/stack/worker-*/app-*/*/stderr | wc -l)
[ "$busy" -ge 2 ] || fail "$busy executors worked, should be 2"
if grep -rqF "$(sed -n 's/.*SECRET_ACCESS_KEY=\([^ ]*\).*/\1/p' "$here/target/stack/environment")" \
  "$here/target/stack/logs" "$here"/target/stack/worker-* "$work/log"; then
  fail "the secret is in a log"
fi
echo "Passed: the image's folders merge from S3 to S3 on two workers, equal to the local merge"
