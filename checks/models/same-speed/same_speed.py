"""The measuring part of same-speed.sh, which explains itself there. Standard library only."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DATA = Path(os.environ["BENCHMARK_DATA"])
METHODS = ("linear", "ties", "dare_ties")
KERNELS = ("linear", "ties", "dare_ties", "slerp")

# Medians of the newer one, as multiples of those of the older one: seconds at most, and GB/s at least
MERGE, START = 1.03, 1.05
KERNEL = 0.95
PLAN_SECONDS = 1.0


class Failed(Exception):
    """A process ended with an error."""


def run(command, **options):
    """What a process wrote, when it was started, and the wall seconds that it took."""
    started = time.time()
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    seconds = round(time.time() - started, 3)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done, started, seconds


def by_turns(repetitions, checkouts, measure):
    """Figures of each checkout: old and new, new and old, old and new, ..."""
    figures = {name: [] for name in checkouts}
    for repetition in range(repetitions):
        for name in list(checkouts) if repetition % 2 == 0 else reversed(checkouts):
            figures[name].append(measure(checkouts[name]))
            print(f"  {name}: {figures[name][-1]}", file=sys.stderr, flush=True)
    return figures


class Table:
    """Rows of what was measured, old beside new."""

    def __init__(self):
        print("| | old | new | new / old | bound | |")
        print("| --- | ---: | ---: | ---: | --- | --- |")
        self.slower = []

    def row(self, what, unit, old, new, bound, slower):
        """A line; slower tells whether the bound, whose words it shows, is broken."""
        self.slower += [what] if slower else []
        ratio, verdict = f"{new / old:.3f}", "SLOWER" if slower else ""
        print(f"| {what} | {old:.3f} {unit} | {new:.3f} {unit} | {ratio} | {bound} | {verdict} |", flush=True)

    def seconds(self, what, old, new, most):
        """Of medians, the newer of which may be a multiple of the older."""
        self.row(what, "s", old, new, f"at most {most:.2f}", new > most * old)


def merges(table, checkouts, repetitions):
    tools = ["floor", *map(str, checkouts.values())]
    command = [ROOT / "benchmarks/against-mergekit.sh", "--methods", ",".join(METHODS), "--tools", ",".join(tools)]
    done, _, _ = run([*command, "-n", repetitions])
    print(done.stderr, file=sys.stderr)
    medians = {}
    for line in done.stdout.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > 3 and cells[0] in METHODS:
            medians[cells[0], cells[1]] = float(cells[3].removesuffix(" s"))
    for method in METHODS:
        old, new = (medians[method, str(checkout)] for checkout in checkouts.values())
        table.seconds(f"merge by {method} (the floor: {medians[method, 'floor']:.2f} s)", old, new, MERGE)


def start(table, checkouts, repetitions):
    """From the call of ./stockpot to the first task, and the whole of a merge that is nearly all start."""
    with tempfile.TemporaryDirectory() as folder:
        for checkout in reversed(checkouts.values()):  # builds, and makes the archive; the old one's models count
            run([checkout / "stockpot", "quickstart"], cwd=folder)
        options = f"-Dlog4j2.configurationFile=file:{HERE / 'first-task.properties'}"

        def first_task(checkout):
            command = [checkout / "stockpot", "merge", "quickstart/ties.yml", "out", "--overwrite", "--set", "tasks=2"]
            done, started, _ = run(command, cwd=folder, env={**os.environ, "STOCKPOT_JAVA_OPTS": options})
            tasks = re.findall(r"^(\d{13}) Starting task", done.stderr, re.MULTILINE)
            if not tasks:
                raise Failed("Spark told of no task:\n" + done.stderr[-2000:])
            return round(int(tasks[0]) / 1000 - started, 3)

        def whole(checkout):
            return run([checkout / "stockpot", "merge", "quickstart/ties.yml", "out", "--overwrite"], cwd=folder)[2]

        for what, measure in (("start to the first task", first_task), ("whole merge of 8 MB models", whole)):
            figures = by_turns(2 * repetitions, checkouts, measure)
            table.seconds(what, *map(statistics.median, figures.values()), START)


def plan(table, checkouts, repetitions):
    models = DATA / "70b-80"
    if not (models / "ties.yml").exists():
        run([sys.executable, ROOT / "benchmarks/make-sparse.py", "70b", models])
    for checkout in checkouts.values():
        run([checkout / "stockpot", "--version"])  # builds
    figures = by_turns(
        2 * repetitions, checkouts, lambda checkout: run([checkout / "stockpot", "plan", models / "ties.yml"])[2]
    )
    old, new = map(statistics.median, figures.values())
    table.row("plan of three 70B-shaped models", "s", old, new, f"under {PLAN_SECONDS} s", new >= PLAN_SECONDS)


def kernels(table, checkouts, repetitions):
    """Slower is what is below the bound in the median and below all turns of the older one: the rest is noise."""

    def measure(checkout):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "jmh.json")
            command = [checkout / "benchmarks/kernels.sh", "MergeBenchmark.merge", "-p", "method=" + ",".join(KERNELS)]
            run([*command, *"-f 1 -wi 3 -i 3 -w 1 -r 1 -rf json -rff".split(), file])
            results = json.loads(file.read_text())
        speeds = {}
        for result in results:
            key = tuple(value for _, value in sorted(result["params"].items()))
            speeds[key] = round(result["secondaryMetrics"]["gigabytes"]["score"], 3)
        return speeds

    old, new = by_turns(repetitions, checkouts, measure).values()
    for key in old[0]:
        olds, news = ([speeds[key] for speeds in figures] for figures in (old, new))
        old_speed, new_speed = statistics.median(olds), statistics.median(news)
        slower = new_speed < KERNEL * old_speed and max(news) < min(olds)
        table.row("kernel " + " ".join(key), "GB/s", old_speed, new_speed, f"at least {KERNEL}, or noise", slower)


PARTS = {"start": start, "plan": plan, "kernels": kernels, "merges": merges}


def main():
    parser = argparse.ArgumentParser(prog="same-speed.sh")
    parser.add_argument("old", type=Path, help="a checkout")
    parser.add_argument("new", type=Path, nargs="?", default=ROOT, help="another one; this one unless given")
    parser.add_argument("-n", "--repetitions", type=int, default=5)
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {','.join(PARTS)}")
    arguments = parser.parse_args()
    checkouts = {"old": arguments.old.resolve(), "new": arguments.new.resolve()}
    if checkouts["old"] == checkouts["new"]:
        parser.error("OLD and NEW are one checkout")
    if os.getloadavg()[0] > 0.5:
        print(f"WARNING: the load is {os.getloadavg()[0]:.1f}; figures of a busy machine tell nothing", file=sys.stderr)
    table = Table()
    for part in arguments.only.split(","):
        PARTS[part](table, checkouts, arguments.repetitions)
    if table.slower:
        sys.exit("FAILED: slower: " + "; ".join(table.slower))
    print(f"\nPassed: medians of {arguments.repetitions} turns, merges within {MERGE - 1:.0%}")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(f"FAILED: {failure}")
