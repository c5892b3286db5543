"""`stockpot-tools gates` and `prompt-ids`: what routers of a mixture of experts are made of."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
import yaml

from stockpot_tools import model as models
from stockpot_tools import safetensor_files
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.job import free_output

Given = argparse.Namespace
Prompts = list[tuple[list[str], list[str]]]
MEANS = {"hidden_avg"}
LAST = {"hidden", "hidden_last"}


def gate_arguments(parser: argparse.ArgumentParser) -> None:
    """Words of `gates`."""
    _arguments(parser)
    parser.add_argument("--output", type=Path, required=True, help="file that is written, such as gates.safetensors")
    parser.add_argument("--dtype", choices=list(models.DTYPES), default="float32", help="to compute in (float32)")
    parser.add_argument("--device", default="cpu", help="such as cuda:0")
    parser.add_argument("--overwrite", action="store_true", help="replace the output")
    parser.set_defaults(run=gates)


def token_arguments(parser: argparse.ArgumentParser) -> None:
    """Words of `prompt-ids`."""
    _arguments(parser)
    parser.set_defaults(run=tokens)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", type=Path, help="with `experts`, in YAML")
    parser.add_argument("--model-root", type=Path, default=Path(), help="where relative paths of models count from")


def gates(given: Given) -> None:
    """Writes the states of the base model that prompts lead to, where a recipe's routers want them."""
    recipe = read(given.recipe)
    mode = str(recipe.get("gate_mode", "hidden"))
    if mode not in MEANS | LAST:
        raise Refused(f"gate_mode of {given.recipe} is {mode}, which needs no states; they are of hidden and hidden_avg")
    free_output(given.output, overwrite=given.overwrite)
    folder = given.model_root / base_of(recipe)
    model = models.load(folder, given.dtype, given.device)
    prompts = prompts_of(recipe)
    states = hidden(model, models.tokenizer(folder), prompts, mean=mode in MEANS)
    metadata = {
        "kind": "gate_hidden",
        "position": "mean" if mode in MEANS else "last",
        "prompts": json.dumps(prompts),
        "dtype": given.dtype,
        "model_sha256": model.digest,
    }
    safetensor_files.write(given.output, safetensor_files.entries({"gate_hidden": states}), metadata)
    print(json.dumps({"kind": "gate_hidden", "output": str(given.output), "shape": list(states.shape)}))


def tokens(given: Given) -> None:
    """Prints the tokens of a recipe's prompts, to be put into it."""
    recipe = read(given.recipe)
    tokenizer = models.tokenizer(given.model_root / base_of(recipe))
    texts = dict.fromkeys(text for pair in prompts_of(recipe) for texts in pair for text in texts)
    print("prompt_ids:")
    for text in texts:
        print(f"  {json.dumps(text)}: {ids_of(tokenizer, text)}")


def read(file: Path) -> dict[str, Any]:
    """A recipe of a mixture."""
    try:
        recipe = yaml.safe_load(file.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"{file} cannot be read as YAML: {models.first_line(error)}") from error
    if not isinstance(recipe, dict) or not isinstance(recipe.get("experts"), list):
        raise Refused(f"{file} has no list of `experts`, so it is no recipe of a mixture")
    return recipe


def base_of(recipe: dict[str, Any]) -> str:
    """The path of the base model."""
    base = recipe.get("base_model")
    if not isinstance(base, str):
        raise Refused(f"base_model is {base}, must be the path of a folder")
    return base


def prompts_of(recipe: dict[str, Any]) -> Prompts:
    """Positive and negative prompts of each expert, last those of a shared one, if it has a gate."""
    pairs = [_pair(expert) for expert in recipe["experts"]]
    return pairs + [pair for pair in map(_pair, recipe.get("shared_experts") or []) if pair[0]]


def _pair(expert: object) -> tuple[list[str], list[str]]:
    return _texts(expert, "positive_prompts"), _texts(expert, "negative_prompts")


def _texts(expert: object, key: str) -> list[str]:
    if not isinstance(expert, dict):
        raise Refused(f"an expert is {expert}, must be a mapping with `source_model`")
    texts = expert.get(key) or []
    if not isinstance(texts, list):
        raise Refused(f"{key} is {texts}, must be a list")
    return [str(text) for text in texts]


def ids_of(tokenizer: Any, text: str) -> list[int]:  # noqa: ANN401
    """Tokens of a prompt with the token in front that begins a text, as mergekit has them."""
    return [int(token) for token in tokenizer((tokenizer.bos_token or "") + text, add_special_tokens=False)["input_ids"]]


@torch.no_grad()
def hidden(model: StoredModel, tokenizer: Any, prompts: Prompts, *, mean: bool) -> torch.Tensor:  # noqa: ANN401
    """States that enter each layer, [layers, experts, width]: positive less negative ones, each the mean over prompts.

    One prompt at a time, so that there is no padding to be seen or averaged.
    """
    rows = []
    for positive, negative in prompts:
        if not positive:
            raise Refused("an expert has no positive_prompts, so there is nothing to make its gate of")
        row = _mean(_states(model, ids_of(tokenizer, text), mean=mean) for text in positive)
        if negative:
            row = row - _mean(_states(model, ids_of(tokenizer, text), mean=mean) for text in negative)
        rows.append(row)
    return torch.stack(rows, dim=1).float().cpu().contiguous()


def _mean(states: Iterable[torch.Tensor]) -> torch.Tensor:
    return torch.stack(list(states)).mean(dim=0)


def _states(model: StoredModel, ids: list[int], *, mean: bool) -> torch.Tensor:
    found = model.module(torch.tensor([ids], device=model.device), output_hidden_states=True).hidden_states
    entering = torch.stack([states[0].double() for states in found[:-1]])  # the last one leaves
    return entering.mean(dim=1) if mean else entering[:, -1]
