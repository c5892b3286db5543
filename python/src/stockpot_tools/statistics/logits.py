"""What a classifier says of each example."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch

from stockpot_tools.data import Batch, Examples
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite


class Logits(Statistic):
    """`logits` [examples, classes] in the order of the examples, and `labels` [examples], where they have such."""

    kind: ClassVar[str] = "logits"

    def __init__(self, model: StoredModel, examples: Examples) -> None:
        config: Any = model.module.config
        if not type(model.module).__name__.endswith("Classification"):
            raise Refused(f"{type(model.module).__name__} is no classifier; logits are kept of classifiers")
        self.model, self.examples, self.classes = model, examples, int(config.num_labels)

    def units(self) -> Mapping[str, int]:
        return {"logits": len(self.examples) * (4 * self.classes + 8)}

    def zeros(self, units: Sequence[str]) -> Tensors:
        return {
            "logits": torch.full((len(self.examples), self.classes), torch.nan),
            "labels": torch.full((len(self.examples),), -1, dtype=torch.int64),
        }

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        inputs = {name: tensor.to(self.model.device) for name, tensor in batch.inputs.items()}
        with torch.no_grad():
            found = self.model.module(**inputs).logits
        end = batch.first + batch.examples
        sums["logits"][batch.first : end] = found.float().cpu()
        if batch.labels is not None:
            sums["labels"][batch.first : end] = batch.labels

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        made = {"logits": finite("logits", sums["logits"])}
        return made if bool((sums["labels"] < 0).any()) else {**made, "labels": sums["labels"]}

    def metadata(self) -> dict[str, str]:
        return {"classes": str(self.classes)}
