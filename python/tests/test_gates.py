"""Statistics that are no sums of products: states for routers, logits, what Adam has left."""

import json
from pathlib import Path

import pytest
import torch
import transformers
from conftest import llama
from safetensors.torch import load_file

from stockpot_tools import model as models
from stockpot_tools import safetensor_files
from stockpot_tools.cli import main
from stockpot_tools.errors import Refused
from stockpot_tools.statistics import adam, gates

RECIPE = """
base_model: base
experts:
- source_model: a
  positive_prompts: [the first words, another]
  negative_prompts: [not this at all]
- source_model: b
  positive_prompts: ["a longer prompt than all of the others are"]
"""


def run(*words: object) -> int:
    return main(["statistics", *[str(word) for word in words]])


def states_alone(folder: Path, text: str) -> torch.Tensor:
    """States that enter each block, of each token, of a text that stands by itself."""
    module = transformers.LlamaForCausalLM.from_pretrained(folder).eval()
    ids = models.tokenizer(folder)("<s>" + text, add_special_tokens=False, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        return torch.stack(module(ids, output_hidden_states=True).hidden_states[:-1], 1)[0].double()


@pytest.mark.parametrize("at", ["last", "mean"])
@pytest.mark.parametrize("batch_size", [1, 3])
def test_states_are_those_of_each_prompt_alone(llama_folder: Path, tmp_path: Path, at: str, batch_size: int) -> None:
    recipe = tmp_path / "moe.yml"
    recipe.write_text(RECIPE, encoding="utf-8")
    out = tmp_path / "gates.safetensors"
    words = ["--recipe", recipe, "--at", at, "--batch-size", batch_size, "--quiet"]
    assert run("gate-hidden", llama_folder, out, *words) == 0

    def state(text: str) -> torch.Tensor:
        states = states_alone(llama_folder, text)
        return states[:, -1] if at == "last" else states.mean(1)

    first = (state("the first words") + state("another")) / 2 - state("not this at all")
    second = state("a longer prompt than all of the others are")
    found = load_file(out)
    assert found.keys() == {"gate_hidden"}
    assert found["gate_hidden"].shape == (2, 2, 16)  # blocks, experts, width
    torch.testing.assert_close(found["gate_hidden"][:, 0].double(), first, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(found["gate_hidden"][:, 1].double(), second, rtol=1e-4, atol=1e-5)
    _, metadata = safetensor_files.header(out)
    assert metadata["kind"] == "gate_hidden"
    assert metadata["at"] == at


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("experts: []", "has no `experts`"),
        ("experts: [{source_model: a}]", "expert 1 has no `positive_prompts`"),
        ("experts: [{positive_prompts: word}]", "must be a list of texts"),
        ("experts: [{positive_prompts: ['']}]", None),
        ("a: [", "cannot be read"),
    ],
)
def test_recipes_without_prompts_are_refused(
    llama_folder: Path, tmp_path: Path, text: str, message: str | None
) -> None:
    recipe = tmp_path / "moe.yml"
    recipe.write_text(text, encoding="utf-8")
    tokenizer = models.tokenizer(llama_folder)
    if message is None:  # the token that begins a text is one
        assert len(gates.prompts(recipe, tokenizer, 64)[0]) == 1
        return
    with pytest.raises(Refused, match=message):
        gates.prompts(recipe, tokenizer, 64)


