# Sourced by the checks that start servers: goes to a folder of its own ($work, kept if KEEP names it) with the models
# of the quickstart in inputs/, and stops the processes in $started at the end.
work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"
started=()
finish() {
  for process in "${started[@]}"; do
    kill "$process" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  [ -n "${KEEP-}" ] || rm -rf "$work"
}
trap finish EXIT
cd "$work"
mkdir -p inputs logs
(cd inputs && "$root/stockpot" quickstart >/dev/null && mv quickstart/* . && rm -r quickstart merged) # builds the jar if need be
sed -i.old 's|quickstart/||' inputs/ties.yml && rm inputs/ties.yml.old
