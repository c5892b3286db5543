"""`stockpot-tools predictions`: what a model says of examples, as a table for `stockpot ensemble`."""

import argparse
import csv
import hashlib
import importlib
import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch.nn import functional
from tqdm import tqdm

from stockpot_tools import classifier, data
from stockpot_tools import model as models
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.job import free_output

Given = argparse.Namespace
ROWS_TOGETHER = 65_536  # of Parquet, which is slow in small groups of rows


class Row(NamedTuple):
    """What a classifier says of an example, whose label may be empty."""

    number: int
    label: str
    logits: list[float]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    parser.add_argument("model", type=Path, help="folder of a classifier, or of a language model")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--rows", type=Path, help="JSONL or CSV with `text`, and `label` where it is known")
    source.add_argument("--images", type=Path, help="a folder with one for each class, or CSV with `image`, `label`")
    source.add_argument("--choices", type=Path, help="JSONL with `text`, `choices` that may follow it, and `label`")
    parser.add_argument("--output", type=Path, required=True, help=".csv or .parquet of logits; of choices, .jsonl")
    parser.add_argument("--length", type=int, help="tokens of a text at most (512, or what the model has)")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--dtype", choices=list(models.DTYPES), default="float32", help="to compute in (float32)")
    parser.add_argument("--device", default="cpu", help="such as cuda:0")
    parser.add_argument("--overwrite", action="store_true", help="replace the output")
    parser.add_argument("--quiet", action="store_true", help="no bars")
    parser.set_defaults(run=write)


def write(given: Given) -> None:
    """Runs the model and writes its table: whole, or not at all."""
    if given.batch_size < 1:
        raise Refused(f"--batch-size is {given.batch_size}, must be 1 at least")
    endings = (".csv", ".parquet") if given.choices is None else (".jsonl",)
    if given.output.suffix not in endings:
        raise Refused(f"--output is {given.output}, must end in {' or '.join(endings)}: tables are known by that")
    free_output(given.output, overwrite=given.overwrite)
    arrow = pyarrow() if given.output.suffix == ".parquet" else None
    model = models.load(given.model, given.dtype, given.device)
    pending = given.output.with_name(f".{given.output.name}.{os.getpid()}")
    try:
        if arrow is not None:
            to_parquet(pending, *classified(model, given), arrow)
        else:
            with pending.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(as_csv(*classified(model, given)) if given.choices is None else chosen(model, given))
        pending.replace(given.output)
    finally:
        pending.unlink(missing_ok=True)


def pyarrow() -> Any:  # noqa: ANN401
    """Asked for before a model runs, so that nobody waits for nothing."""
    try:
        importlib.import_module("pyarrow.parquet")
        return importlib.import_module("pyarrow")
    except ImportError as error:
        raise Refused(
            f"Parquet needs pyarrow, which is not there ({error}): pip install 'stockpot[parquet]', or write .csv"
        ) from error


def classified(model: StoredModel, given: Given) -> tuple[list[str], Iterator[Row]]:
    """Names of the classes, and a row for each example."""
    classes = classifier.classes_of(model, given, otherwise="; or --choices")
    examples = classifier.examples_of(model, classes, given)
    names = sorted(classes, key=lambda one: classes[one])
    if len(names) < 2:
        raise Refused(f"{given.model} has {len(names)} classes, must have two to choose from")
    if taken := {"id", "label"}.intersection(names):
        raise Refused(f"{given.model} has a class called {', '.join(sorted(taken))}, as a column of every table is")

    def rows() -> Iterator[Row]:
        for batch in tqdm(examples.batches(given.batch_size), disable=True if given.quiet else None):
            for place, logits in enumerate(classifier.logits_of(model, batch).tolist()):
                number = batch.first + place
                label = examples.all[number].label
                yield Row(examples.numbers[number], "" if label is None else names[int(str(label))], logits)

    return names, rows()


def as_csv(names: Sequence[str], rows: Iterator[Row]) -> Iterator[str]:
    """Lines: the number of the example, its label, and a logit for each class, which are called by name."""
    yield _row(["id", "label", *names])
    for row in rows:
        yield _row([row.number, row.label, *map(repr, row.logits)])


