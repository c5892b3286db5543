"""Bakes adapters that peft makes, by peft and by Stockpot, and compares. See adapters.sh."""

import json
import os
import pathlib
import subprocess
import sys

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])
ATTENTION = ["q_proj", "v_proj"]
LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def llama(**more):
    return transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            **{
                **dict(hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4,
                       num_key_value_heads=2, vocab_size=96, tie_word_embeddings=False),
                **more,
            }
        )
    )


def qwen2():
    return transformers.Qwen2ForCausalLM(
        transformers.Qwen2Config(hidden_size=48, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                                 num_key_value_heads=2, vocab_size=96, tie_word_embeddings=False))


def gpt2():
    return transformers.GPT2LMHeadModel(
        transformers.GPT2Config(n_embd=48, n_layer=2, n_head=4, vocab_size=96, n_positions=32))


def resnet():
    return transformers.ResNetForImageClassification(
        transformers.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic",
                                  num_labels=5))


def moe():
    return transformers.Qwen3MoeForCausalLM(
        transformers.Qwen3MoeConfig(hidden_size=48, intermediate_size=64, moe_intermediate_size=32,
                                    num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=12,
                                    num_experts=4, num_experts_per_tok=2, vocab_size=96, tie_word_embeddings=False))


def lora(**more):
    return LoraConfig(**{**dict(r=4, lora_alpha=8, target_modules=ATTENTION), **more})


# name: model, configuration, and how often
FORMS = {
    "plain": (llama, lambda: lora()),
    "all-linear": (llama, lambda: lora(target_modules="all-linear", r=8)),
    "rslora": (llama, lambda: lora(use_rslora=True, target_modules=LINEAR)),
    "patterns": (llama, lambda: lora(target_modules=LINEAR, rank_pattern={"layers.0.self_attn.q_proj": 2,
                                     r"layers\.\d+\.self_attn\.o_proj": 5}, alpha_pattern={"down_proj": 20})),
    "dora": (llama, lambda: lora(use_dora=True, target_modules=LINEAR)),
    "dora-rslora": (llama, lambda: lora(use_dora=True, use_rslora=True)),
    "embeddings": (llama, lambda: lora(target_modules=["embed_tokens", "q_proj"])),
    "dora-embeddings": (llama, lambda: lora(target_modules=["embed_tokens", "q_proj"], use_dora=True)),
    "head": (llama, lambda: lora(target_modules=["lm_head", "q_proj"])),
    "modules-to-save": (llama, lambda: lora(modules_to_save=["lm_head", "norm"])),
    "tokens": (llama, lambda: lora(trainable_token_indices={"embed_tokens": [3, 60, 17]})),
    "tied-tokens": (lambda: llama(tie_word_embeddings=True), lambda: lora(trainable_token_indices=[5, 2])),
    "bias-all": (qwen2, lambda: lora(bias="all")),
    "bias-lora-only": (qwen2, lambda: lora(bias="lora_only")),
    "lora-bias": (qwen2, lambda: lora(lora_bias=True)),
    "conv1d": (gpt2, lambda: lora(target_modules=["c_attn", "c_proj", "c_fc"], fan_in_fan_out=True)),
    "dora-conv1d": (gpt2, lambda: lora(target_modules=["c_attn", "c_proj"], fan_in_fan_out=True, use_dora=True)),
    "conv2d": (resnet, lambda: lora(target_modules=["convolution", "classifier.1"])),
    "dora-conv2d": (resnet, lambda: lora(target_modules=["convolution"], use_dora=True)),
    "experts": (moe, lambda: lora(target_parameters=["mlp.experts.gate_up_proj", "mlp.experts.down_proj"])),
    "one-parameter": (moe, lambda: lora(target_parameters=["mlp.experts.down_proj"])),
    "orthogonal": (llama, lambda: lora(init_lora_weights="orthogonal")),
    "pissa": (llama, lambda: lora(init_lora_weights="pissa", target_modules=LINEAR)),
    "olora": (llama, lambda: lora(init_lora_weights="olora", target_modules=LINEAR)),
}
BFLOAT16 = ["plain", "all-linear", "dora", "embeddings", "lora-bias", "conv1d", "experts", "modules-to-save"]
REFUSED = {
    "loha": (peft.LoHaConfig(r=4, target_modules=ATTENTION), "LOHA"),
    "lokr": (peft.LoKrConfig(r=4, target_modules=ATTENTION), "LOKR"),
    "ia3": (peft.IA3Config(target_modules=["q_proj", "down_proj"], feedforward_modules=["down_proj"]), "IA3"),
    "vera": (peft.VeraConfig(r=4, target_modules=["q_proj"]), "VERA"),
    "adalora": (peft.AdaLoraConfig(target_modules=["q_proj"], total_step=10), "ADALORA"),
}


def randomised(model):
    """Training, as far as a merge can tell: everything that is trained is another number."""
    torch.manual_seed(7)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    return model


def stockpot(recipe, output):
    file = WORK / "recipe.yml"
    file.write_text(recipe)
    return subprocess.run([STOCKPOT, "merge", str(file), str(output), "--overwrite", "--set", "report=false"],
                          capture_output=True, text=True)


def passthrough(*parts):
    return f"merge_method: passthrough\nmodels:\n- model: {'+'.join(map(str, parts))}\n"


def tensors(folder):
    found = {}
    for file in folder.glob("*.safetensors"):
        found.update(load_file(file))
    return found


