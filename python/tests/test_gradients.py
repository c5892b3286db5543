"""Fisher information and magnitudes of gradients beside closed forms and Jacobians."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import WORDS, bert_classifier, llama, random_model
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch.nn import functional

from stockpot_tools import model as models
from stockpot_tools.cli import main
from stockpot_tools.data import Batch, Example, Examples
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.gradients import Fisher, Magnitudes


def run(*words: object) -> int:
    return main(["statistics", *[str(word) for word in words], "--quiet"])


def collected(statistic: Fisher | Magnitudes, examples: Examples) -> dict[str, torch.Tensor]:
    names = list(statistic.units())
    sums = statistic.zeros(names)
    for batch in examples.batches(2):
        statistic.add(names, sums, batch)
    return statistic.stored(statistic.result(names, sums, len(examples)))


def jacobians(model: torch.nn.Module, tokens: list[int]) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Probabilities of the classes, and of every parameter the slopes of all logits, in float64."""
    model = model.double()
    logits = model(input_ids=torch.tensor([tokens])).logits[0]
    names, parameters = zip(*model.named_parameters(), strict=True)
    rows = [torch.autograd.grad(logit, parameters, retain_graph=True, allow_unused=True) for logit in logits]
    slopes = {
        name: np.stack([np.zeros(parameters[i].shape) if row[i] is None else row[i].numpy() for row in rows])
        for i, name in enumerate(names)
    }
    return logits.softmax(-1).detach().numpy(), slopes


