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
    """Kills until that was done often enough, then lets it end; how often what was killed."""
    counts = {"driver": 0, "evaluator": 0}
    while True:
        process = start(recipe, output, log)
        if sum(counts.values()) >= kills:
            if process.wait() != 0:
                raise SystemExit(f"FAILED: the last run ended with {process.returncode}, see {log.name}")
            return counts
        try:
            process.wait(timeout=chance.uniform(0.2, 0.9) * seconds)
            if process.returncode == 0:
                return counts
            raise SystemExit(f"FAILED: a run ended with {process.returncode}, see {log.name}")
        except subprocess.TimeoutExpired:
            if chance.random() < 0.25 and kill_evaluator(evaluations, chance):
                counts["evaluator"] += 1
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            counts["driver"] += 1


def weights(files, output):
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()
            if name.startswith(output + "/") and name.endswith((".safetensors", "config.json"))}


def trials(files, output):
    return json.loads(files[output + "/stockpot-manifest.json"])["chosen"]["trials"]


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
    for kind, recipe in kinds.items():
        command = [sys.executable, str(work / "score.py"), "{model}"]
        files = {}
        for run in ("whole", "killed"):
            log = work / f"{kind}-{run}.evaluations"
            # one evaluator for both, so that names of candidates are the same: where it writes is in its environment
            both = {**recipe, "evaluate": {"command": [*command, str(work / "evaluations")], "direction": "max"}}
            files[run] = work / f"{kind}.yml"
            files[run].write_text(json.dumps(both))
            (work / "evaluations").unlink(missing_ok=True)
            output = f"{outputs.place}/{kind}-{run}"
            with open(work / f"{kind}-{run}.log", "w") as said_there:
                if run == "whole":
                    seconds = undisturbed(files[run], output, said_there)
                else:
                    counts = disturbed(files[run], output, said_there, seconds, said.kills, chance, work / "evaluations")
            (work / "evaluations").rename(log)
        there = outputs.files()
        if weights(there, f"{kind}-whole") != {n.replace("-killed/", "-whole/"): h for n, h in weights(there, f"{kind}-killed").items()}:
            raise SystemExit(f"FAILED: the {kind} that was killed has other weights")
        if trials(there, f"{kind}-whole") != trials(there, f"{kind}-killed"):
            raise SystemExit(f"FAILED: the {kind} that was killed has other trials")
        left = sorted({name.split("/")[0] for name in there} - {"soup-whole", "soup-killed", "search-whole", "search-killed"})
        if left:
            raise SystemExit(f"FAILED: the {kind} leaves {left}")
        whole, killed = ended(work / f"{kind}-whole.evaluations"), ended(work / f"{kind}-killed.evaluations")
        again = len(killed) - len(set(killed))
        print(f"{kind}: {seconds:.1f} s undisturbed; killed {counts}; {len(whole)} evaluations, {again} of them again", flush=True)
        if again > counts["driver"]:
            raise SystemExit(f"FAILED: {again} evaluations that had ended were repeated, after {counts['driver']} kills")
        if set(killed) < set(whole):
            raise SystemExit(f"FAILED: candidates were never evaluated: {set(whole) - set(killed)}")
    print("Passed: killed trials come to the same weights, and leave nothing behind")


if __name__ == "__main__":
    main()
