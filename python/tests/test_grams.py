"""Gram matrices beside products of activations that PyTorch shows one example at a time."""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from conftest import bert_classifier, llama, random_model
from safetensors import safe_open
from safetensors.torch import load_file
from torch import nn

from stockpot_tools.cli import main


def run(*words: object) -> int:
    return main(["statistics", *[str(word) for word in words], "--quiet"])


def metadata(file: Path) -> dict[str, str]:
    with safe_open(file, framework="pt") as opened:
        return dict(opened.metadata())


def inputs_one_by_one(folder: Path, examples: list[list[int]]) -> dict[str, np.ndarray]:
    """Inputs of every linear layer, of examples that are run alone and so are not padded, in float64."""
    config = transformers.AutoConfig.from_pretrained(folder)
    model = getattr(transformers, config.architectures[0]).from_pretrained(folder, dtype=torch.float32).eval()
    seen: dict[str, list[torch.Tensor]] = defaultdict(list)
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            module.register_forward_pre_hook(
                lambda _, words, name=name: seen[name].append(words[0].reshape(-1, words[0].shape[-1]))
            )
    with torch.no_grad():
        for example in examples:
            model(input_ids=torch.tensor([example]))
    return {name: torch.cat(rows).double().numpy() for name, rows in seen.items()}


def tokens_of(folder: Path, texts: list[str]) -> list[list[int]]:
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    return [tokenizer(text)["input_ids"] for text in texts]


def texts_of(rows: Path) -> list[str]:
    return [json.loads(line)["text"] for line in rows.read_text(encoding="utf-8").splitlines()]


