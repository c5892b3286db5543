"""`stockpot-tools statistics`: which statistic of which model on which examples, as words of a command."""

import argparse
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from stockpot_tools import data
from stockpot_tools import model as models
from stockpot_tools.data import Batch, Examples
from stockpot_tools.errors import Refused, notice
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import adam, gates
from stockpot_tools.statistics.cross_sums import CrossSums
from stockpot_tools.statistics.crossgrams import Crossgrams
from stockpot_tools.statistics.gates import GateStates
from stockpot_tools.statistics.gradients import Fisher, Magnitudes
from stockpot_tools.statistics.grams import GramDiagonals, Grams
from stockpot_tools.statistics.job import Job, free_output
from stockpot_tools.statistics.logits import Logits
from stockpot_tools.statistics.moments import Moments
from stockpot_tools.statistics.statistic import Statistic

UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
Given = argparse.Namespace
Maker = Callable[[StoredModel, Examples, Batch, Given], Statistic]

KINDS: dict[str, tuple[str, Maker]] = {
    "fisher": (
        "diagonal of the Fisher information (fisher_diag)",
        lambda model, examples, batch, given: Fisher(model, examples, labels=_labels(model, given), seed=given.seed),
    ),
    "grad-abs": (
        "mean magnitude of the gradient of the loss (grad_abs)",
        lambda model, examples, batch, given: Magnitudes(model, examples),
    ),
    "gram": (
        "X'X of what goes into each linear layer (gram)",
        lambda model, examples, batch, given: Grams(model, batch, at=given.at, packed=given.packed),
    ),
    "gram-diag": (
        "its diagonal alone (gram_diag)",
        lambda model, examples, batch, given: GramDiagonals(model, batch, at=given.at),
    ),
    "moments": (
        "mean and deviation of what comes out of each layer (act_mean_std)",
        lambda model, examples, batch, given: Moments(model, batch),
    ),
    "crossgram": (
        "X_a'X_b of two models on the same examples (crossgram)",
        lambda model, examples, batch, given: _together(model, _other(given), batch, given.at),
    ),
    "gate-hidden": (
        "states of prompts for the routers of a mixture (gate_hidden)",
        lambda model, examples, batch, given: GateStates(model, given.experts, batch, at=given.at),
    ),
    "logits": (
        "what a classifier says of each example (logits)",
        lambda model, examples, batch, given: Logits(model, examples),
    ),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds a command for each kind."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for name, (help_text, _) in KINDS.items():
        of = kinds.add_parser(name, help=help_text, description=help_text)
        of.set_defaults(run=run)
        of.add_argument("model", type=Path, help="folder of the model")
        if name == "crossgram":
            of.add_argument("other", type=Path, help="folder of the second model")
        of.add_argument("output", type=Path, help="file that is written, such as gram.safetensors")
        if name == "gate-hidden":
            _of_gates(of)
        else:
            data_arguments(of)
        _of_work(of)
        if name == "fisher":
            of.add_argument(
                "--labels",
                choices=["exact", "sampled", "data"],
                help="every class by its probability (for classifiers), one drawn for each token or example (for"
                " language models), or those of the data, which gives the empirical Fisher",
            )
        if name in {"gram", "gram-diag", "crossgram"}:
            places = ["linear", "layers", "blocks"] + ["outputs"] * (name == "crossgram")
            of.add_argument("--at", choices=places, default="linear", help="what the inputs go into, or what comes out")
        if name == "gram":
            of.add_argument("--packed", action="store_true", help="only upper triangles, half the size")

    help_text = "second moments of Adam, as a training has left them (exp_avg_sq)"
    of = kinds.add_parser("adam", help=help_text, description=help_text)
    of.set_defaults(run=adam.run)
    adam.arguments(of)


def _of_gates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe",
        type=Path,
        required=True,
        help="of the mixture: `experts` with `positive_prompts`, as mergekit-moe's",
    )
    parser.add_argument(
        "--at", choices=["last", "mean"], default="last", help="the last token of a prompt, or all (last)"
    )
    parser.add_argument("--length", type=int, help="tokens of a prompt at most (512, or what the model has)")
    parser.set_defaults(seed=0)


