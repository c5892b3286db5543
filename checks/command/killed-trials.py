"""Kills a greedy soup and a search at random, and goes on with --resume until each is done.

    checks/command/killed-trials.py [--kills 20] [--seed 1] [--folder FOLDER_OR_S3A]

Each is run undisturbed first. Then its driver, with all that it started, or an evaluator alone is killed with -9 at
random moments, `--kills` times in all. Fails unless the final weights and trials are those of the undisturbed run, no
candidate whose evaluation had ended is evaluated again but for the one that the kill met, and nothing is left beside
the output. With `--folder s3a://bucket/prefix` outputs lie there; the environment and STOCKPOT_OPTIONS, words that are
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

ROOT = Path(__file__).resolve().parents[2]
STOCKPOT = os.environ.get("STOCKPOT", str(ROOT / "stockpot"))
MODELS, NUMBERS = 6, 64

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


class Outputs:
    """What lies under the folder of the outputs: here, or on S3."""

    def __init__(self, place):
        self.place = place
        self.remote = place.startswith("s3a://")

    def files(self):
        if not self.remote:
            return {str(p.relative_to(self.place)): p.read_bytes() for p in Path(self.place).rglob("*") if p.is_file()}
        import boto3

        bucket, _, prefix = self.place[len("s3a://") :].partition("/")
        client = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])
        found = {}
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix + "/"):
            for entry in page.get("Contents", []):
                name = entry["Key"][len(prefix) + 1 :]
                if not name.endswith("/"):
                    found[name] = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        return found


def start(recipe, output, log):
    words = [STOCKPOT, "merge", str(recipe), output, "--resume", *shlex.split(os.environ.get("STOCKPOT_OPTIONS", ""))]
    return subprocess.Popen(words, start_new_session=True, stdout=log, stderr=subprocess.STDOUT)


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


def disturbed(recipe, output, log, seconds, kills, chance, evaluations):
    """Kills and goes on until it ends by itself, or was killed often enough; how often what was killed."""
    counts = {"driver": 0, "evaluator": 0}
    while True:
        process = start(recipe, output, log)
        try:
            process.wait(timeout=chance.uniform(0.2, 0.9) * seconds if sum(counts.values()) < kills else None)
        except subprocess.TimeoutExpired:
            if chance.random() < 0.3 and kill_evaluator(evaluations, chance):
                counts["evaluator"] += 1
                time.sleep(chance.uniform(0, 0.5))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            counts["driver"] += 1
            continue
        if process.returncode != 0:
            raise SystemExit(f"FAILED: a run ended with {process.returncode}, see {log.name}")
        return counts


def weights(files, output):
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()
            if name.startswith(output + "/") and name.endswith((".safetensors", "config.json"))}


def trials(files, output):
    return json.loads(files[output + "/stockpot-manifest.json"])["chosen"]["trials"]


def compare(outputs, whole, output, candidates, killed, drivers):
    there = outputs.files()
    if weights(there, whole) != {name.replace(output, whole): it for name, it in weights(there, output).items()}:
        raise SystemExit(f"FAILED: {output} has other weights")
    if trials(there, whole) != trials(there, output):
        raise SystemExit(f"FAILED: {output} has other trials")
    left = sorted({name.split("/")[0] for name in there if "-trials" in name or "-candidates" in name or name[0] == "."})
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
    print(f"in {work}", flush=True)
    evaluations = work / "evaluations"
    for kind, recipe in kinds.items():
        file = work / f"{kind}.yml"
        command = [sys.executable, str(work / "score.py"), "{model}", str(evaluations)]
        file.write_text(json.dumps({**recipe, "evaluate": {"command": command, "direction": "max"}}))
        with open(work / f"{kind}-whole.log", "w") as log:
            seconds = undisturbed(file, f"{outputs.place}/{kind}-whole", log)
        whole = ended(evaluations)
        evaluations.unlink()
        print(f"{kind}: {seconds:.1f} s and {len(whole)} evaluations undisturbed", flush=True)
        kills, rounds = 0, 0
        while kills < said.kills:
            rounds += 1
            output = f"{kind}-killed-{rounds}"
            with open(work / f"{output}.log", "w") as log:
                counts = disturbed(
                    file, f"{outputs.place}/{output}", log, seconds, said.kills - kills, chance, evaluations
                )
            kills += sum(counts.values())
            killed = ended(evaluations)
            evaluations.unlink()
            print(f"  {output}: killed {counts}; {len(killed) - len(set(killed))} evaluations again", flush=True)
            compare(outputs, f"{kind}-whole", output, set(whole), killed, counts["driver"])
    print("Passed: killed trials come to the same weights, and leave nothing behind")


if __name__ == "__main__":
    main()
