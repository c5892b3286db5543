"""Products of the activations of two models on the same inputs."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey, layout_of
from stockpot_tools.statistics.pair import Pair
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class Crossgrams(Statistic):
    """X_a'X_b of what goes into modules that have one name in both models, with the sums and the sums of squares of
    each, over tokens that are no padding or places of pictures. The models may have different widths, and must read the
    same tokens.
    """

    kind: ClassVar[str] = "crossgram"

    def __init__(self, first: StoredModel, second: StoredModel, batch: Batch, *, at: str = "linear") -> None:
        self.models, self.at = (first, second), at
        surveys = []
        for model in self.models:
            surveys.append(Survey(model, modules.at(model, at), batch, share=False))
        self.pair = Pair(self.models, surveys, at)
        self.widths = [self.pair.widths(side, batch) for side in (0, 1)]

    def units(self) -> Mapping[str, int]:
        return {name: 8 * self.widths[0][name] * self.widths[1][name] for name in self.pair.names}

    def zeros(self, units: Sequence[str]) -> Tensors:
        made: Tensors = {}
        for name in units:
            a, b = self.widths[0][name], self.widths[1][name]
            made[f"{name}.crossgram"] = torch.zeros(a, b, dtype=torch.float64)
            made[f"{name}.sum_a"] = torch.zeros(a, dtype=torch.float64)
            made[f"{name}.sum_b"] = torch.zeros(b, dtype=torch.float64)
            made[f"{name}.square_a"] = torch.zeros(a, dtype=torch.float64)
            made[f"{name}.square_b"] = torch.zeros(b, dtype=torch.float64)
            made[f"{name}.count"] = torch.zeros(1, dtype=torch.int64)
        return made

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        for name, a, b in self.pair.both(units, batch):
            sums[f"{name}.crossgram"] += a.T @ b
            sums[f"{name}.sum_a"] += a.sum(0, dtype=torch.float64)
            sums[f"{name}.sum_b"] += b.sum(0, dtype=torch.float64)
            sums[f"{name}.square_a"] += a.double().square().sum(0)
            sums[f"{name}.square_b"] += b.double().square().sum(0)
            sums[f"{name}.count"] += len(a)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        return {
            name: finite(name, tensor).float() if tensor.is_floating_point() else tensor
            for name, tensor in sums.items()
        }

    def metadata(self) -> dict[str, str]:
        return {
            "at": self.at,
            "layout": layout_of(self.pair.watched()),
            "normalised": "sum",
            **self.models[1].digest_as("model_b_sha256"),
        }
