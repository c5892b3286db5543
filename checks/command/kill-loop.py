"""Kills a merge, a greedy soup and a search at random, and goes on with --resume until each is done.

    checks/command/kill-loop.py [--kills 20] [--seed 1] [--folder FOLDER_OR_S3A] [--what merge,soup,search]

Each is run undisturbed first. Then its driver, with all that it started, an evaluator alone, or an executor alone (of
`executors`, `soup-executors` and `search-executors`, whose tasks run in two of them) is killed with -9 at random
moments, `--kills` times for each. Fails at the first wrong byte, half or leftover: unless the final files and trials
are those of the undisturbed run, an output that shows its manifest after a kill is whole, no candidate whose evaluation
had ended is evaluated again but for the one that the kill met, and nothing is left beside the output. Tells the counts
at its end. With `--folder s3a://bucket/prefix` outputs lie there; the environment and STOCKPOT_OPTIONS, words that are
passed on, say how that is reached, and what lies there is listed with boto3. Needs Python 3.10 or later and ./stockpot.
"""

import argparse
import hashlib
import json
import os
import random
import shlex
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outputs import Outputs

ROOT = Path(__file__).resolve().parents[2]
STOCKPOT = os.environ.get("STOCKPOT", str(ROOT / "stockpot"))
MODELS, NUMBERS = 6, 64

# A merge of several shards, which takes long enough to be killed in its middle
ROWS, COLUMNS, LAYERS = 1024, 2048, 16
CUTS = ["--set", "shard-size=16MB", "--set", "part-size=5MiB", "--set", "tasks=2"]
# Executors of Spark's own tests, without the pages for which our jars have no server
CLASSES = [ROOT / "merge-job/target/merge-job.jar", ROOT / "merge-job/target/lib/*"]
EXECUTORS = {
    "master": "local-cluster[2,1,768]",
    "driver.host": "127.0.0.1",
    "ui.enabled": "false",
    "executor.memory": "512m",
    "executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",  # they start sooner
    "executor.extraClassPath": ":".join(map(str, CLASSES)),
}

EVALUATOR = """
import json, os, sys, time
model, log = sys.argv[1:3]
with open(log, "a") as file:
    file.write(f"begin {os.environ['STOCKPOT_CANDIDATE']} {os.getpid()}\\n")
time.sleep(0.3)
sys.path.insert(0, os.path.dirname(__file__))
from numbers_of import numbers_of
target = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]
mean = sum(target)
numbers = numbers_of(model)
worth = -sum((number - target[i % 6] / mean) ** 2 for i, number in enumerate(numbers))
with open(log, "a") as file:
    file.write(f"end {os.environ['STOCKPOT_CANDIDATE']} {os.getpid()}\\n")
print(json.dumps({"worth": worth}))
"""

NUMBERS_OF = """
import json, os, struct

def read(path):
    if not path.startswith("s3a://"):
        with open(os.path.join(path, "model.safetensors"), "rb") as file:
            return file.read()
    import boto3
    bucket, _, key = path[len("s3a://"):].partition("/")
    client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
    return client.get_object(Bucket=bucket, Key=key + "/model.safetensors")["Body"].read()

def numbers_of(model):
    content = read(model)
    (length,) = struct.unpack("<Q", content[:8])
    return struct.unpack(f"<{(len(content) - 8 - length) // 4}f", content[8 + length:])
"""


def write_model(folder, ones):
    """Model i is one where the number of the place is i modulo six."""
    folder.mkdir()
    header = json.dumps({"w": {"dtype": "F32", "shape": [NUMBERS], "data_offsets": [0, 4 * NUMBERS]}}).encode()
    numbers = [1.0 if place % MODELS == ones else 0.0 for place in range(NUMBERS)]
    content = struct.pack("<Q", len(header)) + header + struct.pack(f"<{NUMBERS}f", *numbers)
    (folder / "model.safetensors").write_bytes(content)
    (folder / "config.json").write_text('{"model_type": "llama"}')


