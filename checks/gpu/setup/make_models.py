"""Writes a base and three fine-tunes for merges on a device: tensors that are worth one, of more than one reduction
block, large enough for thresholds to be looked for in a sample, of several types, with rows that fill the groups in
which sums are taken and others that do not, and one that the CPU keeps. Every element of a fine-tune differs from the
base in the last bits. Needs nothing but Python 3. Small models have one tensor, which is just worth a device.

    python3 make_models.py FOLDER [small]
"""

import json
import random
import struct
import sys
from pathlib import Path

TENSORS = {"large.weight": ("BF16", (2100, 2048)), "half.weight": ("F16", (500, 1400)),
           "single.weight": ("F32", (300, 1000)), "norm.weight": ("BF16", (2048,))}
SMALL_TENSORS = {"small.weight": ("BF16", (64, 1100)), "second.weight": ("BF16", (64, 1100))}
BYTES = {"BF16": 2, "F16": 2, "F32": 4}
UPPER = bytes((0x3C, 0xBC)[byte % 2] for byte in range(256))
LAST_BITS = bytes(byte % 4 for byte in range(256))


def base(name, size, count):
    """The highest byte of an element says that it is about a weight's size; the others are any."""
    random.seed(name)
    data = bytearray(random.randbytes(size * count))
    data[size - 1::size] = bytes(data[size - 1::size]).translate(UPPER)
    return bytes(data)


def tuned(model, data, size):
    random.seed(model)
    changes = bytearray(len(data))
    changes[size - 2::size] = random.randbytes(len(data) // size).translate(LAST_BITS)
    return (int.from_bytes(data, "little") ^ int.from_bytes(changes, "little")).to_bytes(len(data), "little")


def write(folder, model, tensors):
    header, parts, at = {}, [], 0
    for name, (dtype, shape) in tensors.items():
        size = BYTES[dtype]
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        data = base(name, size, count)
        parts.append(data if model == 0 else tuned(f"{model} {name}", data, size))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header).encode()
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))
    (folder / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama"}))


for number, name in enumerate(["base", "a", "b", "c"]):
    write(Path(sys.argv[1]) / name, number, SMALL_TENSORS if "small" in sys.argv[2:] else TENSORS)
