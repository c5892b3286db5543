"""Extracts adapters with Stockpot and loads them with peft. See extract.sh."""

import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import warnings

import torch
import transformers
from peft import PeftModel

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])
SIZES = dict(hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=96)


def llama(**more):
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(**{**SIZES, "tie_word_embeddings": False, **more}))


def qwen2():
    return transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**SIZES, tie_word_embeddings=False))


def moe():
    return transformers.Qwen3MoeForCausalLM(
        transformers.Qwen3MoeConfig(**SIZES, moe_intermediate_size=32, head_dim=12, num_experts=4,
                                    num_experts_per_tok=2, tie_word_embeddings=False))


def gpt2():
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(n_embd=48, n_layer=2, n_head=4, vocab_size=96, n_positions=32))


def bert():
    return transformers.BertForSequenceClassification(
        transformers.BertConfig(hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                                vocab_size=96, max_position_embeddings=32, num_labels=3))


def opt():
    return transformers.OPTForCausalLM(
        transformers.OPTConfig(hidden_size=48, ffn_dim=64, num_hidden_layers=2, num_attention_heads=4, vocab_size=96,
                               max_position_embeddings=32, word_embed_proj_dim=48))


def everything(name):
    return True


def weights(name):
    return re.search(r"(proj|fc\d?|dense|query|key|value|c_attn|c_fc)\.weight$", name) is not None


# name: model, which parameters a fine-tune changes, words of extract, whether the logits must be the fine-tune's
CASES = {
    "linear": (llama, weights, ["--rank", "64"], True),
    "all": (llama, everything, ["--rank", "64"], True),
    "tied": (lambda: llama(tie_word_embeddings=True), everything, ["--rank", "64"], True),
    "one-layer": (llama, lambda name: "layers.1." in name and weights(name), ["--rank", "64"], True),
    "biases": (qwen2, everything, ["--rank", "64"], True),
    "bias-alone": (qwen2, lambda name: name.endswith("q_proj.bias") or "up_proj" in name, ["--rank", "64"], True),
    "conv1d": (gpt2, everything, ["--rank", "64"], True),
    "layer-norms": (opt, everything, ["--rank", "64"], True),
    "classifier": (bert, everything, ["--rank", "64"], True),
    "low-rank-embeddings": (llama, everything, ["--rank", "64", "--embeddings", "low-rank"], True),
    "rank": (llama, weights, ["--rank", "4"], False),
    "energy": (llama, weights, ["--energy", "0.8"], False),
    "error": (qwen2, weights, ["--error", "0.5"], False),
    "threshold": (gpt2, weights, ["--threshold", "0.05"], False),
    "bfloat16": (llama, weights, ["--rank", "8", "--dtype", "bfloat16"], False),
}


def fine_tuned(base, changes):
    model = copy.deepcopy(base)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if changes(name):
                noise = torch.randn(parameter.shape, generator=generator) * 0.02
                if parameter.dim() == 2:  # spectra that fall off, so that ranks differ
                    noise = noise * torch.logspace(0, -1.5, noise.shape[1])
                parameter += noise
    return model


def logits(model):
    tokens = torch.arange(24).reshape(2, 12) * 3 % 96
    with torch.no_grad():
        return model(input_ids=tokens).logits


def delta(layer):
    return layer.get_delta_weight("default").detach().double()


def check_deltas(loaded, base, tuned, tolerance):
    before, after = dict(base.named_modules()), dict(tuned.named_modules())
    ranks = set()
    for name, layer in loaded.base_model.model.named_modules():
        if not hasattr(layer, "lora_A") or "default" not in layer.lora_A:
            continue
        rank = layer.lora_A["default"].weight.shape[0]
        ranks.add(rank)
        change = (after[name].weight - before[name].weight).detach().double()
        u, s, v = torch.linalg.svd(change, full_matrices=False)
        best = u[:, :rank] * s[:rank] @ v[:rank]
        off = (delta(layer) - best).norm() / change.norm()
        least = (change - best).norm() / change.norm()
        ours = (change - delta(layer)).norm() / change.norm()
        assert off <= tolerance * 10 or ours <= least + tolerance, (name, rank, off, least, ours)
    assert ranks, "no module has a LoRA"
    return sorted(ranks)


def check(name):
    build, changes, words, is_exact = CASES[name]
    torch.manual_seed(3)
    base = build().eval()
    tuned = fine_tuned(base, changes)
    folders = [WORK / name / part for part in ("base", "tuned", "adapter")]
    base.save_pretrained(folders[0])
    tuned.save_pretrained(folders[1])
    done = subprocess.run([STOCKPOT, "extract", *map(str, folders), *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    fresh = type(base).from_pretrained(folders[0]).eval()
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        loaded = PeftModel.from_pretrained(fresh, folders[2]).eval()
    told = [str(warning.message) for warning in heard if "adapter keys" in str(warning.message)]
    assert not told, told
    tolerance = 5e-3 if "bfloat16" in words else 1e-5
    ranks = check_deltas(loaded, base, tuned, tolerance)
    if is_exact:
        wanted, got = logits(tuned), logits(loaded)
        off = (wanted - got).abs().max() / wanted.abs().max()
        assert off < 1e-4, f"logits are off by {off}"
        assert (wanted - logits(base)).abs().max() / wanted.abs().max() > 1e-3, "the fine-tune changes nothing"
    config = json.loads((folders[2] / "adapter_config.json").read_text())
    print(f"{name:20} ranks {ranks}, saved whole: {config['modules_to_save']}, bias: {config['bias']}", flush=True)


failures = []
wanted = sys.argv[2:] or list(CASES)
for case in wanted:
    try:
        check(case)
    except Exception as failure:  # all cases are tried
        failures.append(case)
        print(f"{case:20} FAILED: {type(failure).__name__}: {failure}", flush=True)
if failures:
    sys.exit(f"Failed: {', '.join(failures)}")
print(f"Passed: {len(wanted)} adapters")
