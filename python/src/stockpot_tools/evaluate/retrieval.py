"""How well an embedding finds what belongs to a query among documents."""

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from tqdm import tqdm

from stockpot_tools import data
from stockpot_tools import model as models
from stockpot_tools.errors import Refused, some
from stockpot_tools.evaluate.score import Score, mean_and_error

METRICS = ("ndcg", "recall")
KNOWN_MODULES = {"Transformer", "Pooling", "Normalize"}


class Embedder:
    """Texts to vectors of length 1, the way that the model's files of sentence-transformers say, or by the mean of what
    the last layer gives over tokens that are no padding.
    """

    def __init__(self, folder: Path, *, dtype: str, device: str, length: int | None, pooling: str | None) -> None:
        self.tokenizer = models.tokenizer(folder)
        self.device = device
        said = pooling_of(folder)
        self.pooling = pooling or said or "mean"
        config = models.configuration(folder)
        self.length = models.length_of(length, 512, config)
        try:
            self.module, found = transformers.AutoModel.from_pretrained(
                folder, dtype=models.DTYPES[dtype], output_loading_info=True
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise Refused(f"{folder} cannot be opened: {models.first_line(error)}") from error
        missing = [name for name in sorted(found["missing_keys"]) if "pooler" not in name]  # which no embedding reads
        if missing:
            raise Refused(f"{folder} lacks {some(missing)}, which would be random numbers")
        self.module.eval().to(device)
        self.prompts = _json(folder / "config_sentence_transformers.json").get("prompts") or {}

    @torch.no_grad()
    def embed(self, texts: Sequence[str], *, kind: str, batch_size: int, quiet: bool) -> torch.Tensor:
        """Vectors of texts.

        kind: `query` or `document`, for the prompt that the model has for them
        """
        prompt = str(self.prompts.get(kind, ""))
        rows = [self.tokenizer(prompt + text, truncation=True, max_length=self.length)["input_ids"] for text in texts]
        empty = next((number for number, row in enumerate(rows) if not row), None)
        if empty is not None:
            raise Refused(f"{kind} {empty + 1} has no tokens: {texts[empty]!r}")
        order = sorted(range(len(rows)), key=lambda number: len(rows[number]))  # of one length, to pad little
        found: dict[int, torch.Tensor] = {}
        for begin in tqdm(range(0, len(rows), batch_size), desc=kind, disable=True if quiet else None):
            chosen = order[begin : begin + batch_size]
            ids, mask = data.padded([rows[number] for number in chosen], data.pad_of(self.tokenizer))
            ids, mask = ids.to(self.device), mask.to(self.device)
            states = self.module(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            found |= dict(zip(chosen, pooled(states, mask, self.pooling).cpu(), strict=True))
        vectors = torch.stack([found[number] for number in range(len(rows))])
        wrong = int((~torch.isfinite(vectors)).any(1).sum())
        if wrong:
            raise Refused(f"the model gives NaN or infinity for {wrong} of {len(vectors)} texts ({kind})")
        return torch.nn.functional.normalize(vectors, dim=1)


def pooled(states: torch.Tensor, mask: torch.Tensor, pooling: str) -> torch.Tensor:
    """One vector of each text, of states [texts, tokens, channels] that are padded on the right."""
    if pooling == "cls":
        return states[:, 0]
    if pooling == "lasttoken":
        return states[torch.arange(len(states)), mask.sum(1) - 1]
    weights = mask[:, :, None].float()
    if pooling == "max":
        return states.masked_fill(weights == 0, -math.inf).amax(1)
    return (states * weights).sum(1) / weights.sum(1)


def pooling_of(folder: Path) -> str | None:
    """What the files of sentence-transformers say; nothing where there are none."""
    listed = _json(folder / "modules.json", [])
    types = {str(entry["type"]).rsplit(".", 1)[-1]: str(entry["path"]) for entry in listed}
    strange = sorted(types.keys() - KNOWN_MODULES)
    if strange:
        raise Refused(
            f"{folder / 'modules.json'} has {some(strange)}, which this cannot run; evaluate it by a command"
            " that calls sentence-transformers"
        )
    if "Pooling" not in types:
        return None
    said = _json(folder / types["Pooling"] / "config.json")
    if "pooling_mode" in said:
        return str(said["pooling_mode"])
    names = {
        "pooling_mode_cls_token": "cls",
        "pooling_mode_mean_tokens": "mean",
        "pooling_mode_max_tokens": "max",
        "pooling_mode_lasttoken": "lasttoken",
    }
    on = [key for key, value in said.items() if key.startswith("pooling_mode_") and value is True]
    if len(on) != 1 or on[0] not in names:
        raise Refused(
            f"{folder / types['Pooling']} pools by {some(on) or 'nothing'}, must be one of {', '.join(names)}"
        )
    return names[on[0]]


def _json(file: Path, otherwise: Any = None) -> Any:  # noqa: ANN401
    if not file.exists():
        return {} if otherwise is None else otherwise
    try:
        return json.loads(data.text_of(file))
    except ValueError as error:
        raise Refused(f"{file} is not JSON: {error}") from error


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Gains of the first k by 1 / log2(1 + rank), as a share of the most that there could be."""
    gain = math.fsum(relevant.get(name, 0) / math.log2(rank + 1) for rank, name in enumerate(ranked[:k], 1))
    best = sorted(relevant.values(), reverse=True)[:k]
    return gain / math.fsum(of / math.log2(rank + 1) for rank, of in enumerate(best, 1))


def recall(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Which share of what is relevant is among the first k."""
    wanted = {name for name, of in relevant.items() if of > 0}
    return len(wanted.intersection(ranked[:k])) / len(wanted)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its words."""
    parser.add_argument(
        "--queries", type=Path, required=True, help='JSONL: {"text": …, "relevant": ["id", …] or {"id": grade}}'
    )
    parser.add_argument("--documents", type=Path, required=True, help='JSONL: {"id": …, "text": …}')
    parser.add_argument("--metric", choices=METRICS, default=METRICS[0])
    parser.add_argument("--k", type=int, default=10, help="how many of those that are found count (10)")
    parser.add_argument("--pooling", choices=["mean", "cls", "max", "lasttoken"], help="(what the model says, or mean)")
    parser.add_argument("--length", type=int, help="tokens of a text at most (512, or what the model has)")
    parser.add_argument("--examples", type=int, help="so many of the queries, drawn by --seed (all)")


def documents_of(file: Path) -> dict[str, str]:
    """Texts by their ids."""
    found: dict[str, str] = {}
    for number, row in enumerate(data.rows_of(file), 1):
        name = str(row.get("id", ""))
        if not name or name in found:
            raise Refused(f"{file}, row {number} has id {row.get('id')!r}, must be one that no other has")
        found[name] = data.column(row, "text", file, number)
    if not found:
        raise Refused(f"{file} has no document in it")
    return found


def queries_of(file: Path, documents: Mapping[str, str]) -> list[tuple[str, dict[str, float]]]:
    """Texts, and the grades of what is relevant for each."""
    found = []
    for number, row in enumerate(data.rows_of(file), 1):
        said = row.get("relevant")
        try:
            grades = (
                {str(name): float(of) for name, of in said.items()}
                if isinstance(said, dict)
                else {str(name): 1.0 for name in said or []}
            )
        except (TypeError, ValueError) as error:
            raise Refused(f"{file}, row {number} has relevant {said!r}, must be ids or grades by id") from error
        strange = sorted(grades.keys() - documents.keys())
        if strange:
            raise Refused(f"{file}, row {number} names {some(strange)}, which are no documents")
        if not any(grade > 0 for grade in grades.values()) or min(grades.values()) < 0:
            raise Refused(f"{file}, row {number} has relevant {said!r}, must have a grade above 0 and none below")
        found.append((data.column(row, "text", file, number), grades))
    if not found:
        raise Refused(f"{file} has no query in it")
    return found


def score(given: argparse.Namespace) -> Score:
    """nDCG or recall among the first k. Of equally near documents, the first of the file is found first."""
    if given.k < 1:
        raise Refused(f"--k is {given.k}, must be 1 at least")
    documents = documents_of(given.documents)
    queries = data.sample(queries_of(given.queries, documents), given.examples, given.seed)
    embedder = Embedder(given.model, dtype=given.dtype, device=given.device, length=given.length, pooling=given.pooling)
    names = list(documents)
    how = {"batch_size": given.batch_size, "quiet": given.quiet}
    found = embedder.embed(list(documents.values()), kind="document", **how)
    asked = embedder.embed([text for text, _ in queries], kind="query", **how)
    measure = {"ndcg": ndcg, "recall": recall}[given.metric]
    values = []
    for vector, (_, relevant) in zip(asked, queries, strict=True):
        order = torch.argsort(found @ vector, descending=True, stable=True)[: given.k]
        values.append(measure([names[number] for number in order.tolist()], relevant, given.k))
    value, error = mean_and_error(values)
    details = {"queries": len(queries), "documents": len(documents), "pooling": embedder.pooling}
    return Score(f"{given.metric}@{given.k}", value, error, higher_is_better=True, details=details)
