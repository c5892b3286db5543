"""Two models that see the same examples, module by module of one name."""

from collections.abc import Iterator, Sequence

import torch

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.grams import Survey
from stockpot_tools.statistics.statistic import Tensors


class Pair:
    """What goes into the modules that both models have, or comes out of them, as rows of a type."""

    def __init__(
        self,
        models: tuple[StoredModel, StoredModel],
        surveys: Sequence[Survey],
        what: str,
        *,
        outputs: bool = False,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        self.models, self.surveys, self.outputs, self.dtype = models, surveys, outputs, dtype
        first, second = (survey.modules for survey in surveys)
        self.names = [name for name in first if name in second]
        if not self.names:
            raise Refused(f"the models have no {what} of one name; the first has {some(list(first))}")
        alone = [name for survey in surveys for name in survey.modules if name not in self.names]
        if alone:
            notice(f"nothing of {some(alone)}, which only one of the models has")

    def watched(self) -> list[modules.Watched]:
        """Those of the first model."""
        return [self.surveys[0].modules[name] for name in self.names]

    def widths(self, side: int, batch: Batch) -> dict[str, int]:
        """Numbers of a row, by module."""
        return {name: rows.shape[1] for name, rows in self._rows(side, self.names, batch).items()}

    def both(self, names: Sequence[str], batch: Batch) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
        """Rows of both models, which must be as many, by module."""
        first, second = self._rows(0, names, batch), self._rows(1, names, batch)
        for name in names:
            if len(first[name]) != len(second[name]):
                counts = f"{len(first[name])} rows in the first model and {len(second[name])} in the second"
                raise Refused(f"{name} saw {counts}")
            yield name, first[name], second[name]

    def _rows(self, side: int, names: Sequence[str], batch: Batch) -> Tensors:
        survey = self.surveys[side]
        found: dict[str, list[torch.Tensor]] = {name: [] for name in names}
        modules.activations(
            self.models[side],
            {name: survey.modules[name] for name in names},
            {name: survey.calls[name] for name in names},
            batch,
            lambda name, rows: found[name].append(rows.cpu().to(self.dtype)),
            outputs=self.outputs,
        )
        return {name: torch.cat(rows) for name, rows in found.items()}
