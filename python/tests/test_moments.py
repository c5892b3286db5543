"""Moments and cross-products beside NumPy."""

from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import bert_classifier, llama
from safetensors.torch import load_file

from stockpot_tools import model as models
from stockpot_tools.cli import main
from stockpot_tools.data import Batch, Example, Examples
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.crossgrams import Crossgrams
from stockpot_tools.statistics.grams import Grams
from stockpot_tools.statistics.modules import Watched, rows_of
from stockpot_tools.statistics.moments import Moments, join


def run(*words: object) -> int:
    return main(["statistics", *[str(word) for word in words], "--quiet"])


def test_joined_moments_are_those_of_all() -> None:
    x = np.random.default_rng(3).normal(1e4, 1, (50, 4))  # a variance that sums of squares would lose in float32

    def of(rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        mean = rows.mean(0)
        return torch.tensor([len(rows)]), torch.tensor(mean), torch.tensor(((rows - mean) ** 2).sum(0))

    count, mean, m2 = join(join(of(x[:7]), of(x[7:20])), of(x[20:]))
    assert count.item() == 50
    np.testing.assert_allclose(mean, x.mean(0), rtol=1e-13)
    np.testing.assert_allclose((m2 / count).sqrt(), x.std(0), rtol=1e-10)


def test_padding_has_no_part_in_means_and_deviations(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    assert run("moments", bert_folder, tmp_path / "4.st", "--rows", labelled, "--batch-size", 4) == 0
    assert run("moments", bert_folder, tmp_path / "1.st", "--rows", labelled, "--batch-size", 1) == 0

    padded, alone = load_file(tmp_path / "4.st"), load_file(tmp_path / "1.st")
    assert padded.keys() == alone.keys()
    for name, tensor in alone.items():
        torch.testing.assert_close(padded[name], tensor, rtol=1e-4, atol=1e-4, msg=name)
    assert padded["bert.encoder.layer.1.output.dense.count"] == alone["bert.encoder.layer.1.output.dense.count"]


def test_channels_of_convolutions_are_counted_over_places(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = transformers.ResNetConfig(embedding_size=4, hidden_sizes=[4, 6], depths=[1, 1], layer_type="basic")
    network = transformers.ResNetForImageClassification(config).eval()
    pictures = torch.randn(3, 3, 32, 32)
    examples = Examples(tuple(Example(picture=one) for one in pictures), "", "pictures", input_name="pixel_values")
    moments = Moments(StoredModel.of(network), examples.batch(0, 2))
    names = list(moments.units())
    sums = moments.zeros(names)
    for batch in examples.batches(2):
        moments.add(names, sums, batch)

    name = "resnet.embedder.embedder.convolution"
    with torch.no_grad():
        out = network.get_submodule(name)(pictures).movedim(1, -1).reshape(-1, 4).double().numpy()
    assert sums[f"{name}.count"].item() == len(out) == 3 * 16 * 16
    np.testing.assert_allclose(sums[f"{name}.mean"], out.mean(0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(np.sqrt(sums[f"{name}.m2"] / len(out)), out.std(0), rtol=1e-5)


def test_two_models_of_different_widths(tmp_path: Path, text_file: Path) -> None:
    narrow, wide = llama(tmp_path / "a"), llama(tmp_path / "b", seed=1, hidden_size=20, num_hidden_layers=3)
    words = ["--text", text_file, "--length", 30, "--batch-size", 3, "--at", "blocks"]
    assert run("crossgram", narrow, wide, tmp_path / "c.st", *words) == 0

    found = load_file(tmp_path / "c.st")
    assert {name.rsplit(".", 1)[0] for name in found} == {"model.layers.0", "model.layers.1"}
    states = []
    for folder in (narrow, wide):
        model = transformers.LlamaForCausalLM.from_pretrained(folder).eval()
        tokens = models.tokenizer(folder)(text_file.read_text(encoding="utf-8"))["input_ids"]
        with torch.no_grad():
            rows = [
                model(torch.tensor([tokens[begin : begin + 30]]), output_hidden_states=True).hidden_states[1][0]
                for begin in range(0, len(tokens), 30)
            ]
        states.append(torch.cat(rows).double().numpy())
    a, b = states
    np.testing.assert_allclose(found["model.layers.1.crossgram"], a.T @ b, rtol=1e-4, atol=2e-3)
    np.testing.assert_allclose(found["model.layers.1.sum_a"], a.sum(0), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found["model.layers.1.sum_b"], b.sum(0), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found["model.layers.1.square_a"], (a * a).sum(0), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found["model.layers.1.square_b"], (b * b).sum(0), rtol=1e-4, atol=1e-3)
    assert found["model.layers.1.count"].item() == len(a)


def test_channels_that_go_into_convolutions_are_counted_over_places() -> None:
    networks = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        config = transformers.ResNetConfig(embedding_size=4, hidden_sizes=[4, 6], depths=[1, 1], layer_type="basic")
        networks.append(transformers.ResNetForImageClassification(config).eval())
    pictures = torch.randn(3, 3, 32, 32)
    examples = Examples(tuple(Example(picture=one) for one in pictures), "", "pictures", input_name="pixel_values")
    first, second = (StoredModel.of(network) for network in networks)
    products = Crossgrams(first, second, examples.batch(0, 2), at="layers")
    names = list(products.units())
    sums = products.zeros(names)
    for batch in examples.batches(2):
        products.add(names, sums, batch)

    name = "resnet.encoder.stages.1.layers.0.layer.0.convolution"
    seen: list[torch.Tensor] = []
    for network in networks:
        hook = network.get_submodule(name).register_forward_pre_hook(lambda _, words: seen.append(words[0]))
        with torch.no_grad():
            network(pictures)
        hook.remove()
    a, b = (value.movedim(1, -1).reshape(-1, value.shape[1]).double().numpy() for value in seen)
    assert sums[f"{name}.count"].item() == len(a)
    np.testing.assert_allclose(sums[f"{name}.crossgram"], a.T @ b, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(sums[f"{name}.square_b"], (b * b).sum(0), rtol=1e-4)
    assert products.metadata()["layout"] == "linear"
    assert Grams(first, examples.batch(0, 2), at="layers").widths[name] == a.shape[1]


def test_models_without_a_common_name_are_refused(tmp_path: Path, labelled: Path, capsys: object) -> None:
    bert, other = bert_classifier(tmp_path / "bert"), llama(tmp_path / "llama")
    assert run("crossgram", bert, other, tmp_path / "c.st", "--rows", labelled) == 1


def test_activations_that_do_not_tell_padding_are_refused() -> None:
    mask = torch.tensor([[1, 1, 1], [1, 0, 0]])
    batch = Batch({}, 2, 4, mask=mask)
    watched = Watched("experts.1", "experts.1", torch.nn.Linear(4, 4))
    assert rows_of(torch.ones(2, 3, 4), batch, watched).shape == (4, 4)
    assert rows_of(torch.ones(6, 4), batch, watched).shape == (4, 4)
    assert rows_of(torch.ones(2, 4), batch, watched).shape == (2, 4)
    with pytest.raises(Refused, match="take --batch-size 1"):
        rows_of(torch.ones(5, 4), batch, watched)
