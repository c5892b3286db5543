"""Moments of batch norms, and products of channels of two models."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file

from stockpot_tools import batch_norms
from stockpot_tools.cli import main
from stockpot_tools.data import Example, Examples
from stockpot_tools.errors import Refused
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.cross_sums import CrossSums

CONFIG = {"embedding_size": 4, "hidden_sizes": [4, 6], "depths": [1, 1], "layer_type": "basic", "num_labels": 2}


def network(seed: int) -> transformers.ResNetForImageClassification:
    torch.manual_seed(seed)
    made = transformers.ResNetForImageClassification(transformers.ResNetConfig(**CONFIG)).eval()
    for module in made.modules():
        if isinstance(module, torch.nn.BatchNorm2d) and module.running_mean is not None:
            assert module.running_var is not None
            torch.nn.init.normal_(module.running_mean)
            torch.nn.init.uniform_(module.running_var, 1, 9)
    return made


def pictures(count: int = 9) -> tuple[torch.Tensor, Examples]:
    torch.manual_seed(7)
    drawn = torch.randn(count, 3, 32, 32)
    examples = tuple(Example(picture=one) for one in drawn)
    return drawn, Examples(examples, "", "pictures", input_name="pixel_values")


def test_moments_are_means_over_batches_as_in_training() -> None:
    model, (drawn, examples) = network(0), pictures(8)
    found = batch_norms.measured(StoredModel.of(model), examples, 4)

    name = "resnet.embedder.embedder"
    with torch.no_grad():
        rows = [
            model.get_submodule(f"{name}.convolution")(batch).movedim(1, -1).reshape(-1, 4)
            for batch in (drawn[:4], drawn[4:])
        ]
    means = np.mean([part.double().numpy().mean(0) for part in rows], axis=0)
    variances = np.mean([part.double().numpy().var(0, ddof=1) for part in rows], axis=0)
    np.testing.assert_allclose(found[f"{name}.normalization.running_mean"], means, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(found[f"{name}.normalization.running_var"], variances, rtol=1e-4)
    assert found[f"{name}.normalization.num_batches_tracked"].item() == 2
    assert not any(module.training for module in model.modules())


def test_a_single_example_at_the_end_is_left_out() -> None:
    drawn, examples = pictures(9)
    found = batch_norms.measured(StoredModel.of(network(0)), examples, 4)
    assert found["resnet.embedder.embedder.normalization.num_batches_tracked"].item() == 2
    with pytest.raises(Refused, match="saw no batch of two examples"):
        batch_norms.measured(StoredModel.of(network(0)), pictures(1)[1], 4)
    assert len(drawn) == 9


def test_models_without_batch_norms_are_refused() -> None:
    config = transformers.ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1, image_size=32)
    with pytest.raises(Refused, match="has no batch norms"):
        batch_norms.measured(StoredModel.of(transformers.ViTForImageClassification(config)), pictures()[1], 4)


def folder_of_pictures(folder: Path) -> Path:
    random = np.random.default_rng(0)
    for label in ("LABEL_0", "LABEL_1"):
        (folder / label).mkdir(parents=True)
        for number in range(4):
            picture = random.integers(0, 255, (32, 32, 3), dtype=np.uint8)
            Image.fromarray(picture).save(folder / label / f"{number}.png")
    return folder


def saved(folder: Path, seed: int) -> Path:
    network(seed).save_pretrained(folder)
    processor = transformers.ConvNextImageProcessor(size={"shortest_edge": 32}, do_resize=False)
    processor.save_pretrained(folder)
    return folder


def test_the_command_writes_the_model_with_other_moments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, images = saved(tmp_path / "model", 0), folder_of_pictures(tmp_path / "images")
    words = ["batch-norm", str(model), str(tmp_path / "out"), "--images", str(images), "--batch-size", "4"]
    assert main(words) == 0, capsys.readouterr().err
    assert json.loads(capsys.readouterr().out)["examples"] == 8

    before, after = load_file(model / "model.safetensors"), load_file(tmp_path / "out" / "model.safetensors")
    assert before.keys() == after.keys()
    changed = {name.rsplit(".", 1)[1] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"running_mean", "running_var", "num_batches_tracked"}
    assert (tmp_path / "out" / "config.json").read_bytes() == (model / "config.json").read_bytes()
    assert not list(tmp_path.glob(".*.pending"))
    assert main(words) == 1
    assert "exists; name a new folder" in capsys.readouterr().err


def test_products_of_channels_give_their_covariance() -> None:
    first, second = network(0), network(1)
    drawn, examples = pictures(6)
    sums_of = CrossSums(StoredModel.of(first), StoredModel.of(second), examples.batch(0, 2))
    names = list(sums_of.units())
    sums = sums_of.zeros(names)
    for batch in examples.batches(2):
        sums_of.add(names, sums, batch)

    name = "resnet.embedder.embedder.convolution"
    with torch.no_grad():
        a, b = (
            model.get_submodule(name)(drawn).movedim(1, -1).reshape(-1, 4).double().numpy() for model in (first, second)
        )
    count = sums[f"{name}.count"].item()
    assert count == len(a)
    covariance = sums[f"{name}.cross_diag"] / count - sums[f"{name}.sum_a"] / count * sums[f"{name}.sum_b"] / count
    expected = [np.cov(a[:, i], b[:, i], ddof=0)[0, 1] for i in range(4)]
    np.testing.assert_allclose(covariance, expected, rtol=1e-4, atol=1e-6)
    assert "classifier.1" in names
    assert sums_of.metadata() == {"at": "outputs", "normalised": "sum"}, "modules that are in no files have no digest"
    stored = replace(sums_of.models[1], digest="0" * 64)
    assert CrossSums(sums_of.models[0], stored, examples.batch(0, 2)).metadata()["model_b_sha256"] == "0" * 64


def test_channels_of_other_widths_are_refused() -> None:
    torch.manual_seed(0)
    wide = transformers.ResNetForImageClassification(
        transformers.ResNetConfig(**{**CONFIG, "embedding_size": 8})
    ).eval()
    with pytest.raises(Refused, match="other widths"):
        CrossSums(StoredModel.of(network(0)), StoredModel.of(wide), pictures()[1].batch(0, 2))
