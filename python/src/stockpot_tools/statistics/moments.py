"""Means and deviations of each channel of what comes out of layers."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey
from stockpot_tools.statistics.modules import CONVOLUTIONS, LINEAR
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class Moments(Statistic):
    """For each channel that a linear layer or a convolution puts out: the mean, the sum of squares of differences from
    it (Welford's M2), and the number of rows, tokens that are no padding or places of pictures. Standard deviation:
    sqrt(m2 / count).
    """

    kind: ClassVar[str] = "act_mean_std"

    def __init__(self, model: StoredModel, batch: Batch) -> None:
        self.model = model
        self.survey = Survey(model, modules.weighted(model, (*LINEAR, *CONVOLUTIONS)), batch, share=False)
        self.widths: dict[str, int] = {}
        self._rows(list(self.survey.modules), batch, lambda name, rows: self.widths.update({name: rows.shape[1]}))

    def _rows(self, names: Sequence[str], batch: Batch, see: modules.See) -> None:
        chosen = {name: self.survey.modules[name] for name in names}
        calls = {name: self.survey.calls[name] for name in names}
        modules.activations(self.model, chosen, calls, batch, see, outputs=True)

    def units(self) -> Mapping[str, int]:
        return {name: 16 * width for name, width in self.widths.items()}

    def zeros(self, units: Sequence[str]) -> Tensors:
        made: Tensors = {}
        for name in units:
            made[f"{name}.mean"] = torch.zeros(self.widths[name], dtype=torch.float64)
            made[f"{name}.m2"] = torch.zeros(self.widths[name], dtype=torch.float64)
            made[f"{name}.count"] = torch.zeros(1, dtype=torch.int64)
        return made

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        def see(name: str, rows: torch.Tensor) -> None:
            x = rows.cpu().double()
            mean = x.mean(0)
            joined = join(
                (sums[f"{name}.count"], sums[f"{name}.mean"], sums[f"{name}.m2"]),
                (torch.tensor([len(x)]), mean, (x - mean).square().sum(0)),
            )
            sums[f"{name}.count"], sums[f"{name}.mean"], sums[f"{name}.m2"] = joined

        self._rows(units, batch, see)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        return {name: finite(name, tensor) for name, tensor in sums.items()}

    def metadata(self) -> dict[str, str]:
        return {"of": "outputs"}


Of = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def join(first: Of, second: Of) -> Of:
    """Count, mean and M2 of two sets together (Chan, Golub, LeVeque 1979)."""
    (n, mean, m2), (more, its_mean, its_m2) = first, second
    count = n + more
    share = more.double() / count
    apart = its_mean - mean
    return count, mean + apart * share, m2 + its_m2 + apart.square() * (n * share)
