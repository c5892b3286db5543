"""The measuring part of align-8b.sh, which explains itself there."""

import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy
import llama_shapes
import wide_layers

DATA, WANTED = Path(sys.argv[1]), sys.argv[2]
HIDDEN, INNER, KEYS, LAYERS = 4096, 14336, 1024, 32
TASK = 4 << 30
# The heap, and what a JVM takes for code, threads and buffers of files
BESIDE = 1200 << 20
SETTINGS = ["--set", "task-memory=4GiB", "--set", "tasks=1"]
CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": HIDDEN, "head_dim": 128,
          "intermediate_size": INNER, "num_attention_heads": 32, "num_key_value_heads": 8}


def weights(layers):
    for number in range(layers):
        yield from llama_shapes.layer(number, HIDDEN, INNER, KEYS)
    yield "model.norm.weight", [HIDDEN]
    yield from wide_layers.ends(128256 if layers == LAYERS else 64, HIDDEN)


def write(name, layers, numbers):
    config = {**CONFIG, "num_hidden_layers": layers}
    wide_layers.write_bfloat16(DATA / name, list(weights(layers)), config, numbers)


def of_start(start):
    def numbers(name, shape):
        random = numpy.random.default_rng([sum(name.encode()), start])
        return wide_layers.bfloat16(0.02 * random.standard_normal(shape, numpy.float32))

    return numbers


def in_another_order(name, shape):
    """The first model's, with the units of its MLP permuted."""
    order = numpy.random.default_rng(7).permutation(INNER)
    values = of_start(0)(name, shape)
    if ".mlp.down_proj" in name:
        return numpy.ascontiguousarray(values[:, order])
    return values[order] if ".mlp." in name else values


def make():
    recipe = "merge_method: linear\nmodels:\n  - {{model: {0}/{1}, parameters: {{weight: 0.5}}}}\n"
    recipe += "  - {{model: {0}/{2}, align: {{to: {0}/{1}}}, parameters: {{weight: 0.5}}}}\ndtype: bfloat16\n"
    write("first", 1, of_start(0))
    write("copy", 1, in_another_order)
    write("apart", 1, of_start(1))
    for name in ("whole-first", "whole-second"):
        write(name, LAYERS, None)
    for name in ("copy", "apart"):
        (DATA / f"{name}.yml").write_text(recipe.format(DATA, "first", name))
    (DATA / "whole.yml").write_text(recipe.format(DATA, "whole-first", "whole-second"))
    (DATA / "complete").touch()


def tensors(folder):
    with open(folder / "model.safetensors", "rb") as file:
        length = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(length))
        for name, shape in weights(1):
            begin, end = header[name]["data_offsets"]
            file.seek(8 + length + begin)
            yield name, file.read(end - begin)


def main():
    if not (DATA / "complete").exists():
        shutil.rmtree(DATA, ignore_errors=True)
        print(f"Making {DATA} ...", file=sys.stderr)
        make()
    begin = time.monotonic()
    plan = subprocess.run([os.environ["STOCKPOT"], "plan", DATA / "whole.yml", *SETTINGS], check=True,
                          capture_output=True, text=True)
    told = [line for line in (plan.stdout + plan.stderr).splitlines() if "align" in line.lower() or "Memory" in line]
    assert told, "plan says nothing of alignment:\n" + plan.stdout + plan.stderr
    print(f"All {LAYERS} layers, planned in {time.monotonic() - begin:.1f} s:", *told, sep="\n  ", flush=True)
    for name in ("copy", "apart") if WANTED == "all" else (WANTED,):
        out = DATA / f"out-{name}"
        shutil.rmtree(out, ignore_errors=True)
        begin = time.monotonic()
        subprocess.run([os.environ["STOCKPOT"], "merge", DATA / f"{name}.yml", out, *SETTINGS], check=True)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        print(f"One layer, {name}: {time.monotonic() - begin:.0f} s, at most {most / 2**30:.2f} GiB", flush=True)
        assert most <= TASK + BESIDE, f"it took {most} bytes, more than {TASK + BESIDE}"
        if name == "copy":
            for (tensor, made), (_, wanted) in zip(tensors(out), tensors(DATA / "first"), strict=True):
                assert made == wanted, f"{tensor} is not the model's"
    print("Passed")


main()
