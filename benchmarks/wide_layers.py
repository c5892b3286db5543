"""Models shaped like Llama with real numbers in them, or holes: what align_8b.py and layer_7b.py measure."""

import json
import struct

import numpy


def ends(vocabulary, hidden):
    for name in ("model.embed_tokens.weight", "lm_head.weight"):
        yield name, [vocabulary, hidden]


def write(folder, tensors, dtype, width, notes, numbers):
    """With a hole instead of numbers where there are none."""
    folder.mkdir(parents=True, exist_ok=True)
    header, end = {"__metadata__": notes}, 0
    for name, shape in tensors:
        size = width * int(numpy.prod(shape))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        if numbers is None:
            file.truncate(8 + len(text) + end)
            return
        for name, shape in tensors:
            numbers(name, shape).tofile(file)


def write_bfloat16(folder, tensors, config, numbers):
    write(folder, tensors, "BF16", 2, {"format": "pt"}, numbers)
    (folder / "config.json").write_text(json.dumps(config))


def bfloat16(values):
    bits = values.astype(numpy.float32, copy=False).view(numpy.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(numpy.uint16)
