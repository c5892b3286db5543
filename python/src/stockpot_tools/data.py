"""Examples to run through a model: blocks of text, labelled texts, pairs of texts, images."""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
import transformers
from PIL import Image, UnidentifiedImageError

from stockpot_tools.errors import Refused
from stockpot_tools.model import first_line

PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".ppm", ".pgm"}
Of = TypeVar("Of")
NO_LABEL = -100  # as the losses of transformers have it


@dataclass(frozen=True)
class Example:
    """One of them: tokens or a picture, and what it is.

    label: the class, or tokens of the answer
    """

    tokens: tuple[int, ...] = ()
    picture: torch.Tensor | None = None
    label: int | tuple[int, ...] | None = None


@dataclass(frozen=True)
class Batch:
    """Examples side by side, padded on the right.

    inputs: what the model is called with
    mask: 1 where there is a token, of shape [examples, tokens]; nothing where nothing is padded
    answers: the same of the answers that a decoder sees
    first: number of its first example among all
    """

    inputs: dict[str, torch.Tensor]
    examples: int
    tokens: int
    first: int = 0
    mask: torch.Tensor | None = None
    answers: torch.Tensor | None = None
    labels: torch.Tensor | None = None


@dataclass(frozen=True)
class Examples:
    """All examples of a run.

    digest: of the files that they were made of
    pad: the token that fills
    input_name: what the model calls its input
    """

    all: tuple[Example, ...]
    digest: str
    note: str
    pad: int = 0
    input_name: str = "input_ids"
    start: int | None = None
    numbers: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.all:
            raise Refused(f"{self.note} has no example in it; it must have one at least")
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(len(self.all))))

    def __len__(self) -> int:
        return len(self.all)

    def sample(self, most: int | None, seed: int) -> "Examples":
        """So many of them, in their order, chosen by the seed."""
        return self._some(sample(list(range(len(self.all))), most, seed))

    def shard(self, number: int, of: int) -> "Examples":
        """Every so-manieth of them, beginning with the number, from 1."""
        if not 1 <= number <= of:
            raise Refused(f"shard is {number}/{of}, must be from 1/{of} to {of}/{of}")
        return self._some(list(range(number - 1, len(self.all), of)))

    def _some(self, places: list[int]) -> "Examples":
        return replace(
            self,
            all=tuple(self.all[place] for place in places),
            numbers=tuple(self.numbers[place] for place in places),
        )

    def batches(self, size: int) -> "Sequence[Batch]":
        return _Batches(self, size)

    def batch(self, begin: int, end: int) -> Batch:
        chosen = self.all[begin:end]
        labels = [example.label for example in chosen]
        if chosen[0].picture is not None:
            pixels = torch.stack([example.picture for example in chosen if example.picture is not None])
            return Batch({self.input_name: pixels}, len(chosen), 0, begin, labels=_classes(labels))
        ids, mask = padded([example.tokens for example in chosen], self.pad)
        inputs = {self.input_name: ids, "attention_mask": mask}
        tokens = int(mask.sum())
        if self.start is None:
            return Batch(inputs, len(chosen), tokens, begin, mask, labels=_classes(labels))
        answers = [label for label in labels if isinstance(label, tuple)]
        if len(answers) < len(chosen):
            raise Refused(f"{self.note}: a model of two stacks needs a `target` beside each `text`")
        wanted, seen = padded(answers, NO_LABEL)
        if wanted.shape == ids.shape:  # so that masks of texts and of answers are told apart by their shapes
            wanted = torch.nn.functional.pad(wanted, (0, 1), value=NO_LABEL)
            seen = torch.nn.functional.pad(seen, (0, 1))
        before = torch.full_like(wanted[:, :1], self.start)
        decoder = torch.cat([before, wanted[:, :-1].masked_fill(wanted[:, :-1] == NO_LABEL, self.pad)], 1)
        inputs |= {"decoder_input_ids": decoder, "decoder_attention_mask": seen}
        return Batch(inputs, len(chosen), tokens + int(seen.sum()), begin, mask, seen, wanted)


