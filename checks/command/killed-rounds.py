"""Kills a round of fedadam at random, and goes on with --resume until it is done.

    checks/command/killed-rounds.py [--kills 20] [--seed 1]

Rounds 1 and 2 are made undisturbed. Then round 2 is made again, and its process is killed with -9 at random moments,
`--kills` times in all. After each kill the output is whole, model and state of one round, or it is not there; fails
unless the bytes at the end are those of the undisturbed round, and nothing lies beside it. Needs Python 3.10 or later
and ./stockpot; STOCKPOT names another.
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

ROOT = Path(__file__).resolve().parents[2]
STOCKPOT = os.environ.get("STOCKPOT", str(ROOT / "stockpot"))
TENSORS, ELEMENTS = 12, 1 << 18


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


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    work = Path(tempfile.mkdtemp())
    try:
        for name, seed in (("server", 0), ("c1", 1), ("c2", 2), ("c3", 3)):
            model(work / name, seed)

        def words(number, base, output, *more):
            recipe = work / f"round-{number}.json.yml"
            recipe.write_text(json.dumps({
                "base_model": str(work / base),
                "round": {"strategy": "fedadam", "number": number},
                "models": [{"model": str(work / f"c{i}"), "parameters": {"examples": i}} for i in (1, 2, 3)],
            }))
            return [STOCKPOT, "merge", recipe, work / output, "--shard-size", "3MB",
                    "--set", "report=false", "--set", "part-size=1MiB", *more]

        subprocess.run(words(1, "server", "r1"), check=True, capture_output=True)
        began = time.monotonic()
        subprocess.run(words(2, "r1", "whole"), check=True, capture_output=True)
        length = time.monotonic() - began
        whole = files(work / "whole")
        kills = resumed = done = 0
        while kills < asked.kills:
            process = subprocess.Popen(words(2, "r1", "out", "--resume"), start_new_session=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(length * draw.uniform(0.3, 1.02))
                done += 1
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                kills += 1
                resumed += (work / ".out.stockpot").exists()
            if (work / "out").exists():
                assert files(work / "out").keys() == whole.keys(), "half of an output is to be seen"
                state = json.loads((work / "out/state/state.json").read_text())
                assert state["round"] == 2
                subprocess.run([STOCKPOT, "verify", work / "out"], check=True, capture_output=True)
                assert files(work / "out") == {
                    name: content for name, content in whole.items()}, "other bytes than the undisturbed round"
                shutil.rmtree(work / "out")
        subprocess.run(words(2, "r1", "out", "--resume"), check=True, capture_output=True)
        assert files(work / "out") == whole, "other bytes than the undisturbed round"
        left = [path.name for path in work.iterdir() if "stockpot" in path.name]
        assert not left, left
        print(f"Passed: {kills} kills, {resumed} of them left something to go on with, {done} ended before; model and"
              " state are those of the undisturbed round")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
