"""Writes Llama-shaped bfloat16 checkpoints of 1.16 GB (0.58 billion parameters) each: a base model and
fine-tunes of it, in two shards with an index, always the same bytes. Needs numpy.

    python benchmarks/make-checkpoints.py FOLDER [--fine-tunes 3]

Weights are N(0, 0.02^2), those of norms around 1; a fine-tune adds N(0, 0.001^2) and rounds to bfloat16, so
that its task vector is as coarse as a real one. The weights mean nothing; only their number and shape do.
"""

import argparse
import json
import zlib
from pathlib import Path

import numpy as np

HIDDEN, INTERMEDIATE, LAYERS, VOCABULARY, HEADS, KEY_VALUE_HEADS = 1536, 3392, 22, 32000, 12, 4
SHARDS = 2
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": HIDDEN,
    "intermediate_size": INTERMEDIATE,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KEY_VALUE_HEADS,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 2048,
    "rms_norm_eps": 1e-05,
    "hidden_act": "silu",
    "bos_token_id": 1,
    "eos_token_id": 2,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}


def tensors():
    """Names and shapes in the order of layers."""
    key_value = HIDDEN * KEY_VALUE_HEADS // HEADS
    yield "model.embed_tokens.weight", (VOCABULARY, HIDDEN)
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        yield prefix + "input_layernorm.weight", (HIDDEN,)
        yield prefix + "self_attn.q_proj.weight", (HIDDEN, HIDDEN)
        yield prefix + "self_attn.k_proj.weight", (key_value, HIDDEN)
        yield prefix + "self_attn.v_proj.weight", (key_value, HIDDEN)
        yield prefix + "self_attn.o_proj.weight", (HIDDEN, HIDDEN)
        yield prefix + "post_attention_layernorm.weight", (HIDDEN,)
        yield prefix + "mlp.gate_proj.weight", (INTERMEDIATE, HIDDEN)
        yield prefix + "mlp.up_proj.weight", (INTERMEDIATE, HIDDEN)
        yield prefix + "mlp.down_proj.weight", (HIDDEN, INTERMEDIATE)
    yield "model.norm.weight", (HIDDEN,)
    yield "lm_head.weight", (VOCABULARY, HIDDEN)


def normal(model, name, count, deviation):
    generator = np.random.Generator(np.random.SFC64([model, zlib.crc32(name.encode())]))
    values = generator.standard_normal(count, dtype=np.float32)
    values *= np.float32(deviation)
    return values


def to_bfloat16(values):
    """Rounds float32 to nearest, ties to even. No value here is NaN or infinite."""
    bits = values.view(np.uint32)
    return ((bits + (0x7FFF + ((bits >> 16) & 1))) >> 16).astype(np.uint16)


def to_float32(bfloat16s):
    return (bfloat16s.astype(np.uint32) << 16).view(np.float32)


def split(layout):
    """Cuts the tensors into SHARDS runs of about equal size."""
    total = sum(np.prod(shape) for _, shape in layout)
    shards, before = [[] for _ in range(SHARDS)], 0
    for name, shape in layout:
        shards[min(SHARDS - 1, int(before * SHARDS / total))].append((name, shape))
        before += np.prod(shape)
    return shards


def header(shard):
    entries, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in shard:
        size = 2 * int(np.prod(shape))
        entries[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(entries, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fine-tunes", type=int, default=3)
    arguments = parser.parse_args()

    models = ["base"] + [f"tune-{i}" for i in range(1, arguments.fine_tunes + 1)]
    shards = split(list(tensors()))
    total = 2 * sum(int(np.prod(shape)) for shard in shards for _, shape in shard)
    for model in models:
        folder = arguments.folder / model
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
        weight_map = {
            name: shard_name(i) for i, shard in enumerate(shards) for name, _ in shard
        }
        index = {"metadata": {"total_size": total}, "weight_map": weight_map}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2) + "\n")

    for i, shard in enumerate(shards):
        files = [open(arguments.folder / model / shard_name(i), "wb") for model in models]
        for file in files:
            file.write(header(shard))
        for name, shape in shard:
            count = int(np.prod(shape))
            base = normal(0, name, count, 0.02)
            if len(shape) == 1:
                base += 1
            base = to_bfloat16(base)
            base.tofile(files[0])
            for model, file in enumerate(files[1:], start=1):
                tuned = normal(model, name, count, 0.001)
                tuned += to_float32(base)
                to_bfloat16(tuned).tofile(file)
        for file in files:
            file.close()
    print(f"{len(models)} checkpoints of {total / 1e9:.2f} GB in {arguments.folder}")


def shard_name(i):
    return f"model-{i + 1:05}-of-{SHARDS:05}.safetensors"


if __name__ == "__main__":
    main()
