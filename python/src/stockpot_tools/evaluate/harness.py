"""lm-evaluation-harness: runs its own command, and finds what it wrote."""

import argparse
import importlib.util
import json
import math
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stockpot_tools import data
from stockpot_tools.errors import Refused, some
from stockpot_tools.evaluate.score import Score

COMMAND = "lm_eval"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    parser.add_argument("--tasks", required=True, help="as lm_eval takes them: names, with commas between")
    parser.add_argument("--include-path", type=Path, help="a folder with tasks of your own, as YAML")
    parser.add_argument(
        "--metric",
        action="append",
        help="task:metric or task:metric,filter; the mean of several (acc_norm or acc of each task)",
    )
    parser.add_argument("--examples", type=float, help="--limit of lm_eval: so many of each task, or such a share")
    parser.add_argument("--output", type=Path, help="a folder in which its files are kept")
    parser.add_argument("--more", default="", help="further words for lm_eval: --more='--num_fewshot 5'")


def score(given: argparse.Namespace) -> Score:
    """The mean of metrics that lm-evaluation-harness found."""
    folder = str(given.model.resolve())
    if not given.model.is_dir():
        raise Refused(f"{given.model} is no folder, must be a model that lies on this machine")
    if "," in folder or "=" in folder:
        raise Refused(f"{folder} has `,` or `=` in it, which --model_args of {COMMAND} cannot hold; move the model")
    with tempfile.TemporaryDirectory(prefix="stockpot-harness-") as scratch:
        words = command(given, folder, Path(scratch))
        done = subprocess.run(words, stdout=sys.stderr, check=False)
        if done.returncode != 0:
            raise Refused(f"{COMMAND} ended with {done.returncode}; its last lines say why")
        file = results_in(Path(scratch))
        if given.output is not None:
            shutil.copytree(scratch, given.output, dirs_exist_ok=True)
        found = json.loads(data.text_of(file))
    return score_of(found, given.metric, given.tasks.split(","))


def command(given: argparse.Namespace, folder: str, scratch: Path) -> list[str]:
    """All words of it. What it writes goes into a folder that was empty, so that nothing old is taken for its own."""
    if importlib.util.find_spec(COMMAND) is not None:
        words = [sys.executable, "-m", COMMAND]
    elif shutil.which(COMMAND):
        words = [COMMAND]
    else:
        raise Refused(f"{COMMAND} is not there; install it: pip install lm_eval")
    words += ["run", "--model", "hf", "--model_args", f"pretrained={folder},dtype={given.dtype}"]
    words += ["--tasks", given.tasks, "--device", given.device, "--batch_size", str(given.batch_size)]
    words += ["--seed", ",".join([str(given.seed)] * 4), "--output_path", str(scratch)]
    if given.include_path is not None:
        words += ["--include_path", str(given.include_path)]
    if given.examples is not None:
        limit = int(given.examples) if given.examples >= 1 else given.examples
        words += ["--limit", str(limit)]
    return words + shlex.split(given.more)


def results_in(folder: Path) -> Path:
    """The one file of results below a folder. The harness ends well though it could not write one."""
    files = sorted(folder.rglob("results_*.json"))
    if len(files) != 1:
        raise Refused(f"{COMMAND} ended well, but wrote {len(files)} files of results, must be one; see what it said")
    return files[0]


def score_of(found: Mapping[str, Any], metrics: list[str] | None, tasks: list[str]) -> Score:
    """Of what a file of results says."""
    results = found.get("results", {})
    names = metrics or [f"{task}:{_usual(results, task)}" for task in tasks]
    values, errors, directions = [], [], set()
    for name in names:
        task, _, metric = name.partition(":")
        of_task = results.get(task)
        if of_task is None:
            raise Refused(f"there are no results of {task!r}; there are those of {some(sorted(results), 8)}")
        key = metric if metric in of_task else f"{metric},none"
        value = of_task.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refused(f"{name} is {value!r}; {task} has {some(_numbers(of_task), 8)}")
        error = of_task.get(key.replace(",", "_stderr,", 1) if "," in key else f"{key}_stderr")
        values.append(float(value))
        errors.append(float(error) if isinstance(error, int | float) else math.nan)
        directions.add(found.get("higher_is_better", {}).get(task, {}).get(key.split(",")[0]))
    if len(directions) > 1:
        raise Refused(f"{', '.join(names)} do not all say that more is better, or less; take them apart")
    n = len(values)
    together = math.sqrt(math.fsum(error**2 for error in errors)) / n
    details = {"lm_eval": found.get("lm_eval_version"), **dict(zip(names, values, strict=True))}
    its_error = None if math.isnan(together) else together
    return Score(" + ".join(names), math.fsum(values) / n, its_error, next(iter(directions)), details)


def _numbers(of_task: Mapping[str, Any]) -> list[str]:
    return [key for key, value in of_task.items() if isinstance(value, int | float) and "_stderr" not in key]


def _usual(results: Mapping[str, Any], task: str) -> str:
    of_task = results.get(task, {})
    for metric in ("acc_norm,none", "acc,none"):
        if metric in of_task:
            return metric
    only = [name for name in _numbers(of_task) if name not in {"sample_len", "sample_count"}]
    if len(only) != 1:
        raise Refused(f"{task} has {some(only, 8) or 'no numbers'}; say which counts: --metric {task}:NAME")
    return only[0]
