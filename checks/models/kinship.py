"""Verdicts on how tiny language models are related, beside what is known of them; see kinship.sh."""

import copy
import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import torch
import transformers

WORK, DOCS = Path(sys.argv[1]), Path(sys.argv[2])
STOCKPOT = os.environ["STOCKPOT"].split()
LENGTH, BATCH = 48, 16
TEXT = "".join(page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md"))).encode("ascii", "ignore")
TASKS = {
    "text": TEXT,
    "backwards": TEXT[::-1],
    "shouted": TEXT.upper(),
    "shifted": bytes((byte + 1) % 128 for byte in TEXT),
}


def model(seed, kind):
    torch.manual_seed(seed)
    sizes = dict(vocab_size=128, max_position_embeddings=LENGTH)
    if kind == "llama":
        return transformers.LlamaForCausalLM(transformers.LlamaConfig(
            hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, **sizes))
    return transformers.GPT2LMHeadModel(transformers.GPT2Config(
        n_embd=48, n_inner=96, n_layer=2, n_head=4, n_positions=LENGTH, vocab_size=128, resid_pdrop=0, embd_pdrop=0,
        attn_pdrop=0))


def batches(task, seed, count):
    text = torch.tensor(list(TASKS[task][: len(TEXT) * 9 // 10]))
    draws = torch.Generator().manual_seed(seed)
    for _ in range(count):
        starts = torch.randint(len(text) - LENGTH, (BATCH,), generator=draws)
        yield torch.stack([text[start : start + LENGTH] for start in starts])


def trained(start, task, seed, steps, rate, keep=()):
    """The model after so many steps, and before at those that are kept."""
    network = copy.deepcopy(start).train()
    adam = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    kept = []
    for step, batch in enumerate(batches(task, seed, steps), 1):
        adam.zero_grad()
        network(input_ids=batch, labels=batch).loss.backward()
        adam.step()
        if step in keep:
            kept.append(copy.deepcopy(network))
    return [*kept, network]


@torch.no_grad()
def loss(network, tasks):
    held = [torch.tensor(list(TASKS[task][len(TEXT) * 9 // 10 :])) for task in tasks]
    sums = []
    for text in held:
        rows = text[: len(text) // LENGTH * LENGTH].reshape(-1, LENGTH)[:64]
        sums.append(network.eval()(input_ids=rows, labels=rows).loss.item())
    return sum(sums) / len(sums)


def middle(one, other):
    network = copy.deepcopy(one)
    with torch.no_grad():
        for weight, there in zip(network.parameters(), other.parameters()):
            weight.lerp_(there, 0.5)
    return network


def related(one, other, base):
    words = ["diff", one, other, "--sample", "--json"] + (["--base", base] if base else [])
    done = subprocess.run([*STOCKPOT, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"stockpot {words} failed:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)["related"]["pairs"][0]


def saved(name, network):
    network.save_pretrained(WORK / name)
    return WORK / name


def families(kind):
    """Pairs by what is known of them: (words, verdicts that are right, base, tasks, models)."""
    start = model(0, kind)
    early, middle_of_run, base = trained(start, "text", 1, 600, 3e-3, keep=(300, 450))
    tuned = {
        (task, seed): trained(base, task, seed, 150, 1e-3)[-1]
        for task, seed in [("shouted", 2), ("shouted", 3), ("backwards", 4), ("shifted", 5)]
    }
    same_start = trained(start, "text", 6, 600, 3e-3)[-1]
    apart = trained(model(9, kind), "text", 1, 600, 3e-3)[-1]
    yield "two checkpoints of one run", {"alike", "one_start"}, None, ["text"], [(middle_of_run, base), (early, base)]
    yield "one base, one task, two runs", {"alike"}, base, ["shouted"], [(tuned["shouted", 2], tuned["shouted", 3])]
    different = [tuned["shouted", 2], tuned["backwards", 4], tuned["shifted", 5]]
    yield "one base, different tasks", {"one_base"}, base, list(TASKS), list(combinations(different, 2))
    yield "one start, another order of examples, whole runs", None, None, ["text"], [(base, same_start)]
    yield "trained apart", {"trained_apart"}, None, ["text"], [(base, apart), (same_start, apart)]


wrong = []
for kind in ["llama", "gpt2"]:
    for words, right, base, tasks, pairs in families(kind):
        for number, (one, other) in enumerate(pairs):
            names = [f"{kind}-{words}-{number}-{side}".replace(" ", "_").replace(",", "") for side in "ab"]
            folders = [saved(name, network) for name, network in zip(names, (one, other))]
            there = saved(f"{names[0]}-base", base) if base is not None else None
            pair = related(*folders, there)
            ends = [loss(network, tasks) for network in (one, other)]
            figures = {key: None if pair.get(key) is None else round(pair[key], 3) for key in ["cosine", "fixed", "task_cosine"]}
            print(f"{kind}: {words}: {figures}, {pair['verdict']}; loss {ends[0]:.2f} and {ends[1]:.2f}, "
                  f"middle {loss(middle(one, other), tasks):.2f}", flush=True)
            if right is not None and pair["verdict"] not in right:
                wrong.append(f"{kind}: {words}: {pair['verdict']}, not {' or '.join(sorted(right))}")
if wrong:
    sys.exit("\n".join(wrong))
print("Passed: verdicts on tiny language models")
