"""The measuring part of regmean.sh, which explains itself there; `regmean.py DATA plain` is the program for PyTorch."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

DATA, WANTED = Path(sys.argv[1]), sys.argv[2]
HERE = Path(__file__).resolve().parent
STOCKPOT = os.environ.get("STOCKPOT", HERE.parent / "stockpot")
MODELS = [DATA / "models/tune-1", DATA / "models/tune-2"]
GRAMS = [DATA / "regmean/grams-1.safetensors", DATA / "regmean/grams-2.safetensors"]
OUTPUT = {tool: DATA / "regmean" / tool for tool in ("stockpot", "plain")}
SHARED = {"k_proj": "q_proj", "v_proj": "q_proj", "up_proj": "gate_proj"}
ALPHA, SAMPLES = 0.9, 512
TIMES_AS_FAST = 2
DIFFERENT = 1e-3  # of what is merged: bfloat16 is rounded by up to four times as much


def tensors(folder):
    """Names of tensors, and the open files that hold them."""
    found = {}
    for shard in sorted(folder.glob("*.safetensors")):
        file = safe_open(shard, "pt")
        found.update({name: file for name in file.keys()})
    return found


def gram_name(weight):
    """The statistic of a matrix of a layer; nothing of any other tensor."""
    module = weight.removesuffix(".weight")
    path, _, leaf = module.rpartition(".")
    return f"{path}.{SHARED.get(leaf, leaf)}.gram_upper" if leaf.endswith("_proj") else None


def make_grams():
    for number, (model, file) in enumerate(zip(MODELS, GRAMS)):
        if file.exists():
            continue
        print(f"Making {file} ...", file=sys.stderr)
        made = {}
        for name, shard in tensors(model).items():
            gram = gram_name(name)
            if gram is not None and gram not in made:
                inputs = shard.get_slice(name).get_shape()[1]
                random = np.random.default_rng([number, len(made)])
                x = random.standard_normal((SAMPLES, inputs), dtype=np.float32)
                made[gram] = torch.from_numpy((x.T @ x / SAMPLES)[np.triu_indices(inputs)])
        file.parent.mkdir(parents=True, exist_ok=True)
        notes = {"kind": "gram", "normalised": "mean", "shared": json.dumps(SHARED)}
        save_file(made, file.with_suffix(".part"), notes)
        file.with_suffix(".part").rename(file)


def full(upper):
    """A symmetric matrix of its upper triangle."""
    inputs = int((2 * upper.numel()) ** 0.5)
    matrix = torch.zeros(inputs, inputs, dtype=torch.float64)
    rows, columns = torch.triu_indices(inputs, inputs)
    matrix[rows, columns] = upper.double()
    return matrix + matrix.T - torch.diag(matrix.diagonal())


def plain():
    """RegMean as one writes it down: W = (sum of W G) (sum of G)^-1, with alpha times what is off the diagonals."""
    models, grams = [tensors(model) for model in MODELS], [safe_open(file, "pt") for file in GRAMS]
    merged = {}
    for name in models[0]:
        weights = [model[name].get_tensor(name) for model in models]
        if gram_name(name) is None:
            merged[name] = (sum(weight.float() for weight in weights) / len(weights)).to(weights[0].dtype)
            continue
        total, products = 0, 0
        for weight, file in zip(weights, grams):
            gram = full(file.get_tensor(gram_name(name)))
            gram = ALPHA * gram + (1 - ALPHA) * torch.diag(gram.diagonal())
            total = total + gram
            products = products + weight.double() @ gram
        solved = torch.cholesky_solve(products.T, torch.linalg.cholesky(total)).T
        merged[name] = solved.to(weights[0].dtype).contiguous()
    OUTPUT["plain"].mkdir(parents=True)
    save_file(merged, OUTPUT["plain"] / "model.safetensors", {"format": "pt"})


def recipe():
    entries = "".join(
        f"  - {{model: {model}, statistics: {{gram: {file}}}}}\n" for model, file in zip(MODELS, GRAMS))
    path = DATA / "regmean/recipe.yml"
    path.write_text(
        f"merge_method: regmean\nmodels:\n{entries}parameters: {{alpha: {ALPHA}}}\ndtype: bfloat16\n")
    return path


def difference():
    """How far the results are apart, relative to what is merged; the most of any tensor."""
    ours, theirs = (tensors(OUTPUT[tool]) for tool in ("stockpot", "plain"))
    assert ours.keys() == theirs.keys(), "the results do not have the same tensors"
    most = 0.0
    for name in ours:
        a, b = ours[name].get_tensor(name).double(), theirs[name].get_tensor(name).double()
        most = max(most, ((a - b).norm() / b.norm()).item())
    return most


def main():
    make_grams()
    commands = {
        "stockpot": [str(STOCKPOT), "merge", str(recipe()), str(OUTPUT["stockpot"])],
        "plain": [sys.executable, str(Path(__file__).resolve()), str(DATA), "plain"],
    }
    subprocess.run([str(STOCKPOT), "merge", "--help"], check=True, stdout=subprocess.DEVNULL)  # builds
    for folder in (*MODELS, GRAMS[0].parent):  # the system holds the inputs in memory for both alike
        for file in folder.glob("*.safetensors"):
            file.read_bytes()
    walls = {tool: [] for tool in commands}
    for _ in range(int(WANTED)):
        for tool, command in commands.items():
            shutil.rmtree(OUTPUT[tool], ignore_errors=True)
            os.sync()
            started = time.monotonic()
            subprocess.run(command, check=True)
            walls[tool].append(time.monotonic() - started)
    best = {tool: min(times) for tool, times in walls.items()}
    apart, ratio = difference(), best["plain"] / best["stockpot"]
    print(f"\nregmean of two models, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    print("\n| tool | wall time |\n| --- | ---: |")
    for tool, wall in best.items():
        print(f"| {tool} | {wall:.1f} s |")
    print(f"\nPyTorch takes {ratio:.1f} x as long; results differ by {apart:.1e}")
    if ratio < TIMES_AS_FAST or apart > DIFFERENT:
        sys.exit(f"Failed: wanted {TIMES_AS_FAST} x, and a difference of at most {DIFFERENT}")


if WANTED == "plain":
    plain()
else:
    main()