def test_the_fisher_of_a_classifier_is_the_variance_of_its_slopes(
    bert_folder: Path, labelled: Path, tmp_path: Path
) -> None:
    # d log p_y = J_y - sum_k p_k J_k, so that E_y (d log p_y)^2 = sum p J^2 - (sum p J)^2
    assert run("fisher", bert_folder, tmp_path / "f.st", "--rows", labelled, "--batch-size", 4) == 0

    found = load_file(tmp_path / "f.st")
    model = transformers.BertForSequenceClassification.from_pretrained(bert_folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(bert_folder)
    rows = [json.loads(line)["text"] for line in labelled.read_text(encoding="utf-8").splitlines()]
    expected = {name: np.zeros(tensor.shape) for name, tensor in found.items()}
    for text in rows:
        p, slopes = jacobians(model, tokenizer(text)["input_ids"])
        for name, slope in slopes.items():
            expected[name] += np.tensordot(p, slope**2, 1) - np.tensordot(p, slope, 1) ** 2
    assert found.keys() == load_file(bert_folder / "model.safetensors").keys()
    for name, tensor in found.items():
        assert tensor.dtype == torch.float32
        largest = expected[name].max() / len(rows)
        np.testing.assert_allclose(
            tensor, expected[name] / len(rows), rtol=1e-3, atol=1e-6 * largest + 1e-14, err_msg=name
        )


def head_states(folder: Path, tokens: tuple[int, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the head of a language model sees and the odds that it gives, of all places but the last."""
    model = transformers.LlamaForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        states = model.model(torch.tensor([tokens])).last_hidden_state[0, :-1].double()
        return states, model(torch.tensor([tokens])).logits[0, :-1].double().softmax(-1)


def test_tokens_of_the_data_give_the_empirical_fisher_of_each_text(llama_folder: Path) -> None:
    texts = ((5, 80, 33, 140, 7), (9, 201, 64), (250, 3, 17, 99, 60, 11, 8))
    examples = Examples(tuple(Example(tokens=tokens) for tokens in texts), "", "texts", 1)
    found = collected(Fisher(models.load(llama_folder), examples, labels="data"), examples)

    expected = torch.zeros(300, 16, dtype=torch.float64)
    for tokens in texts:
        h, p = head_states(llama_folder, tokens)
        expected += ((functional.one_hot(torch.tensor(tokens[1:]), 300) - p).T @ h).square()
    torch.testing.assert_close(found["lm_head.weight"].double(), expected / 3, rtol=1e-4, atol=1e-10)


def test_sampled_tokens_give_the_fisher_on_average(llama_folder: Path) -> None:
    # of the head's weights it is sum over places of p (1 - p) h^2
    tokens = (5, 80, 33, 140, 7)
    examples = Examples((Example(tokens=tokens),), "", "texts", 1)
    model = models.load(llama_folder)
    for name, parameter in model.module.named_parameters():
        parameter.requires_grad_(name == "lm_head.weight")
    total = torch.zeros(300, 16, dtype=torch.float64)
    seeds = 400
    for seed in range(seeds):
        fisher = Fisher(model, examples, labels="sampled", seed=seed)
        sums = fisher.zeros(["lm_head.weight"])
        fisher.add(["lm_head.weight"], sums, examples.batch(0, 1))
        total += sums["lm_head.weight"].double()

    h, p = head_states(llama_folder, tokens)
    expected = (p * (1 - p)).T @ h.square()
    assert float(total.sum() / seeds) == pytest.approx(float(expected.sum()), rel=0.05)
    by_channel = (total.sum(0) / seeds) / expected.sum(0)
    assert by_channel.min() > 0.8
    assert by_channel.max() < 1.25


def test_samples_depend_on_the_seed_and_the_example_alone(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    words = ["fisher", llama_folder]
    data = ["--text", text_file, "--length", 20, "--examples", 6]
    assert run(*words, tmp_path / "a.st", *data, "--batch-size", 1) == 0
    assert run(*words, tmp_path / "b.st", *data, "--batch-size", 4) == 0
    assert run(*words, tmp_path / "c.st", *data, "--batch-size", 4, "--memory", "20K") == 0
    assert run(*words, tmp_path / "d.st", *data, "--seed", 7) == 0
    a, b, c, d = [(tmp_path / f"{name}.st").read_bytes() for name in "abcd"]

    assert a == b == c
    assert a != d


def test_shards_of_the_data_average_to_the_whole(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    words = ["--text", text_file, "--length", 20, "--examples", 7]
    for shard in ("1/1", "1/2", "2/2"):
        assert run("fisher", llama_folder, tmp_path / shard.replace("/", "-"), *words, "--shard", shard) == 0

    def of(name: str) -> tuple[dict[str, torch.Tensor], int]:
        with safe_open(tmp_path / name, framework="pt") as opened:
            return load_file(tmp_path / name), int(opened.metadata()["n_examples"])

    (whole, all_of), (first, n), (second, m) = of("1-1"), of("1-2"), of("2-2")
    assert (all_of, n, m) == (7, 4, 3)
    for name, tensor in whole.items():
        joined = (n * first[name].double() + m * second[name].double()) / (n + m)
        torch.testing.assert_close(joined, tensor.double(), rtol=1e-5, atol=1e-12)


def test_magnitudes_are_those_of_the_loss_of_each_text(llama_folder: Path) -> None:
    texts = ((5, 80, 33, 140, 7), (9, 201, 64))
    examples = Examples(tuple(Example(tokens=tokens) for tokens in texts), "", "texts", 1)
    found = collected(Magnitudes(models.load(llama_folder), examples), examples)

    model = transformers.LlamaForCausalLM.from_pretrained(llama_folder)
    expected = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    for tokens in texts:
        model.zero_grad()
        model(torch.tensor([tokens]), labels=torch.tensor([tokens])).loss.backward()
        for name, parameter in model.named_parameters():
            expected[name] += parameter.grad.abs() / 2
    for name, tensor in expected.items():
        torch.testing.assert_close(found[name], tensor, rtol=1e-4, atol=1e-8, msg=name)


def test_one_output_is_a_regression(tmp_path: Path) -> None:
    folder = bert_classifier(tmp_path / "bert", labels=1)
    examples = Examples((Example(tokens=(5, 6, 7)),), "", "texts", 1)
    found = collected(Fisher(models.load(folder), examples, labels="exact"), examples)

    model = transformers.BertForSequenceClassification.from_pretrained(folder).eval()
    model(torch.tensor([[5, 6, 7]])).logits.sum().backward()
    torch.testing.assert_close(found["classifier.weight"], model.classifier.weight.grad.square())
    assert found["classifier.bias"].item() == 1


def test_two_stacks_are_asked_for_their_answers(tmp_path: Path) -> None:
    config = transformers.T5Config(
        vocab_size=300, d_model=16, d_ff=24, d_kv=8, num_layers=1, num_heads=2, decoder_start_token_id=0, pad_token_id=1
    )
    folder = random_model(transformers.T5ForConditionalGeneration(config), tmp_path / "t5")
    rows = tmp_path / "rows.jsonl"
    pairs = [(" ".join(WORDS[:n]), " ".join(WORDS[n : n + 4])) for n in (3, 6, 9)]
    rows.write_text("".join(json.dumps({"text": a, "target": b}) + "\n" for a, b in pairs), encoding="utf-8")
    assert run("grad-abs", folder, tmp_path / "g.st", "--rows", rows) == 0

    found = load_file(tmp_path / "g.st")
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.T5ForConditionalGeneration.from_pretrained(folder).eval()
    expected = torch.zeros(16, 16)
    for text, target in pairs:
        model.zero_grad()
        wanted = torch.tensor([tokenizer(target)["input_ids"]])
        model(torch.tensor([tokenizer(text)["input_ids"]]), labels=wanted).loss.backward()
        expected += model.get_parameter("decoder.block.0.layer.1.EncDecAttention.k.weight").grad.abs() / 3
    torch.testing.assert_close(
        found["decoder.block.0.layer.1.EncDecAttention.k.weight"], expected, rtol=1e-4, atol=1e-7
    )


def test_experts_that_the_library_joins_are_apart_as_in_the_files(text_file: Path, tmp_path: Path) -> None:
    config = transformers.Qwen3MoeConfig(
        vocab_size=300,
        hidden_size=16,
        intermediate_size=24,
        moe_intermediate_size=12,
        num_hidden_layers=1,
        head_dim=8,
        num_attention_heads=2,
        num_key_value_heads=1,
        num_experts=4,
        num_experts_per_tok=2,
        tie_word_embeddings=False,
    )
    folder = random_model(transformers.Qwen3MoeForCausalLM(config), tmp_path / "moe")
    stored = load_file(folder / "model.safetensors")
    assert "model.layers.0.mlp.experts.3.gate_proj.weight" in stored
    assert run("fisher", folder, tmp_path / "f.st", "--text", text_file, "--length", 20, "--labels", "data") == 0

    found = load_file(tmp_path / "f.st")
    assert {name: tensor.shape for name, tensor in found.items()} == {
        name: tensor.shape for name, tensor in stored.items()
    }
    model = models.load(folder)
    tokenizer = models.tokenizer(folder)
    tokens = tokenizer(text_file.read_text(encoding="utf-8"))["input_ids"]
    blocks = [tokens[begin : begin + 20] for begin in range(0, len(tokens), 20)]
    expected = torch.zeros(4, 24, 16)
    for block in blocks:
        model.module.zero_grad()
        loss = model.module(torch.tensor([block]), labels=torch.tensor([block])).loss * (len(block) - 1)
        loss.backward()
        expected += model.module.get_parameter("model.layers.0.mlp.experts.gate_up_proj").grad.square() / len(blocks)  # type: ignore[union-attr]
    for expert in range(4):
        up = found[f"model.layers.0.mlp.experts.{expert}.up_proj.weight"]
        torch.testing.assert_close(up, expected[expert, 12:], rtol=1e-3, atol=1e-9)


def test_a_tied_head_that_is_stored_twice_has_one_value_twice(text_file: Path, tmp_path: Path) -> None:
    folder = llama(tmp_path / "llama", tie_word_embeddings=True)
    tensors = load_file(folder / "model.safetensors")
    assert "lm_head.weight" not in tensors
    assert run("fisher", folder, tmp_path / "one.st", "--text", text_file, "--length", 20) == 0
    save_file(
        {**tensors, "lm_head.weight": tensors["model.embed_tokens.weight"].clone()},
        folder / "model.safetensors",
        {"format": "pt"},
    )
    assert run("fisher", folder, tmp_path / "two.st", "--text", text_file, "--length", 20) == 0

    one, two = load_file(tmp_path / "one.st"), load_file(tmp_path / "two.st")
    assert one.keys() == tensors.keys()
    assert torch.equal(two["lm_head.weight"], one["model.embed_tokens.weight"])


def test_a_network_of_plain_pytorch_has_statistics_too() -> None:
    class Network(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner, self.head = torch.nn.Linear(6, 5), torch.nn.Linear(5, 3)

        def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
            made: torch.Tensor = self.head(torch.relu(self.inner(pixel_values)))
            return made

    torch.manual_seed(1)
    network = Network()
    pictures = torch.randn(7, 6)
    examples = Examples(
        tuple(Example(picture=picture) for picture in pictures), "", "pictures", input_name="pixel_values"
    )
    found = collected(Fisher(StoredModel.of(network), examples, labels="exact"), examples)

    hidden = torch.relu(network.inner(pictures))
    p = network(pictures).softmax(-1)
    torch.testing.assert_close(found["head.weight"], (p * (1 - p)).T @ hidden.square() / 7)


def test_what_cannot_be_asked_is_refused(
    bert_folder: Path, text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = llama(tmp_path / "llama")
    assert run("fisher", folder, tmp_path / "f.st", "--text", text_file, "--labels", "exact") == 1
    assert "take --labels sampled" in capsys.readouterr().err
    assert run("fisher", bert_folder, tmp_path / "f.st", "--text", text_file, "--labels", "data") == 1
    assert "has no label" in capsys.readouterr().err
    assert run("grad-abs", bert_folder, tmp_path / "f.st", "--text", text_file) == 1
    assert "which the loss needs" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["llama"], "a refused run left something"


def test_a_masked_language_model_is_asked_nothing(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = transformers.BertConfig(
        vocab_size=300,
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
    )
    folder = random_model(transformers.BertForMaskedLM(config), tmp_path / "mlm")
    assert run("fisher", folder, tmp_path / "f.st", "--text", text_file, "--length", 20) == 1
    assert "BertForMaskedLM gives logits of shape" in capsys.readouterr().err


def test_an_example_is_run_alone_whatever_the_batch() -> None:
    batch = Examples(tuple(Example(tokens=(1,) * n) for n in (2, 5, 3)), "", "t").batch(0, 3)
    assert isinstance(batch, Batch)
    assert batch.tokens == 10
    assert batch.mask is not None
    assert batch.mask.tolist() == [[1, 1, 0, 0, 0], [1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]
