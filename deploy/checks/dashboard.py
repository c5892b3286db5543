"""Checks the dashboard: Grafana's own types read it and write the same again, its queries are PromQL, panels do not
overlap.

    dashboard.py DASHBOARD [SCRAPED]   SCRAPED: what a driver offered; all that the dashboard shows must be in it
"""

import json
import re
import sys
from pathlib import Path

import promql_parser
import yaml
from grafana_foundation_sdk.models.dashboard import Dashboard

METRIC = re.compile(r"\bstockpot_\w+")


def lost(before, after, path=""):
    """What is in a tree and not in another."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from lost(value, after[key], f"{path}.{key}") if key in after else [f"{path}.{key}"]
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for place, (one, other) in enumerate(zip(before, after)):
            yield from lost(one, other, f"{path}[{place}]")
    elif before != after:
        yield f"{path}: {before!r} became {after!r}"


def plain(value):
    """As JSON has it, what Grafana's types are."""
    return json.loads(json.dumps(value, default=lambda typed: typed.to_json()))


def queries(dashboard):
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            # what Grafana fills in
            yield target["expr"].replace("$__rate_interval", "1m")


def overlaps(panels):
    taken = {}
    for panel in panels:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if x >= 24 or (x, y) in taken:
                    yield f"{panel['title']} lies on {taken.get((x, y), 'the edge')}"
                    return
                taken[x, y] = panel["title"]


def stored(scraped, monitor):
    """The names that Prometheus keeps."""
    for name in {line.split("{")[0] for line in scraped.splitlines() if "{" in line}:
        for rule in monitor["spec"]["podMetricsEndpoints"][0]["metricRelabelings"]:
            matched = re.fullmatch(rule["regex"], name)
            if matched and rule.get("action") == "drop":
                break
            if matched:
                name = matched.expand(rule["replacement"].replace("$1", r"\1"))
        else:
            yield name


def main(file, scraped=None):
    dashboard = json.loads(Path(file).read_text())
    problems = [f"Grafana drops {what}" for what in lost(dashboard, plain(Dashboard.from_json(dashboard)))]
    problems += overlaps(dashboard["panels"])
    shown = set(METRIC.findall(json.dumps(dashboard["templating"])))
    for query in queries(dashboard):
        try:
            promql_parser.parse(query)
        except ValueError as e:
            problems.append(f"{query}: {e}")
        shown.update(METRIC.findall(query))
    if scraped:
        monitor = yaml.safe_load(Path(file).with_name("podmonitor.yaml").read_text())
        offered = set(stored(Path(scraped).read_text(), monitor))
        problems += [f"no driver offers {name}" for name in sorted(shown - offered)]
    known = ", all of which the driver offers" if scraped else ""
    print("\n".join(problems) or f"The dashboard shows {len(shown)} metrics{known}")
    return bool(problems) or not shown


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
