"""Tables of what models say, beside the models themselves."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
import torch
import transformers

from stockpot_tools import predictions
from stockpot_tools.cli import main


def written(*words: object) -> int:
    return main(["predictions", *[str(word) for word in words], "--quiet"])


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert written(*words) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_logits_of_texts_are_those_of_the_model(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    output = tmp_path / "bert.csv"
    assert written(bert_folder, "--rows", labelled, "--output", output, "--batch-size", 4) == 0
    with output.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["id", "label", "sad", "glad", "calm"]
    model = transformers.BertForSequenceClassification.from_pretrained(bert_folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(bert_folder)
    texts = [json.loads(line) for line in labelled.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(texts)
    for number, (row, text) in enumerate(zip(rows, texts, strict=True)):
        with torch.no_grad():
            logits = model(torch.tensor([tokenizer(text["text"])["input_ids"]])).logits[0]
        assert row["id"] == str(number)
        assert row["label"] == text["label"]
        found = torch.tensor([float(row[name]) for name in ("sad", "glad", "calm")])
        torch.testing.assert_close(found, logits, rtol=1e-5, atol=1e-5)
    assert [file.name for file in tmp_path.iterdir()] == ["bert.csv"]


def test_rows_without_a_label_have_none(bert_folder: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a word, or two"}\n', encoding="utf-8")
    assert written(bert_folder, "--rows", rows, "--output", tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1].startswith("0,,")


def test_parquet_has_the_columns_of_csv(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    as_csv, as_parquet = tmp_path / "bert.csv", tmp_path / "bert.parquet"
    assert written(bert_folder, "--rows", labelled, "--output", as_csv) == 0
    assert written(bert_folder, "--rows", labelled, "--output", as_parquet) == 0
    with as_csv.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    table = pyarrow.parquet.read_table(as_parquet)
    assert table.column_names == list(rows[0])
    assert [str(field.type) for field in table.schema] == ["int64", "string", "float", "float", "float"]
    for wanted, found in zip(rows, table.to_pylist(), strict=True):
        assert str(found["id"]) == wanted["id"]
        assert found["label"] == wanted["label"]
        assert [found[name] for name in ("sad", "glad", "calm")] == [
            float(wanted[name]) for name in ("sad", "glad", "calm")
        ]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bert.csv", "bert.parquet"]


def test_parquet_is_written_in_groups_of_rows(
    bert_folder: Path, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "ROWS_TOGETHER", 3)
    assert written(bert_folder, "--rows", labelled, "--output", tmp_path / "bert.parquet") == 0
    metadata = pyarrow.parquet.ParquetFile(tmp_path / "bert.parquet").metadata
    assert [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)] == [3, 3, 3]


def test_an_unknown_label_is_null_in_parquet(bert_folder: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a word, or two"}\n', encoding="utf-8")
    assert written(bert_folder, "--rows", rows, "--output", tmp_path / "out.parquet") == 0
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet")["label"].to_pylist() == [None]


def test_parquet_without_pyarrow_is_refused_before_the_model_runs(
    bert_folder: Path,
    labelled: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setattr("stockpot_tools.model.load", lambda *_: pytest.fail("the model was loaded"))
    said = refusal(capsys, bert_folder, "--rows", labelled, "--output", tmp_path / "out.parquet")
    assert "pip install 'stockpot[parquet]', or write .csv" in said
    assert list(tmp_path.iterdir()) == []


def test_a_class_that_is_called_like_a_column_is_refused(
    bert_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "confusing"
    model = transformers.BertForSequenceClassification.from_pretrained(bert_folder)
    model.config.id2label = {0: "sad", 1: "label", 2: "calm"}
    model.config.label2id = {"sad": 0, "label": 1, "calm": 2}
    model.save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(bert_folder).save_pretrained(folder)
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "a word", "label": "calm"}\n', encoding="utf-8")
    said = refusal(capsys, folder, "--rows", rows, "--output", tmp_path / "out.csv")
    assert "has a class called label, as a column of every table is" in said


def test_choices_have_the_log_probabilities_of_their_tokens(llama_folder: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    questions: list[dict[str, Any]] = [
        {"text": "once upon", "choices": [" a time", " the hill and far away"], "label": 0},
        {"text": "one", "choices": [" two", " three", " four"], "label": " three"},
    ]
    rows.write_text("".join(json.dumps(row) + "\n" for row in questions), encoding="utf-8")
    output = tmp_path / "llama.jsonl"
    assert written(llama_folder, "--choices", rows, "--output", output, "--batch-size", 2) == 0
    samples = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [sample["target"] for sample in samples] == ["0", "1"]
    assert samples[0]["doc_hash"] != samples[1]["doc_hash"]
    model = transformers.LlamaForCausalLM.from_pretrained(llama_folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(llama_folder)
    for sample, question in zip(samples, questions, strict=True):
        assert len(sample["filtered_resps"]) == len(question["choices"])
        before = [0, *tokenizer(question["text"], add_special_tokens=False)["input_ids"]]
        for (value, _), choice in zip(sample["filtered_resps"], question["choices"], strict=True):
            tokens = tokenizer(choice, add_special_tokens=False)["input_ids"]
            with torch.no_grad():
                odds = model(torch.tensor([before + tokens])).logits[0].log_softmax(-1)
            wanted = sum(float(odds[len(before) + place - 1, token]) for place, token in enumerate(tokens))
            assert float(value) == pytest.approx(wanted, abs=1e-4)


def test_refuses_what_makes_no_table(
    bert_folder: Path, llama_folder: Path, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "out.csv"
    assert "must be a language model" in refusal(
        capsys, bert_folder, "--choices", labelled, "--output", tmp_path / "out.jsonl"
    )
    assert "is a LlamaForCausalLM" in refusal(capsys, llama_folder, "--rows", labelled, "--output", output)
    assert "must end in .csv or .parquet" in refusal(
        capsys, bert_folder, "--rows", labelled, "--output", tmp_path / "out.txt"
    )
    output.write_text("there", encoding="utf-8")
    assert "is there already" in refusal(capsys, bert_folder, "--rows", labelled, "--output", output)
    assert output.read_text(encoding="utf-8") == "there"


def test_a_model_that_gives_nan_leaves_nothing(
    bert_folder: Path, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = transformers.BertForSequenceClassification.from_pretrained(bert_folder)
    with torch.no_grad():
        model.classifier.bias.fill_(float("nan"))
    folder = tmp_path / "broken"
    model.save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(bert_folder).save_pretrained(folder)
    output = tmp_path / "out.csv"
    assert "NaN or infinity for 8 of 8 rows" in refusal(capsys, folder, "--rows", labelled, "--output", output)
    assert [file.name for file in tmp_path.iterdir()] == ["broken"]


def test_a_choice_that_does_not_fit_is_refused(
    llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text": "one", "choices": [" two three four five six"], "label": 0}\n', encoding="utf-8")
    words = (llama_folder, "--choices", rows, "--output", tmp_path / "out.jsonl", "--length", 4)
    assert "does not fit 4 with a token before it" in refusal(capsys, *words)
