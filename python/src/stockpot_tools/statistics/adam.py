"""Second moments that Adam has left, as Fisher information that costs nothing."""

import argparse
import json
import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from stockpot_tools import model as models
from stockpot_tools import safetensor_files
from stockpot_tools.errors import Refused, notice, some
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.job import free_output
from stockpot_tools.statistics.statistic import Tensors, finite

MOMENT = "exp_avg_sq"
SUFFIX = "." + MOMENT


def arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the words of the command."""
    parser.add_argument("model", type=Path, help="folder of the model that was trained")
    parser.add_argument("state", type=Path, help="optimizer.pt of the training, or its state_dict saved by torch.save")
    parser.add_argument("output", type=Path, help="file that is written, such as exp_avg_sq.safetensors")
    parser.add_argument("--overwrite", action="store_true", help="replace the output")


def run(given: argparse.Namespace) -> None:
    """Writes the second moments under the names of the model's tensors."""
    free_output(given.output, overwrite=given.overwrite)
    model = models.load(given.model)
    found = moments(opened(given.state), model)
    stored = model.stored(found)
    for name, tensor in stored.items():
        finite(name, tensor)
        if bool((tensor < 0).any()):
            raise Refused(f"{name} has negative values, which no second moment has; look at {given.state}")
    left = sorted(set(model.shapes) - set(stored))
    if left:
        notice(f"{len(left)} tensors were not trained and have no second moments: {some(left)}")
    metadata = {
        "kind": MOMENT,
        "format": "pt",
        "model_sha256": model.digest,
        "dataset_note": f"Adam's second moments in {given.state.name}",
    }
    tensors = {name: tensor.float().contiguous() for name, tensor in stored.items()}
    safetensor_files.write(given.output, safetensor_files.entries(tensors), metadata)
    print(json.dumps({"kind": MOMENT, "output": str(given.output), "tensors": len(tensors)}))


def opened(file: Path) -> Mapping[str, Any]:
    """The state of an optimizer. Nothing but tensors and plain values is unpickled: no code runs."""
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise Refused(f"{file} cannot be read as the state of an optimizer: {models.first_line(error)}") from error
    if not isinstance(found, dict) or "state" not in found:
        raise Refused(f"{file} is no state of an optimizer: it has no `state`")
    return found


def moments(state: Mapping[str, Any], model: StoredModel) -> Tensors:
    """By the names of the model's parameters.

    Raises Refused if it cannot be told which moments are of which parameter.
    """
    by_place: Mapping[Any, Mapping[str, Any]] = state["state"]
    if by_place and all(isinstance(name, str) for name in by_place):
        return {str(name): _moment(str(name), of) for name, of in by_place.items()}
    groups: Sequence[Mapping[str, Any]] = state.get("param_groups", [])
    names = _names(groups, model.module)
    found: Tensors = {}
    for place, name in names.items():
        if place in by_place:
            found[name] = _moment(name, by_place[place])
    shapes = {name: tuple(parameter.shape) for name, parameter in model.module.named_parameters()}
    wrong = [f"{name} {tuple(tensor.shape)}" for name, tensor in found.items() if shapes[name] != tuple(tensor.shape)]
    if wrong or not found:
        raise Refused(
            f"the optimizer's moments are not in the order of this model's parameters: {some(wrong)}; save them by"
            " name, as torch.save({'state': {name: {'exp_avg_sq': tensor}}})"
        )
    return found


def _moment(name: str, of: Mapping[str, Any]) -> torch.Tensor:
    found = of.get(MOMENT)
    if not isinstance(found, torch.Tensor):
        raise Refused(f"the optimizer has no `{MOMENT}` of {name}: it is not Adam, or it keeps them in another form")
    return found


def _names(groups: Sequence[Mapping[str, Any]], module: torch.nn.Module) -> dict[Any, str]:
    """Which place in the state is which parameter. The trainer of transformers has those that decay first."""
    places = [list(group["params"]) for group in groups]
    said = [name for group in groups for name in group.get("param_names", [])]
    flat = [place for group in places for place in group]
    if said and len(said) == len(flat):
        return dict(zip(flat, said, strict=True))
    trained = [name for name, parameter in module.named_parameters() if parameter.requires_grad]
    if len(places) == 1 and len(flat) == len(trained):
        return dict(zip(flat, trained, strict=True))
    decayed = set(transformers.Trainer.get_decay_parameter_names(None, module))
    ordered = [name for name in trained if name in decayed] + [name for name in trained if name not in decayed]
    if len(places) != 2 or len(flat) != len(ordered) or len(places[0]) != len(decayed):
        raise Refused(
            f"the optimizer has {len(flat)} parameters in {len(places)} groups, and the model {len(trained)}, of which"
            f" {len(decayed)} decay; save its state by names, as torch.save({{'state': {{name: {{'exp_avg_sq': v}}}}}})"
        )
    return dict(zip(flat, ordered, strict=True))
