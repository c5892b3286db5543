"""A PySpark script that merges in its own session. Run by pyspark.sh: JAR, folder of the quickstart, output."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

jar, quickstart, merged = sys.argv[1:]

session = (
    SparkSession.builder.master("local[4]")
    .appName("somebody's own")
    .config("spark.jars", jar)
    .config("spark.ui.enabled", "false")
    .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
    .config("spark.stockpot.seed", "7")
    .getOrCreate()
)
session.sparkContext.setLogLevel("ERROR")
rows = session.range(1000).selectExpr("id % 7 as day").cache()
assert rows.groupBy("day").count().count() == 7

run = session._jvm.dev.stockpot.merge.run
stockpot = run.Stockpot.on(session._jsparkSession)

# A plan tells what a merge would do
written = run.MergeRecipe.at(f"{quickstart}/ties.yml")
plan = stockpot.plan(written, run.MergeOptions.defaults())
print(f"{plan.method()}: {len(plan.models())} models, {plan.tensors()} tensors, {plan.bytesWritten()} bytes")
assert plan.method() == "ties" and len(plan.models()) == 4

# The recipe as a file and as text, merged at the same time
text = run.MergeRecipe.yaml(Path(quickstart, "ties.yml").read_text())
with ThreadPoolExecutor(2) as threads:
    outcomes = threads.map(
        lambda place: stockpot.merge(place[1], f"{merged}/{place[0]}"), [(1, written), (2, text)]
    )
    for outcome in outcomes:
        print(f"{outcome.folder()}: {outcome.tensors()} tensors in {outcome.totals().tasks()} tasks")
        assert outcome.tensors() == plan.tensors() and not outcome.alreadyThere()
        # what one of them did, though the other ran beside it: all of its tensors once, without the file's header
        assert 0.99 * plan.bytesWritten() < outcome.totals().times().bytesWritten() < plan.bytesWritten()
        verification = stockpot.verify(outcome.folder())
        assert verification.isIntact(), list(verification.problems())

# What was merged, as a table, in the same session
table = session.read.format("safetensors").option("statistics", True).load(f"{merged}/1")
assert table.count() == plan.tensors(), table.count()
layers = table.where("layer is not null and block = 'mlp.up_proj'").select("layer", "dtype", "l2").collect()
assert {row.layer for row in layers} == set(range(len(layers))) and all(row.l2 > 0 for row in layers), layers

# A built recipe, with a Python dictionary for parameters, and an option more
built = (
    run.MergeRecipe.by("linear")
    .model(f"{quickstart}/math", {"weight": 0.5})
    .model(f"{quickstart}/code", {"weight": 0.5})
    .build()
)
options = run.MergeOptions.defaults().withDtype("float32")
assert stockpot.merge(built, f"{merged}/linear", options).method() == "linear"

# The same models by other weights, in one reading of them
weights = [0.25, 0.75]
merges = [
    run.Merge.of(
        run.MergeRecipe.by("linear")
        .model(f"{quickstart}/math", {"weight": weight})
        .model(f"{quickstart}/code", {"weight": 1 - weight})
        .build(),
        f"{merged}/weight-{weight}",
    )
    for weight in weights
]
together = stockpot.mergeAll(merges)
alone = stockpot.merge(merges[0].recipe(), f"{merged}/alone")
assert [outcome.folder() for outcome in together] == [f"{merged}/weight-{weight}" for weight in weights]
assert together[0].totals().times().bytesRead() == alone.totals().times().bytesRead()
shard = "model.safetensors"
assert Path(merged, "weight-0.25", shard).read_bytes() == Path(merged, "alone", shard).read_bytes()
assert Path(merged, "weight-0.75", shard).read_bytes() != Path(merged, "alone", shard).read_bytes()

# Failures have kinds, and no stack trace is needed to understand them
try:
    stockpot.merge(built, f"{merged}/linear", options)
    raise AssertionError("a folder that is taken was written")
except Py4JJavaError as failure:
    reason = failure.java_exception
    print(f"{reason.kind()}: {reason.getMessage()}")
    assert reason.kind().name() == "OUTPUT_TAKEN"

stockpot.close()
assert rows.groupBy("day").count().count() == 7, "the session is not what it was"
session.stop()
