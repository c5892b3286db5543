"""Perplexity beside a token-by-token computation, and its windows."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import TEXT, bert_classifier, llama
from safetensors.torch import load_file, save_file

from stockpot_tools.cli import main
from stockpot_tools.errors import Refused
from stockpot_tools.evaluate.perplexity import windows
from stockpot_tools.evaluate.score import mean_and_error, ratio_and_error


def evaluate(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, object]:
    capsys.readouterr()
    assert main(["evaluate", "perplexity", *[str(word) for word in words], "--quiet"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    found: dict[str, object] = json.loads(printed)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main(["evaluate", "perplexity", *[str(word) for word in words], "--quiet"]) == 1
    said = capsys.readouterr()
    assert said.out == "", "something was printed that could be taken for a score"
    return said.err


def losses_one_by_one(folder: Path, text: str, length: int, stride: int) -> list[float]:
    """-ln p of each token, each by a run of the model of its own on the tokens that it may see."""
    model = transformers.LlamaForCausalLM.from_pretrained(folder, dtype=torch.float64).eval()
    tokens = [0, *transformers.AutoTokenizer.from_pretrained(folder)(text, add_special_tokens=False)["input_ids"]]
    found = []
    for place in range(1, len(tokens)):
        # the first window that ends behind it
        begin = 0 if place < length else stride * -(-(place + 1 - length) // stride)
        with torch.no_grad():
            odds = model(torch.tensor([tokens[begin:place]])).logits[0, -1].log_softmax(-1)
        found.append(-float(odds[tokens[place]]))
    return found


@pytest.mark.parametrize(("length", "stride"), [(64, 32), (17, 5), (20, 19), (30, 1)])
def test_each_token_is_scored_once_with_what_it_may_see(
    length: int, stride: int, llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TEXT[:330]
    file = tmp_path / "text.txt"
    file.write_text(text, encoding="utf-8")
    words = [llama_folder, "--text", file, "--length", length, "--stride", stride, "--dtype", "float32"]
    found = evaluate(capsys, *words, "--batch-size", 3)

    losses = losses_one_by_one(llama_folder, text, length, stride)
    details = found["details"]
    assert isinstance(details, dict)
    assert details["tokens"] == len(losses)
    assert details["bytes"] == len(text.encode())
    assert found["score"] == pytest.approx(sum(losses) / math.log(2) / len(text.encode()), rel=1e-5)
    found = evaluate(capsys, *words, "--metric", "perplexity")
    assert found["score"] == pytest.approx(math.exp(sum(losses) / len(losses)), rel=1e-4)
    assert found["higher_is_better"] is False


@pytest.mark.parametrize("tokens", [0, 1, 2, 3, 9, 10, 11, 50])
@pytest.mark.parametrize(("length", "stride"), [(2, 1), (10, 5), (10, 9), (7, 3)])
def test_windows_cover_every_place_once(tokens: int, length: int, stride: int) -> None:
    made = windows(list(range(tokens)), length, stride)
    scored = [place for _, end, first in made for place in range(first, end)]
    assert scored == list(range(1, tokens))
    for begin, end, first in made:
        assert end - begin <= length
        assert begin == 0 or first - begin >= length - stride
        assert begin < first, "a token without anything before it"


def test_strides_that_leave_a_token_alone_are_refused() -> None:
    for stride in (0, -1, 10, 11):
        with pytest.raises(Refused, match=f"--stride is {stride}, must be 1 to 9"):
            windows([1, 2, 3], 10, stride)


def test_texts_in_rows_do_not_see_each_other(
    llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line for line in TEXT.splitlines() if line]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": line}) + "\n" for line in lines), encoding="utf-8")
    found = evaluate(capsys, llama_folder, "--text", rows, "--dtype", "float32")

    losses = [sum(losses_one_by_one(llama_folder, line, 64, 32)) for line in lines[:2]]
    for number, loss in enumerate(losses):
        one = tmp_path / f"{number}.txt"
        one.write_text(lines[number], encoding="utf-8")
        alone = evaluate(capsys, llama_folder, "--text", one, "--dtype", "float32")
        assert alone["score"] == pytest.approx(loss / math.log(2) / len(lines[number].encode()), rel=1e-5)
    assert 0 < float(str(found["score_stderr"])) < float(str(found["score"]))


def test_errors_are_over_texts_where_there_are_enough(
    llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [" ".join(TEXT.split()[n : n + 4 + n % 7]) for n in range(0, 75, 3)]
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    found = evaluate(capsys, llama_folder, "--text", rows, "--dtype", "float32")

    loss = np.array([sum(losses_one_by_one(llama_folder, text, 64, 32)) for text in texts]) / math.log(2)
    size = np.array([len(text.encode()) for text in texts])
    ratio, n = loss.sum() / size.sum(), len(texts)
    # what leaving one text out after the other says of the error, which is near
    left_out = np.array([(loss.sum() - loss[i]) / (size.sum() - size[i]) for i in range(n)])
    jackknife = math.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum())
    assert found["score"] == pytest.approx(ratio, rel=1e-5)
    assert found["score_stderr"] == pytest.approx(jackknife, rel=0.05)


def test_a_tokenizer_without_a_beginning_leaves_the_first_token_out(
    llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in llama_folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    said = json.loads((folder / "tokenizer_config.json").read_text())
    del said["bos_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps(said))
    file = tmp_path / "text.txt"
    file.write_text(TEXT[:120], encoding="utf-8")
    found = evaluate(capsys, folder, "--text", file)

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokens = tokenizer(TEXT[:120], add_special_tokens=False)["input_ids"]
    details = found["details"]
    assert isinstance(details, dict)
    assert details["tokens"] == len(tokens) - 1
    assert details["bytes"] == len(TEXT[:120].encode()) - len(tokenizer.decode(tokens[:1]).encode())


def test_a_sample_is_that_of_its_seed(llama_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": word * 2}) + "\n" for word in TEXT.split()), encoding="utf-8")
    words = [llama_folder, "--text", rows, "--examples", 10]
    first = evaluate(capsys, *words, "--seed", 1)
    assert first == evaluate(capsys, *words, "--seed", 1)
    assert first["score"] != evaluate(capsys, *words, "--seed", 2)["score"]


def test_models_and_texts_that_cannot_be_scored_are_refused(
    tmp_path: Path, text_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bert = bert_classifier(tmp_path / "bert")
    assert "must be a language model" in refusal(capsys, bert, "--text", text_file)
    folder = llama(tmp_path / "llama")
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    assert "has no token to be scored" in refusal(capsys, folder, "--text", empty)
    assert "cannot be read as text" in refusal(capsys, folder, "--text", tmp_path / "nothing.txt")
    assert "length is 100 tokens" in refusal(capsys, folder, "--text", text_file, "--length", 100)
    assert "--examples is 0" in refusal(capsys, folder, "--text", text_file, "--examples", 0)
    tensors = load_file(folder / "model.safetensors")
    tensors["model.norm.weight"][2] = float("nan")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert "bits_per_byte is nan" in refusal(capsys, folder, "--text", text_file)
    tensors["model.norm.weight"][2] = float("inf")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert "cannot be compared" in refusal(capsys, folder, "--text", text_file, "--metric", "perplexity")


def test_errors_of_means_and_ratios_are_those_of_numpy() -> None:
    x = np.random.default_rng(0).normal(3, 2, 40)
    mean, error = mean_and_error(x.tolist())
    assert [mean, error] == pytest.approx([x.mean(), x.std(ddof=1) / math.sqrt(40)])
    assert mean_and_error([2.0]) == (2.0, None)
    ratio, error = ratio_and_error(x.tolist(), [1.0] * 40)
    assert [ratio, error] == pytest.approx([x.mean(), x.std(ddof=1) / math.sqrt(40)])
    assert ratio_and_error([3.0], [2.0]) == (1.5, None)
