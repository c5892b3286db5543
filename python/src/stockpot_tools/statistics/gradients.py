"""Squares and magnitudes of gradients, example by example."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import torch
from torch.nn import functional

from stockpot_tools.data import NO_LABEL, Batch, Examples
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import modules
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite

MOST_EXACT = 64  # classes; a backward pass each


class Gradients(Statistic):
    """A sum over examples of something of each one's gradient: no two are added before they are squared."""

    def __init__(self, model: StoredModel, examples: Examples) -> None:
        self.model, self.examples = model, examples
        self.parameters = dict(model.module.named_parameters())
        model.stored({name: torch.empty(value.shape, device="meta") for name, value in self.parameters.items()})

    def units(self) -> Mapping[str, int]:
        return {name: 4 * parameter.numel() for name, parameter in self.parameters.items()}

    def zeros(self, units: Sequence[str]) -> Tensors:
        return {name: torch.zeros_like(self.parameters[name], dtype=torch.float32, device="cpu") for name in units}

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        chosen = [self.parameters[name] for name in units]
        for name, parameter in self.parameters.items():
            parameter.requires_grad_(name in sums)
        for number in range(batch.first, batch.first + batch.examples):
            alone = self.examples.batch(number, number + 1)
            for weight, value in self.terms(alone, self.examples.numbers[number]):
                slopes = torch.autograd.grad(value, chosen, retain_graph=True, allow_unused=True)
                for name, slope in zip(units, slopes, strict=True):
                    if slope is not None:
                        sums[name] += weight * self.measure(slope.float()).cpu()

    @abstractmethod
    def terms(self, alone: Batch, number: int) -> Iterator[tuple[float, torch.Tensor]]:
        """Weights and scalars whose gradients count, of one example.

        number: of it among all examples of the data, whichever are taken
        """

    @abstractmethod
    def measure(self, slope: torch.Tensor) -> torch.Tensor:
        """What of a gradient is added up."""

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        idle = [name for name in units if not bool(sums[name].any())]
        if idle:
            notice(f"all zero: {some(idle)}, on which nothing that was asked depends")
        return {name: finite(name, tensor) / examples for name, tensor in sums.items()}

    def stored(self, tensors: Tensors) -> Tensors:
        made = self.model.stored(tensors)
        # what is stored twice, such as a head that is the embedding, has one parameter in memory
        names = {id(value): name for name, value in self.parameters.items()}
        every = self.model.module.state_dict(keep_vars=True)
        for name, value in every.items():
            if name in self.model.shapes and name not in made and id(value) in names:
                made[name] = tensors[names[id(value)]]
        return made

    def outputs(self, alone: Batch) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Logits of what one example is asked, of shape [questions, classes], and the answers of the data."""
        logits = modules.call(self.model, alone)
        logits = (logits if isinstance(logits, torch.Tensor) else logits.logits).float()
        if alone.answers is not None and alone.labels is not None:
            asked = alone.answers[0].bool().to(logits.device)
            return logits[0][asked], alone.labels[0].to(logits.device)[asked]
        if logits.dim() == 2:
            return logits, None if alone.labels is None else alone.labels.to(logits.device)
        if logits.dim() == 3 and alone.mask is not None and self._is_causal():
            ids = alone.inputs["input_ids"].to(logits.device)
            return logits[0, :-1], ids[0, 1:]
        raise Refused(
            f"{type(self.model.module).__name__} gives logits of shape {tuple(logits.shape)}; gradients are known of"
            " classifiers and of language models that go on with a text"
        )

    def _is_causal(self) -> bool:
        name = type(self.model.module).__name__
        return name.endswith(("ForCausalLM", "LMHeadModel", "ForConditionalGeneration"))


class Fisher(Gradients):
    """The diagonal of the Fisher information, E_x E_y~p(y|x) (d log p(y|x) / d theta)^2.

    labels: `exact` takes every class by its probability; `sampled` draws one for each question, which for a text means
        one token at each place, given what the text has before; `data` takes the labels of the data, which makes it
        the empirical one
    """

    kind: ClassVar[str] = "fisher_diag"

    def __init__(self, model: StoredModel, examples: Examples, *, labels: str, seed: int = 0) -> None:
        super().__init__(model, examples)
        self.labels, self.seed = labels, seed

    def terms(self, alone: Batch, number: int) -> Iterator[tuple[float, torch.Tensor]]:
        logits, answers = self.outputs(alone)
        questions, classes = logits.shape
        if classes == 1:
            yield 1.0, logits.sum()  # a normal distribution of variance 1 about it
            return
        odds = functional.log_softmax(logits, -1)
        if self.labels == "exact":
            if questions > 1 or classes > MOST_EXACT:
                raise Refused(
                    f"labels: exact takes {questions * classes} backward passes for an example with {questions}"
                    f" questions of {classes} classes; take --labels sampled"
                )
            for y in range(classes):
                yield float(odds[0, y].detach().exp()), odds[0, y]
            return
        if self.labels == "sampled":
            stream = torch.Generator().manual_seed(1_000_003 * self.seed + number)
            answers = torch.multinomial(odds.detach().exp().cpu(), 1, generator=stream)[:, 0].to(odds.device)
        if answers is None:
            raise Refused(f"{self.examples.note}: example {number + 1} has no label, which --labels data takes")
        yield 1.0, odds.gather(1, answers[:, None]).sum()

    def measure(self, slope: torch.Tensor) -> torch.Tensor:
        return slope.square()

    def metadata(self) -> dict[str, str]:
        return {"labels": self.labels, "normalised": "mean", "seed": str(self.seed)}


class Magnitudes(Gradients):
    """The mean over examples of the magnitude of the gradient of the loss, the mean over an example's tokens."""

    kind: ClassVar[str] = "grad_abs"

    def terms(self, alone: Batch, number: int) -> Iterator[tuple[float, torch.Tensor]]:
        logits, answers = self.outputs(alone)
        if answers is None:
            raise Refused(f"{self.examples.note}: example {number + 1} has no label, which the loss needs")
        yield 1.0, functional.cross_entropy(logits, answers, ignore_index=NO_LABEL)

    def measure(self, slope: torch.Tensor) -> torch.Tensor:
        return slope.abs()

    def metadata(self) -> dict[str, str]:
        return {"normalised": "mean"}
