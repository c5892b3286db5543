"""The measuring part of against-mergekit.sh, which explains itself there."""

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STOCKPOT = HERE.parent / "stockpot"
COPY_BYTES = 8 << 20

TUNES = ("tune-1", "tune-2")
THINNED = {"weight": 0.5, "density": 0.5}

# Of each method: its models, what each of them is given, what the merge is given, and whether there is a base beside
# them. Whoever is not a model and not a base is not read.
METHODS = {
    "linear": (("base", *TUNES), {"weight": 0.3}, {}, False),
    "task_arithmetic": (TUNES, {"weight": 0.5}, {}, True),
    "ties": (TUNES, THINNED, {}, True),
    "dare_linear": (TUNES, THINNED, {}, True),
    "dare_ties": (TUNES, THINNED, {}, True),
    "della": (TUNES, {**THINNED, "epsilon": 0.2}, {}, True),
    "della_linear": (TUNES, {**THINNED, "epsilon": 0.2}, {}, True),
    "breadcrumbs": (TUNES, {**THINNED, "gamma": 0.02}, {}, True),
    "breadcrumbs_ties": (TUNES, {**THINNED, "gamma": 0.02}, {}, True),
    "sce": (TUNES, {}, {"select_topk": 0.5}, True),
    "model_stock": (TUNES, {}, {}, True),
    "slerp": (("base", "tune-1"), {}, {"t": 0.4}, True),
    "nearswap": (("base", "tune-1"), {}, {"t": 0.001}, True),
    "arcee_fusion": (("base", "tune-1"), {}, {}, True),
    "nuslerp": (TUNES, {"weight": 0.5}, {}, False),
    "multislerp": (("base", *TUNES), {"weight": 0.3}, {}, False),
    "karcher": (("base", *TUNES), {}, {}, False),
    "passthrough": (("tune-1",), {}, {}, False),
}


def recipe_of(method, models):
    """The text of a method's recipe, JSON being YAML."""
    names, of_each, of_merge, has_base = METHODS[method]
    recipe = {"merge_method": method, "dtype": "bfloat16"}
    recipe["models"] = [{"model": str(models / name), **({"parameters": of_each} if of_each else {})} for name in names]
    if has_base:
        recipe["base_model"] = str(models / "base")
    if of_merge:
        recipe["parameters"] = of_merge
    return json.dumps(recipe, indent=2)


def inputs_of(method):
    names, _, _, has_base = METHODS[method]
    return sorted({*names, "base"} if has_base else set(names))


def read_and_write(models, inputs, output):
    """What any merge has to do at least: read each input once, write one output."""
    output.mkdir(parents=True)
    buffer = bytearray(COPY_BYTES)
    for model in inputs:
        for shard in sorted((models / model).glob("*.safetensors")):
            with open(shard, "rb", buffering=0) as source:
                if model == inputs[0]:
                    with open(output / shard.name, "wb", buffering=0) as target:
                        while count := source.readinto(buffer):
                            target.write(memoryview(buffer)[:count])
                else:
                    while source.readinto(buffer):
                        pass


class Failed(Exception):
    """A process ended with an error."""


def run(command, log):
    """Wall seconds and peak resident bytes of a process."""
    os.sync()  # nobody pays for what the run before left to write
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        if callable(command):
            command()
            os._exit(0)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, 1)
        os.dup2(file, 2)
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.execv(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    if status != 0:
        raise Failed(f"{command} failed:\n" + Path(log).read_text()[-4000:])
    return wall, usage.ru_maxrss * 1024


def command_of(tool, method, recipe, models, output):
    if tool == "floor":
        return lambda: read_and_write(models, inputs_of(method), output)
    if tool == "mergekit":
        mergekit = str(Path(sys.executable).parent / "mergekit-yaml")
        return [mergekit, str(recipe), str(output), "--quiet", "--no-copy-tokenizer"]
    return [str(stockpot_of(tool)), "merge", str(recipe), str(output), "--overwrite"]


def stockpot_of(tool):
    """The command of this checkout, or of the one that the tool's name is the folder of."""
    return STOCKPOT if tool == "stockpot" else Path(tool).resolve() / "stockpot"


def seconds(walls):
    best, worst = min(walls), max(walls)
    return f"{best:.1f} s" if len(walls) == 1 else f"{best:.1f} to {worst:.1f} s"


def main():
    parser = argparse.ArgumentParser(prog="against-mergekit.sh")
    parser.add_argument("data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--methods", default="linear,ties,dare_ties", help="names with commas between them, or all")
    parser.add_argument(
        "--tools",
        default="floor,stockpot,mergekit",
        help="names with commas between them; the folder of a checkout stands for the Stockpot there",
    )
    parser.add_argument("-n", "--repetitions", type=int, default=1)
    arguments = parser.parse_args()
    models, output = arguments.data / "models", arguments.data / "output"
    shutil.rmtree(output, ignore_errors=True)
    methods = list(METHODS) if arguments.methods == "all" else arguments.methods.split(",")
    tools = arguments.tools.split(",")

    logs = {tool: arguments.data / f"{number}-{Path(tool).name or 'here'}.log" for number, tool in enumerate(tools)}
    for tool in tools:
        if tool not in ("floor", "mergekit"):
            # Builds, and makes the class data archive, both of which a first start would pay for
            run([str(stockpot_of(tool)), "merge", "--help"], logs[tool])

    # From here on, the system holds the inputs in memory for all tools alike
    read_and_write(models, ("base", *TUNES), output)
    walls, residents, failed = {}, {}, set()
    for method in methods:
        recipe = arguments.data / f"{method}.yml"
        recipe.write_text(recipe_of(method, models))
        for repetition in range(arguments.repetitions):
            for tool in tools if repetition % 2 == 0 else reversed(tools):
                shutil.rmtree(output, ignore_errors=True)
                command = command_of(tool, method, recipe, models, output)
                try:
                    wall, resident = run(command, logs[tool])
                except Failed as failure:  # what the others took is worth printing all the same
                    print(failure, file=sys.stderr)
                    failed.add((method, tool))
                    continue
                walls.setdefault((method, tool), []).append(wall)
                residents[method, tool] = max(resident, residents.get((method, tool), 0))
                print(f"{method} {tool}: {wall:.2f} s, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    shutil.rmtree(output, ignore_errors=True)

    size = sum(file.stat().st_size for file in (models / "base").glob("*.safetensors"))
    print(f"Three checkpoints of {size / 1e9:.2f} GB, {os.cpu_count()} cores, {platform.machine()}")
    if "mergekit" in tools:
        print(f"mergekit {importlib.metadata.version('mergekit')}, torch {importlib.metadata.version('torch')}")
    print("\n| method | tool | wall time | median | peak memory | beside the floor | mergekit takes |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for method in methods:
        for tool in tools:
            if (method, tool) not in walls:
                print(f"| {method} | {tool} | failed | | | | |")
                continue
            best = min(walls[method, tool])
            floor = f"{best / min(walls[method, 'floor']):.1f} x" if (method, "floor") in walls else ""
            mergekit = f"{min(walls[method, 'mergekit']) / best:.1f} x" if (method, "mergekit") in walls else ""
            print(
                f"| {method} | {tool} | {seconds(walls[method, tool])} "
                f"| {statistics.median(walls[method, tool]):.2f} s "
                f"| {residents[method, tool] / 1e9:.2f} GB | {floor} | {mergekit} |"
            )
    if failed:
        sys.exit("failed: " + ", ".join(f"{method} by {tool}" for method, tool in sorted(failed)))


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        sys.exit(str(failure))
