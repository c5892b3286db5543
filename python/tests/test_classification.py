"""Accuracy of classifiers of texts and pictures, counted apart."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import bert_classifier, llama
from PIL import Image
from safetensors.torch import load_file, save_file

from stockpot_tools.cli import main


def evaluate(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert main(["evaluate", "classification", *[str(word) for word in words], "--quiet"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main(["evaluate", "classification", *[str(word) for word in words], "--quiet"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_texts_are_counted_as_one_by_one(bert_folder: Path, labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = transformers.BertForSequenceClassification.from_pretrained(bert_folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(bert_folder)
    rows = [json.loads(line) for line in labelled.read_text(encoding="utf-8").splitlines()]
    right, losses = [], []
    for row in rows:
        with torch.no_grad():
            odds = model(torch.tensor([tokenizer(row["text"])["input_ids"]])).logits[0].log_softmax(-1)
        label = ["sad", "glad", "calm"].index(row["label"])
        right.append(float(odds.argmax() == label))
        losses.append(-float(odds[label]))
    assert 0 < sum(right) < len(right), "nothing can be told apart"

    found = evaluate(capsys, bert_folder, "--rows", labelled, "--batch-size", 4)
    assert found["score"] == pytest.approx(np.mean(right))
    assert found["score_stderr"] == pytest.approx(np.std(right, ddof=1) / 3)
    assert found["higher_is_better"] is True
    found = evaluate(capsys, bert_folder, "--rows", labelled, "--metric", "nll")
    assert found["score"] == pytest.approx(np.mean(losses), rel=1e-5)
    assert found["higher_is_better"] is False


def test_labels_are_names_or_numbers_and_rows_csv_or_jsonl(
    bert_folder: Path, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [json.loads(line) for line in labelled.read_text(encoding="utf-8").splitlines()]
    import csv

    file = tmp_path / "rows.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["label", "text"])
        for number, row in enumerate(rows):
            writer.writerow([number % 3, row["text"]])  # texts with commas and quotes in them
    by_number = evaluate(capsys, bert_folder, "--rows", file)
    by_name = evaluate(capsys, bert_folder, "--rows", labelled)
    assert by_number["score"] == by_name["score"]


@pytest.fixture
def vit(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = transformers.ViTConfig(
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=16,
        patch_size=8,
        num_labels=2,
        id2label={0: "dark", 1: "light"},
        label2id={"dark": 0, "light": 1},
    )
    folder = tmp_path / "vit"
    transformers.ViTForImageClassification(config).save_pretrained(folder)
    transformers.ViTImageProcessorPil(size={"height": 16, "width": 16}).save_pretrained(folder)
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    for number in range(10):
        name = ["dark", "light"][number % 2]
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True, exist_ok=True)
        pixels = random.integers(0, 128, (20, 24, 3)) + 127 * (number % 2)
        Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "pictures"


def test_pictures_in_folders_or_named_by_a_table(vit: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = evaluate(capsys, vit, "--images", pictures, "--metric", "nll")
    model = transformers.ViTForImageClassification.from_pretrained(vit).eval()
    processor = transformers.AutoImageProcessor.from_pretrained(vit)
    losses = []
    for file in sorted(pictures.glob("*/*.png")):
        with torch.no_grad():
            odds = model(**processor(Image.open(file), return_tensors="pt")).logits[0].log_softmax(-1)
        losses.append(-float(odds[["dark", "light"].index(file.parent.name)]))
    assert found["score"] == pytest.approx(np.mean(losses), rel=1e-5)
    assert found["score_stderr"] == pytest.approx(np.std(losses, ddof=1) / math.sqrt(10), rel=1e-4)

    table = pictures / "table.csv"
    lines = [f"{file.relative_to(pictures)},{file.parent.name}" for file in sorted(pictures.glob("*/*.png"))]
    table.write_text("image,label\n" + "\n".join(lines) + "\n")
    assert evaluate(capsys, vit, "--images", table, "--metric", "nll")["score"] == found["score"]


def test_pictures_that_are_none_are_refused(vit: Path, pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pictures / "light" / "x.png").write_text("no picture")
    assert "cannot be read as a picture" in refusal(capsys, vit, "--images", pictures)
    (pictures / "light" / "x.png").unlink()
    (pictures / "light").rename(pictures / "bright")
    assert "has label 'bright', must be one of dark, light" in refusal(capsys, vit, "--images", pictures)
    assert "has no example in it" in refusal(capsys, vit, "--images", vit)
    (vit / "preprocessor_config.json").unlink()
    assert "does not say how it takes pictures" in refusal(capsys, vit, "--images", pictures)


def test_models_and_rows_that_cannot_be_scored_are_refused(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = llama(tmp_path / "llama")
    assert "must be a model for sequence or image classification" in refusal(capsys, folder, "--rows", labelled)
    folder = bert_classifier(tmp_path / "bert")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a"}\n')
    assert "has rows without `label`" in refusal(capsys, folder, "--rows", rows)
    tensors = load_file(folder / "model.safetensors")
    tensors["classifier.bias"][1] = float("nan")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert "NaN or infinity for 8 of 8" in refusal(capsys, folder, "--rows", labelled)
