"""Makes mixtures with Stockpot and with mergekit-moe, and loads them in transformers. See mixtures.sh."""

import json
import os
import pathlib
import subprocess
import sys

import safetensors.torch
import tokenizers
import torch
import transformers
import yaml

STOCKPOT = os.environ["STOCKPOT"]
MERGEKIT = pathlib.Path(sys.executable).with_name("mergekit-moe")
WORK = pathlib.Path(sys.argv[1])
SIZES = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=300, max_position_embeddings=64, tie_word_embeddings=False)
TEXT = "The cat sat on the mat and said no to the sea. A hat is a pot. Write a function that adds two numbers."
PROMPTS = ["the cat sat", "a hat is a pot", "write a function", "two numbers"]


def tokenizer(folder):
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.train_from_iterator([TEXT], tokenizers.trainers.BpeTrainer(
        vocab_size=300, special_tokens=["<s>", "</s>"], show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet()))
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, bos_token="<s>", eos_token="</s>", pad_token="</s>").save_pretrained(folder)


FAMILIES = {
    "llama": lambda: transformers.LlamaForCausalLM(transformers.LlamaConfig(**SIZES)),
    "mistral": lambda: transformers.MistralForCausalLM(transformers.MistralConfig(**SIZES, sliding_window=None)),
    "qwen2": lambda: transformers.Qwen2ForCausalLM(transformers.Qwen2Config(**SIZES)),
    "qwen3": lambda: transformers.Qwen3ForCausalLM(transformers.Qwen3Config(**SIZES, head_dim=8)),
}


def models(family):
    """A base and two fine-tunes, with a tokenizer."""
    folders = []
    for seed in range(3):
        folder = WORK / f"{family}-{seed}"
        if not folder.exists():
            torch.manual_seed(seed)
            model = FAMILIES[family]()
            with torch.no_grad():
                for parameter in model.parameters():
                    parameter.copy_(torch.randn(parameter.shape) * 0.2 + (parameter.dim() == 1))
            model.save_pretrained(folder)
            tokenizer(folder)
        folders.append(folder)
    return folders


def write(name, recipe):
    file = WORK / f"{name}.yml"
    file.write_text(yaml.safe_dump(recipe, sort_keys=False))
    return file


def merge(recipe, name):
    output = WORK / name
    environment = os.environ | {"STOCKPOT_JARS": os.environ["TOKENIZER_JARS"]}
    done = subprocess.run([STOCKPOT, "merge", recipe, output], text=True, capture_output=True, env=environment)
    if done.returncode != 0:
        raise SystemExit(f"{name}: stockpot failed: {done.stdout}{done.stderr}")
    return output


def tensors(folder):
    found = {}
    for file in sorted(folder.glob("*.safetensors")):
        found |= safetensors.torch.load_file(file)
    return found


def load(folder):
    model, told = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    wrong = {key: value for key, value in told.items() if value}
    assert not wrong, f"{folder.name}: loaded with {wrong}"
    return model.eval()


def recipe(family, **more):
    base, first, second = models(family)
    experts = [
        {"source_model": str(first), "positive_prompts": PROMPTS[:2]},
        {"source_model": str(second), "positive_prompts": PROMPTS[2:3], "negative_prompts": ["the sea"]},
        {"source_model": str(base), "positive_prompts": PROMPTS[3:]},
        {"source_model": str(first), "positive_prompts": ["no to the sea"]},
    ]
    return {"base_model": str(base), "gate_mode": "cheap_embed", "dtype": "float32", "experts": experts} | more


