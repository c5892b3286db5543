"""Products of activations: Gram matrices X'X of what goes into linear layers or blocks, whole or their diagonals."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.modules import Watched
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class Survey:
    """Which modules run, in which order, how often, and which see the very same input.

    modules: by the name in the files, one for each input, in the order in which they run
    shared: last parts of names, of those that have no entry of their own by those whose input they see
    """

    def __init__(self, model: StoredModel, watched: Sequence[Watched], batch: Batch, *, share: bool) -> None:
        seen: list[tuple[Watched, torch.Tensor]] = []  # holds the inputs, so that no two have one address in turn
        with torch.no_grad(), modules.watching(watched, lambda of, value, _: seen.append((of, value)), outputs=False):
            modules.call(model, batch)
        self.calls = Counter(of.stored for of, _ in seen)
        leaders: dict[str, str] = {}
        first: dict[tuple[int, str], str] = {}
        for of, value in seen:
            leader = first.setdefault((id(value), of.stored.rpartition(".")[0]), of.stored)
            leaders.setdefault(of.stored, leader)
        self.shared = _shared(leaders, self.calls) if share else {}
        names = [name for name in leaders if _last(name) not in self.shared]
        by_name = {of.stored: of for of in watched}
        self.modules = {name: by_name[name] for name in names}
        idle = [of.stored for of in watched if of.stored not in leaders]
        if idle:
            notice(f"nothing of {some(idle)}, which did not run")


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _shared(leaders: Mapping[str, str], calls: Mapping[str, int]) -> dict[str, str]:
    """Last parts of names that stand for the input of a sibling wherever they occur.

    leaders: the first beside each that saw the same input
    """
    found: dict[str, set[str | None]] = {}
    for name, leader in leaders.items():
        is_another = name != leader and calls[name] == calls[leader] == 1
        found.setdefault(_last(name), set()).add(_last(leader) if is_another else None)
    return {last: str(next(iter(of))) for last, of in found.items() if len(of) == 1 and None not in of}


class Grams(Statistic):
    """X'X of a module's inputs and the number of rows of X: sums over tokens that are no padding.

    at: `linear` layers, these and convolutions by their channels (`layers`), or `blocks`
    packed: only the upper triangle is written, row by row
    """

    kind: ClassVar[str] = "gram"

    def __init__(self, model: StoredModel, batch: Batch, *, at: str = "linear", packed: bool = False) -> None:
        self.model, self.at, self.packed = model, at, packed
        watched = modules.at(model, at)
        if not watched:
            raise Refused(f"{type(model.module).__name__} has no linear layers whose weights its files know")
        self.layout = layout_of(watched)
        other = [of.stored for of in watched if _layout(of.module) != self.layout]
        if other:
            notice(f"nothing of {some(other)}, whose weights lie the other way round than those of most layers")
        watched = [of for of in watched if _layout(of.module) == self.layout]
        self.survey = Survey(model, watched, batch, share=at == "linear")
        self.widths: dict[str, int] = {}
        self._rows(list(self.survey.modules), batch, lambda name, rows: self.widths.update({name: rows.shape[1]}))

    def _rows(self, names: Sequence[str], batch: Batch, see: modules.See) -> None:
        chosen = {name: self.survey.modules[name] for name in names}
        calls = {name: self.survey.calls[name] for name in names}
        modules.activations(self.model, chosen, calls, batch, see)

    def units(self) -> Mapping[str, int]:
        return {name: 8 * width * width for name, width in self.widths.items()}

    def zeros(self, units: Sequence[str]) -> Tensors:
        def square(name: str) -> torch.Tensor:
            return torch.zeros(self.widths[name], self.widths[name], dtype=torch.float64)

        return {f"{name}.gram": square(name) for name in units} | _counts(units)

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        def see(name: str, rows: torch.Tensor) -> None:
            x = rows.float()
            sums[f"{name}.gram"] += (x.T @ x).cpu()
            sums[f"{name}.count"] += len(x)

        self._rows(units, batch, see)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        made: Tensors = {}
        for name in units:
            gram = finite(f"{name}.gram", sums[f"{name}.gram"]).float()
            if self.packed:
                upper = torch.triu_indices(len(gram), len(gram))
                made[f"{name}.gram_upper"] = gram[upper[0], upper[1]]
            else:
                made[f"{name}.gram"] = gram
            made[f"{name}.count"] = sums[f"{name}.count"]
        return made

    def metadata(self) -> dict[str, str]:
        said = {
            "at": self.at,
            "form": "packed" if self.packed else "full",
            "layout": self.layout,
            "normalised": "sum",
        }
        if self.survey.shared:  # a reader takes an empty map for a mistake
            said["shared"] = json.dumps(self.survey.shared, sort_keys=True)
        return said


class GramDiagonals(Grams):
    """Sums of the squares of each input channel."""

    kind: ClassVar[str] = "gram_diag"

    def units(self) -> Mapping[str, int]:
        return {name: 8 * width for name, width in self.widths.items()}

    def zeros(self, units: Sequence[str]) -> Tensors:
        return {f"{name}.gram_diag": torch.zeros(self.widths[name], dtype=torch.float64) for name in units} | _counts(
            units
        )

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        def see(name: str, rows: torch.Tensor) -> None:
            sums[f"{name}.gram_diag"] += rows.float().square().sum(0, dtype=torch.float64).cpu()
            sums[f"{name}.count"] += len(rows)

        self._rows(units, batch, see)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        made: Tensors = {}
        for name in units:
            made[f"{name}.gram_diag"] = finite(f"{name}.gram_diag", sums[f"{name}.gram_diag"]).float()
            made[f"{name}.count"] = sums[f"{name}.count"]
        return made


def _counts(units: Sequence[str]) -> Tensors:
    return {f"{name}.count": torch.zeros(1, dtype=torch.int64) for name in units}


def layout_of(watched: Sequence[Watched]) -> str:
    """How most of them store their weights."""
    return Counter(_layout(of.module) for of in watched).most_common(1)[0][0]


def _layout(module: nn.Module) -> str:
    return "conv1d" if isinstance(module, Conv1D) else "linear"
