"""What routers of a mixture are made of: hidden states of prompts for each expert."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch
import yaml

from stockpot_tools import model as models
from stockpot_tools.data import Batch, Example, Examples
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.safetensor_files import digest_of
from stockpot_tools.statistics.statistic import Statistic, Tensors, finite

POSITIVE, NEGATIVE = "positive_prompts", "negative_prompts"


class GateStates(Statistic):
    """For each block and expert the mean state that enters the block over the expert's positive prompts, less that over
    its negative ones: `gate_hidden` [blocks, experts, width]. A prompt's state is that of its last token, or the mean
    over its tokens; padding is none.

    experts: how many
    at: "last" or "mean"
    """

    kind: ClassVar[str] = "gate_hidden"

    def __init__(self, model: StoredModel, experts: int, batch: Batch, *, at: str) -> None:
        self.model, self.experts, self.at = model, experts, at
        states = self.states(batch)
        self.blocks, self.width = states.shape[1], states.shape[2]

    def states(self, batch: Batch) -> torch.Tensor:
        """Of shape [examples, blocks, width], in float64."""
        device = self.model.device
        inputs = {name: tensor.to(device) for name, tensor in batch.inputs.items()}
        with torch.no_grad():
            found: Any = self.model.module(**inputs, output_hidden_states=True, use_cache=False)
        entering = torch.stack(found.hidden_states[:-1], 1).double().cpu()  # the last is what leaves the last block
        mask = torch.ones(entering.shape[0], entering.shape[2]) if batch.mask is None else batch.mask
        mask = mask.double().cpu()
        if self.at == "last":
            last = mask.sum(1).long() - 1
            return entering[torch.arange(len(last)), :, last]
        return (entering * mask[:, None, :, None]).sum(2) / mask.sum(1)[:, None, None]

    def units(self) -> Mapping[str, int]:
        return {"gate_hidden": 16 * self.blocks * self.experts * self.width}

    def zeros(self, units: Sequence[str]) -> Tensors:
        shape = (2, self.blocks, self.experts, self.width)
        return {
            "sums": torch.zeros(shape, dtype=torch.float64),
            "counts": torch.zeros((2, self.experts), dtype=torch.int64),
        }

    def add(self, units: Sequence[str], sums: Tensors, batch: Batch) -> None:
        states = self.states(batch)
        if batch.labels is None:
            raise Refused("a prompt belongs to no expert")
        for state, label in zip(states, batch.labels.tolist(), strict=True):
            expert, sign = divmod(int(label), 2)
            sums["sums"][sign, :, expert] += state
            sums["counts"][sign, expert] += 1

    def result(self, units: Sequence[str], sums: Tensors, examples: int) -> Tensors:
        means = sums["sums"] / sums["counts"].clamp(min=1)[:, None, :, None]
        return {"gate_hidden": finite("gate_hidden", means[0] - means[1]).float()}

    def metadata(self) -> dict[str, str]:
        return {"at": self.at, "experts": str(self.experts)}


def prompts(recipe: Path, tokenizer: Any, length: int) -> tuple[Examples, int]:  # noqa: ANN401
    """Those of a recipe of a mixture, as mergekit-moe has them, and how many experts it has. The text of the token that
    begins a text stands before each, as there.
    """
    try:
        text = recipe.read_text(encoding="utf-8")
        found = yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refused(f"{recipe} cannot be read: {models.first_line(error)}") from error
    experts = found.get("experts") if isinstance(found, dict) else None
    if not isinstance(experts, list) or not experts:
        raise Refused(f"{recipe} has no `experts`, a list of them with `{POSITIVE}`")
    examples: list[Example] = []
    for number, expert in enumerate(experts):
        for sign, key in enumerate((POSITIVE, NEGATIVE)):
            for prompt in _texts(recipe, expert, number, key):
                begun = (tokenizer.bos_token or "") + prompt
                tokens = tokenizer(begun, add_special_tokens=False)["input_ids"]
                if not 1 <= len(tokens) <= length:
                    raise Refused(
                        f"{recipe}: a prompt of expert {number + 1} has {len(tokens)} tokens, must have 1 to {length}:"
                        f" {prompt[:60]!r}"
                    )
                examples.append(Example(tuple(tokens), label=2 * number + sign))
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else 0
    return Examples(tuple(examples), digest_of([recipe]), f"prompts of {recipe.name}", pad=pad), len(experts)


def _texts(recipe: Path, expert: object, number: int, key: str) -> list[str]:
    texts = (expert.get(key) if isinstance(expert, dict) else None) or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise Refused(f"{recipe}: `{key}` of expert {number + 1} must be a list of texts")
    if key == POSITIVE and not texts:
        raise Refused(f"{recipe}: expert {number + 1} has no `{POSITIVE}`, so nothing would be routed to it")
    return texts
