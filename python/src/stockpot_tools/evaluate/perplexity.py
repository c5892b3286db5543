"""How well a language model foretells texts: perplexity, and bits per byte, which compares across vocabularies."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from tqdm import tqdm

from stockpot_tools import data
from stockpot_tools import model as models
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.evaluate.score import Score, ratio_and_error
from stockpot_tools.model import StoredModel

METRICS = ("bits_per_byte", "perplexity")
ENOUGH_TEXTS = 20  # from so many on, errors are those over texts, else those over windows


@dataclass(frozen=True)
class Window:
    """Tokens that the model sees at once.

    scored: how many at their end are foretold, each by all before it
    share: bytes of the text that those stand for
    """

    text: int
    tokens: tuple[int, ...]
    scored: int
    share: float = 0


def windows(tokens: Sequence[int], length: int, stride: int) -> list[tuple[int, int, int]]:
    """Begin, end and first scored place of windows over tokens, of which all but the first are scored once.

    Each begins so many tokens, the stride, behind the last, so that a token has at least length - stride before it,
    unless the text begins there.
    """
    if not 1 <= stride < length:
        raise Refused(f"--stride is {stride}, must be 1 to {length - 1}, one less than --length")
    made: list[tuple[int, int, int]] = []
    begin, first = 0, 1
    while first < len(tokens):
        end = min(begin + length, len(tokens))
        made.append((begin, end, first))
        begin, first = begin + stride, end
    return made


def windows_of(texts: Sequence[str], tokenizer: Any, length: int, stride: int) -> list[Window]:  # noqa: ANN401
    """Of all texts. Where the tokenizer has a token for a beginning, or an end, one stands before each text, so that
    its first token is foretold, too; otherwise neither that token nor its bytes count.
    """
    before = next((token for token in (tokenizer.bos_token_id, tokenizer.eos_token_id) if token is not None), None)
    made: list[Window] = []
    unknown = 0
    for number, text in enumerate(texts):
        tokens = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        unknown += tokens.count(tokenizer.unk_token_id)
        size = len(text.encode())
        if before is None:
            size -= len(tokenizer.decode(tokens[:1]).encode())
        tokens = tokens if before is None else [before, *tokens]
        places = windows(tokens, length, stride)
        # the bytes of a part are not known exactly where a character is cut; those of the text are
        parts = [len(tokenizer.decode(tokens[first:end]).encode()) for _, end, first in places]
        for (begin, end, first), part in zip(places, parts, strict=True):
            seen = tuple(tokens[begin:end])
            made.append(Window(number, seen, end - first, size * part / sum(parts)))
    if unknown:
        notice(f"{unknown} tokens are unknown to the tokenizer; their bytes cost no more than one token")
    return made


@torch.no_grad()
def losses(model: StoredModel, batch: Sequence[Window], pad: int) -> list[float]:
    """Of each window, the sum of -ln p over its scored tokens."""
    ids, mask = data.padded([window.tokens for window in batch], pad)
    logits = model.module(input_ids=ids.to(model.device), attention_mask=mask.to(model.device)).logits
    found = []
    for row, window in zip(logits, batch, strict=True):
        end = len(window.tokens)
        wanted = torch.tensor(window.tokens[end - window.scored :], device=row.device)
        odds = row[end - window.scored - 1 : end - 1].float()
        found.append(float(functional.cross_entropy(odds, wanted, reduction="none").double().sum()))
    return found


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    parser.add_argument(
        "--text", type=Path, nargs="+", required=True, help="texts, or `text` of each row of JSONL, CSV"
    )
    parser.add_argument("--metric", choices=METRICS, default=METRICS[0])
    parser.add_argument("--length", type=int, help="tokens that the model sees at once (2048, or what it has)")
    parser.add_argument("--stride", type=int, help="tokens from one window to the next (half of --length)")
    parser.add_argument("--examples", type=int, help="so many of the texts, drawn by --seed (all)")


def score(given: argparse.Namespace) -> Score:
    """Perplexity or bits per byte of a model."""
    model = models.load(given.model, given.dtype, given.device)
    name = type(model.module).__name__
    if not name.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration")) or getattr(
        model.module.config, "is_encoder_decoder", False
    ):
        raise Refused(f"{given.model} is a {name}, must be a language model that goes on with a text")
    texts = data.sample([text for file in given.text for text in data.documents(file)], given.examples, given.seed)
    tokenizer = models.tokenizer(given.model)
    length = models.length_of(given.length, 2048, model.module.config)
    stride = given.stride if given.stride is not None else length // 2
    found = windows_of(texts, tokenizer, length, stride)
    if not found:
        raise Refused(f"{some([str(file) for file in given.text])} has no token to be scored")
    sums: list[float] = []
    bar = tqdm(range(0, len(found), given.batch_size), desc="perplexity", disable=True if given.quiet else None)
    for begin in bar:
        sums += losses(model, found[begin : begin + given.batch_size], data.pad_of(tokenizer))
    details = {
        "texts": len(texts),
        "tokens": sum(window.scored for window in found),
        "bytes": round(math.fsum(window.share for window in found)),
        "length": length,
        "stride": stride,
        "text_sha256": data.digest_of(given.text),
    }
    return total(given.metric, found, sums, details)


def total(metric: str, found: Sequence[Window], sums: Sequence[float], details: dict[str, object]) -> Score:
    """Over all windows. The error is that over texts, or over windows where texts are few."""
    by_text = len({window.text for window in found}) >= ENOUGH_TEXTS
    groups: dict[int, list[float]] = {}
    for number, (window, loss) in enumerate(zip(found, sums, strict=True)):
        group = groups.setdefault(window.text if by_text else number, [0.0, 0.0, 0.0])
        for place, value in enumerate((loss, window.share, window.scored)):
            group[place] += value
    losses, size, tokens = ([group[place] for group in groups.values()] for place in range(3))
    bits, bits_error = ratio_and_error(losses, [math.log(2) * of for of in size])
    nats, nats_error = ratio_and_error(losses, tokens)
    details |= {"bits_per_byte": bits, "nats_per_token": nats, "errors_over": "texts" if by_text else "windows"}
    if metric == "bits_per_byte":
        return Score(metric, bits, bits_error, higher_is_better=False, details=details)
    perplexity = math.exp(nats) if nats < 700 else math.inf
    return Score(metric, perplexity, None if nats_error is None else perplexity * nats_error, False, details)
