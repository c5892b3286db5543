"""The measuring part of layer-7b.sh, which explains itself there."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy
import llama_shapes
import wide_layers

DATA, WANTED = Path(sys.argv[1]), sys.argv[2]
HIDDEN, INNER, VOCABULARY, LAYERS, SAMPLES = 4096, 11008, 32000, 32, 512
LIMIT = 4 << 30
SETTINGS = ["--set", "task-memory=3360MiB", "--set", "tasks=1"]
SHARED = json.dumps({"k_proj": "q_proj", "v_proj": "q_proj", "up_proj": "gate_proj"})
NOTES = {"kind": "gram", "normalised": "mean", "shared": SHARED}


def weights(layers):
    for number in range(layers):
        yield from llama_shapes.layer(number, HIDDEN, INNER, HIDDEN)
    if layers == LAYERS:
        yield from wide_layers.ends(VOCABULARY, HIDDEN)
    yield "model.norm.weight", [HIDDEN]


def grams(layers):
    for layer in range(layers):
        for name, inputs in (("self_attn.q_proj", HIDDEN), ("self_attn.o_proj", HIDDEN), ("mlp.gate_proj", HIDDEN),
                             ("mlp.down_proj", INNER)):
            yield f"model.layers.{layer}.{name}.gram_upper", [inputs * (inputs + 1) // 2]


def model(number):
    """A fine-tune is the base and a change of a twentieth of its size."""

    def numbers(name, shape):
        seed = sum(name.encode())
        values = 0.02 * numpy.random.default_rng(seed).standard_normal(shape, dtype=numpy.float32)
        if number > 0:
            values += 0.001 * numpy.random.default_rng([seed, number]).standard_normal(shape, dtype=numpy.float32)
        return wide_layers.bfloat16(values)

    return numbers


def gram(number):
    def numbers(name, shape):
        inputs = int((2 * shape[0]) ** 0.5)
        x = numpy.random.default_rng([sum(name.encode()), number]).standard_normal((SAMPLES, inputs), dtype=numpy.float32)
        full = x.T @ x / SAMPLES
        return full[numpy.triu_indices(inputs)].astype(numpy.float32)

    return numbers


def make(folder, layers, real):
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": HIDDEN,
              "intermediate_size": INNER, "num_hidden_layers": layers, "num_attention_heads": 32}
    for number, name in enumerate(("base", "a", "b")):
        wide_layers.write_bfloat16(folder / name, list(weights(layers)), config, model(number) if real else None)
        if number > 0:
            wide_layers.write(folder / f"grams-{name}", list(grams(layers)), "F32", 4, NOTES, gram(number) if real else None)
    entries = [f"  - {{model: {folder}/{name}, statistics: {{gram: {folder}/grams-{name}}}}}\n" for name in "ab"]
    (folder / "regmean.yml").write_text("merge_method: regmean\nmodels:\n" + "".join(entries) + "dtype: bfloat16\n")
    entries = [f"  - {{model: {folder}/{name}}}\n" for name in "ab"]
    (folder / "tsv_m.yml").write_text(
        f"merge_method: tsv_m\nbase_model: {folder}/base\nmodels:\n" + "".join(entries) + "dtype: bfloat16\n")
    (folder / "complete").touch()


def main():
    whole, layer = DATA / "whole", DATA / "layer"
    for folder, layers, real in ((whole, LAYERS, False), (layer, 1, True)):
        if not (folder / "complete").exists():
            print(f"Making {folder} ...", file=sys.stderr)
            make(folder, layers, real)
    for method in ("regmean", "tsv_m") if WANTED == "all" else (WANTED,):
        plan = subprocess.run([os.environ["STOCKPOT"], "plan", whole / f"{method}.yml", *SETTINGS], check=True,
                              capture_output=True, text=True).stdout
        told = [line for line in plan.splitlines() if line.startswith(("Memory", "Time")) or "executor" in line]
        assert len(told) >= 3, "plan prints neither memory nor time"
        print(f"All {LAYERS} layers by {method}:", *told, sep="\n  ", flush=True)
        out = DATA / f"out-{method}"
        shutil.rmtree(out, ignore_errors=True)
        begin = time.monotonic()
        subprocess.run([os.environ["STOCKPOT"], "merge", layer / f"{method}.yml", out, *SETTINGS], check=True)
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        print(f"One layer by {method}: {time.monotonic() - begin:.0f} s, at most {most / 2**30:.2f} GiB", flush=True)
        assert most <= LIMIT, f"it took {most} bytes, more than {LIMIT}"
    print("Passed")


main()