def to_parquet(file: Path, names: Sequence[str], rows: Iterator[Row], arrow: Any) -> None:  # noqa: ANN401
    """The same columns, with their types; a label that is not known is null. Holds one group of rows at a time."""
    columns = [("id", arrow.int64()), ("label", arrow.string()), *((name, arrow.float32()) for name in names)]
    schema = arrow.schema(columns)
    with arrow.parquet.ParquetWriter(file, schema) as writer:
        while some := list(islice(rows, ROWS_TOGETHER)):
            values = [
                [row.number for row in some],
                [row.label or None for row in some],
                *([row.logits[place] for row in some] for place in range(len(names))),
            ]
            arrays = [arrow.array(column, field.type) for column, field in zip(values, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def chosen(model: StoredModel, given: Given) -> Iterator[str]:
    """Lines of JSON as lm-evaluation-harness logs samples: for each choice its log-probability behind the text."""
    name = type(model.module).__name__
    if not name.endswith(("ForCausalLM", "LMHeadModel")):
        raise Refused(f"{given.model} is a {name}, must be a language model for --choices")
    tokenizer = models.tokenizer(given.model)
    length = models.length_of(given.length, 512, model.module.config)
    rows = data.rows_of(given.choices)
    if not rows:
        raise Refused(f"{given.choices} has no example in it; it must have one at least")
    for number, row in enumerate(tqdm(rows, disable=True if given.quiet else None)):
        text = data.column(row, "text", given.choices, number + 1)
        choices = row.get("choices")
        if not isinstance(choices, list) or not choices or not all(isinstance(one, str) and one for one in choices):
            raise Refused(f"{given.choices}, row {number + 1} has choices {choices!r}, must be texts that may follow")
        label = data.label_of(row["label"], {one: n for n, one in enumerate(choices)}, f"row {number + 1}")
        found = log_probabilities(model, tokenizer, text, choices, length, given.batch_size)
        sample = {
            "doc_id": number,
            "doc_hash": hashlib.sha256(json.dumps([text, choices]).encode()).hexdigest(),
            "target": str(label),
            "filter": "none",
            "filtered_resps": [[repr(value), str(is_greedy)] for value, is_greedy in found],
        }
        yield json.dumps(sample) + "\n"


def log_probabilities(
    model: StoredModel,
    tokenizer: Any,  # noqa: ANN401
    text: str,
    choices: Sequence[str],
    length: int,
    batch_size: int,
) -> list[tuple[float, bool]]:
    """Of each choice behind the text, and whether each of its tokens is the most likely one."""
    before = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    start = next((token for token in (tokenizer.bos_token_id, tokenizer.eos_token_id) if token is not None), None)
    before = before if start is None else [start, *before]
    asked = []
    for choice in choices:
        tokens = tokenizer(choice, add_special_tokens=False, verbose=False)["input_ids"]
        if not before or not tokens or len(tokens) >= length:
            raise Refused(f"a choice of {len(tokens)} tokens does not fit {length} with a token before it: {choice!r}")
        asked.append(([*before, *tokens][-length:], len(tokens)))
    found = []
    for begin in range(0, len(asked), batch_size):
        batch = asked[begin : begin + batch_size]
        ids, mask = data.padded([tokens for tokens, _ in batch], data.pad_of(tokenizer))
        with torch.no_grad():
            logits = model.module(input_ids=ids.to(model.device), attention_mask=mask.to(model.device)).logits
        for row, (tokens, scored) in zip(logits.float().cpu(), batch, strict=True):
            seen = row[len(tokens) - scored - 1 : len(tokens) - 1]
            classifier.finite(seen)
            wanted = torch.tensor(tokens[-scored:])
            value = -float(functional.cross_entropy(seen, wanted, reduction="none").double().sum())
            found.append((value, bool((seen.argmax(-1) == wanted).all())))
    return found


class _Line:
    """What a CSV writer writes to."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def _row(cells: Sequence[object]) -> str:
    line = _Line()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.text