def test_padded_batches_give_the_sums_of_examples_alone(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    file = tmp_path / "gram.safetensors"
    assert run("gram", bert_folder, file, "--rows", labelled, "--batch-size", 4) == 0

    found = load_file(file)
    inputs = inputs_one_by_one(bert_folder, tokens_of(bert_folder, texts_of(labelled)))
    shared = json.loads(metadata(file)["shared"])
    assert shared == {"key": "query", "value": "query"}
    for name, x in inputs.items():
        if name.rsplit(".", 1)[-1] in shared:
            assert f"{name}.gram" not in found
            continue
        np.testing.assert_allclose(found[f"{name}.gram"], x.T @ x, rtol=2e-5, atol=2e-4, err_msg=name)
        assert found[f"{name}.count"].tolist() == [len(x)]
    assert found["bert.encoder.layer.0.attention.self.query.count"] > found["classifier.count"] == 9
    lengths = [len(tokens) for tokens in tokens_of(bert_folder, texts_of(labelled))]
    assert metadata(file)["n_tokens"] == str(sum(lengths))
    assert metadata(file)["n_examples"] == "9"
    assert min(lengths) < max(lengths), "nothing was padded"


def test_blocks_of_text_leave_no_token_out(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "gram.safetensors"
    assert run("gram", llama_folder, file, "--text", text_file, "--length", 30, "--batch-size", 3) == 0

    found = load_file(file)
    tokens = transformers.AutoTokenizer.from_pretrained(llama_folder)(text_file.read_text(encoding="utf-8"))[
        "input_ids"
    ]
    blocks = [tokens[begin : begin + 30] for begin in range(0, len(tokens), 30)]
    inputs = inputs_one_by_one(llama_folder, [block for block in blocks if len(block) > 1])
    assert json.loads(metadata(file)["shared"]) == {"k_proj": "q_proj", "up_proj": "gate_proj", "v_proj": "q_proj"}
    assert {name.rsplit(".", 2)[-2] for name in found} == {"q_proj", "o_proj", "gate_proj", "down_proj", "lm_head"}
    for name in ("model.layers.1.self_attn.q_proj", "model.layers.0.mlp.down_proj", "lm_head"):
        x = inputs[name]
        np.testing.assert_allclose(found[f"{name}.gram"], x.T @ x, rtol=2e-5, atol=2e-4)
        assert found[f"{name}.count"].tolist() == [len(x)]


def test_says_what_a_reader_has_to_know(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    import hashlib

    file = tmp_path / "gram.safetensors"
    assert run("gram", llama_folder, file, "--text", text_file, "--length", 30) == 0

    said = metadata(file)
    weights = (llama_folder / "model.safetensors").read_bytes()
    assert said["kind"] == "gram"
    assert said["layout"] == "linear"
    assert said["normalised"] == "sum"
    assert said["dtype"] == "float32"
    assert said["dataset_note"] == "text.txt"
    assert said["model_sha256"] == hashlib.sha256(weights).hexdigest()


def test_packed_is_the_upper_triangle_row_by_row(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    for option in ([], ["--packed"]):
        file = tmp_path / f"gram{len(option)}.safetensors"
        assert run("gram", llama_folder, file, "--text", text_file, "--length", 30, *option) == 0

    whole, packed = load_file(tmp_path / "gram0.safetensors"), load_file(tmp_path / "gram1.safetensors")
    name = "model.layers.0.mlp.down_proj"
    gram = whole[f"{name}.gram"].numpy()
    np.testing.assert_array_equal(packed[f"{name}.gram_upper"], np.concatenate([gram[i, i:] for i in range(24)]))


def test_the_diagonal_is_that_of_the_whole(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    for kind in ("gram", "gram-diag"):
        assert run(kind, llama_folder, tmp_path / f"{kind}.st", "--text", text_file, "--length", 30) == 0

    whole, diagonal = load_file(tmp_path / "gram.st"), load_file(tmp_path / "gram-diag.st")
    assert metadata(tmp_path / "gram-diag.st")["kind"] == "gram_diag"
    assert len(whole) == len(diagonal)
    for name, gram in whole.items():
        if name.endswith(".gram"):
            np.testing.assert_allclose(diagonal[f"{name}_diag"], gram.diagonal(), rtol=1e-5)
        else:
            assert diagonal[name] == gram


@pytest.mark.parametrize("kind", ["gram", "gram-diag", "moments"])
def test_less_memory_gives_the_same_bytes_in_more_passes(
    kind: str, llama_folder: Path, text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--text", text_file, "--length", 30, "--batch-size", 3]
    assert run(kind, llama_folder, tmp_path / "all.st", *words) == 0
    memory = {"gram": "6K", "gram-diag": 200, "moments": 5000}[kind]
    assert run(kind, llama_folder, tmp_path / "few.st", *words, "--memory", memory) == 0

    assert "passes over" in capsys.readouterr().err
    assert (tmp_path / "all.st").read_bytes() == (tmp_path / "few.st").read_bytes()


def test_shards_of_the_data_add_up(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    words = ["--text", text_file, "--length", 30, "--batch-size", 2]
    for shard in ("1/1", "1/3", "2/3", "3/3"):
        assert run("gram", llama_folder, tmp_path / shard.replace("/", "-"), *words, "--shard", shard) == 0

    whole = load_file(tmp_path / "1-1")
    parts = [load_file(tmp_path / f"{number}-3") for number in (1, 2, 3)]
    for name, tensor in whole.items():
        torch.testing.assert_close(sum(part[name] for part in parts), tensor, rtol=1e-5, atol=1e-4)


def test_weights_of_conv1d_lie_the_other_way_and_the_file_says_so(text_file: Path, tmp_path: Path) -> None:
    config = transformers.GPT2Config(n_embd=16, n_layer=2, n_head=2, vocab_size=300, n_positions=64)
    folder = random_model(transformers.GPT2LMHeadModel(config), tmp_path / "gpt2")
    assert run("gram", folder, tmp_path / "gram.st", "--text", text_file, "--length", 30) == 0

    found = load_file(tmp_path / "gram.st")
    assert metadata(tmp_path / "gram.st")["layout"] == "conv1d"
    assert "shared" not in metadata(tmp_path / "gram.st"), "q, k and v are one matrix there"
    assert found["transformer.h.0.mlp.c_proj.gram"].shape == (64, 64)
    assert "lm_head.gram" not in found, "the head is the embedding, which is averaged"


def test_names_are_those_of_the_files(bert_folder: Path, labelled: Path, tmp_path: Path) -> None:
    model = transformers.BertModel.from_pretrained(bert_folder)
    folder = tmp_path / "body"
    model.save_pretrained(folder)
    transformers.AutoTokenizer.from_pretrained(bert_folder).save_pretrained(folder)
    tensors = {f"bert.{name}": tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    from safetensors.torch import save_file

    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    assert run("gram", folder, tmp_path / "gram.st", "--rows", labelled) == 0

    assert "bert.encoder.layer.0.attention.self.query.gram" in load_file(tmp_path / "gram.st")


def test_inputs_of_blocks(llama_folder: Path, text_file: Path, tmp_path: Path) -> None:
    assert run("gram", llama_folder, tmp_path / "gram.st", "--text", text_file, "--length", 64, "--at", "blocks") == 0

    found = load_file(tmp_path / "gram.st")
    assert set(found) == {f"model.layers.{layer}.{part}" for layer in (0, 1) for part in ("gram", "count")}
    model = transformers.LlamaForCausalLM.from_pretrained(llama_folder)
    tokens = transformers.AutoTokenizer.from_pretrained(llama_folder)(text_file.read_text(encoding="utf-8"))[
        "input_ids"
    ]
    total = torch.zeros(16, 16, dtype=torch.float64)
    for begin in range(0, len(tokens), 64):
        states = (
            model(torch.tensor([tokens[begin : begin + 64]]), output_hidden_states=True).hidden_states[1][0].double()
        )
        total += states.T @ states
    torch.testing.assert_close(found["model.layers.1.gram"].double(), total, rtol=1e-4, atol=1e-3)


def test_nan_is_refused_by_name(text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = llama(tmp_path / "llama")
    from safetensors.torch import save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.1.mlp.up_proj.weight"][3, 5] = float("nan")
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})

    assert run("gram", folder, tmp_path / "gram.st", "--text", text_file) == 1
    assert "model.layers.1.mlp.down_proj.gram has" in capsys.readouterr().err
    assert not (tmp_path / "gram.st").exists()


def test_a_head_that_would_be_random_is_refused(
    bert_folder: Path, labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = bert_classifier(tmp_path / "bert")
    from safetensors.torch import save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["classifier.weight"]
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})

    assert run("gram", folder, tmp_path / "gram.st", "--rows", labelled) == 1
    assert "lacks classifier.weight" in capsys.readouterr().err
