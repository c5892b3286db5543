"""Tables of generated logits, their mean and its measures by NumPy, and the same by Stockpot."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

WORK = Path(sys.argv[1])
EXAMPLES, MODELS, CLASSES = (int(word) for word in sys.argv[2:5])
CHUNK = 1 << 18
BINS = 15


def generate():
    """Logits in float32, of examples in another order in each table."""
    for model in range(MODELS):
        random = np.random.default_rng(model + 1)
        ids = np.random.default_rng(100 + model).permutation(EXAMPLES)
        writer = None
        for begin in range(0, EXAMPLES, CHUNK):
            some = ids[begin : begin + CHUNK]
            labels = ((some * 2654435761) % 4294967291 % CLASSES).astype(np.int32)
            logits = random.normal(0, 1.5, (len(some), CLASSES)).astype(np.float32)
            logits[np.arange(len(some)), labels] += 1.5
            offsets = pa.array(np.arange(len(some) + 1, dtype=np.int32) * CLASSES)
            table = pa.table(
                {
                    "id": pa.array(some),
                    "label": pa.array(labels),
                    "logits": pa.ListArray.from_arrays(offsets, pa.array(logits.ravel())),
                }
            )
            writer = writer or pq.ParquetWriter(WORK / f"m{model}.parquet", table.schema)
            writer.write_table(table)
        writer.close()


def by_numpy():
    import pandas as pd

    total, labels = None, None
    for model in range(MODELS):
        table = pq.read_table(WORK / f"m{model}.parquet")
        logits = table["logits"].combine_chunks().flatten().to_numpy().reshape(-1, CLASSES).astype(np.float64)
        frame = pd.DataFrame({"id": table["id"].to_numpy(), "place": np.arange(len(table))})
        frame["label"] = table["label"].to_numpy()
        if frame["id"].duplicated().any():
            sys.exit("FAILED: two rows of one example")
        order = frame.sort_values("id")
        p = np.exp(logits - logits.max(1, keepdims=True))
        p = (p / p.sum(1, keepdims=True))[order["place"].to_numpy()]
        total = p if total is None else total + p
        labels = order["label"].to_numpy()
    p = total / MODELS
    sure, right = p.max(1), p.argmax(1) == labels
    bins = np.clip(np.ceil(sure * BINS).astype(int) - 1, 0, BINS - 1)
    one_hot = np.eye(CLASSES)[labels]
    pq.write_table(pa.table({"id": order["id"].to_numpy(), "prediction": p.argmax(1)}), WORK / "numpy.parquet")
    return {
        "accuracy": right.mean(),
        "nll": -np.log(p[np.arange(len(labels)), labels]).mean(),
        "brier": ((p - one_hot) ** 2).sum(1).mean(),
        "ece": np.abs(np.bincount(bins, right - sure, BINS)).sum() / len(labels),
    }


def measured_numpy():
    """In a process of its own, so that its memory is known."""
    begin = time.time()
    program = [sys.executable, __file__, *sys.argv[1:5], "numpy"]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    return json.loads(done.stdout), time.time() - begin


def by_stockpot(by, *more):
    tables = [f"m{model}={WORK}/m{model}.parquet" for model in range(MODELS)]
    output = f"{WORK}/out-{by}"
    words = [os.environ["STOCKPOT"], "ensemble", *tables, "--by", by, *more, "--json", "--output", output]
    begin = time.time()
    done = subprocess.run(words, capture_output=True, text=True)
    seconds = time.time() - begin
    if done.returncode != 0:
        sys.exit(f"FAILED: {done.stderr}")
    measures = json.loads(done.stdout)["measures"]
    return next(one for one in measures if one["name"] == "ensemble"), seconds


def main():
    begin = time.time()
    generate()
    size = sum(path.stat().st_size for path in WORK.glob("*.parquet")) / 1e9
    print(f"{EXAMPLES:,} examples, {MODELS} models, {CLASSES} classes: {size:.2f} GB in {time.time() - begin:.0f} s", flush=True)
    wanted, seconds = measured_numpy()
    print(f"NumPy                  {seconds:7.1f} s  {wanted.pop('peak'):6.2f} GB", flush=True)
    for by, more in [("mean", ["--bootstrap", "0"]), ("mean-intervals", []), ("stacking", ["--bootstrap", "0"])]:
        found, seconds = by_stockpot(by.split("-")[0], *more, *(["--overwrite"] if "-" in by else []))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        print(f"Stockpot, {by:14} {seconds:6.1f} s  {peak:6.2f} GB at most of all so far", flush=True)
        if by.startswith("mean"):
            for name, value in wanted.items():
                if abs(found[name] - value) > 1e-9:
                    sys.exit(f"FAILED: {name} is {found[name]}, and {value} by NumPy")
    print("Passed: equal to 1e-9")


if sys.argv[5:] == ["numpy"]:
    result = {name: float(value) for name, value in by_numpy().items()}
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps(result))
else:
    main()
