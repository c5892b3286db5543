#!/usr/bin/env bash
# Makes the site in deploy/target/site/html: the pages of this repository, every command and method as the program tells them,
# a search. Fails on a link that leads nowhere, inside of it. Needs Python 3.11 or later and, the first time, PyPI.
#
#     STOCKPOT=PROGRAM    another stockpot than that of this checkout
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
environment=$here/.venv
target=$root/deploy/target/site
mark=$environment/$(cksum <"$here/requirements.txt" | tr ' ' -)

if [ ! -e "$mark" ]; then
  echo "Installing the site generator into $environment ..." >&2
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  touch "$mark"
fi
"$environment/bin/python" "$here/stage.py" "${STOCKPOT:-$root/stockpot}" "$target"
"$environment/bin/python" "$here/gallery.py" "${STOCKPOT:-$root/stockpot}" "$target/pages"
export NO_MKDOCS_2_WARNING=1 # that there will be another generator
"$environment/bin/mkdocs" build --quiet --strict --config-file "$here/mkdocs.yml"
"$environment/bin/python" "$here/links.py" "$target/html"