def test_a_prompt_that_is_too_long_is_refused_and_named(llama_folder: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "moe.yml"
    recipe.write_text("experts: [{positive_prompts: ['word word word word']}]", encoding="utf-8")
    with pytest.raises(Refused, match=r"a prompt of expert 1 has .* must have 1 to 3: 'word word"):
        gates.prompts(recipe, models.tokenizer(llama_folder), 3)


def test_logits_are_the_models_in_the_order_of_the_examples(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    assert run("logits", bert_folder, tmp_path / "4.st", "--rows", labelled, "--batch-size", 4, "--quiet") == 0
    assert run("logits", bert_folder, tmp_path / "1.st", "--rows", labelled, "--batch-size", 1, "--quiet") == 0

    found, alone = load_file(tmp_path / "4.st"), load_file(tmp_path / "1.st")
    assert found["logits"].shape == (9, 3)
    torch.testing.assert_close(found["logits"], alone["logits"], rtol=1e-4, atol=1e-4)
    assert found["labels"].tolist() == [0, 1, 2] * 3
    module = transformers.BertForSequenceClassification.from_pretrained(bert_folder).eval()
    text = json.loads(labelled.read_text(encoding="utf-8").splitlines()[4])["text"]
    with torch.no_grad():
        expected = module(**models.tokenizer(bert_folder)(text, return_tensors="pt")).logits[0]
    torch.testing.assert_close(found["logits"][4], expected, rtol=1e-4, atol=1e-4)


def test_logits_of_a_language_model_are_refused(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    assert run("logits", llama_folder, tmp_path / "l.st", "--text", text_file, "--quiet") == 1
    assert not (tmp_path / "l.st").exists()


def trained(folder: Path, groups: str, named: bool = False) -> tuple[torch.nn.Module, Path]:
    """A model after two steps of AdamW, and its optimizer's state."""
    module = transformers.LlamaForCausalLM.from_pretrained(folder)
    parameters = dict(module.named_parameters())
    if groups == "one":
        optimizer = torch.optim.AdamW(list(parameters.items()) if named else list(parameters.values()))
    else:
        decayed = set(transformers.Trainer.get_decay_parameter_names(None, module))
        optimizer = torch.optim.AdamW(
            [
                {"params": [value for name, value in parameters.items() if name in decayed], "weight_decay": 0.1},
                {"params": [value for name, value in parameters.items() if name not in decayed], "weight_decay": 0.0},
            ]
        )
    for seed in range(2):
        ids = torch.randint(0, 300, (2, 8), generator=torch.Generator().manual_seed(seed))
        module(ids, labels=ids).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    file = folder / f"optimizer-{groups}-{named}.pt"
    torch.save(optimizer.state_dict(), file)
    moments = {name: optimizer.state[value]["exp_avg_sq"] for name, value in parameters.items()}
    module.expected = moments
    return module, file


@pytest.mark.parametrize(("groups", "named"), [("one", False), ("one", True), ("decay", False)])
def test_second_moments_go_to_the_names_of_the_model(tmp_path: Path, groups: str, named: bool) -> None:
    folder = llama(tmp_path / "m")
    module, file = trained(folder, groups, named)
    assert run("adam", folder, file, tmp_path / "v.safetensors") == 0

    found = load_file(tmp_path / "v.safetensors")
    expected: dict[str, torch.Tensor] = module.expected  # type: ignore[assignment]
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        assert torch.equal(found[name], tensor), name
    shapes, metadata = safetensor_files.header(tmp_path / "v.safetensors")
    assert metadata["kind"] == "exp_avg_sq"
    assert shapes == safetensor_files.header(folder / "model.safetensors")[0]


def test_moments_of_another_model_are_refused(tmp_path: Path) -> None:
    folder = llama(tmp_path / "m")
    _, file = trained(folder, "one")
    other = llama(tmp_path / "other", hidden_size=20)
    with pytest.raises(Refused, match="not in the order of this model's parameters"):
        adam.moments(adam.opened(file), models.load(other))
    deeper = llama(tmp_path / "deeper", num_hidden_layers=3)
    with pytest.raises(Refused, match="save its state by names"):
        adam.moments(adam.opened(file), models.load(deeper))


def test_what_is_no_state_of_adam_is_refused(tmp_path: Path, llama_folder: Path) -> None:
    file = tmp_path / "optimizer.pt"
    file.write_bytes(b"nothing of the kind")
    with pytest.raises(Refused, match="cannot be read as the state of an optimizer"):
        adam.opened(file)
    torch.save({"weights": torch.zeros(1)}, file)
    with pytest.raises(Refused, match="it has no `state`"):
        adam.opened(file)
    torch.save({"state": {"model.norm.weight": {"momentum_buffer": torch.zeros(16)}}}, file)
    with pytest.raises(Refused, match="has no `exp_avg_sq` of"):
        adam.moments(adam.opened(file), models.load(llama_folder))


def test_code_in_a_pickle_does_not_run(tmp_path: Path) -> None:
    file = tmp_path / "optimizer.pt"
    torch.save({"state": Path("/tmp")}, file)  # noqa: S108 (an object of a class, and no file)
    with pytest.raises(Refused, match="cannot be read as the state of an optimizer"):
        adam.opened(file)
