import json
from pathlib import Path

import pytest
import torch
import yaml
from conftest import llama
from safetensors import safe_open

from stockpot_tools import mixtures
from stockpot_tools import model as models
from stockpot_tools.cli import main
from stockpot_tools.errors import Refused


@pytest.fixture
def language_model(tmp_path: Path) -> Path:
    return llama(tmp_path / "base")


@pytest.fixture
def recipe(tmp_path: Path, language_model: Path) -> Path:
    file = tmp_path / "mixture.yml"
    text = {
        "base_model": str(language_model),
        "gate_mode": "hidden",
        "experts": [
            {"source_model": "a", "positive_prompts": ["the cat", "a hat"]},
            {"source_model": "b", "positive_prompts": ["no one"], "negative_prompts": ["the sea"]},
        ],
    }
    file.write_text(yaml.safe_dump(text))
    return file


def change(file: Path, **keys: object) -> None:
    file.write_text(yaml.safe_dump(yaml.safe_load(file.read_text()) | keys))


def made(recipe: Path, output: Path) -> tuple[torch.Tensor, dict[str, str]]:
    assert main(["gates", str(recipe), "--output", str(output)]) == 0
    with safe_open(output, "pt") as file:
        return file.get_tensor("gate_hidden"), file.metadata()


def test_states_enter_each_layer_at_the_last_token(recipe: Path, language_model: Path, tmp_path: Path) -> None:
    states, metadata = made(recipe, tmp_path / "gates.safetensors")
    assert metadata["position"] == "last"
    assert json.loads(metadata["prompts"])[1] == [["no one"], ["the sea"]]
    tokenizer = models.tokenizer(language_model)
    module = models.load(language_model).module

    def last(text: str, layer: int) -> torch.Tensor:
        ids = torch.tensor([mixtures.ids_of(tokenizer, text)])
        with torch.no_grad():
            return module(ids, output_hidden_states=True).hidden_states[layer][0, -1]

    layers = module.config.num_hidden_layers
    assert states.shape == (layers, 2, module.config.hidden_size)
    for layer in range(layers):
        torch.testing.assert_close(states[layer, 0], (last("the cat", layer) + last("a hat", layer)) / 2)
        torch.testing.assert_close(states[layer, 1], last("no one", layer) - last("the sea", layer))


def test_means_are_over_all_tokens(recipe: Path, language_model: Path, tmp_path: Path) -> None:
    change(recipe, gate_mode="hidden_avg")
    states, metadata = made(recipe, tmp_path / "gates.safetensors")
    assert metadata["position"] == "mean"
    tokenizer = models.tokenizer(language_model)
    module = models.load(language_model).module
    ids = torch.tensor([mixtures.ids_of(tokenizer, "no one")])
    other = torch.tensor([mixtures.ids_of(tokenizer, "the sea")])
    with torch.no_grad():
        first = module(ids, output_hidden_states=True).hidden_states[0][0].mean(dim=0)
        second = module(other, output_hidden_states=True).hidden_states[0][0].mean(dim=0)
    torch.testing.assert_close(states[0, 1], first - second)


def test_a_gated_shared_expert_is_the_last(recipe: Path, tmp_path: Path) -> None:
    change(recipe, shared_experts=[{"source_model": "s", "positive_prompts": ["the cat"]}])
    assert made(recipe, tmp_path / "gated.safetensors")[0].shape[1] == 3
    change(recipe, shared_experts=[{"source_model": "s"}])
    assert made(recipe, tmp_path / "ungated.safetensors")[0].shape[1] == 2


def test_tokens_are_printed_as_a_recipe_has_them(
    recipe: Path, language_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prompt-ids", str(recipe)]) == 0
    printed = yaml.safe_load(capsys.readouterr().out)["prompt_ids"]
    assert list(printed) == ["the cat", "a hat", "no one", "the sea"]
    tokenizer = models.tokenizer(language_model)
    assert printed["a hat"] == mixtures.ids_of(tokenizer, "a hat")


def test_other_modes_need_no_states(recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(recipe, gate_mode="cheap_embed")
    assert main(["gates", str(recipe), "--output", str(tmp_path / "g")]) == 1
    assert "is cheap_embed, which needs no states" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["models: []", "[1]", "experts: 3", "a: [", ""])
def test_what_is_no_mixture_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "r.yml"
    file.write_text(text)
    with pytest.raises(Refused):
        mixtures.read(file)


def test_an_expert_without_prompts_is_refused(recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(recipe, experts=[{"source_model": "a"}])
    assert main(["gates", str(recipe), "--output", str(tmp_path / "g")]) == 1
    assert "has no positive_prompts" in capsys.readouterr().err
