"""What becomes of old soups."""

import re

from stockpot_airflow import soup, storage

NIGHT = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME = re.compile(r"[0-9a-f]{12}")


def retire(params):
    """Removes soups of all but the last `keep` nights, and says which; recipes and pointers stay.

    What `latest.json` names stays, what that went on from, and all of later nights; and whatever no DAG has made: a
    soup has the name of its recipe, which lies beside it.
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
            if NAME.fullmatch(name) and f"{name}.yml" in found and output not in needed:
                storage.remove(output, soup.MANIFEST)
                retired.append(output)
    return retired
