"""`stockpot-tools evaluate`: prints what a model is worth as one line of JSON."""

import argparse
from collections.abc import Callable
from pathlib import Path

import torch

from stockpot_tools import model as models
from stockpot_tools.errors import Refused
from stockpot_tools.evaluate import classification, harness, perplexity, retrieval
from stockpot_tools.evaluate.score import Score

EVALUATORS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], Score]]] = {
    "perplexity": ("bits per byte, or perplexity, of texts", perplexity.arguments, perplexity.score),
    "classification": ("accuracy on texts or pictures", classification.arguments, classification.score),
    "retrieval": ("nDCG or recall of sentence embeddings", retrieval.arguments, retrieval.score),
    "harness": ("tasks of lm-evaluation-harness", harness.arguments, harness.score),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds a command for each evaluator."""
    evaluators = parser.add_subparsers(dest="evaluator", required=True, metavar="EVALUATOR")
    for name, (help_text, own, _) in EVALUATORS.items():
        of = evaluators.add_parser(name, help=help_text, description=help_text)
        of.set_defaults(run=run)
        of.add_argument("model", type=Path, help="folder of the model")
        own(of)
        of.add_argument("--batch-size", type=int, default=8)
        of.add_argument("--dtype", choices=list(models.DTYPES), default="auto", help="to compute in (as it is stored)")
        of.add_argument("--device", default="cpu", help="such as cuda:0")
        of.add_argument("--seed", type=int, default=0)
        of.add_argument("--threads", type=int, help="of the CPU (as many as there are)")
        of.add_argument("--quiet", action="store_true", help="no progress bar")


def run(given: argparse.Namespace) -> None:
    """Evaluates a model, and prints its score."""
    if given.batch_size < 1:
        raise Refused(f"--batch-size is {given.batch_size}, must be 1 at least")
    if given.threads is not None:
        torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    torch.use_deterministic_algorithms(True, warn_only=True)
    print(EVALUATORS[given.evaluator][2](given).line())
