"""Runs that are interrupted, and outputs that cannot be written."""

import json
from pathlib import Path

import pytest
from safetensors.torch import load_file

from stockpot_tools.cli import main
from stockpot_tools.statistics.grams import Grams


def run(*words: object) -> int:
    return main(["statistics", *[str(word) for word in words], "--quiet"])


class StopError(Exception):
    pass


@pytest.fixture
def words(llama_folder: Path, text_file: Path) -> list[object]:
    return ["--text", text_file, "--length", 30, "--batch-size", 2, "--save-every", 0, "--memory", "8K"]


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Lets so many batches be added, and no more."""
    add, left = Grams.add, [after]

    def some(self: Grams, *rest: object) -> None:
        if left[0] == 0:
            raise StopError
        left[0] -= 1
        add(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Grams, "add", some)


@pytest.mark.parametrize("after", [1, 5, 17, 30])
def test_what_was_interrupted_goes_on_to_the_same_bytes(
    after: int, words: list[object], llama_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("gram", llama_folder, tmp_path / "whole.st", *words) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, after)
        with pytest.raises(StopError):
            run("gram", llama_folder, tmp_path / "halves.st", *words)
    assert not (tmp_path / "halves.st").exists()

    batches = 0
    add = Grams.add

    def counted(self: Grams, *rest: object) -> None:
        nonlocal batches
        batches += 1
        add(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Grams, "add", counted)
    assert run("gram", llama_folder, tmp_path / "again.st", *words) == 0
    all_batches, batches = batches, 0
    assert run("gram", llama_folder, tmp_path / "halves.st", *words, "--resume") == 0
    assert batches <= all_batches - after + 1, "more than the last batch was made again"
    assert (tmp_path / "halves.st").read_bytes() == (tmp_path / "whole.st").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.st", "halves.st", "whole.st"]


def test_an_unfinished_run_is_not_taken_for_another(
    words: list[object],
    llama_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as patch:
        interrupt(patch, 3)
        with pytest.raises(StopError):
            run("gram", llama_folder, tmp_path / "g.st", *words)

    assert run("gram", llama_folder, tmp_path / "g.st", *words) == 1
    assert "add --resume, or remove the folder" in capsys.readouterr().err
    assert run("gram", llama_folder, tmp_path / "g.st", *words, "--resume", "--length", 20) == 1
    assert "length was 30, is 20" in capsys.readouterr().err
    assert run("gram", llama_folder, tmp_path / "g.st", *words, "--resume", "--packed") == 1
    assert "option form was full, is packed" in capsys.readouterr().err


def test_an_output_that_is_there_is_kept(
    words: list[object], llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "g.st"
    file.write_text("mine")
    assert run("gram", llama_folder, file, *words) == 1
    assert "add --overwrite" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert run("gram", llama_folder, file, *words, "--overwrite") == 0
    assert load_file(file)
    assert run("gram", llama_folder, tmp_path, *words) == 1
    assert "must be a file" in capsys.readouterr().err
    assert run("gram", llama_folder, tmp_path / "no" / "g.st", *words) == 1
    assert "make it first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--memory", "lots"], "--memory is lots, must be such as 8G"),
        (["--memory", "100"], "alone takes"),
        (["--length", "0"], "length is 0 tokens, must be 2 to the 64 that the model has positions for"),
        (["--length", "65"], "length is 65 tokens, must be 2 to the 64"),
        (["--batch-size", "0"], "--batch-size is 0"),
        (["--shard", "3/2"], "shard is 3/2, must be from 1/2 to 2/2"),
        (["--shard", "third"], "--shard is third"),
    ],
)
def test_nonsense_is_refused(
    options: list[str],
    message: str,
    llama_folder: Path,
    text_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("gram", llama_folder, tmp_path / "g.st", "--text", text_file, *options) == 1
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_files_that_are_not_what_they_should_be_are_refused(
    llama_folder: Path, bert_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    for line, message in [
        ("nonsense", "line 1 is not JSON"),
        ("[1]", "must be an object"),
        (json.dumps({"label": "sad"}), "row 1 has text None"),
        (json.dumps({"text": "a", "label": "cross"}), "must be one of sad, glad, calm"),
        ("", "has no example in it"),
    ]:
        rows.write_text(line + "\n")
        assert run("gram", bert_folder, tmp_path / "g.st", "--rows", rows) == 1
        assert message in capsys.readouterr().err
    assert run("gram", tmp_path / "nowhere", tmp_path / "g.st", "--rows", rows) == 1
    assert "is no folder" in capsys.readouterr().err
    binary = tmp_path / "text.txt"
    binary.write_bytes(b"\xff\xfe\xff")
    assert run("gram", llama_folder, tmp_path / "g.st", "--text", binary) == 1
    assert "cannot be read as text" in capsys.readouterr().err
