"""Retrieval beside scikit-learn, and pooling beside loops."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import WORDS, random_model
from sklearn.metrics import ndcg_score

from stockpot_tools.cli import main
from stockpot_tools.evaluate.retrieval import ndcg, pooled, recall


def evaluate(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert main(["evaluate", "retrieval", *[str(word) for word in words], "--quiet"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main(["evaluate", "retrieval", *[str(word) for word in words], "--quiet"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def write(file: Path, rows: list[dict[str, object]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = transformers.BertConfig(
        vocab_size=300,
        hidden_size=16,
        intermediate_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
        pad_token_id=1,
    )
    return random_model(transformers.BertModel(config), tmp_path_factory.mktemp("encoder"))


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """15 documents, and 8 queries of which each has one or two documents that belong to it, by grades."""
    folder = tmp_path_factory.mktemp("retrieval")
    documents = [{"id": n, "text": " ".join(WORDS[5 * n : 5 * n + 4 + n % 6])} for n in range(15)]
    queries: list[dict[str, object]] = [
        {"text": " ".join(WORDS[5 * n : 5 * n + 3]), "relevant": {str(n): 2, str((n + 3) % 15): 1} if n % 2 else [n]}
        for n in range(8)
    ]
    return write(folder / "queries.jsonl", queries), write(folder / "documents.jsonl", list(documents))


def vectors(encoder: Path, file: Path, pooling: str) -> np.ndarray:
    model = transformers.BertModel.from_pretrained(encoder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(encoder)
    made = []
    for line in file.read_text(encoding="utf-8").splitlines():
        with torch.no_grad():
            states = model(torch.tensor([tokenizer(json.loads(line)["text"])["input_ids"]])).last_hidden_state[0]
        one = {"mean": states.mean(0), "cls": states[0], "max": states.amax(0), "lasttoken": states[-1]}[pooling]
        made.append((one / one.norm()).double().numpy())
    return np.array(made)


@pytest.mark.parametrize("pooling", ["mean", "cls", "max", "lasttoken"])
def test_ndcg_is_that_of_scikit_learn_over_embeddings_of_texts_alone(
    pooling: str, encoder: Path, texts: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    queries, documents = texts
    found = evaluate(
        capsys,
        encoder,
        "--queries",
        queries,
        "--documents",
        documents,
        "--pooling",
        pooling,
        "--batch-size",
        4,
        "--dtype",
        "float32",
        "--k",
        5,
    )

    nearness = vectors(encoder, queries, pooling) @ vectors(encoder, documents, pooling).T
    grades = np.zeros((8, 15))
    for number, line in enumerate(queries.read_text(encoding="utf-8").splitlines()):
        relevant = json.loads(line)["relevant"]
        for name in relevant:
            grades[number, int(name)] = relevant[name] if isinstance(relevant, dict) else 1
    each = [ndcg_score(grades[i : i + 1], nearness[i : i + 1], k=5) for i in range(8)]
    assert found["score"] == pytest.approx(np.mean(each), abs=1e-9)
    assert found["score_stderr"] == pytest.approx(np.std(each, ddof=1) / np.sqrt(8), abs=1e-9)
    assert found["metric"] == "ndcg@5"

    found = evaluate(
        capsys,
        encoder,
        "--queries",
        queries,
        "--documents",
        documents,
        "--pooling",
        pooling,
        "--metric",
        "recall",
        "--dtype",
        "float32",
        "--k",
        5,
    )
    first = np.argsort(-nearness, axis=1)[:, :5]
    shares = [(grades[i, first[i]] > 0).sum() / (grades[i] > 0).sum() for i in range(8)]
    assert found["score"] == pytest.approx(np.mean(shares))


def test_padding_has_no_part_in_a_vector() -> None:
    states = torch.tensor([[[1.0, -2], [3, -4], [50, 60]], [[1, 1], [2, 5], [6, 0]]])
    mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
    assert pooled(states, mask, "mean").tolist() == [[2, -3], [3, 2]]
    assert pooled(states, mask, "max").tolist() == [[3, -2], [6, 5]]
    assert pooled(states, mask, "lasttoken").tolist() == [[3, -4], [6, 0]]
    assert pooled(states, mask, "cls").tolist() == [[1, -2], [1, 1]]


def test_measures_of_small_examples() -> None:
    assert ndcg(["a", "b"], {"a": 1}, 10) == 1
    assert ndcg(["b", "a"], {"a": 1}, 10) == pytest.approx(1 / np.log2(3))
    assert ndcg(["b", "a"], {"a": 1}, 1) == 0
    assert recall(["a", "b", "c"], {"a": 1, "z": 2, "c": 0}, 2) == 0.5


def test_the_model_says_how_it_pools(
    encoder: Path, texts: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in encoder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    modules = [
        {"path": "", "type": "sentence_transformers.models.Transformer"},
        {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    pooling = folder / "1_Pooling" / "config.json"
    pooling.write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}))
    words = ["--queries", texts[0], "--documents", texts[1], "--k", 5]
    said = evaluate(capsys, folder, *words)
    assert said["score"] == evaluate(capsys, encoder, *words, "--pooling", "cls")["score"]
    assert said["score"] != evaluate(capsys, encoder, *words, "--pooling", "mean")["score"]

    pooling.write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}))
    assert "pools by pooling_mode_cls_token, pooling_mode_mean_tokens" in refusal(capsys, folder, *words)
    modules.append({"path": "2_Dense", "type": "sentence_transformers.models.Dense"})
    (folder / "modules.json").write_text(json.dumps(modules))
    assert "has Dense, which this cannot run" in refusal(capsys, folder, *words)


def test_files_that_do_not_fit_together_are_refused(
    encoder: Path, texts: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queries, documents = texts

    def of_query(row: dict[str, object]) -> str:
        return refusal(capsys, encoder, "--queries", write(tmp_path / "q.jsonl", [row]), "--documents", documents)

    assert "names 99, which are no documents" in of_query({"text": "a", "relevant": [99]})
    assert "must have a grade above 0" in of_query({"text": "a", "relevant": []})
    assert "must have a grade above 0" in of_query({"text": "a"})
    assert "must be ids or grades by id" in of_query({"text": "a", "relevant": {"1": "much"}})
    assert "row 1 has text None" in of_query({"relevant": [1]})

    def of_documents(rows: list[dict[str, object]]) -> str:
        return refusal(capsys, encoder, "--queries", queries, "--documents", write(tmp_path / "d.jsonl", rows))

    assert "row 2 has id 1, must be one that no other has" in of_documents([{"id": 1, "text": "a"}] * 2)
    assert "has no document in it" in of_documents([])
    assert "--k is 0" in refusal(capsys, encoder, "--queries", queries, "--documents", documents, "--k", 0)
