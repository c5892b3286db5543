"""A script that has a session of Spark Connect, and asks it for a merge. Run by pyspark.sh: folder of the quickstart,
output."""

import sys
from pathlib import Path

from pyspark.sql import SparkSession

import stockpot

quickstart, merged = sys.argv[1:]

# a server of Spark Connect that PySpark starts on this machine, and a client of it
session = SparkSession.builder.remote("local[1]").getOrCreate()
assert type(session).__module__.startswith("pyspark.sql.connect"), type(session)
assert session.range(1000).count() == 1000

for ask in (
    lambda: stockpot.merge(f"{quickstart}/ties.yml", merged, session=session),
    lambda: stockpot.plan(f"{quickstart}/ties.yml", session=session),
    lambda: stockpot.verify(f"{quickstart}/merged", session=session),
    lambda: stockpot.inspect(f"{quickstart}/base", session=session),
):
    try:
        ask()
    except stockpot.StockpotError as refused:
        assert refused.kind == "INSTALLATION", refused.kind
        assert "Spark Connect has no JVM on this side" in str(refused), refused
        assert "leave session away" in str(refused), refused
        told = str(refused)
    else:
        raise AssertionError("a session of Spark Connect was taken")
print(told)
assert not Path(merged).exists()
assert session.range(1000).count() == 1000, "the session is not what it was"
session.stop()