def worst(made, expected, base=None):
    """The largest difference: absolute in float32, in units of the last place in bfloat16.

    These are of the base or the result, whichever is larger: peft rounds what it adds to bfloat16 before it adds it,
    and where base and addition cancel each other, that is all that is left.
    """
    if made.dtype == torch.bfloat16:
        scale = torch.maximum(made.abs(), expected.abs())
        scale = (scale if base is None else torch.maximum(scale, base.abs())).float().clamp(min=2.0**-126)
        unit = 2.0 ** (torch.floor(torch.log2(scale)) - 7)
        return ((made.float() - expected.float()).abs() / unit).max().item()
    return (made.double() - expected.double()).abs().max().item()


def make(name, dtype):
    build, configure = FORMS[name]
    torch.manual_seed(1)
    base = WORK / f"{name}-{dtype}"
    model = build().to(getattr(torch, dtype))
    model.save_pretrained(base)
    loaded = type(model).from_pretrained(base, dtype=getattr(torch, dtype))
    adapted = randomised(get_peft_model(loaded, configure()))
    adapter = WORK / f"{name}-{dtype}-lora"
    adapted.save_pretrained(adapter)
    merged = WORK / f"{name}-{dtype}-peft"
    adapted.merge_and_unload().save_pretrained(merged)
    return base, adapter, merged, type(model)


def check(name, dtype, failures):
    base, adapter, merged, loader = make(name, dtype)
    output = WORK / f"{name}-{dtype}-ours"
    run = stockpot(passthrough(base, adapter), output)
    if run.returncode != 0:
        failures.append(f"{name} {dtype}: {run.stderr.strip()}")
        return
    made, expected = tensors(output), tensors(merged)
    if made.keys() != expected.keys():
        failures.append(f"{name} {dtype}: other tensors {sorted(made.keys() ^ expected.keys())[:5]}")
        return
    before = tensors(base)
    changed = sum(not torch.equal(made[key], value) for key, value in before.items() if key in made)
    far = max(worst(made[key], expected[key], before.get(key)) for key in made if made[key].is_floating_point())
    bound = 2 if dtype == "bfloat16" else 1e-6
    _, info = loader.from_pretrained(output, output_loading_info=True)
    lost = [*info["missing_keys"], *info["unexpected_keys"], *info["mismatched_keys"]]
    print(f"{name:18} {dtype:9} {changed:3} tensors changed, at most {far:.2g} off")
    if far > bound or changed == 0 or lost:
        failures.append(f"{name} {dtype}: {far} off, {changed} changed, keys {lost}")


def check_resized(failures):
    """A vocabulary that grew: embedding and head are whole in the file, and config.json follows."""
    base = WORK / "resized"
    llama().save_pretrained(base)
    loaded = transformers.LlamaForCausalLM.from_pretrained(base)
    loaded.resize_token_embeddings(101)
    adapted = randomised(get_peft_model(loaded, lora()))
    adapted.save_pretrained(WORK / "resized-lora", save_embedding_layers=True)
    adapted.merge_and_unload().save_pretrained(WORK / "resized-peft")
    run = stockpot(passthrough(base, WORK / "resized-lora"), WORK / "resized-ours")
    if run.returncode != 0:
        failures.append(f"resized: {run.stderr.strip()}")
        return
    made, expected = tensors(WORK / "resized-ours"), tensors(WORK / "resized-peft")
    far = max(worst(made[key], expected[key]) for key in expected)
    size = json.loads((WORK / "resized-ours/config.json").read_text())["vocab_size"]
    print(f"{'resized':18} {'float32':9} vocabulary {size}, at most {far:.2g} off")
    if far > 1e-6 or size != 101:
        failures.append(f"resized: {far} off, vocab_size {size}")


def check_in_a_row(failures):
    """A plain one, then DoRA, whose norms are those of what the first has left."""
    base = WORK / "row"
    llama().save_pretrained(base)
    model = transformers.LlamaForCausalLM.from_pretrained(base)
    for name, config in ("first", lora()), ("second", lora(use_dora=True, target_modules=["q_proj", "up_proj"])):
        model = randomised(get_peft_model(model, config))
        model.save_pretrained(WORK / f"row-{name}")
        model = model.merge_and_unload()
    model.save_pretrained(WORK / "row-peft")
    run = stockpot(passthrough(base, WORK / "row-first", WORK / "row-second"), WORK / "row-ours")
    made, expected = tensors(WORK / "row-ours"), tensors(WORK / "row-peft")
    far = max(worst(made[key], expected[key]) for key in expected)
    print(f"{'two in a row':18} {'float32':9} at most {far:.2g} off")
    if run.returncode != 0 or far > 1e-6:
        failures.append(f"two in a row: {far} off {run.stderr.strip()}")


def check_refused(name, failures):
    base = WORK / "refused"
    llama().save_pretrained(base)
    config, word = REFUSED[name]
    adapted = get_peft_model(transformers.LlamaForCausalLM.from_pretrained(base), config)
    adapted.save_pretrained(WORK / name)
    run = stockpot(passthrough(base, WORK / name), WORK / "refused-ours")
    print(f"{name:18} refused: {run.returncode != 0 and word in run.stderr}")
    if run.returncode == 0 or word not in run.stderr:
        failures.append(f"{name} is not refused by name: {run.stderr.strip()}")


def main():
    wanted = sys.argv[2:]
    failures = []
    for name in FORMS:
        if not wanted or name in wanted:
            check(name, "float32", failures)
            if name in BFLOAT16:
                check(name, "bfloat16", failures)
    if not wanted:
        check_resized(failures)
        check_in_a_row(failures)
        for name in REFUSED:
            check_refused(name, failures)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    if failures:
        sys.exit(1)
    print("Passed: what peft bakes, Stockpot bakes alike")


main()
