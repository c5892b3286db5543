"""Merges tiny random models of many architectures, and loads what comes out with transformers.

For each architecture: an average, a gradient over the layers, and layers stacked by slices. The average and the gradient
are compared with what torch makes of the same models; every output must load without a missing or an unexpected key, or
be refused with a message that names config.json or the stack.

  python3 -m venv env && env/bin/pip install transformers torch
  env/bin/python checks/models/families.py stockpot WORK_FOLDER [TYPE ...]
"""

import pathlib
import re
import shutil
import subprocess
import sys

import torch
import transformers
from safetensors.torch import load_file
from transformers import CONFIG_MAPPING

from structures import model_class

WIDE = dict(hidden_size=32, intermediate_size=48, num_attention_heads=4, num_key_value_heads=2, head_dim=8, vocab_size=64,
            num_hidden_layers=4, pad_token_id=0)
GPT = dict(n_embd=32, n_layer=4, n_head=4, vocab_size=64)
EXPERTS = dict(num_experts=4, num_local_experts=4, num_experts_per_tok=2, moe_intermediate_size=16)
SIDES = dict(d_model=32, encoder_layers=4, decoder_layers=3, encoder_attention_heads=4, decoder_attention_heads=4,
             encoder_ffn_dim=48, decoder_ffn_dim=48, vocab_size=64, pad_token_id=0)
LATENT = dict(q_lora_rank=16, kv_lora_rank=8, qk_rope_head_dim=4, qk_nope_head_dim=4, v_head_dim=8, n_routed_experts=4,
              n_group=1, topk_group=1, num_experts_per_tok=2, moe_intermediate_size=16, first_k_dense_replace=1)
TYPES = {
    **{name: WIDE for name in "llama mistral qwen2 qwen3 gemma gemma2 gemma3_text phi phi3 olmo2 granite cohere starcoder2 "
       "stablelm smollm3 glm4 gpt_neox exaone4".split()},
    **{name: {**WIDE, **EXPERTS} for name in "mixtral qwen2_moe qwen3_moe olmoe".split()},
    "deepseek_v3": {**WIDE, **LATENT, "num_key_value_heads": 4},
    "gpt2": GPT, "gpt_bigcode": GPT,
    "bloom": dict(hidden_size=32, n_layer=4, n_head=4, vocab_size=64),
    "opt": dict(hidden_size=32, ffn_dim=48, num_hidden_layers=4, num_attention_heads=4, vocab_size=64, word_embed_proj_dim=32),
    "bert": WIDE, "roberta": WIDE, "electra": {**WIDE, "embedding_size": 32},
    "t5": dict(d_model=32, d_kv=8, d_ff=48, num_layers=4, num_decoder_layers=3, num_heads=4, vocab_size=64),
    "bart": SIDES,
    "whisper": {**SIDES, "num_mel_bins": 8, "max_source_positions": 16, "max_target_positions": 16},
}
REFUSALS = ("config.json of ", "several stacks of layers")


def make(model_type, sizes, folder, seed):
    torch.manual_seed(seed)
    config = CONFIG_MAPPING[model_type](**sizes)
    for key in ("bos_token_id", "eos_token_id", "pad_token_id", "decoder_start_token_id"):
        if isinstance(getattr(config, key, None), int):
            setattr(config, key, 0)
    model = model_class(config)(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    model.save_pretrained(folder)


def tensors(folder):
    return {name: tensor for file in pathlib.Path(folder).glob("*.safetensors") for name, tensor in load_file(file).items()}


def depths(names):
    """The place of every tensor in its own stack, by names alone: models here have no other numbered tensors."""
    stacks = {}
    for name in names:
        found = re.match(r"(.*?)\.(\d+)\.", name)
        if found:
            stacks.setdefault(found[1], set()).add(int(found[2]))
    def depth(name):
        found = re.match(r"(.*?)\.(\d+)\.", name)
        return int(found[2]) / (len(stacks[found[1]]) - 1) if found else 0
    return {name: depth(name) for name in names}


def run(stockpot, work, recipe, out):
    (work / f"{out}.yml").write_text(recipe)
    shutil.rmtree(work / out, ignore_errors=True)
    done = subprocess.run([stockpot, "merge", f"{out}.yml", out, "--set", "report=false"], cwd=work, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def loads(folder):
    config = transformers.AutoConfig.from_pretrained(folder)
    _, info = model_class(config).from_pretrained(folder, output_loading_info=True)
    return [key for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") for key in info[kind]]


def wrong(work, out, share):
    a, b, merged = tensors(work / "a"), tensors(work / "b"), tensors(work / out)
    if set(merged) != set(a):
        return f"{sorted(set(merged) ^ set(a))[:3]} are in one only"
    place = depths(a)
    for name, tensor in merged.items():
        part = share(place[name])
        if not torch.allclose(tensor, (1 - part) * a[name] + part * b[name], atol=1e-5):
            return f"{name} is not {1 - part:.2f} a + {part:.2f} b"
    return None


def check(stockpot, work, model_type, sizes):
    work.mkdir(parents=True, exist_ok=True)
    for seed, folder in enumerate("ab"):
        make(model_type, sizes, work / folder, seed)
    models = "models:\n  - {model: a, parameters: {weight: %s}}\n  - {model: b, parameters: {weight: %s}}\n"
    stack = ", stack: encoder" if model_type in ("t5", "bart", "whisper") else ""
    slices = "merge_method: passthrough\nslices:\n" + "".join(
        f"  - sources: [{{model: a, layer_range: {layers}{stack}}}]\n" for layers in ("[0, 3]", "[1, 4]"))
    merges = [("average", "merge_method: linear\n" + models % (0.75, 0.25), lambda depth: 0.25),
              ("gradient", "merge_method: linear\n" + models % ("[1, 0]", "[0, 1]"), lambda depth: depth),
              ("stacked", slices, None)]
    said = []
    for out, recipe, share in merges:
        code, text = run(stockpot, work, recipe, out)
        if code:
            refused = out == "stacked" and any(word in text for word in REFUSALS)
            said.append(f"{out} {'refused' if refused else 'FAILED: ' + text.strip()[-300:]}")
            continue
        fault = wrong(work, out, share) if share else None
        unknown = loads(work / out)
        said.append(f"{out} " + (f"FAILED: {fault or unknown[:4]}" if fault or unknown else "right"))
    return said


def main():
    stockpot, work, *types = sys.argv[1:]
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    failed = 0
    for model_type in types or TYPES:
        said = check(str(pathlib.Path(stockpot).resolve()), pathlib.Path(work) / model_type, model_type, TYPES[model_type])
        failed += any("FAILED" in line for line in said)
        print(f"{model_type:16} {'; '.join(said)}", flush=True)
    if failed:
        sys.exit(f"{failed} architectures failed")
    print(f"Passed: {len(types or TYPES)} architectures")


if __name__ == "__main__":
    main()
