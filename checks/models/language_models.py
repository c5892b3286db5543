"""Trains tiny language models, has soups and searches choose among them, and checks what was chosen. See the .sh."""

import inspect
import json
import os
import pathlib
import pydoc_data.topics
import subprocess
import sys
import time

import numpy
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])
TOKENS, LENGTH, BATCH = 800, 64, 16
FINE_TUNES = {"first": 2e-3, "second": 2e-3, "third": 3e-3, "too-fast": 6e-2}  # learning rates
EVALUATIONS = 12

torch.set_num_threads(1)


def manual():
    """The manual of Python, without its headings' underlines."""
    return "\n".join(pydoc_data.topics.topics.values())


def docstrings():
    """What NumPy says of its functions: another English, and other code."""
    names = sorted(name for name in dir(numpy) if not name.startswith("_"))
    return [inspect.getdoc(getattr(numpy, name)) or "" for name in names if callable(getattr(numpy, name))]


def tokenizer(text):
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=TOKENS, special_tokens=["<s>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    made.train_from_iterator(text.splitlines(), trainer)
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<s>", pad_token="<s>")


def trained(model, ids, rate, steps, seed):
    """Adam on blocks drawn at random."""
    random = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.1)
    model.train()
    for _ in range(steps):
        starts = torch.randint(len(ids) - LENGTH, (BATCH,), generator=random)
        batch = torch.stack([ids[start : start + LENGTH] for start in starts])
        loss = model(input_ids=batch, labels=batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return loss.item()


def prepare():
    texts = docstrings()
    learnt, held_out, test = ("\n\n".join(texts[part::5]) for part in (0, 1, 2))
    learnt += "\n\n".join(texts[3::5])
    for name, text in {"held-out": held_out, "test": test}.items():
        (WORK / f"{name}.txt").write_text(text[:20_000], encoding="utf-8")
    words = tokenizer(manual() + learnt)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=TOKENS, hidden_size=96, intermediate_size=256, num_hidden_layers=3, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=256, tie_word_embeddings=False, bos_token_id=0, eos_token_id=None,
    )
    model = transformers.LlamaForCausalLM(config)
    started = time.monotonic()
    loss = trained(model, torch.tensor(words(manual(), verbose=False)["input_ids"]), 3e-3, 400, seed=0)
    save(model, words, "base", loss, started)
    ids = torch.tensor(words(learnt, verbose=False)["input_ids"])
    for seed, (name, rate) in enumerate(FINE_TUNES.items(), 1):
        started = time.monotonic()
        model = transformers.LlamaForCausalLM.from_pretrained(WORK / "base")
        loss = trained(model, ids, rate, 150, seed)
        save(model, words, name, loss, started)


def save(model, words, name, loss, started):
    model.save_pretrained(WORK / name)
    words.save_pretrained(WORK / name)
    print(f"{name}: loss {loss:.2f} nats a token at its end, {time.monotonic() - started:.0f} s")


COMMAND = ["stockpot-tools", "evaluate", "perplexity", "--threads", "1", "--quiet", "--batch-size", "16"]