class _Batches(Sequence[Batch]):
    def __init__(self, examples: Examples, size: int) -> None:
        self.examples, self.size = examples, size

    def __len__(self) -> int:
        return -(-len(self.examples) // self.size)

    def __getitem__(self, number: Any) -> Any:  # noqa: ANN401 (one place at a time, never a slice)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.examples.batch(number * self.size, min((number + 1) * self.size, len(self.examples)))

    def __iter__(self) -> Iterator[Batch]:
        return (self[number] for number in range(len(self)))


def padded(rows: Sequence[Sequence[int]], filler: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of one length, and where they have tokens of their own."""
    longest = max(len(row) for row in rows)
    tokens = torch.tensor([[*row, *[filler] * (longest - len(row))] for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return tokens, mask


def _classes(labels: Sequence[object]) -> torch.Tensor | None:
    numbers = [label for label in labels if isinstance(label, int)]
    return torch.tensor(numbers) if len(numbers) == len(labels) else None


def rows_of(file: Path) -> list[dict[str, Any]]:
    """A CSV or JSONL file, a row each."""
    text = text_of(file)
    if file.suffix == ".csv":
        return [dict(row) for row in csv.DictReader(text.splitlines(keepends=True))]
    rows = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise Refused(f"{file}, line {number} is not JSON: {error}") from error
        if not isinstance(row, dict):
            raise Refused(f'{file}, line {number} is {line[:40]}, must be an object such as {{"text": …}}')
        rows.append(row)
    return rows


def text_of(file: Path) -> str:
    """What is written in a file."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read as text: {error}") from error


def column(row: dict[str, Any], name: str, file: Path, number: int) -> str:
    """A text of a row, which must be there."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Refused(f"{file}, row {number} has {name} {value!r}, must be a text that is not empty")
    return value


def documents(file: Path) -> list[str]:
    """Texts of a file: the one of a plain file, or `text` of each row of JSONL or CSV."""
    if file.suffix in {".jsonl", ".csv"}:
        return [column(row, "text", file, number) for number, row in enumerate(rows_of(file), 1)]
    return [text_of(file)]


def digest_of(files: Sequence[Path]) -> str:
    """Of their bytes and order."""
    found = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            found.update(hashlib.file_digest(stream, "sha256").digest())
    return found.hexdigest()


def blocks(files: Sequence[Path], tokenizer: Any, length: int) -> Examples:  # noqa: ANN401
    """Texts, each cut into blocks of so many tokens without any between them; the last of a text may be shorter."""
    found: list[Example] = []
    for file in files:
        for document in documents(file):
            tokens = tokenizer(document, add_special_tokens=False, verbose=False)["input_ids"]
            cut = [tuple(tokens[begin : begin + length]) for begin in range(0, len(tokens), length)]
            found += [Example(tokens=block) for block in cut if len(block) > 1]
    return Examples(tuple(found), digest_of(files), _note(files), pad_of(tokenizer))


def texts(file: Path, tokenizer: Any, length: int, labels: dict[str, int], start: int | None = None) -> Examples:  # noqa: ANN401
    """Rows of `text` with a `label`, or with a `target` for models of two stacks, which begin with the token start."""
    found = []
    for number, row in enumerate(rows_of(file), 1):
        tokens = tuple(tokenizer(column(row, "text", file, number), truncation=True, max_length=length)["input_ids"])
        label: int | tuple[int, ...] | None = None
        if start is not None:
            target = column(row, "target", file, number)
            label = tuple(tokenizer(text_target=target, truncation=True, max_length=length)["input_ids"])
        elif "label" in row:
            label = label_of(row["label"], labels, f"{file}, row {number}")
        found.append(Example(tokens, label=label))
    return Examples(tuple(found), digest_of([file]), _note([file]), pad_of(tokenizer), start=start)


def images(place: Path, processor: Any, labels: dict[str, int]) -> Examples:  # noqa: ANN401
    """A folder with a folder for each class, or a CSV file with columns `image` (from there) and `label`."""
    if place.is_dir():
        pairs = [(file, file.parent.name) for file in sorted(place.glob("*/*")) if file.suffix.lower() in PICTURES]
    else:
        rows = enumerate(rows_of(place), 1)
        pairs = [(place.parent / column(row, "image", place, number), str(row.get("label"))) for number, row in rows]
    found = []
    for file, name in pairs:
        try:
            with Image.open(file) as opened:
                pixels = processor(images=opened.convert("RGB"), return_tensors="pt")["pixel_values"][0]
        except (OSError, UnidentifiedImageError) as error:
            raise Refused(f"{file} cannot be read as a picture: {first_line(error)}") from error
        found.append(Example(picture=pixels, label=label_of(name, labels, str(file))))
    files = [file for file, _ in pairs]
    names = hashlib.sha256("".join(f"{name}\n" for _, name in pairs).encode()).hexdigest()
    return Examples(tuple(found), digest_of(files) + names, str(place.name), input_name="pixel_values")


def processor_of(folder: Path) -> Any:  # noqa: ANN401
    """What turns pictures into what the model was trained on."""
    try:
        return transformers.AutoImageProcessor.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise Refused(f"{folder} does not say how it takes pictures: {first_line(error)}") from error


def labels_of(config: Any) -> dict[str, int]:  # noqa: ANN401
    """Numbers of a model's classes by what they are called."""
    return {str(name): int(number) for name, number in (getattr(config, "label2id", None) or {}).items()}


def label_of(value: object, labels: dict[str, int], place: str) -> int:
    """The number of a class that is given by its name or its number."""
    if str(value) in labels:
        return labels[str(value)]
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if 0 <= number < len(labels):
        return number
    if not labels:
        raise Refused(f"{place} has label {value!r}, but the model has no classes")
    names = ", ".join(sorted(labels, key=lambda name: labels[name]))
    raise Refused(f"{place} has label {value!r}, must be one of {names}, or 0 to {len(labels) - 1}")


def sample(items: list[Of], most: int | None, seed: int) -> list[Of]:
    """So many of them, in their order, chosen by the seed."""
    if most is not None and most < 1:
        raise Refused(f"--examples is {most}, must be 1 at least")
    if most is None or most >= len(items):
        return items
    order = torch.randperm(len(items), generator=torch.Generator().manual_seed(seed))
    return [items[place] for place in sorted(order[:most].tolist())]


def pad_of(tokenizer: Any) -> int:  # noqa: ANN401
    """The token that fills."""
    return int(next(token for token in (tokenizer.pad_token_id, tokenizer.eos_token_id, 0) if token is not None))


def _note(files: Sequence[Path]) -> str:
    return ", ".join(file.name for file in files)
