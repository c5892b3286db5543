"""Products of what channels of two models put out for the same examples, channel by channel."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey
from stockpot_tools.statistics.modules import CONVOLUTIONS, LINEAR
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class CrossSums(Statistic):
    """The diagonal of Y_a'Y_b, Y what linear layers and convolutions of one name put out, with the sums of each, over
    tokens that are no padding or places of pictures: what REPAIR needs of two models whose units are matched.
    """

    kind: ClassVar[str] = "crossgram"

    def __init__(self, first: StoredModel, second: StoredModel, batch: Batch) -> None:
        self.models = (first, second)
        kinds = (*LINEAR, *CONVOLUTIONS)
        self.surveys = [Survey(model, modules.weighted(model, kinds), batch, share=False) for model in self.models]
        self.names = [name for name in self.surveys[0].modules if name in self.surveys[1].modules]
        if not self.names:
            raise Refused(f"the models have no layers of one name; the first has {some(list(self.surveys[0].modules))}")
        alone = [name for survey in self.surveys for name in survey.modules if name not in self.names]
        if alone:
            notice(f"nothing of {some(alone)}, which only one of the models has")
        first_rows, second_rows = (self._rows(side, self.names, batch) for side in (0, 1))
        self.widths = {name: rows.shape[1] for name, rows in first_rows.items()}
        other = [name for name in self.names if second_rows[name].shape[1] != self.widths[name]]
        if other:
            raise Refused(f"{some(other)} of the two models have other widths; channels cannot be compared one by one")

    def _rows(self, side: int, names: Sequence[str], batch: Batch) -> Tensors:
        survey = self.surveys[side]
        found: dict[str, list[torch.Tensor]] = {name: [] for name in names}
        modules.activations(
            self.models[side],
            {name: survey.modules[name] for name in names},
            {name: survey.calls[name] for name in names},
            batch,
            lambda name, rows: found[name].append(rows.cpu().double()),
            outputs=True,
        )
        return {name: torch.cat(rows) for name, rows in found.items()}

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
        first, second = self._rows(0, units, batch), self._rows(1, units, batch)
        for name in units:
            a, b = first[name], second[name]
            if len(a) != len(b):
                raise Refused(f"{name} saw {len(a)} rows in the first model and {len(b)} in the second")
            sums[f"{name}.cross_diag"] += (a * b).sum(0)
            sums[f"{name}.sum_a"] += a.sum(0)
            sums[f"{name}.sum_b"] += b.sum(0)
            sums[f"{name}.count"] += len(a)

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        return {name: finite(name, tensor) for name, tensor in sums.items()}

    def metadata(self) -> dict[str, str]:
        return {"at": "outputs", "normalised": "sum", "model_b_sha256": self.models[1].digest}
