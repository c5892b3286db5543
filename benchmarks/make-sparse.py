#!/usr/bin/env python3
"""Writes checkpoints of real shapes as sparse files: headers are there, bytes are holes.

    make-sparse.py 70b OUT [LAYERS]   three checkpoints shaped like Llama-3-70B, 141 GB each with all 80 layers
    make-sparse.py moe OUT            three checkpoints of 8,000 tensors each, per-expert matrices
    make-sparse.py deepseek OUT [LAYERS]
                                      two checkpoints shaped like DeepSeek-V3, FP8 by blocks, 685 GB each with all 62
                                      layers; a recipe takes the experts of the second

They take a few MB of disk. Good for measuring plans; and for reading, as zeros. Standard library only.
"""

import json
import struct
import sys
from pathlib import Path

import llama_shapes

SHARD_BYTES = 4_700_000_000


def llama_70b(layers=80):
    hidden, inner, kv, vocabulary = 8192, 28672, 1024, 128256
    yield "model.embed_tokens.weight", [vocabulary, hidden]
    for layer in range(layers):
        yield from llama_shapes.layer(layer, hidden, inner, kv)
    yield "model.norm.weight", [hidden]
    yield "lm_head.weight", [vocabulary, hidden]


def experts():
    hidden, inner, layers, each = 1024, 256, 20, 132
    yield "model.embed_tokens.weight", [32000, hidden]
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        yield prefix + "self_attn.q_proj.weight", [hidden, hidden]
        yield prefix + "self_attn.o_proj.weight", [hidden, hidden]
        yield prefix + "input_layernorm.weight", [hidden]
        yield prefix + "mlp.gate.weight", [each, hidden]
        for expert in range(each):
            for matrix in ("w1", "w2", "w3"):
                yield f"{prefix}mlp.experts.{expert}.{matrix}.weight", [inner, hidden]
    yield "model.norm.weight", [hidden]


def deepseek(layers=62):
    """DeepSeek-V3: three dense layers, mixtures of 256 experts, and a last layer that predicts two tokens on."""
    hidden, vocabulary = 7168, 129280

    def coded(name, rows, columns):
        yield name + ".weight", [rows, columns], "F8_E4M3"
        yield name + ".weight_scale_inv", [-(-rows // 128), -(-columns // 128)], "F32"

    def mlp(prefix, inner):
        yield from coded(prefix + "gate_proj", inner, hidden)
        yield from coded(prefix + "up_proj", inner, hidden)
        yield from coded(prefix + "down_proj", hidden, inner)

    yield "model.embed_tokens.weight", [vocabulary, hidden], "BF16"
    for layer in range(layers):
        prefix = f"model.layers.{layer}."
        yield from coded(prefix + "self_attn.q_a_proj", 1536, hidden)
        yield from coded(prefix + "self_attn.q_b_proj", 24576, 1536)
        yield from coded(prefix + "self_attn.kv_a_proj_with_mqa", 576, hidden)
        yield from coded(prefix + "self_attn.kv_b_proj", 32768, 512)
        yield from coded(prefix + "self_attn.o_proj", hidden, 16384)
        yield prefix + "self_attn.q_a_layernorm.weight", [1536], "BF16"
        yield prefix + "self_attn.kv_a_layernorm.weight", [512], "BF16"
        yield prefix + "input_layernorm.weight", [hidden], "BF16"
        yield prefix + "post_attention_layernorm.weight", [hidden], "BF16"
        if layer < 3:
            yield from mlp(prefix + "mlp.", 18432)
            continue
        yield prefix + "mlp.gate.weight", [256, hidden], "BF16"
        yield prefix + "mlp.gate.e_score_correction_bias", [256], "F32"
        yield from mlp(prefix + "mlp.shared_experts.", 2048)
        for expert in range(256):
            yield from mlp(f"{prefix}mlp.experts.{expert}.", 2048)
    yield "model.norm.weight", [hidden], "BF16"
    yield "lm_head.weight", [vocabulary, hidden], "BF16"


BYTES = {"BF16": 2, "F32": 4, "F8_E4M3": 1}


def layers_of(tensors):
    return 1 + max(int(name.split(".")[2]) for name, *_ in tensors if name.startswith("model.layers."))


def shards(tensors):
    shard, used = [], 0
    for name, shape, *dtype in tensors:
        dtype = dtype[0] if dtype else "BF16"
        size = BYTES[dtype]
        for dimension in shape:
            size *= dimension
        if shard and used + size > SHARD_BYTES:
            yield shard
            shard, used = [], 0
        shard.append((name, shape, dtype, size))
        used += size
    yield shard


def write(folder, tensors, config):
    folder.mkdir(parents=True, exist_ok=True)
    tensors = list(tensors)
    groups = list(shards(tensors))
    weight_map, total = {}, 0
    for number, shard in enumerate(groups, 1):
        name = f"model-{number:05d}-of-{len(groups):05d}.safetensors"
        header, offset = {"__metadata__": {"format": "pt"}}, 0
        for tensor, shape, dtype, size in shard:
            header[tensor] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + size]}
            weight_map[tensor] = name
            offset += size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        with open(folder / name, "wb") as file:
            file.write(struct.pack("<Q", len(text)) + text)
            file.truncate(8 + len(text) + offset)
        total += offset
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    config = {**config, "num_hidden_layers": layers_of(tensors), "torch_dtype": "bfloat16"}
    (folder / "config.json").write_text(json.dumps(config))
    print(f"{folder}: {len(tensors)} tensors, {total / 1e9:.1f} GB in {len(groups)} files")


LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}
DEEPSEEK = {
    "architectures": ["DeepseekV3ForCausalLM"],
    "model_type": "deepseek_v3",
    "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]},
}
CHIMERA = """\
merge_method: linear
models:
- model: {out}/base
  parameters: {{weight: [{{filter: .mlp.experts., value: 0.0}}, {{value: 1.0}}]}}
- model: {out}/tune-1
  parameters: {{weight: [{{filter: .mlp.experts., value: 1.0}}, {{value: 0.0}}]}}
"""


def main():
    kinds = {"70b": llama_70b, "moe": experts, "deepseek": deepseek}
    layers = [int(word) for word in sys.argv[3:]]
    if len(sys.argv) not in (3, 4) or sys.argv[1] not in kinds or (layers and sys.argv[1] == "moe"):
        sys.exit(__doc__)
    out = Path(sys.argv[2])
    if sys.argv[1] == "deepseek":
        for model in ("base", "tune-1"):
            write(out / model, deepseek(*layers), DEEPSEEK)
        (out / "chimera.yml").write_text(CHIMERA.format(out=out))
        return
    for model in ("base", "tune-1", "tune-2"):
        write(out / model, kinds[sys.argv[1]](*layers), LLAMA)
    for method, extra in (("linear", ""), ("ties", ", density: 0.5")):
        base = "" if method == "linear" else f"base_model: {out}/base\n"
        models = "".join(
            f"- model: {out}/{model}\n  parameters: {{weight: 1.0{extra}}}\n"
            for model in (("base", "tune-1", "tune-2") if method == "linear" else ("tune-1", "tune-2"))
        )
        (out / f"{method}.yml").write_text(
            f"merge_method: {method}\n{base}models:\n{models}dtype: bfloat16\n"
        )


if __name__ == "__main__":
    main()