def write_large_model(folder, seed):
    """Layers of bfloat16 between one half and two, of either sign."""
    folder.mkdir()
    size = 2 * ROWS * COLUMNS
    header = {
        f"layers.{i}.weight": {"dtype": "BF16", "shape": [ROWS, COLUMNS], "data_offsets": [i * size, (i + 1) * size]}
        for i in range(LAYERS)
    }
    text = json.dumps(header).encode()
    chance = random.Random(seed)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _ in range(LAYERS):
            numbers = bytearray(size)
            numbers[0::2] = chance.randbytes(size // 2)
            numbers[1::2] = bytes([0x3F]) * (size // 2)
            file.write(numbers)
    (folder / "config.json").write_text('{"model_type": "llama"}')


def start(recipe, output, log):
    words = [STOCKPOT, "merge", str(recipe), output, "--resume", *shlex.split(os.environ.get("STOCKPOT_OPTIONS", ""))]
    environment = dict(os.environ)
    if recipe.stem in ("merge", "executors"):
        words += CUTS
    if recipe.stem.endswith("executors"):
        options = [f"-Dspark.{name}={value}" for name, value in EXECUTORS.items()]
        environment["STOCKPOT_JAVA_OPTS"] = " ".join([environment.get("STOCKPOT_JAVA_OPTS", ""), *options])
        environment |= {"SPARK_TESTING": "1", "SPARK_SCALA_VERSION": "2.13", "SPARK_HOME": str(recipe.parent)}
    return subprocess.Popen(words, start_new_session=True, stdout=log, stderr=subprocess.STDOUT, env=environment)


def undisturbed(recipe, output, log):
    process = start(recipe, output, log)
    begin = time.monotonic()
    if process.wait() != 0:
        raise SystemExit(f"FAILED: the undisturbed run ended with {process.returncode}, see {log.name}")
    return time.monotonic() - begin


def ended(evaluations):
    if not evaluations.exists():
        return []
    return [line.split()[1] for line in evaluations.read_text().splitlines() if line.startswith("end ")]


def running(evaluations):
    """Processes of evaluations that have begun and not ended."""
    lines = [line.split() for line in evaluations.read_text().splitlines()] if evaluations.exists() else []
    over = {pid for word, _, pid in lines if word == "end"}
    return [int(pid) for word, _, pid in lines if word == "begin" and pid not in over]


def kill_evaluator(evaluations, chance):
    alive = [pid for pid in running(evaluations) if Path(f"/proc/{pid}").exists()]
    if alive:
        os.kill(chance.choice(alive), signal.SIGKILL)
        return True
    return False


def kill_executor(driver, chance):
    """Of those that lie in the driver's session."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_bytes() if folder.name.isdigit() else b""
            if b"CoarseGrainedExecutorBackend" in words and os.getsid(int(folder.name)) == driver:
                found.append(int(folder.name))
        except OSError:  # it ended meanwhile
            continue
    if found:
        os.kill(chance.choice(found), signal.SIGKILL)
    return bool(found)


def require_no_half(outputs, whole, output):
    """What shows its manifest is whole, though its driver was killed."""
    there = outputs.files()
    if f"{output}/stockpot-manifest.json" in there and files(there, output) != files(there, whole):
        raise SystemExit(f"FAILED: {output} is a half, with a manifest")
    if not outputs.remote and any(name.startswith(output + "/") for name in there):
        if f"{output}/stockpot-manifest.json" not in there:
            raise SystemExit(f"FAILED: {output} is there without a manifest")


def disturbed(recipe, output, log, seconds, kills, chance, evaluations, check):
    """Kills and goes on until it ends by itself, or was killed often enough.

    Tells how often what was killed, and how long a run takes that nobody disturbs."""
    begin = time.monotonic()
    counts = {"driver": 0, "evaluator": 0, "executor": 0}
    while True:
        process = start(recipe, output, log)
        try:
            process.wait(timeout=chance.uniform(0.2, 0.9) * seconds if sum(counts.values()) < kills else None)
        except subprocess.TimeoutExpired:
            if chance.random() < 0.3 and kill_evaluator(evaluations, chance):
                counts["evaluator"] += 1
                time.sleep(chance.uniform(0, 0.5))
            if recipe.stem.endswith("executors") and chance.random() < 0.6 and kill_executor(process.pid, chance):
                counts["executor"] += 1
                try:  # the merge goes on in another one
                    process.wait(timeout=chance.uniform(0.2, 0.6) * seconds)
                except subprocess.TimeoutExpired:
                    pass
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                counts["driver"] += 1
                check()
                continue
        if process.returncode != 0:
            raise SystemExit(f"FAILED: a run ended with {process.returncode}, see {log.name}")
        return counts, seconds if sum(counts.values()) else min(seconds, time.monotonic() - begin)  # the first was cold


def files(there, output):
    """Digests of all of a merge's, by their names in it."""
    return {name[len(output) + 1 :]: hashlib.sha256(content).hexdigest() for name, content in there.items()
            if name.startswith(output + "/")}


def weights(files, output):
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()
            if name.startswith(output + "/") and name.endswith((".safetensors", "config.json"))}


def trials(files, output):
    return json.loads(files[output + "/stockpot-manifest.json"])["chosen"]["trials"]


def compare(outputs, whole, output, candidates, killed, drivers):
    there = outputs.files()
    if weights(there, whole) != {name.replace(output, whole): it for name, it in weights(there, output).items()}:
        raise SystemExit(f"FAILED: {output} has other weights")
    if not candidates:
        if files(there, whole) != files(there, output):
            raise SystemExit(f"FAILED: {output} has other files")
    elif trials(there, whole) != trials(there, output):
        raise SystemExit(f"FAILED: {output} has other trials")
    left = sorted({name.split("/")[0] for name in there if "-trials" in name or "-candidates" in name or "-scratch" in name or name[0] == "."})
    if left:
        raise SystemExit(f"FAILED: {output} leaves {left}")
    again = len(killed) - len(set(killed))
    if again > drivers:
        raise SystemExit(f"FAILED: {again} evaluations that had ended were repeated, after {drivers} kills")
    if not candidates <= set(killed):
        raise SystemExit(f"FAILED: candidates were never evaluated: {candidates - set(killed)}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--folder")
    arguments.add_argument("--what", default="merge,soup,search", help="merge, soup, search; executors, soup-executors, search-executors")
    said = arguments.parse_args()
    chance = random.Random(said.seed)
    work = Path(tempfile.mkdtemp(prefix="stockpot-killed-"))
    outputs = Outputs(said.folder or str(work / "outputs"))
    if not outputs.remote:
        Path(outputs.place).mkdir(parents=True, exist_ok=True)
    (work / "score.py").write_text(EVALUATOR)
    (work / "numbers_of.py").write_text(NUMBERS_OF)
    for model in range(MODELS):
        write_model(work / f"m{model}", model)
    kinds = {
        "soup": {"soup": "greedy", "models": [{"model": f"{work}/m{i}"} for i in range(MODELS)]},
        "search": {
            "search": {"strategy": "cma_es", "evaluations": 18, "population": 6, "seed": 3},
            "merge_method": "linear",
            "parameters": {"normalize": False},
            "models": [{"model": f"{work}/m{i}", "parameters": {"weight": {"range": [0, 1]}}} for i in range(3)],
        },
    }
    merge = {"merge_method": "linear", "models": [{"model": f"{work}/large{i}", "parameters": {"weight": 0.5}} for i in (0, 1)]}
    for i in (0, 1):
        write_large_model(work / f"large{i}", i)
    kinds = {"merge": merge, "executors": merge} | kinds | {f"{what}-executors": kinds[what] for what in kinds}
    unknown = set(said.what.split(",")) - kinds.keys()
    if unknown:
        raise SystemExit(f"--what knows {', '.join(kinds)}, and not {', '.join(unknown)}")
    print(f"in {work}", flush=True)
    all_counts = {}
    evaluations = work / "evaluations"
    for kind in said.what.split(","):
        file = work / f"{kind}.yml"
        command = [sys.executable, str(work / "score.py"), "{model}", str(evaluations)]
        # An evaluator that is killed is asked again: else its candidate counts as failed, and a search goes elsewhere
        asked = {} if kind in ("merge", "executors") else {"evaluate": {"command": command, "direction": "max", "retries": 3}}
        file.write_text(json.dumps(kinds[kind] | asked))
        with open(work / f"{kind}-whole.log", "w") as log:
            seconds = undisturbed(file, f"{outputs.place}/{kind}-whole", log)
        whole = ended(evaluations)
        evaluations.unlink(missing_ok=True)
        print(f"{kind}: {seconds:.1f} s and {len(whole)} evaluations undisturbed", flush=True)
        kills, rounds = 0, 0
        while kills < said.kills:
            rounds += 1
            output = f"{kind}-killed-{rounds}"
            with open(work / f"{output}.log", "w") as log:
                counts, seconds = disturbed(
                    file, f"{outputs.place}/{output}", log, seconds, said.kills - kills, chance, evaluations,
                    lambda: require_no_half(outputs, f"{kind}-whole", output) if asked == {} else None,
                )
            kills += sum(counts.values())
            for what, count in counts.items():
                all_counts[f"{kind}: {what}"] = all_counts.get(f"{kind}: {what}", 0) + count
            killed = ended(evaluations)
            evaluations.unlink(missing_ok=True)
            print(f"  {output}: killed {counts}; {len(killed) - len(set(killed))} evaluations again", flush=True)
            compare(outputs, f"{kind}-whole", output, set(whole), killed, counts["driver"])
    told = ", ".join(f"{what} {count}" for what, count in all_counts.items() if count)
    print(f"Passed: no wrong byte, half or leftover after these kills: {told}")


if __name__ == "__main__":
    main()
