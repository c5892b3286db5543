"""`stockpot-tools batch-norm`: moments of batch norms, measured anew on examples."""

import argparse
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from stockpot_tools import model as models
from stockpot_tools import safetensor_files
from stockpot_tools.data import Examples
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics import command, modules

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)
MOMENTS = ("running_mean", "running_var", "num_batches_tracked")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Words of the command."""
    parser.set_defaults(run=run, kind="batch-norm")
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("output", type=Path, help="folder that is written: the model with the moments measured anew")
    command.data_arguments(parser)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--device", default="cpu", help="such as cuda:0")


def run(given: argparse.Namespace) -> None:
    """Writes a copy of the model."""
    if given.output.exists():
        raise Refused(f"{given.output} exists; name a new folder, or remove it")
    if given.batch_size < 2:
        raise Refused(f"--batch-size is {given.batch_size}, must be 2 at least")
    model = models.load(given.model, "float32", given.device)
    given.length = models.length_of(given.length, 512, model.module.config)
    examples = command.examples_of(given, model)
    found = measured(model, examples, given.batch_size)
    write(given.model, given.output, found)
    print(json.dumps({"output": str(given.output), "batch_norms": len(found) // 3, "examples": len(examples)}))


def measured(model: StoredModel, examples: Examples, batch_size: int) -> dict[str, torch.Tensor]:
    """Running moments of all batch norms, by their names in the files: means over batches of their moments, each norm
    behind others that norm by the moments of the same batch, as in training.

    A last batch of a single example is left out: it has no variance.
    """
    norms = {name: module for name, module in model.module.named_modules() if isinstance(module, NORMS)}
    tracked = {name: norm for name, norm in norms.items() if norm.running_mean is not None}
    if not tracked:
        raise Refused(f"{type(model.module).__name__} has no batch norms, whose moments could be measured")
    momenta = {name: norm.momentum for name, norm in tracked.items()}
    for norm in tracked.values():
        norm.reset_running_stats()
        norm.momentum = None  # a mean over all batches
        norm.train()
    with torch.no_grad():
        for batch in examples.batches(batch_size):
            if batch.examples > 1:
                modules.call(model, batch)
    found: dict[str, torch.Tensor] = {}
    for name, norm in tracked.items():
        norm.eval()
        norm.momentum = momenta[name]
        if not int(norm.num_batches_tracked or 0):
            raise Refused(f"{name} saw no batch of two examples; give more examples")
        for moment in MOMENTS:
            found[f"{_stored(model, name)}.{moment}"] = getattr(norm, moment).detach().cpu().clone()
    broken = [name for name, tensor in found.items() if not bool(torch.isfinite(tensor.double()).all())]
    if broken:
        raise Refused(f"{broken[0]} would not be finite; look at the examples and at the model")
    return found


def _stored(model: StoredModel, name: str) -> str:
    prefix = str(getattr(model.module, "base_model_prefix", "")) + "."
    for spelling in (name, prefix + name, name.removeprefix(prefix)):
        if f"{spelling}.running_mean" in model.shapes:
            return spelling
    raise Refused(f"the model's files have no {name}.running_mean; save the model once by save_pretrained")


def write(model: Path, output: Path, moments: dict[str, torch.Tensor]) -> None:
    """A copy of a model's folder, whole or not at all, with other moments in the types that these have."""
    pending = output.with_name(f".{output.name}.pending")
    shutil.rmtree(pending, ignore_errors=True)
    weights = models.weight_files(model)
    shutil.copytree(model, pending, ignore=shutil.ignore_patterns(*(file.name for file in weights)))
    for file in weights:
        tensors = dict(_tensors(file))
        for name in moments.keys() & tensors.keys():
            tensors[name] = moments[name].to(tensors[name].dtype).reshape(tensors[name].shape)
        save_file(tensors, pending / file.name, safetensor_files.header(file)[1] or {"format": "pt"})
    pending.replace(output)


def _tensors(file: Path) -> Iterator[tuple[str, torch.Tensor]]:
    with safetensor_files.opened(file) as stored:
        for name in stored.keys():  # noqa: SIM118 (it is no mapping)
            yield name, stored.get_tensor(name)
