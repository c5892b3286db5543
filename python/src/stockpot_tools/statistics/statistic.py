"""What is collected over batches, part by part."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused

Tensors = dict[str, torch.Tensor]


class Statistic(ABC):
    """A kind of statistic of one model. It is a sum over batches of units that do not need each other, so that it can
    be collected for some units at a time, if memory is short, and goes on from any batch.
    """

    kind: ClassVar[str]

    @abstractmethod
    def units(self) -> Mapping[str, int]:
        """Names of what can be collected apart, with bytes of memory that each takes."""

    @abstractmethod
    def zeros(self, units: Sequence[str]) -> Tensors:
        """Sums over no batch."""

    @abstractmethod
    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        """Adds what a batch gives."""

    @abstractmethod
    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        """What is kept of the sums over all batches."""

    def stored(self, tensors: Tensors) -> Tensors:
        """All results under the names that they have in the file."""
        return tensors

    def metadata(self) -> dict[str, str]:
        """What a reader has to know beside kind, examples and tokens."""
        return {}


def finite(name: str, tensor: torch.Tensor) -> torch.Tensor:
    """The tensor, unless it has NaN or infinity in it."""
    wrong = int((~torch.isfinite(tensor)).sum())
    if wrong:
        raise Refused(
            f"{name} has {wrong} of {tensor.numel()} values that are NaN or infinite; look for them in the model and in"
            " the examples, and try --dtype float32"
        )
    return tensor
