"""Tables of generated logits, their mean and its measures by NumPy, and the same by Stockpot; see predictions.sh."""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 1 << 17
BINS = 15
SMALLEST = 2.220446049250313e-16  # of a probability whose logarithm is taken, as in scikit-learn


def arguments():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("work", type=Path)
    words.add_argument("examples", type=int, nargs="?", default=10_000_000)
    words.add_argument("models", type=int, nargs="?", default=4)
    words.add_argument("classes", type=int, nargs="?", default=4)
    words.add_argument("--alone", action="store_true", help="not beside NumPy and pandas, which hold all of it")
    words.add_argument("--numpy", action="store_true", help=argparse.SUPPRESS)
    return words.parse_args()


GIVEN = arguments()


def chunks():
    return ((begin, min(begin + CHUNK, GIVEN.examples)) for begin in range(0, GIVEN.examples, CHUNK))


def mixed(numbers):
    """SplitMix64: 64 bits that look like chance, of each number."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def labels_of(ids):
    return (mixed(ids.astype(np.uint64)) % np.uint64(GIVEN.classes)).astype(np.int32)


def logits_of(model, ids):
    """A function of model and example alone, so that nobody needs to hold them: about normal, larger for the label."""
    places = (ids[:, None] * GIVEN.classes + np.arange(GIVEN.classes)).astype(np.uint64)
    bits = mixed(mixed(places) + np.uint64(model + 1))
    parts = [(bits >> np.uint64(shift) & np.uint64(0xFFFF)).astype(np.float32) for shift in (0, 16, 32, 48)]
    logits = (sum(parts) / 65536 - 2) * np.float32(1.5 * 3**0.5)
    logits[np.arange(len(ids)), labels_of(ids)] += np.float32(1.5)
    return logits.astype(np.float32)


def order_of(model):
    """Another order of the examples in each table: a step that shares no divisor with their number."""
    step = int(GIVEN.examples * 0.618) + 1000 * model + 1
    while np.gcd(step, GIVEN.examples) != 1:
        step += 1
    return lambda begin, end: np.arange(begin, end, dtype=np.int64) * step % GIVEN.examples


def generate():
    offsets = pa.array(np.arange(CHUNK + 1, dtype=np.int32) * GIVEN.classes)
    for model in range(GIVEN.models):
        order, writer = order_of(model), None
        for begin, end in chunks():
            ids = order(begin, end)
            logits = pa.ListArray.from_arrays(offsets[: end - begin + 1], pa.array(logits_of(model, ids).ravel()))
            table = pa.table({"id": pa.array(ids), "label": pa.array(labels_of(ids)), "logits": logits})
            writer = writer or pq.ParquetWriter(GIVEN.work / f"m{model}.parquet", table.schema)
            writer.write_table(table)
        writer.close()


def probabilities(logits):
    p = np.exp(logits - logits.max(1, keepdims=True))
    return p / p.sum(1, keepdims=True)


class Sums:
    """Measures of probabilities that come in pieces."""

    def __init__(self):
        self.count, self.right, self.nll, self.brier = 0, 0, 0.0, 0.0
        self.bins = np.zeros(BINS)

    def add(self, p, labels):
        sure, right = p.max(1), p.argmax(1) == labels
        self.count += len(p)
        self.right += int(right.sum())
        self.nll -= np.log(np.maximum(p[np.arange(len(p)), labels], SMALLEST)).sum()
        self.brier += ((p - np.eye(GIVEN.classes)[labels]) ** 2).sum()
        self.bins += np.bincount(np.clip(np.ceil(sure * BINS).astype(int) - 1, 0, BINS - 1), right - sure, BINS)

    def measures(self):
        return {
            "accuracy": self.right / self.count,
            "nll": self.nll / self.count,
            "brier": self.brier / self.count,
            "ece": np.abs(self.bins).sum() / self.count,
        }


def wanted():
    """What must come out, chunk by chunk: as the logits are known, nothing has to be joined."""
    sums = Sums()
    for begin, end in chunks():
        ids = np.arange(begin, end, dtype=np.int64)
        p = sum(probabilities(logits_of(model, ids).astype(np.float64)) for model in range(GIVEN.models))
        sums.add(p / GIVEN.models, labels_of(ids))
    return sums.measures()


def by_numpy():
    """As one would do it: read, join, average and measure in memory."""
    import pandas as pd

    total, labels = None, None
    for model in range(GIVEN.models):
        table = pq.read_table(GIVEN.work / f"m{model}.parquet")
        logits = table["logits"].combine_chunks().flatten().to_numpy().reshape(-1, GIVEN.classes).astype(np.float64)
        frame = pd.DataFrame({"id": table["id"].to_numpy(), "place": np.arange(len(table))})
        frame["label"] = table["label"].to_numpy()
        if frame["id"].duplicated().any():
            sys.exit("FAILED: two rows of one example")
        order = frame.sort_values("id")
        p = probabilities(logits)[order["place"].to_numpy()]
        total = p if total is None else total + p
        labels = order["label"].to_numpy()
    sums = Sums()
    sums.add(total / GIVEN.models, labels)
    p = total / GIVEN.models
    pq.write_table(pa.table({"id": order["id"].to_numpy(), "prediction": p.argmax(1)}), GIVEN.work / "numpy.parquet")
    return sums.measures()


def measured(words):
    """What a process prints, how long it takes, and the most memory that it has resident, in GB."""
    begin = time.time()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors)
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)  # of this process alone, and not of those before
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"FAILED: {' '.join(words)}\n{errors.read().decode()}")
    return json.loads(out), time.time() - begin, used.ru_maxrss / 1e6


def by_stockpot(by, *more):
    tables = [f"m{model}={GIVEN.work}/m{model}.parquet" for model in range(GIVEN.models)]
    output = f"{GIVEN.work}/out-{by}"
    words = ["ensemble", *tables, "--by", by, *more, "--json", "--overwrite", "--output", output]
    found, seconds, peak = measured([os.environ["STOCKPOT"], *words])
    return next(one for one in found["measures"] if one["name"] == "ensemble"), seconds, peak


def require_equal(found, right, by):
    for name, value in right.items():
        if abs(found[name] - value) > 1e-9:
            sys.exit(f"FAILED: {name} is {found[name]} by {by}, must be {value}")


def main():
    begin = time.time()
    generate()
    size = sum(path.stat().st_size for path in GIVEN.work.glob("*.parquet")) / 1e9
    what = f"{GIVEN.examples:,} examples, {GIVEN.models} models, {GIVEN.classes} classes"
    print(f"{what}: {size:.2f} GB in {time.time() - begin:.0f} s", flush=True)
    right = wanted()
    if not GIVEN.alone:
        found, seconds, peak = measured([sys.executable, *sys.argv, "--numpy"])
        require_equal(found, right, "NumPy")
        print(f"NumPy                  {seconds:7.1f} s  {peak:6.2f} GB resident at most", flush=True)
    for by, more in [("mean", ["--bootstrap", "0"]), ("mean-intervals", []), ("stacking", ["--bootstrap", "0"])]:
        found, seconds, peak = by_stockpot(by.split("-")[0], *more)
        print(f"Stockpot, {by:14} {seconds:6.1f} s  {peak:6.2f} GB resident at most", flush=True)
        if by.startswith("mean"):
            require_equal(found, right, f"Stockpot, {by}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"Passed: equal to 1e-9; tables and what must come out took {own:.2f} GB here")


if GIVEN.numpy:
    print(json.dumps({name: float(value) for name, value in by_numpy().items()}))
else:
    main()
