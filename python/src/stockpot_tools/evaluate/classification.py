"""How often a classifier is right, on texts or pictures."""

import argparse
from pathlib import Path

import torch
from torch.nn import functional
from tqdm import tqdm

from stockpot_tools import data
from stockpot_tools import model as models
from stockpot_tools.errors import Refused
from stockpot_tools.evaluate.score import Score, mean_and_error
from stockpot_tools.statistics import modules

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
    name = type(model.module).__name__
    if not name.endswith(("ForSequenceClassification", "ForImageClassification")):
        raise Refused(f"{given.model} is a {name}, must be a model for sequence or image classification")
    classes = data.labels_of(model.module.config)
    if given.images is not None:
        examples = data.images(given.images, data.processor_of(given.model), classes)
    else:
        length = models.length_of(given.length, 512, model.module.config)
        examples = data.texts(given.rows, models.tokenizer(given.model), length, classes)
    examples = examples.sample(given.examples, given.seed)
    values: list[float] = []
    for batch in tqdm(examples.batches(given.batch_size), desc=given.metric, disable=True if given.quiet else None):
        if batch.labels is None:
            raise Refused(f"{examples.note} has rows without `label`")
        with torch.no_grad():
            logits = modules.call(model, batch).logits.float().cpu()
        wrong = int((~torch.isfinite(logits)).any(-1).sum())
        if wrong:
            raise Refused(f"the model gives NaN or infinity for {wrong} of {len(logits)} examples of a batch")
        if logits.shape[-1] < 2:
            raise Refused(f"{given.model} has {logits.shape[-1]} output, must have a class or more to choose from")
        if given.metric == "nll":
            values += functional.cross_entropy(logits, batch.labels, reduction="none").double().tolist()
        else:
            values += (logits.argmax(-1) == batch.labels).double().tolist()
    value, error = mean_and_error(values)
    details = {"examples": len(values), "classes": len(classes), "data_sha256": examples.digest}
    return Score(given.metric, value, error, given.metric == "accuracy", details)
