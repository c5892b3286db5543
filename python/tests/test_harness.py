"""lm-evaluation-harness, run on a task that lies in a folder; and its files, read."""

import json
import os
from pathlib import Path

import pytest
import yaml

from stockpot_tools.cli import main
from stockpot_tools.errors import Refused
from stockpot_tools.evaluate.harness import results_in, score_of

QUESTIONS = [
    ("The pot stands on the", ["stove", "moon"], 0),
    ("In winter the pot", ["sings", "freezes"], 1),
    ("Cooks disagree about", ["salt", "verbs"], 0),
    ("The fat comes off in one white", ["horse", "plate"], 1),
]


@pytest.fixture
def task(tmp_path: Path) -> Path:
    folder = tmp_path / "tasks"
    folder.mkdir()
    data = folder / "questions.jsonl"
    data.write_text(
        "".join(json.dumps({"q": q, "choices": c, "answer": a}) + "\n" for q, c, a in QUESTIONS), encoding="utf-8"
    )
    said = {
        "task": "pot",
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str(data)}},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "{{q}}",
        "doc_to_choice": "{{choices}}",
        "doc_to_target": "{{answer}}",
        "metric_list": [{"metric": "acc", "aggregation": "mean", "higher_is_better": True}],
    }
    (folder / "pot.yaml").write_text(yaml.safe_dump(said))
    return folder


def test_its_own_command_runs_a_local_task_and_its_file_is_read(
    llama_folder: Path, task: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    words = ["--tasks", "pot", "--include-path", str(task), "--dtype", "float32", "--output", str(tmp_path / "kept")]
    ended = main(["evaluate", "harness", str(llama_folder), *words])
    said = capfd.readouterr()
    assert ended == 0, said.err

    found = json.loads(said.out)
    assert found["metric"] == "pot:acc,none"
    assert found["score"] in {0, 0.25, 0.5, 0.75, 1}
    assert found["higher_is_better"] is True
    kept = json.loads(results_in(tmp_path / "kept").read_text())
    assert kept["results"]["pot"]["acc,none"] == found["score"]
    assert kept["results"]["pot"]["acc_stderr,none"] == pytest.approx(found["score_stderr"])
    assert kept["n-samples"]["pot"]["effective"] == 4


def test_a_task_that_it_does_not_know_is_refused(
    llama_folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "harness", str(llama_folder), "--tasks", "no_such_task"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert "lm_eval ended with" in said.err.splitlines()[-1]
    comma = tmp_path / "a,b"
    comma.mkdir()
    assert main(["evaluate", "harness", str(comma), "--tasks", "pot"]) == 1
    assert "has `,` or `=` in it" in capfd.readouterr().err


RESULTS = {
    "results": {
        "a": {
            "alias": "a",
            "acc,none": 0.5,
            "acc_stderr,none": 0.03,
            "acc_norm,none": 0.6,
            "acc_norm_stderr,none": 0.04,
        },
        "b": {"exact_match,strict-match": 0.2, "exact_match_stderr,strict-match": 0.03, "sample_len": 9},
        "c": {"bits_per_byte,none": 1.25, "bits_per_byte_stderr,none": "N/A", "word_perplexity,none": float("nan")},
    },
    "higher_is_better": {
        "a": {"acc": True, "acc_norm": True},
        "b": {"exact_match": True},
        "c": {"bits_per_byte": False},
    },
}


def test_scores_are_named_as_in_recipes() -> None:
    assert score_of(RESULTS, None, ["a"]).value == 0.6
    assert score_of(RESULTS, ["a:acc"], ["a"]).error == 0.03
    assert score_of(RESULTS, ["b:exact_match,strict-match"], ["b"]).value == 0.2
    assert score_of(RESULTS, None, ["b"]).metric == "b:exact_match,strict-match"
    low = score_of(RESULTS, ["c:bits_per_byte"], ["c"])
    assert (low.value, low.error, low.higher_is_better) == (1.25, None, False)
    both = score_of(RESULTS, None, ["a", "b"])
    assert both.value == pytest.approx(0.4)
    assert both.error == pytest.approx(0.025)


@pytest.mark.parametrize(
    ("metrics", "tasks", "message"),
    [
        (["z:acc"], ["z"], "there are no results of 'z'; there are those of a, b, c"),
        (["a:f1"], ["a"], "a:f1 is None; a has acc,none, acc_norm,none"),
        (["c:word_perplexity"], ["c"], "c:word_perplexity is nan"),
        (["a:acc", "c:bits_per_byte"], ["a", "c"], "do not all say that more is better"),
        (None, ["c"], "say which counts: --metric c:NAME"),
    ],
)
def test_what_is_not_there_or_no_number_is_refused(metrics: list[str] | None, tasks: list[str], message: str) -> None:
    with pytest.raises(Refused, match=message):
        score_of(RESULTS, metrics, tasks)


def test_one_file_of_results_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="wrote 0 files of results"):
        results_in(tmp_path)
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results_2026.json").write_text("{}")
    with pytest.raises(Refused, match="wrote 2 files of results"):
        results_in(tmp_path)
