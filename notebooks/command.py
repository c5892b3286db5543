"""Stockpot's command line, called as a shell would call it."""

import os
import subprocess
from pathlib import Path

import pandas

STOCKPOT = os.environ.get("STOCKPOT", "../stockpot")
# What Spark takes to read checkpoints, where a checkout builds it
JAR = os.environ.get("STOCKPOT_JAR", Path(STOCKPOT).resolve().parent / "merge-job/target/merge-job.jar")


class StockpotFailed(Exception):
    """Its message is what Stockpot said."""


def stockpot(*arguments):
    """Runs ./stockpot with these arguments, shows the command, gives back what it prints."""
    words = [str(argument) for argument in arguments]
    print("$ ./stockpot", *words)
    return output_of(words)


def merge(recipe, output, *options):
    """Merges a recipe, given as text, into a folder, and says nothing. For many small merges, of a second each."""
    file = Path(f"{output}.yml")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(recipe)
    # Over before the best code that Java could make of it would pay
    java = {"STOCKPOT_JAVA_OPTS": "-XX:TieredStopAtLevel=1"}
    output_of(["merge", str(file), str(output), "--overwrite", "--quiet", *options], java | os.environ)
    return Path(output)


def output_of(words, environment=None):
    done = subprocess.run([STOCKPOT, *words], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        raise StockpotFailed(f"./stockpot {' '.join(words)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def report(folder, table):
    """A table of the report that a merge or a diff wrote into a folder."""
    return pandas.read_parquet(Path(folder) / "report" / f"{table}.parquet")