def like_mergekit(family, kind, more):
    """The same tensors as mergekit-moe's, prompts as text."""
    file = write(f"{family}-{kind}", recipe(family, **more))
    theirs = WORK / f"{file.stem}-mergekit"
    theirs.mkdir(exist_ok=True)  # for DeepSeek it writes there before it makes the folder
    made = subprocess.run([MERGEKIT, file, theirs], text=True, capture_output=True)
    assert made.returncode == 0, f"mergekit-moe made nothing: {made.stderr[-800:]}"
    ours = merge(file, f"{file.stem}-stockpot")
    mine, other = tensors(ours), tensors(theirs)
    assert mine.keys() == other.keys(), f"{file.stem}: {sorted(mine.keys() ^ other.keys())[:4]}"
    worst = max((mine[name] - other[name]).abs().max().item() for name in mine)
    assert worst < 1e-6, f"{file.stem}: off by {worst}"
    config, expected = (json.loads((folder / "config.json").read_text()) for folder in (ours, theirs))
    for key in ("architectures", "model_type", "num_local_experts", "num_experts", "n_routed_experts",
                "num_experts_per_tok", "norm_topk_prob", "moe_intermediate_size", "decoder_sparse_step", "auto_map",
                "shared_expert_intermediate_size", "first_k_dense_replace", "moe_layer_freq", "n_shared_experts"):
        assert config.get(key) == expected.get(key), f"{file.stem}: {key} {config.get(key)} not {expected.get(key)}"
    if kind != "deepseek":  # code that comes with a model
        load(ours)
    return worst


def equal_experts(family):
    """A router of zeros, equal experts: the dense model's logits."""
    base = models(family)[0]
    experts = [{"source_model": str(base)}] * 4
    text = {"base_model": str(base), "gate_mode": "zero", "experts": experts}
    mixture = load(merge(write(f"{family}-equal", text), f"{family}-equal-out"))
    ids = torch.tensor([[5, 17, 42, 100, 7, 250]])
    with torch.no_grad():
        worst = (mixture(ids).logits - load(base)(ids).logits).abs().max().item()
    assert worst <= 1e-5, f"{family}: logits off by {worst}"
    return worst


def fused(family):
    """Experts in one tensor hold what single ones do."""
    text = recipe(family)
    single = tensors(merge(write(f"{family}-single", text), f"{family}-single-out"))
    joined = tensors(merge(write(f"{family}-fused", text | {"expert_layout": "fused"}), f"{family}-fused-out"))
    names = ("w1", "w3", "w2") if family in ("llama", "mistral") else ("gate_proj", "up_proj", "down_proj")
    block = "block_sparse_moe" if names[0] == "w1" else "mlp"
    for layer in range(SIZES["num_hidden_layers"]):
        of = [[single[f"model.layers.{layer}.{block}.experts.{e}.{name}.weight"] for name in names] for e in range(4)]
        up = torch.stack([torch.cat(expert[:2]) for expert in of])
        assert torch.equal(joined[f"model.layers.{layer}.mlp.experts.gate_up_proj"], up)
        assert torch.equal(joined[f"model.layers.{layer}.mlp.experts.down_proj"], torch.stack([e[2] for e in of]))
    return 0


def shared(family):
    return {"shared_experts": [{"source_model": str(models(family)[2]), "positive_prompts": ["adds two"],
                                "residual_scale": 0.1}]}


CASES = {
    "mixtral-llama": lambda: like_mergekit("llama", "mixtral", {}),
    "mixtral-mistral": lambda: like_mergekit("mistral", "mixtral", {"experts_per_token": 1}),
    "deepseek": lambda: like_mergekit("llama", "deepseek", {"architecture": "deepseek"}),
    "deepseek-shared": lambda: like_mergekit(
        "mistral", "deepseek", {"architecture": "DeepSeek MoE", "shared_experts": [
            {"source_model": str(models("mistral")[1])}]}),
    "qwen2": lambda: like_mergekit("qwen2", "qwen", shared("qwen2")),
    "qwen2-of-llama": lambda: like_mergekit("llama", "qwen", {"architecture": "qwen", **shared("llama")}),
    "qwen3": lambda: like_mergekit("qwen3", "qwen3", {}),
    "equal-llama": lambda: equal_experts("llama"),
    "equal-mistral": lambda: equal_experts("mistral"),
    "equal-qwen3": lambda: equal_experts("qwen3"),
    "fused-llama": lambda: fused("llama"),
    "fused-qwen3": lambda: fused("qwen3"),
}
wanted = sys.argv[2:] or list(CASES)
failed = 0
for name in wanted:
    try:
        print(f"{name}: within {CASES[name]():.1e}", flush=True)
    except AssertionError as error:
        failed += 1
        print(f"{name}: FAILED, {error}", flush=True)
sys.exit(f"{failed} of {len(wanted)} failed" if failed else 0)
