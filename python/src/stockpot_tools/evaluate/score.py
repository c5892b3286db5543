"""What a model is worth."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stockpot_tools.errors import Refused


@dataclass(frozen=True)
class Score:
    """A number, how sure it is, and which way it counts.

    error: standard error of the value; nothing where one item alone was measured
    higher_is_better: nothing if whoever measured does not say
    details: other numbers and texts, for a person
    """

    metric: str
    value: float
    error: float | None
    higher_is_better: bool | None
    details: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise Refused(f"{self.metric} is {self.value}; the model gives numbers that cannot be compared")

    def line(self) -> str:
        """One line of JSON, in which the score is the only number, so that nobody has to say which one counts."""
        found: dict[str, object] = {"score": self.value}
        if self.error is not None and math.isfinite(self.error):
            found["score_stderr"] = self.error
        found["metric"] = self.metric
        if self.higher_is_better is not None:
            found["higher_is_better"] = self.higher_is_better
        return json.dumps(found | {"details": dict(self.details)})


def mean_and_error(values: Sequence[float]) -> tuple[float, float | None]:
    """The mean, and its standard error if there are several."""
    n = len(values)
    mean = math.fsum(values) / n
    if n < 2:
        return mean, None
    return mean, math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)


def ratio_and_error(over: Sequence[float], under: Sequence[float]) -> tuple[float, float | None]:
    """The sum of one by the sum of the other, and the standard error of that ratio over the pairs."""
    n, total = len(over), math.fsum(under)
    ratio = math.fsum(over) / total
    if n < 2:
        return ratio, None
    apart = math.fsum((a - ratio * b) ** 2 for a, b in zip(over, under, strict=True))
    return ratio, math.sqrt(apart * n / (n - 1)) / total
