"""The Python part of quantised.sh, which explains itself there."""

import json
import shutil
import sys
from pathlib import Path

import numpy
import torch
from safetensors.torch import load_file, save_file

IDENTITY = """\
merge_method: linear
models:
  - model: {model}
    parameters: {{weight: 1.0}}
dtype: float32
"""
ALONE = """\
merge_method: linear
models:
  - model: {model}
    parameters: {{weight: 1.0}}
"""
HALVES = """\
merge_method: linear
models:
  - model: {model}
    parameters: {{weight: 0.5}}
  - model: {model}
    parameters: {{weight: 0.5}}
out_dtype: float8_e4m3fn
"""
MATRICES = {"model.layers.0.mlp.up_proj": (48, 128), "model.layers.0.self_attn.o_proj": (24, 64)}


def write(work, name, tensors, config, expected, recipe=IDENTITY):
    folder = work / "in" / name
    folder.mkdir(parents=True)
    save_file({key: value.contiguous() for key, value in tensors.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    recipes = [(name, recipe), (name + "-alone", ALONE)]
    for each, text in recipes:
        (work / f"{each}.yml").write_text(text.format(model=folder))
    save_file({key: value.float().contiguous() for key, value in expected.items()}, work / f"{name}.expected")


def compressed(work, name, format_, **arguments):
    """A model packed by compressed-tensors, and what its own functions make of it again."""
    from compressed_tensors.compressors.base import BaseCompressor
    from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
    from compressed_tensors.quantization.utils import calculate_qparams

    args = QuantizationArgs(**arguments)
    scheme = QuantizationScheme(targets=["Linear"], weights=args, format=format_)
    compressor = BaseCompressor.get_value_from_registry(format_)
    tensors = {"model.norm.weight": torch.randn(8).bfloat16()}
    expected = {"model.norm.weight": tensors["model.norm.weight"]}
    for module, (rows, columns) in MATRICES.items():
        weight = torch.randn(rows, columns) * 0.05 + 0.01
        group = args.group_size or columns
        blocks = weight.reshape(rows, columns // group, group)
        extra = {}
        if "nvfp4" in format_:
            extra["global_scale"] = (448 * 6 / weight.abs().max()).reshape(1).float()
        scale, zero = calculate_qparams(blocks.amin(-1), blocks.amax(-1), args, **extra)
        state = {"weight": weight, "weight_scale": scale}
        if not args.symmetric:
            state["weight_zero_point"] = zero
        if extra:
            state["weight_global_scale"] = extra["global_scale"]
        stored = compressor.compress(dict(state), scheme)
        back = compressor.decompress(dict(stored), scheme)["weight"]
        tensors.update({f"{module}.{key}": value for key, value in stored.items()})
        expected[f"{module}.weight"] = exact(stored, args, format_, rows, columns)
        near = (expected[f"{module}.weight"] - back.float()).abs().max() / back.float().abs().max()
        if near > 2**-7:  # their own result may be of a narrower type
            sys.exit(f"FAILED: {name}: {module} is not what compressed-tensors makes of it: {near}")
    config = {
        "model_type": "llama",
        "quantization_config": {
            "quant_method": "compressed-tensors",
            "format": format_,
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": args.model_dump(mode="json")}},
        },
    }
    write(work, name, tensors, config, expected)


def exact(stored, args, format_, rows, columns):
    """Their unpacked codes times their scales, in float32."""
    from compressed_tensors.compressors.pack_quantized.helpers import unpack_from_int32

    scale = stored["weight_scale"].float()
    zero = stored.get("weight_zero_point")
    if format_ == "pack-quantized":
        codes = unpack_from_int32(stored["weight_packed"], args.num_bits, torch.Size([rows, columns]))
        if zero is not None:
            zero = unpack_from_int32(zero, args.num_bits, torch.Size(scale.shape), packed_dim=0)
    elif "fp4" in format_:
        from compressed_tensors.compressors.nvfp4.helpers import unpack_fp4_from_uint8

        codes = unpack_fp4_from_uint8(stored["weight_packed"], rows, columns, dtype=torch.float32)
        scale = scale / stored["weight_global_scale"].float()
    else:
        codes = stored["weight"]
    groups = torch.arange(columns) // (columns // scale.shape[1])
    codes = codes.float()
    if zero is not None:
        codes = codes - zero.float()[:, groups]
    return codes * scale[:, groups]


def fp8(work):
    """By blocks, as transformers' own quantiser cuts them; the last ones are short."""
    tensors, expected = {}, {}
    for module, (rows, columns) in {"model.layers.0.mlp.up_proj": (200, 130), "lm_head": (128, 256)}.items():
        weight = torch.randn(rows, columns) * 0.02
        grid = (-(-rows // 128), -(-columns // 128))
        scale = torch.empty(grid)
        codes = torch.empty(rows, columns, dtype=torch.float8_e4m3fn)
        value = torch.empty(rows, columns)
        for i in range(grid[0]):
            for j in range(grid[1]):
                part = (slice(128 * i, 128 * i + 128), slice(128 * j, 128 * j + 128))
                scale[i, j] = weight[part].abs().max() / 448
                codes[part] = (weight[part] / scale[i, j]).to(torch.float8_e4m3fn)
                value[part] = codes[part].float() * scale[i, j]
        tensors[f"{module}.weight"], tensors[f"{module}.weight_scale_inv"] = codes, scale
        expected[f"{module}.weight"] = value
    config = {
        "model_type": "llama",
        "torch_dtype": "bfloat16",
        "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]},
    }
    write(work, "fp8", tensors, config, expected)
    (work / "fp8-again.yml").write_text(HALVES.format(model=work / "in/fp8"))


def mxfp4(work):
    """Random codes of gpt-oss, as transformers turns them into numbers."""
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors

    tensors, expected = {}, {}
    for name, (rows, columns) in {"gate_up_proj": (64, 96), "down_proj": (96, 32)}.items():
        blocks = torch.randint(0, 256, (3, rows, columns // 32, 16), dtype=torch.uint8)
        scales = torch.randint(118, 126, (3, rows, columns // 32), dtype=torch.uint8)
        stem = f"model.layers.0.mlp.experts.{name}"
        tensors[stem + "_blocks"], tensors[stem + "_scales"] = blocks, scales
        tensors[stem + "_bias"] = torch.randn(3, rows).bfloat16()
        expected[stem] = convert_moe_packed_tensors(blocks, scales)  # exact in bfloat16
        expected[stem + "_bias"] = tensors[stem + "_bias"]
    config = {"model_type": "gpt_oss", "quantization_config": {"quant_method": "mxfp4"}}
    write(work, "mxfp4", tensors, config, expected)


def gguf_model(work):
    """A Llama as convert_hf_to_gguf.py of llama.cpp writes it: names, shapes and the order of rows."""
    import gguf

    heads, key_heads, width = 4, 2, 32
    shapes = {
        "model.embed_tokens.weight": ("token_embd.weight", (16, width)),
        "model.norm.weight": ("output_norm.weight", (width,)),
        "lm_head.weight": ("output.weight", (16, width)),
        "model.layers.0.self_attn.q_proj.weight": ("blk.0.attn_q.weight", (width, width)),
        "model.layers.0.self_attn.k_proj.weight": ("blk.0.attn_k.weight", (width // 2, width)),
        "model.layers.0.self_attn.v_proj.weight": ("blk.0.attn_v.weight", (width // 2, width)),
        "model.layers.0.mlp.down_proj.weight": ("blk.0.ffn_down.weight", (width, 48)),
    }
    for word, kind, dtype in (("f32", gguf.GGMLQuantizationType.F32, numpy.float32),
                              ("f16", gguf.GGMLQuantizationType.F16, numpy.float16),
                              ("bf16", gguf.GGMLQuantizationType.BF16, None)):
        writer = gguf.GGUFWriter(work / f"{word}.gguf", "llama")
        writer.add_block_count(1)
        writer.add_context_length(64)
        writer.add_embedding_length(width)
        writer.add_feed_forward_length(48)
        writer.add_head_count(heads)
        writer.add_head_count_kv(key_heads)
        writer.add_layer_norm_rms_eps(1e-5)
        writer.add_token_list([f"t{i}" for i in range(16)])
        expected = {}
        for name, (there, shape) in shapes.items():
            value = torch.randn(shape)
            value = value.bfloat16().float() if dtype is None else value.to(torch.from_numpy(numpy.zeros(1, dtype)).dtype).float()
            expected[name] = value
            rows = value.numpy()
            if there in ("blk.0.attn_q.weight", "blk.0.attn_k.weight"):
                n = heads if "attn_q" in there else key_heads
                rows = rows.reshape(n, 2, shape[0] // n // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)
            rows = numpy.ascontiguousarray(rows)
            if dtype is None:
                writer.add_tensor(there, gguf.quants.quantize(rows, kind), raw_dtype=kind)
            else:
                writer.add_tensor(there, rows.astype(dtype))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        (work / f"gguf-{word}.yml").write_text(IDENTITY.format(model=work / f"{word}.gguf"))
        save_file({key: value.contiguous() for key, value in expected.items()}, work / f"gguf-{word}.expected")


def prepare(work):
    torch.manual_seed(7)
    integers = {"num_bits": 4, "type": "int", "symmetric": True}
    compressed(work, "int4-group", "pack-quantized", strategy="group", group_size=32, **integers)
    compressed(work, "int4-channel", "pack-quantized", strategy="channel", **integers)
    compressed(work, "int4-zeros", "pack-quantized", strategy="group", group_size=32, **{**integers, "symmetric": False})
    compressed(work, "int8-group", "pack-quantized", strategy="group", group_size=16, **{**integers, "num_bits": 8})
    compressed(work, "int8-channel", "int-quantized", strategy="channel", **{**integers, "num_bits": 8})
    compressed(work, "nvfp4", "nvfp4-pack-quantized", num_bits=4, type="float", strategy="tensor_group",
               group_size=16, symmetric=True)
    compressed(work, "fp8-channel", "float-quantized", num_bits=8, type="float", strategy="channel", symmetric=True)
    fp8(work)
    mxfp4(work)
    gguf_model(work)
    (work / "out").mkdir()


def compare(work):
    for file in sorted(work.glob("*.expected")):
        name = file.stem
        expected, merged = load_file(file), load_file(work / "out" / name / "model.safetensors")
        if set(expected) != set(merged):
            sys.exit(f"FAILED: {name}: {sorted(set(expected) ^ set(merged))}")
        worst = 0
        for key, value in expected.items():
            ulp = torch.finfo(torch.float32).eps * value.abs()
            distance = (merged[key] - value).abs()
            if merged[key].shape != value.shape or (distance > ulp).any():
                sys.exit(f"FAILED: {name}: {key} is off by {distance.max()}")
            worst = max(worst, int((distance > 0).sum()))
        if "quantization_config" in json.loads((work / "out" / name / "config.json").read_text()):
            sys.exit(f"FAILED: {name}: config.json still says that it is quantised")
        print(f"{name}: {len(expected)} tensors as their own library reads them, {worst} values by one unit off")
    for folder in sorted((work / "in").iterdir()):
        alone = load_file(work / "out" / (folder.name + "-alone") / "model.safetensors")
        for key, value in load_file(folder / "model.safetensors").items():
            if value.view(torch.uint8).tolist() != alone[key].view(torch.uint8).tolist():
                sys.exit(f"FAILED: {folder.name} alone: {key} has other bytes")
    print("each model alone has its bytes")
    again, before = (load_file(place / "model.safetensors") for place in (work / "out/fp8-again", work / "in/fp8"))
    for key, value in before.items():
        if value.view(torch.uint8).tolist() != again[key].view(torch.uint8).tolist():
            sys.exit(f"FAILED: FP8 merged with itself: {key} has other bytes")
    print("Passed: FP8 merged with itself and written again has its codes and scales")


if __name__ == "__main__":
    {"prepare": prepare, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
