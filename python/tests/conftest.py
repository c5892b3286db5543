"""Tiny random models of transformers, and texts."""

import json
import os

os.environ |= {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",
}

from pathlib import Path

import pytest
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

torch.set_num_threads(1)
TEXT = Path(__file__).parent.joinpath("text.txt").read_text(encoding="utf-8")
WORDS = TEXT.split()


def save_tokenizer(folder: Path, **more: str) -> None:
    """Byte-level BPE of 300 tokens."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "<pad>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(TEXT.splitlines(), trainer)
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, **{"bos_token": "<s>", "pad_token": "<pad>", **more}
    ).save_pretrained(folder)


def random_model(model: transformers.PreTrainedModel, folder: Path, seed: int = 0) -> Path:
    """Saves a model of which every parameter is random."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.2 + (parameter.dim() == 1))
    model.save_pretrained(folder)
    save_tokenizer(folder)
    return folder


SIZES = {
    "vocab_size": 300,
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


def llama(folder: Path, seed: int = 0, **more: object) -> Path:
    config = transformers.LlamaConfig(
        **{
            **SIZES,
            "num_key_value_heads": 1,
            "max_position_embeddings": 64,
            "tie_word_embeddings": False,
            "bos_token_id": 0,
            "pad_token_id": 1,
            "eos_token_id": None,
            **more,
        }
    )
    return random_model(transformers.LlamaForCausalLM(config), folder, seed)


def bert_classifier(folder: Path, labels: int = 3, seed: int = 0) -> Path:
    config = transformers.BertConfig(**SIZES, max_position_embeddings=64, num_labels=labels, pad_token_id=1)
    if labels > 1:
        config.id2label = dict(enumerate(["sad", "glad", "calm"][:labels]))
        config.label2id = {name: number for number, name in config.id2label.items()}
    return random_model(transformers.BertForSequenceClassification(config), folder, seed)


@pytest.fixture(scope="session")
def llama_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return llama(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert_classifier(tmp_path_factory.mktemp("bert"))


@pytest.fixture(scope="session")
def text_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("text") / "text.txt"
    file.write_text(TEXT, encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Texts of different lengths, with labels."""
    file = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    rows = [
        {"text": " ".join(WORDS[7 * n : 7 * n + 3 + n % 5]), "label": ["sad", "glad", "calm"][n % 3]} for n in range(9)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file
