"""What a shell sees."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from stockpot_tools import cli, model, safetensor_files


def stockpot_tools(*words: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "stockpot_tools", *[str(word) for word in words]],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_a_command_ends_with_a_line_of_json_and_nothing_else_on_stdout(
    llama_folder: Path, text_file: Path, tmp_path: Path
) -> None:
    done = stockpot_tools("statistics", "gram-diag", llama_folder, tmp_path / "g.st", "--text", text_file)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith('{"kind": "gram_diag", "output": ')
    assert done.stdout.count("\n") == 1
    assert load_file(tmp_path / "g.st")


def test_words_that_are_not_known_end_with_2() -> None:
    for words in ([], ["statistics"], ["statistics", "grams"], ["statistics", "gram", "a", "b"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 2


def test_what_the_library_says_is_one_line(
    llama_folder: Path, text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "cut"
    folder.mkdir()
    for file in llama_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.0.mlp.up_proj.weight"] = tensors["model.layers.0.mlp.up_proj.weight"][:, :3].contiguous()
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert cli.main(["statistics", "gram", str(folder), str(tmp_path / "g.st"), "--text", str(text_file)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert "model.layers.0.mlp.up_proj.weight" in said[-1] or "cannot be opened" in said[-1]
    assert not any(line.startswith("Traceback") for line in said)


def test_a_model_is_recognised_by_what_sha256sum_prints(tmp_path: Path) -> None:
    import hashlib

    one, two = tmp_path / "model-00001-of-00002.safetensors", tmp_path / "model-00002-of-00002.safetensors"
    one.write_bytes(b"one")
    two.write_bytes(b"two")
    (tmp_path / model.INDEX).write_text("{}")
    assert model.weight_files(tmp_path) == [one, two]
    printed = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in (one, two))
    assert safetensor_files.digest_of([two, one]) == hashlib.sha256(printed.encode()).hexdigest()
    assert safetensor_files.digest_of([one]) == hashlib.sha256(b"one").hexdigest()
