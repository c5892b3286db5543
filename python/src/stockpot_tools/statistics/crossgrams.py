"""Products of the activations of two models on the same inputs."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey
from stockpot_tools.statistics.modules import LINEAR
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class Crossgrams(Statistic):
    """X_a'X_b of what goes into modules that have one name in both models, with the sums of each, over tokens that are
    no padding. The models may have different widths, and must read the same tokens.
    """

    kind: ClassVar[str] = "crossgram"

    def __init__(self, first: StoredModel, second: StoredModel, batch: Batch, *, at: str = "linear") -> None:
        self.models, self.at = (first, second), at
        surveys = []
        for model in self.models:
            watched = modules.weighted(model, LINEAR) if at == "linear" else modules.blocks(model)
            surveys.append(Survey(model, watched, batch, share=False))
        self.surveys = surveys
        self.names = [name for name in surveys[0].modules if name in surveys[1].modules]
        alone = [name for survey in surveys for name in survey.modules if name not in self.names]
        if not self.names:
            raise Refused(f"the models have no {at} of one name; the first has {some(list(surveys[0].modules))}")
        if alone:
            notice(f"nothing of {some(alone)}, which only one of the models has")
        self.widths = [self._widths(side, batch) for side in (0, 1)]

    def _widths(self, side: int, batch: Batch) -> dict[str, int]:
        return {name: rows.shape[1] for name, rows in self._rows(side, self.names, batch).items()}

    def _rows(self, side: int, names: Sequence[str], batch: Batch) -> Tensors:
        survey = self.surveys[side]
        found: dict[str, list[torch.Tensor]] = {name: [] for name in names}
        modules.activations(
            self.models[side],
            {name: survey.modules[name] for name in names},
            {name: survey.calls[name] for name in names},
            batch,
            lambda name, rows: found[name].append(rows.float().cpu()),
        )
        return {name: torch.cat(rows) for name, rows in found.items()}

    def units(self) -> Mapping[str, int]:
        return {name: 8 * self.widths[0][name] * self.widths[1][name] for name in self.names}

    def zeros(self, units: Sequence[str]) -> Tensors:
        made: Tensors = {}
        for name in units:
            a, b = self.widths[0][name], self.widths[1][name]
            made[f"{name}.crossgram"] = torch.zeros(a, b, dtype=torch.float64)
            made[f"{name}.sum_a"] = torch.zeros(a, dtype=torch.float64)
            made[f"{name}.sum_b"] = torch.zeros(b, dtype=torch.float64)
            made[f"{name}.count"] = torch.zeros(1, dtype=torch.int64)
        return made

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        first, second = self._rows(0, units, batch), self._rows(1, units, batch)
        for name in units:
            a, b = first[name], second[name]
            if len(a) != len(b):
                raise Refused(f"{name} saw {len(a)} rows in the first model and {len(b)} in the second")
            sums[f"{name}.crossgram"] += a.T @ b
            sums[f"{name}.sum_a"] += a.sum(0, dtype=torch.float64)
            sums[f"{name}.sum_b"] += b.sum(0, dtype=torch.float64)
            sums[f"{name}.count"] += len(a)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        return {
            name: finite(name, tensor).float() if tensor.is_floating_point() else tensor
            for name, tensor in sums.items()
        }

    def metadata(self) -> dict[str, str]:
        return {"at": self.at, "normalised": "sum", "model_b_sha256": self.models[1].digest}
