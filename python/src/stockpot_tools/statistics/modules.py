"""Watching what goes into and out of a model's modules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from stockpot_tools.data import Batch
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel

See = Callable[[str, torch.Tensor], None]
LINEAR = (nn.Linear, Conv1D)
CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)


class _Enough(Exception):  # noqa: N818 (nothing went wrong: what follows in the model is not wanted)
    pass


@dataclass(frozen=True)
class Watched:
    """A module whose activations count.

    name: of the module in memory
    stored: what it is called in the files
    """

    name: str
    stored: str
    module: nn.Module


def weighted(model: StoredModel, kinds: tuple[type[nn.Module], ...]) -> list[Watched]:
    """Modules of these kinds whose weights are in the files, under no other module's name."""
    found, hidden = [], []
    tied = {id(module.weight) for module in model.module.modules() if isinstance(module, nn.Embedding)}
    for name, module in model.module.named_modules():
        if isinstance(module, kinds):
            weight = getattr(module, "weight", None)
            stored = None if id(weight) in tied else model.name_of(f"{name}.weight")
            if stored is None:
                hidden.append(name)
            else:
                found.append(Watched(name, stored.removesuffix(".weight"), module))
    if hidden:
        notice(f"nothing of {some(hidden)}, whose weights are embeddings or in no file by themselves")
    return found


def at(model: StoredModel, place: str) -> list[Watched]:
    """Modules whose inputs are wanted: `linear` layers, these and convolutions (`layers`), or `blocks`."""
    if place == "blocks":
        return blocks(model)
    return weighted(model, (*LINEAR, *CONVOLUTIONS) if place == "layers" else LINEAR)


def blocks(model: StoredModel) -> list[Watched]:
    """Numbered blocks of the model's stacks."""
    found: list[Watched] = []
    for name, module in model.module.named_modules():
        if not isinstance(module, nn.ModuleList) or any(name.startswith(f"{block.name}.") for block in found):
            continue
        for number, block in enumerate(module):
            weight = next((inner for inner, _ in block.named_parameters()), None)
            stored = None if weight is None else model.name_of(f"{name}.{number}.{weight}")
            if stored is not None:
                found.append(Watched(f"{name}.{number}", stored.removesuffix(f".{weight}"), block))
    if not found:
        raise Refused(f"{type(model.module).__name__} has no numbered blocks that its files know")
    return found


@contextmanager
def watching(
    modules: Sequence[Watched], see: Callable[[Watched, torch.Tensor, bool], None], *, outputs: bool
) -> Iterator[None]:
    """Shows activations of modules while the model runs: what goes in, or what comes out."""

    def hook(watched: Watched) -> Callable[..., None]:
        def of_input(_: nn.Module, words: tuple[Any, ...], named: dict[str, Any]) -> None:
            value: Any = words[0] if words else named.get("hidden_states", named.get("input"))
            see(watched, value, False)

        def of_output(_: nn.Module, words: tuple[Any, ...], named: dict[str, Any], value: Any) -> None:  # noqa: ANN401
            see(watched, value[0] if isinstance(value, tuple) else value, True)

        return of_output if outputs else of_input

    handles = [
        watched.module.register_forward_hook(hook(watched), with_kwargs=True)
        if outputs
        else watched.module.register_forward_pre_hook(hook(watched), with_kwargs=True)
        for watched in modules
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def call(model: StoredModel, batch: Batch) -> Any:  # noqa: ANN401
    """Runs the model on a batch."""
    inputs = {name: value.to(model.device) for name, value in batch.inputs.items()}
    if "pixel_values" in inputs:
        inputs["pixel_values"] = inputs["pixel_values"].to(next(model.module.parameters()).dtype)
    return model.module(**inputs)


@torch.no_grad()
def activations(
    model: StoredModel,
    modules: Mapping[str, Watched],
    calls: Mapping[str, int],
    batch: Batch,
    see: See,
    *,
    outputs: bool = False,
) -> None:
    """Shows the rows, one for each token that is no padding, of some modules, and stops the model after the last.

    modules: by the name that they are shown with
    calls: how often each is called in a run of the model
    """
    left = dict(calls)
    names = {watched.name: name for name, watched in modules.items()}

    def keep(watched: Watched, value: torch.Tensor, _: bool) -> None:
        name = names[watched.name]
        see(name, rows_of(value, batch, watched, outputs=outputs))
        left[name] -= 1
        if not any(count > 0 for count in left.values()):
            raise _Enough

    try:
        with watching(list(modules.values()), keep, outputs=outputs):
            call(model, batch)
    except _Enough:
        pass


def rows_of(value: torch.Tensor, batch: Batch, watched: Watched, *, outputs: bool = False) -> torch.Tensor:
    """Activations as a matrix of a row for each token, or each place of a picture, without padding."""
    if isinstance(watched.module, CONVOLUTIONS):  # channels first, whether they go in or come out
        return value.movedim(1, -1).reshape(-1, value.shape[1])
    width = value.shape[-1]
    for mask in (batch.mask, batch.answers):
        if mask is None or bool(mask.all()):
            continue
        if value.shape[:2] == mask.shape:
            return value[mask.to(value.device).bool()]
        if value.dim() == 2 and value.shape[0] == mask.numel():
            return value[mask.to(value.device).bool().reshape(-1)]
    masks = [mask for mask in (batch.mask, batch.answers) if mask is not None]
    is_whole = all(bool(mask.all()) for mask in masks)
    is_known = any(value.shape[:2] == mask.shape for mask in masks) or value.shape[:-1] == (batch.examples,)
    if not is_whole and not is_known:
        raise Refused(
            f"{watched.name} sees activations of shape {tuple(value.shape)}, which do not tell where texts of different"
            " lengths are padded; take --batch-size 1"
        )
    return value.reshape(-1, width)
