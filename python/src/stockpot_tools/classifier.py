"""Classifiers of texts or pictures: their classes, the examples that they are given, and what they answer."""

import argparse

import torch

from stockpot_tools import data
from stockpot_tools import model as models
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules


def classes_of(model: StoredModel, given: argparse.Namespace, *, otherwise: str = "") -> dict[str, int]:
    """Its classes by name; whatever is no classifier is refused, with what else could be done."""
    name = type(model.module).__name__
    if not name.endswith(("ForSequenceClassification", "ForImageClassification")):
        raise Refused(f"{given.model} is a {name}, must be a model for sequence or image classification{otherwise}")
    return data.labels_of(model.module.config)


def examples_of(model: StoredModel, classes: dict[str, int], given: argparse.Namespace) -> data.Examples:
    """Pictures of `--images`, or texts of `--rows` up to `--length` tokens."""
    if given.images is not None:
        return data.images(given.images, data.processor_of(given.model), classes)
    length = models.length_of(given.length, 512, model.module.config)
    return data.texts(given.rows, models.tokenizer(given.model), length, classes)


def logits_of(model: StoredModel, batch: data.Batch) -> torch.Tensor:
    """Logits as float32, rows by classes; NaN and infinity are refused."""
    with torch.no_grad():
        logits = modules.call(model, batch).logits.float().cpu()
    return finite(logits)


def finite(logits: torch.Tensor) -> torch.Tensor:
    """The same, unless some are NaN or infinite, which is refused."""
    wrong = int((~torch.isfinite(logits)).any(-1).sum())
    if wrong:
        raise Refused(f"the model gives NaN or infinity for {wrong} of {len(logits)} rows of logits")
    return logits