def bits(folder, text="held-out"):
    """What the evaluator says of a model."""
    done = subprocess.run([*COMMAND, str(folder), "--text", str(WORK / f"{text}.txt")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["score"]


def perplexity():
    return {"command": [*COMMAND, "{model}", "--text", str(WORK / "held-out.txt")], "direction": "min"}


def harness():
    """lm-evaluation-harness by its own command, on a task of this folder; what counts and which way is in its file."""
    folder = WORK / "tasks"
    folder.mkdir()
    texts = [text for text in (WORK / "held-out.txt").read_text(encoding="utf-8").split("\n\n") if len(text) > 200][:20]
    rows = folder / "docstrings.jsonl"
    rows.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    (folder / "docstrings.yaml").write_text(json.dumps({
        "task": "docstrings", "dataset_path": "json", "dataset_kwargs": {"data_files": {"test": str(rows)}},
        "test_split": "test", "output_type": "loglikelihood_rolling", "doc_to_text": "", "doc_to_target": "{{text}}",
        "metric_list": [{"metric": "bits_per_byte"}],
    }))
    return {
        "command": ["lm_eval", "run", "--model", "hf", "--model_args", "pretrained={model},dtype=float32",
                    "--device", "cpu", "--batch_size", "8", "--tasks", "docstrings", "--include_path", str(folder),
                    "--output_path", "{output}"],
        "results": "**/results_*.json",
        "metric": "docstrings:bits_per_byte",
    }


def chosen(name, recipe, evaluator):
    """Merges a recipe that chooses. Gives back its manifest."""
    recipe["evaluate"] = evaluator
    file, output = WORK / f"{name}.yml", WORK / f"{name}-merged"
    file.write_text(json.dumps(recipe))
    command = [STOCKPOT, "merge", str(file), str(output), "--set", "report=false", "--resume"]
    subprocess.run(command, check=True)
    before = json.loads((output / "stockpot-manifest.json").read_text())
    again = subprocess.run([*command, "--quiet"], check=True, capture_output=True, text=True)
    assert json.loads((output / "stockpot-manifest.json").read_text()) == before, again.stdout
    return before, output


def close(name, told, measured):
    assert abs(told - measured) < 1e-6, f"{name}: {told} in the manifest, {measured} by itself"


def scores(manifest, metric="score"):
    """Of all trials, by what was tried."""
    return {trial["what"]: trial["measures"][metric] for trial in manifest["chosen"]["trials"]}


def ingredients(manifest):
    """Names of the models in what was chosen."""
    return {pathlib.Path(line.split("model:")[1].strip(" '\"}")).name for line in manifest["recipe"].splitlines() if "model:" in line}


def main():
    prepare()
    models = [{"model": str(WORK / name)} for name in FINE_TUNES]
    manifest, soup = chosen("greedy", {"soup": "greedy", "models": models, "dtype": "float32"}, perplexity())
    found = scores(manifest)
    alone = [found[str(WORK / name)] for name in FINE_TUNES]
    assert len(found) == 2 * len(FINE_TUNES) - 1, found
    greedy = bits(soup)
    close("greedy", min(found.values()), greedy)
    assert greedy <= min(alone), f"{greedy}, but {alone} alone"
    assert "too-fast" not in ingredients(manifest), manifest["recipe"]

    ranged = {"parameters": {"weight": {"range": [0, 1], "start": 0.33}}}
    manifest, best = chosen("search", {
        "merge_method": "task_arithmetic", "base_model": str(WORK / "base"), "dtype": "float32",
        "models": [model | ranged for model in models[:3]],
        "search": {"strategy": "cma_es", "evaluations": EVALUATIONS, "seed": 1},
    }, perplexity())
    found = list(scores(manifest).values())
    assert len(found) == EVALUATIONS, found
    searched = bits(best)
    close("search", min(found), searched)
    assert searched < found[0], f"{searched} is not better than the first, {found[0]}"

    manifest, _ = chosen("harness", {"soup": "greedy", "models": models, "dtype": "float32"}, harness())
    by_harness = scores(manifest, "docstrings:bits_per_byte")
    assert len(by_harness) == 2 * len(FINE_TUNES) - 1, by_harness
    assert "too-fast" not in ingredients(manifest), manifest["recipe"]
    singles = [by_harness[str(WORK / name)] for name in FINE_TUNES]
    assert min(by_harness.values()) <= min(singles) < max(singles) == singles[-1], by_harness
    print(f"By lm-evaluation-harness, bits per byte: {min(singles):.3f} the best alone, {min(by_harness.values()):.3f} the soup")
    print(f"Passed: bits per byte {', '.join(f'{one:.3f}' for one in alone)} alone, {greedy:.3f} as a greedy soup,"
          f" {searched:.3f} by CMA-ES from {found[0]:.3f}; of a text that nobody saw {bits(soup, 'test'):.3f} and {bits(best, 'test'):.3f}")


if __name__ == "__main__":
    main()
