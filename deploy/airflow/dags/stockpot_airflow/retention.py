"""What becomes of old soups."""

import json
import logging
import re

from stockpot_airflow import soup, storage

NIGHT = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME = re.compile(r"[0-9a-f]{12}")
# What the manifest said, while its soup is being removed: who is stopped in between goes on by it
GOING = "stockpot-manifest-of-what-goes.json"
SHOWN = 5

log = logging.getLogger(__name__)


def retire(params):
    """Removes soups of all but the last `keep` nights, and says which; recipes and pointers stay.

    What `latest.json` names stays, what that went on from, and all of later nights; and whatever no DAG has made: a
    soup has the name of its recipe, which lies beside it, and its manifest lists all that is in it.
    """
    latest = soup.latest(params)
    if not params["keep"] or not latest:
        return []
    folder = storage.join(params["soups"], params["model"])
    nights = [name for name in storage.names(folder) if NIGHT.fullmatch(name) and name <= latest["night"]]
    needed = {latest["output"], (latest.get("round") or {}).get("base")}
    retired = []
    for night in nights[: -params["keep"]]:
        found = storage.names(storage.join(folder, night))
        for name in found:
            output = storage.join(folder, night, name)
            if NAME.fullmatch(name) and f"{name}.yml" in found and output not in needed and _is_removed(output):
                retired.append(output)
    return retired


def _is_removed(output):
    """Removes a soup, unless something lies in it that Stockpot did not write, or not as now."""
    there = storage.sizes(output)
    manifest = soup.MANIFEST if soup.MANIFEST in there else GOING
    listed = storage.read_json(storage.join(output, manifest)) or {}
    ours = {manifest, GOING} | {name for name, size in _files(listed) if there.get(name) == size}
    foreign = sorted(set(there) - ours)
    if foreign:
        log.warning(
            "%s stays: Stockpot did not write, or not as now, %s%s",
            output,
            ", ".join(foreign[:SHOWN]),
            f" and {len(foreign) - SHOWN} more" if len(foreign) > SHOWN else "",
        )
        return False
    storage.write_text(storage.join(output, GOING), json.dumps(listed))
    # The manifest first: without it, nothing looks whole
    storage.remove(output, [manifest, *sorted(set(there) - {manifest, GOING}), GOING])
    return True


def _files(manifest):
    """Names and sizes of what a merge wrote: shards, those of what lies beside the model, and all other files."""
    sides = [shard for side in manifest.get("sides", []) for shard in side["shards"]]
    for file in [*manifest.get("shards", []), *sides, *manifest.get("files", [])]:
        yield file["file"], file["size"]
