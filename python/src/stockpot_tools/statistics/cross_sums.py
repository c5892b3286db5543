"""Products of what channels of two models put out for the same examples, channel by channel."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey
from stockpot_tools.statistics.modules import CONVOLUTIONS, LINEAR
from stockpot_tools.statistics.pair import Pair
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class CrossSums(Statistic):
    """The diagonal of Y_a'Y_b, Y what linear layers and convolutions of one name put out, with the sums of each, over
    tokens that are no padding or places of pictures: what REPAIR needs of two models whose units are matched.
    """

    kind: ClassVar[str] = "crossgram"

    def __init__(self, first: StoredModel, second: StoredModel, batch: Batch) -> None:
        self.models = (first, second)
        kinds = (*LINEAR, *CONVOLUTIONS)
        surveys = [Survey(model, modules.weighted(model, kinds), batch, share=False) for model in self.models]
        self.pair = Pair(self.models, surveys, "layers", outputs=True, dtype=torch.float64)
        self.widths, others = (self.pair.widths(side, batch) for side in (0, 1))
        other = [name for name in self.pair.names if others[name] != self.widths[name]]
        if other:
            raise Refused(f"{some(other)} of the two models have other widths; channels cannot be compared one by one")

    def units(self) -> Mapping[str, int]:
        return {name: 24 * width for name, width in self.widths.items()}

    def zeros(self, units: Sequence[str]) -> Tensors:
        made: Tensors = {}
        for name in units:
            for sums in ("cross_diag", "sum_a", "sum_b"):
                made[f"{name}.{sums}"] = torch.zeros(self.widths[name], dtype=torch.float64)
            made[f"{name}.count"] = torch.zeros(1, dtype=torch.int64)
        return made

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        for name, a, b in self.pair.both(units, batch):
            sums[f"{name}.cross_diag"] += (a * b).sum(0)
            sums[f"{name}.sum_a"] += a.sum(0)
            sums[f"{name}.sum_b"] += b.sum(0)
            sums[f"{name}.count"] += len(a)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        return {name: finite(name, tensor) for name, tensor in sums.items()}

    def metadata(self) -> dict[str, str]:
        return {"at": "outputs", "normalised": "sum", **self.models[1].digest_as("model_b_sha256")}
