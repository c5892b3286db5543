"""Collecting a statistic pass by pass, within a limit of memory, and going on after an interruption."""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from stockpot_tools import safetensor_files
from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice
from stockpot_tools.safetensor_files import Entry
from stockpot_tools.statistics.statistic import Statistic, Tensors


@dataclass(frozen=True)
class Job:
    """A statistic that is to be written to a file.

    identity: of all that its values depend on, by name; what was begun with another one is not gone on with
    memory: bytes that its sums may take at a time; nothing for as many as there are
    save_every: seconds between two states on disk
    """

    statistic: Statistic
    batches: Sequence[Batch]
    output: Path
    identity: Mapping[str, str]
    memory: int | None = None
    save_every: float = 60
    quiet: bool = False

    @property
    def folder(self) -> Path:
        """Where it keeps what is not finished."""
        return self.output.with_name(f"{self.output.name}.partial")

    def run(self, *, resume: bool = False) -> None:
        """Makes the file. What is there of an earlier run is gone on with or, without resume, refused."""
        passes = self.passes()
        self._begin(passes, resume=resume)
        total = len(passes) * len(self.batches)
        try:
            with tqdm(total=total, desc=self.statistic.kind, unit="batch", disable=True if self.quiet else None) as bar:
                for number, units in enumerate(passes):
                    self._collect(number, units, bar)
            self._assemble(len(passes))
        except Refused:  # it would be refused again
            shutil.rmtree(self.folder)
            raise
        shutil.rmtree(self.folder)

    def passes(self) -> list[list[str]]:
        """Units that are collected together: as many, in their order, as the memory holds."""
        units = self.statistic.units()
        made: list[list[str]] = []
        left = 0
        for name, size in units.items():
            if self.memory is not None and size > self.memory:
                raise Refused(f"{name} alone takes {size} bytes of memory, the limit is {self.memory}; raise --memory")
            if not made or (self.memory is not None and size > left):
                made.append([])
                left = self.memory or 0
            made[-1].append(name)
            left -= size
        if not made:
            raise Refused("there is nothing in the model of which this could be collected")
        return made

    def _begin(self, passes: list[list[str]], *, resume: bool) -> None:
        identity = {**self.identity, "passes": str(len(passes)), "batches": str(len(self.batches))}
        identity["units"] = hashlib.sha256(json.dumps(passes).encode()).hexdigest()
        file = self.folder / "job.json"
        if file.exists():
            before = json.loads(file.read_text())
            if not resume:
                raise Refused(f"{self.folder} holds a run that was not finished; add --resume, or remove the folder")
            other = [name for name in sorted({*before, *identity}) if before.get(name) != identity.get(name)]
            if other:
                differences = "; ".join(f"{name} was {before.get(name)}, is {identity.get(name)}" for name in other)
                raise Refused(f"{self.folder} was begun otherwise: {differences}. Remove the folder to begin anew")
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        pending = self.folder / "job.json.pending"
        pending.write_text(json.dumps(identity, indent=2) + "\n")
        pending.replace(file)

    def _pass_file(self, number: int) -> Path:
        return self.folder / f"pass-{number:05}.safetensors"

    def _collect(self, number: int, units: list[str], bar: "tqdm[Any]") -> None:
        if self._pass_file(number).exists():
            bar.update(len(self.batches))
            return
        state = self.folder / "state.safetensors"
        sums, next_batch, examples, tokens = self.statistic.zeros(units), 0, 0, 0
        if state.exists():
            found, metadata = _loaded(state)
            if int(metadata["pass"]) == number:
                sums, next_batch = found, int(metadata["next_batch"])
                examples, tokens = int(metadata["examples"]), int(metadata["tokens"])
                bar.update(next_batch)
        saved = time.monotonic()
        for place in range(next_batch, len(self.batches)):
            batch = self.batches[place]
            self.statistic.add(units, sums, batch)
            examples, tokens = examples + batch.examples, tokens + batch.tokens
            bar.update(1)
            if time.monotonic() - saved >= self.save_every and place + 1 < len(self.batches):
                done = {"pass": number, "next_batch": place + 1, "examples": examples, "tokens": tokens}
                _write(state, sums, {name: str(value) for name, value in done.items()})
                saved = time.monotonic()
        result = self.statistic.result(units, sums, examples)
        _write(self._pass_file(number), result, {"examples": str(examples), "tokens": str(tokens)})
        state.unlink(missing_ok=True)

    def _assemble(self, passes: int) -> None:
        """Joins what the passes made, a tensor at a time unless names or shapes in the files are others."""
        files = [self._pass_file(number) for number in range(passes)]
        totals = safetensor_files.header(files[0])[1]
        opened = [safetensor_files.opened(file) for file in files]
        places = {name: source for source in opened for name in source.keys()}  # noqa: SIM118 (no mapping)
        metadata = {
            "kind": self.statistic.kind,
            "format": "pt",
            "n_examples": totals["examples"],
            "n_tokens": totals["tokens"],
            **self.statistic.metadata(),
            **{name: value for name, value in self.identity.items() if name in PUBLISHED},
        }
        lazy = {name: source.get_slice(name) for name, source in places.items()}
        shapes = {name: tuple(found.get_shape()) for name, found in lazy.items()}
        dtypes = {name: _DTYPES[found.get_dtype()] for name, found in lazy.items()}
        meta = {name: torch.empty(shape, dtype=dtypes[name], device="meta") for name, shape in shapes.items()}
        named = {id(tensor): name for name, tensor in meta.items()}
        made = self.statistic.stored(meta)
        if all(id(tensor) in named for tensor in made.values()):

            def entry(name: str, source: str) -> Entry:
                return Entry(name, dtypes[source], shapes[source], lambda: places[source].get_tensor(source))

            tensors = [entry(name, named[id(tensor)]) for name, tensor in made.items()]
        else:
            notice(
                "the library joins tensors that are stored apart; all statistics are in memory while they are divided"
            )
            whole = self.statistic.stored({name: source.get_tensor(name) for name, source in places.items()})
            tensors = safetensor_files.entries(whole)
        safetensor_files.write(self.output, tensors, metadata)


PUBLISHED = ("model_sha256", "dtype", "dataset_note", "dataset_sha256")
_DTYPES = {text: dtype for dtype, text in safetensor_files.TYPES.items()}


def _write(file: Path, tensors: Tensors, metadata: dict[str, str]) -> None:
    safetensor_files.write(file, safetensor_files.entries(tensors), metadata)


def _loaded(file: Path) -> tuple[Tensors, dict[str, str]]:
    with safetensor_files.opened(file) as opened:
        tensors = {name: opened.get_tensor(name).clone() for name in opened.keys()}  # noqa: SIM118
        return tensors, dict(opened.metadata())


def free_output(output: Path, *, overwrite: bool) -> None:
    """Refuses an output that could not be written, before anything is paid for."""
    if output.is_dir():
        raise Refused(f"{output} is a folder, must be a file such as {output / 'gram.safetensors'}")
    if output.exists() and not overwrite:
        raise Refused(f"{output} is there already; name another file, or add --overwrite")
    if not output.parent.is_dir():
        raise Refused(f"{output.parent} is no folder; make it first")
    if not os.access(output.parent, os.W_OK):
        raise Refused(f"{output.parent} cannot be written to")