def data_arguments(parser: argparse.ArgumentParser) -> None:
    """Which examples."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--text", type=Path, nargs="+", help="texts, cut into blocks of --length: files, or `text` of JSONL or CSV"
    )
    source.add_argument(
        "--rows", type=Path, help="an example a row: JSONL or CSV with `text` and, if need be, `label` or `target`"
    )
    source.add_argument("--images", type=Path, help="a folder with one for each class, or CSV with `image`, `label`")
    parser.add_argument("--length", type=int, help="tokens of a text at most (512, or what the model has)")
    parser.add_argument("--examples", type=int, help="so many, drawn by --seed (all)")
    parser.add_argument("--shard", default="1/1", help="a part of them, such as 2/8; what parts give adds up")
    parser.add_argument("--seed", type=int, default=0)


def _of_work(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--memory", help="of the sums, such as 8G; with less, more passes over the examples are made")
    parser.add_argument("--dtype", choices=list(models.DTYPES), default="float32", help="to compute in (float32)")
    parser.add_argument("--device", default="cpu", help="such as cuda:0")
    parser.add_argument("--save-every", type=float, default=60, help="seconds between two states on disk (60)")
    parser.add_argument("--resume", action="store_true", help="go on where a run was interrupted")
    parser.add_argument("--overwrite", action="store_true", help="replace the output")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(given: Given) -> None:
    """Makes what the words ask for."""
    torch.manual_seed(given.seed)
    free_output(given.output, overwrite=given.overwrite)
    if given.batch_size < 1:
        raise Refused(f"--batch-size is {given.batch_size}, must be 1 at least")
    model = models.load(given.model, given.dtype, given.device)
    given.length = models.length_of(given.length, 512, model.module.config)
    examples = examples_of(given, model)
    batches = examples.batches(given.batch_size)
    statistic = KINDS[given.kind][1](model, examples, batches[0], given)
    metadata = statistic.metadata()
    identity = {
        "kind": statistic.kind,
        "model_sha256": model.digest,
        "dataset_sha256": examples.digest,
        "dataset_note": examples.note,
        "examples": hashlib.sha256(json.dumps(examples.numbers).encode()).hexdigest(),
        "length": str(given.length),
        "batch_size": str(given.batch_size),
        "dtype": given.dtype,
        **{f"option {name}": value for name, value in metadata.items()},
    }
    job = Job(statistic, batches, given.output, identity, bytes_of(given.memory), given.save_every, given.quiet)
    passes = len(job.passes())
    if passes > 1:
        notice(f"{passes} passes over {len(examples)} examples, so that no more than {given.memory} are in memory")
    job.run(resume=given.resume)
    print(json.dumps({"kind": statistic.kind, "output": str(given.output), "examples": len(examples)}))


def examples_of(given: Given, model: StoredModel) -> Examples:
    """Those that the words name."""
    config: Any = model.module.config
    if given.kind == "gate-hidden":
        found, given.experts = gates.prompts(given.recipe, models.tokenizer(given.model), given.length)
        return found
    if given.images is not None:
        found = data.images(given.images, data.processor_of(given.model), data.labels_of(config))
    else:
        tokenizer = models.tokenizer(given.model)
        start = config.decoder_start_token_id if getattr(config, "is_encoder_decoder", False) else None
        if given.rows is not None:
            found = data.texts(given.rows, tokenizer, given.length, data.labels_of(config), start)
        elif start is not None:
            raise Refused(f"{given.model} has two stacks; name pairs of `text` and `target` by --rows")
        else:
            found = data.blocks(given.text, tokenizer, given.length)
    number, _, of = given.shard.partition("/")
    if not (number.isdigit() and of.isdigit()):
        raise Refused(f"--shard is {given.shard}, must be such as 2/8")
    return found.sample(given.examples, given.seed).shard(int(number), int(of))


def bytes_of(text: str | None) -> int | None:
    """Of `8G`, `512MB` or `1000000`."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+)([KMGT]?)B?", text.strip().upper())
    if match is None or int(match[1]) == 0:
        raise Refused(f"--memory is {text}, must be such as 8G or 512M")
    return int(match[1]) * UNITS[match[2]]


def _labels(model: StoredModel, given: Given) -> str:
    is_classifier = type(model.module).__name__.endswith("Classification")
    return str(given.labels or ("exact" if is_classifier else "sampled"))


def _together(first: StoredModel, second: StoredModel, batch: Batch, at: str) -> Statistic:
    return CrossSums(first, second, batch) if at == "outputs" else Crossgrams(first, second, batch, at=at)


def _other(given: Given) -> StoredModel:
    return models.load(given.other, given.dtype, given.device)
