"""Kills a round of fedadam at random, and goes on with --resume until it is done.

    checks/command/killed-rounds.py [--kills 20] [--seed 1] [--folder FOLDER_OR_S3A]

Rounds 1 and 2 are made undisturbed. Then round 2 is made again, and its process is killed with -9 at random moments,
`--kills` times in all. After each kill the output is whole, model and state of one round, or it is not there; fails
unless the bytes at the end are those of the undisturbed round, and nothing lies beside it. With
`--folder s3a://bucket/prefix` rounds lie there, as kill-loop-s3.sh says. Needs Python 3.10 or later and ./stockpot;
STOCKPOT names another.
"""

import argparse
import json
import os
import random
import shutil
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
MANIFEST = "stockpot-manifest.json"
TENSORS, ELEMENTS = 12, 1 << 20


def model(folder, seed):
    """Float32 tensors, without numpy."""
    draw = random.Random(seed)
    folder.mkdir()
    row = struct.pack("<1024f", *(draw.gauss(0, 0.05) for _ in range(1024)))
    header, content = {}, b""
    for number in range(TENSORS):
        begin = len(content)
        content += row[4 * number:] * (ELEMENTS // 1024) + row[:4 * number] * (ELEMENTS // 1024)
        header[f"layers.{number}.weight"] = {
            "dtype": "F32", "shape": [ELEMENTS], "data_offsets": [begin, len(content)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + content)


def of(there, output):
    """The files of one of the outputs, by their names in it."""
    return {name[len(output) + 1 :]: content for name, content in there.items() if name.startswith(output + "/")}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder")
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    work = Path(tempfile.mkdtemp())
    outputs = Outputs(asked.folder or str(work / "outputs"))
    if not outputs.remote:
        Path(outputs.place).mkdir(parents=True, exist_ok=True)
    place = outputs.place
    try:
        for name, seed in (("server", 0), ("c1", 1), ("c2", 2), ("c3", 3)):
            model(work / name, seed)

        def words(number, base, output, *more):
            recipe = work / f"round-{number}.json.yml"
            recipe.write_text(json.dumps({
                "base_model": str(base),
                "round": {"strategy": "fedadam", "number": number},
                "models": [{"model": str(work / f"c{i}"), "parameters": {"examples": i}} for i in (1, 2, 3)],
            }))
            return [STOCKPOT, "merge", recipe, f"{place}/{output}", "--shard-size", "6MB",
                    "--set", "report=false", "--set", "part-size=5MiB", *more]

        subprocess.run(words(1, work / "server", "r1"), check=True, capture_output=True)
        began = time.monotonic()
        subprocess.run(words(2, f"{place}/r1", "whole"), check=True, capture_output=True)
        length = time.monotonic() - began
        whole = of(outputs.files(), "whole")
        kills = resumed = done = 0
        while kills < asked.kills:
            process = subprocess.Popen(words(2, f"{place}/r1", "out", "--resume"), start_new_session=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(length * draw.uniform(0.3, 1.02))
                done += 1
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                kills += 1
            there = outputs.files()
            resumed += any(name.startswith(".out.stockpot") for name in there)
            out = of(there, "out")
            if (MANIFEST in out) if outputs.remote else out:  # on S3 it appears last, and shards before it
                assert out.keys() == whole.keys(), "half of an output is to be seen"
                assert json.loads(out["state/state.json"])["round"] == 2
                subprocess.run([STOCKPOT, "verify", f"{place}/out"], check=True, capture_output=True)
                assert out == whole, "other bytes than the undisturbed round"
                if not any(name.startswith(".out.stockpot") for name in there):  # else it is not yet published
                    outputs.remove("out")
        subprocess.run(words(2, f"{place}/r1", "out", "--resume"), check=True, capture_output=True)
        there = outputs.files()
        assert of(there, "out") == whole, "other bytes than the undisturbed round"
        left = sorted({name.split("/")[0] for name in there} - {"r1", "whole", "out"})
        assert not left, left
        print(f"Passed: {kills} kills, {resumed} of them left something to go on with, {done} ended before; model and"
              " state are those of the undisturbed round")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
