"""How often a classifier is right, on texts or pictures."""

import argparse
from pathlib import Path

from torch.nn import functional
from tqdm import tqdm

from stockpot_tools import classifier
from stockpot_tools import model as models
from stockpot_tools.errors import Refused
from stockpot_tools.evaluate.score import Score, mean_and_error

METRICS = ("accuracy", "nll")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--rows", type=Path, help="JSONL or CSV with `text` and `label`, a name or a number")
    source.add_argument("--images", type=Path, help="a folder with one for each class, or CSV with `image`, `label`")
    parser.add_argument("--metric", choices=METRICS, default=METRICS[0], help="nll: -ln p of what is right, on average")
    parser.add_argument("--length", type=int, help="tokens of a text at most (512, or what the model has)")
    parser.add_argument("--examples", type=int, help="so many of them, drawn by --seed (all)")


def score(given: argparse.Namespace) -> Score:
    """Accuracy or mean negative log-likelihood of a model."""
    model = models.load(given.model, given.dtype, given.device)
    classes = classifier.classes_of(model, given)
    examples = classifier.examples_of(model, classes, given)
    examples = examples.sample(given.examples, given.seed)
    values: list[float] = []
    for batch in tqdm(examples.batches(given.batch_size), desc=given.metric, disable=True if given.quiet else None):
        if batch.labels is None:
            raise Refused(f"{examples.note} has rows without `label`")
        logits = classifier.logits_of(model, batch)
        if logits.shape[-1] < 2:
            raise Refused(f"{given.model} has {logits.shape[-1]} output, must have a class or more to choose from")
        if given.metric == "nll":
            values += functional.cross_entropy(logits, batch.labels, reduction="none").double().tolist()
        else:
            values += (logits.argmax(-1) == batch.labels).double().tolist()
    value, error = mean_and_error(values)
    details = {"examples": len(values), "classes": len(classes), "data_sha256": examples.digest}
    return Score(given.metric, value, error, given.metric == "accuracy", details)
