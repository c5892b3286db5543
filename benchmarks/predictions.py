"""Tables of generated logits, their mean and its measures by NumPy, and the same by Stockpot; see predictions.sh."""

import argparse
import json
import multiprocessing
import os
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
SCHEMA = pa.schema([("id", pa.int64()), ("label", pa.int32()), ("logits", pa.list_(pa.float32()))])
SMALLEST = 2.220446049250313e-16  # of a probability whose logarithm is taken, as in scikit-learn


def arguments():
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("work", type=Path)
    words.add_argument("examples", type=int, nargs="?", default=10_000_000)
    words.add_argument("models", type=int, nargs="?", default=4)
    words.add_argument("classes", type=int, nargs="?", default=4)
    words.add_argument("--alone", action="store_true", help="not beside NumPy and pandas, which hold all of it")
    words.add_argument("--by", default="mean,mean-intervals,stacking", help="which of these Stockpot does")
    words.add_argument("--numpy", action="store_true", help=argparse.SUPPRESS)
    return words.parse_args()


GIVEN = arguments()
CHUNKS = -(-GIVEN.examples // CHUNK)


def ids_of(chunk):
    return np.arange(chunk * CHUNK, min(chunk * CHUNK + CHUNK, GIVEN.examples))


def labels_of(ids):
    return np.random.default_rng([ids[0]]).integers(GIVEN.classes, size=len(ids), dtype=np.int32)


def logits_of(model, ids):
    """A function of model and examples alone, so that nobody needs to hold them: normal, larger for the label."""
    random = np.random.default_rng([ids[0], model + 1])
    logits = random.standard_normal((len(ids), GIVEN.classes), dtype=np.float32) * np.float32(1.5)
    logits[np.arange(len(ids)), labels_of(ids)] += np.float32(1.5)
    return logits


def generate(model):
    """A table, in another order of the examples than all others have."""
    random = np.random.default_rng(model)
    with pq.ParquetWriter(GIVEN.work / f"m{model}.parquet", SCHEMA, use_dictionary=["label"]) as writer:
        for chunk in random.permutation(CHUNKS):
            ids = ids_of(chunk)
            order = random.permutation(len(ids))
            offsets = pa.array(np.arange(len(ids) + 1, dtype=np.int32) * GIVEN.classes)
            logits = pa.ListArray.from_arrays(offsets, pa.array(logits_of(model, ids)[order].ravel()))
            columns = [pa.array(ids[order]), pa.array(labels_of(ids)[order]), logits]
            writer.write_table(pa.Table.from_arrays(columns, schema=SCHEMA))


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

    def include(self, more):
        self.count, self.right = self.count + more.count, self.right + more.right
        self.nll, self.brier, self.bins = self.nll + more.nll, self.brier + more.brier, self.bins + more.bins

    def measures(self):
        return {
            "accuracy": self.right / self.count,
            "nll": self.nll / self.count,
            "brier": self.brier / self.count,
            "ece": np.abs(self.bins).sum() / self.count,
        }


def sums_of(chunk):
    ids, sums = ids_of(chunk), Sums()
    p = sum(probabilities(logits_of(model, ids).astype(np.float64)) for model in range(GIVEN.models))
    sums.add(p / GIVEN.models, labels_of(ids))
    return sums


def wanted(workers):
    """What must come out, chunk by chunk: as the logits are known, nothing has to be joined."""
    sums = Sums()
    for some in workers.imap_unordered(sums_of, range(CHUNKS)):
        sums.include(some)
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
    """What a process prints, and the time, the cores' time and the resident memory that it takes."""
    begin = time.time()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors)
        out = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)  # of this process alone, and not of those before
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            errors.seek(0)
            sys.exit(f"FAILED: {' '.join(words)}\n{errors.read().decode()}")
    cores = used.ru_utime + used.ru_stime
    return json.loads(out), f"{time.time() - begin:7.1f} s {cores:7.1f} s of cores {used.ru_maxrss / 1e6:6.2f} GB at most"


def by_stockpot(by, *more):
    tables = [f"m{model}={GIVEN.work}/m{model}.parquet" for model in range(GIVEN.models)]
    output = f"{GIVEN.work}/out-{by}"
    words = ["ensemble", *tables, "--by", by, *more, "--json", "--overwrite", "--output", output]
    found, took = measured([os.environ["STOCKPOT"], *words])
    return next(one for one in found["measures"] if one["name"] == "ensemble"), took


def require_equal(found, right, by):
    for name, value in right.items():
        if abs(found[name] - value) > 1e-9:
            sys.exit(f"FAILED: {name} is {found[name]} by {by}, must be {value}")


def main():
    begin = time.time()
    with multiprocessing.Pool() as workers:
        workers.map(generate, range(GIVEN.models), chunksize=1)
        right = wanted(workers)
    size = sum(path.stat().st_size for path in GIVEN.work.glob("*.parquet")) / 1e9
    what = f"{GIVEN.examples:,} examples, {GIVEN.models} models, {GIVEN.classes} classes"
    print(f"{what}: {size:.2f} GB in {time.time() - begin:.0f} s", flush=True)
    if not GIVEN.alone:
        found, took = measured([sys.executable, *sys.argv, "--numpy"])
        require_equal(found, right, "NumPy")
        print(f"NumPy                    {took}", flush=True)
    for by in GIVEN.by.split(","):
        more = [] if by == "mean-intervals" else ["--bootstrap", "0"]
        found, took = by_stockpot(by.split("-")[0], *more)
        print(f"Stockpot, {by:14} {took}", flush=True)
        if by.startswith("mean"):
            require_equal(found, right, f"Stockpot, {by}")
    print("Passed: equal to 1e-9")


if GIVEN.numpy:
    print(json.dumps({name: float(value) for name, value in by_numpy().items()}))
else:
    main()
