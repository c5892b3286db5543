#!/usr/bin/env bash
# Checks what is in deploy/ and conf/profiles as far as a machine without Docker and Kubernetes can: the Dockerfile by
# hadolint, manifests as kustomize builds them by kubeconform, the dashboard by Grafana's types and by what a driver
# offers, options by Spark itself, and the image by assembling its folders and merging from S3 to S3 with them on a
# cluster of two workers.
# Needs Python 3.10 or later, Go 1.24 or later (for kustomize, kubeconform and the schemas of operators) and, the first
# time, some 500 MB from PyPI.
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
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/built" "$work/schemas"
module() { # its folder in Go's cache
  (cd "$checks" && GOFLAGS=-mod=mod go mod download -json "$1") |
    "$environment/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["Dir"])'
}
tools=$here/target/tools
(cd "$checks/tools" && GOBIN=$tools go install tool)
for overlay in "$here"/kubernetes/overlays/*/; do
  "$tools/kustomize" build "$overlay" >"$work/built/$(basename "$overlay").yaml"
done
"$environment/bin/python" "$checks/schemas.py" "$work/schemas" crds \
  "$(module github.com/kubeflow/spark-operator/v2)"/config/crd/bases/*application*.yaml \
  "$(module github.com/prometheus-operator/prometheus-operator)"/example/prometheus-operator-crd/*_podmonitors.yaml
kubernetes=$("$environment/bin/python" -c 'import kubernetes_validate; print(kubernetes_validate.__path__[0])')
"$environment/bin/python" "$checks/schemas.py" "$work/schemas" kubernetes \
  "$kubernetes/kubernetes-json-schema/v1.37.0-local-strict" "$work"/built/*.yaml
"$tools/kubeconform" -strict -summary -schema-location "$work/schemas/{{.ResourceKind}}{{.KindSuffix}}.json" \
  "$work"/built/*.yaml
"$environment/bin/python" "$checks/manifests.py" "$work"/built/*.yaml
dashboard=$here/kubernetes/components/monitoring/dashboard.json
"$environment/bin/python" "$checks/dashboard.py" "$dashboard"

# --- The image's folders, on a cluster ---

export STACK_S3_PORT=0 STACK_MASTER_PORT=0 STACK_WEB_PORT=0
STACK_UI_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export STACK_UI_PORT
trap 'kill ${scraper-} 2>/dev/null || true; rm -rf "$work"; "$here/local/stack.sh" down' EXIT
"$here/local/stack.sh" up
spark=$here/target/layout/opt/spark

"$java" -cp "$spark/jars/*" "$checks/KnownOptions.java" \
  "$work"/built/*.yaml "$here"/README.md "$root"/conf/profiles/*.properties 2>"$work/options" || {
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
while sleep 0.3; do
  if curl -sfL "http://127.0.0.1:$STACK_UI_PORT/metrics/prometheus/" >"$work/scraping"; then mv "$work/scraping" "$work/scraped"; fi
done &
scraper=$!
stack submit merge s3a://models/in/ties.yml s3a://models/out --set model-root=s3a://models/in --set part-size=5MiB
kill "$scraper"
unset scraper
[ -s "$work/scraped" ] || fail "the driver offered nothing to Prometheus"
"$environment/bin/python" "$checks/dashboard.py" "$dashboard" "$work/scraped"
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
