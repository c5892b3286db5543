"""The measuring part of extract.sh, which explains itself there."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import torch
from safetensors import safe_open

DATA, RANK = Path(sys.argv[1]), int(sys.argv[2])
HERE = Path(__file__).resolve().parent
STOCKPOT = os.environ.get("STOCKPOT", HERE.parent / "stockpot")
BASE, TUNED = DATA / "models/base", DATA / "models/tune-1"
WANTED = 10
A = re.compile(r"base_model\.model\.(?P<module>.*)\.lora_A\.weight")


def commands(output):
    tool = str(Path(sys.executable).parent / "mergekit-extract-lora")
    return {
        "stockpot": [str(STOCKPOT), "extract", str(BASE), str(TUNED), str(output["stockpot"]),
                     "--rank", str(RANK), "--embeddings", "leave", "--exclude", "norm"],
        "mergekit": [tool, "--model", str(TUNED), "--base-model", str(BASE), "--out-path", str(output["mergekit"]),
                     "--max-rank", str(RANK), "--skip-undecomposable", "-e", "lm_head", "-e", "embed_tokens"],
    }


def tensors(folder):
    """Names of tensors, and the open files that hold them."""
    found = {}
    for shard in sorted(folder.glob("*.safetensors")):
        file = safe_open(shard, "pt")
        found.update({name: file for name in file.keys()})
    return found


def errors(folder):
    """What an adapter leaves out of each matrix, in units of the change's length."""
    adapter, base, tuned = tensors(folder), tensors(BASE), tensors(TUNED)
    config = json.loads((folder / "adapter_config.json").read_text())
    left = {}
    for name, file in adapter.items():
        match = A.fullmatch(name)
        if match is None:
            continue
        module = match["module"]
        key = next((key for key in config["rank_pattern"] if re.fullmatch(rf"(.*\.)?({key})", module)), None)
        scale = config["alpha_pattern"].get(key, config["lora_alpha"]) / config["rank_pattern"].get(key, config["r"])
        a = file.get_tensor(name).double()
        b = file.get_tensor(name.replace("lora_A", "lora_B")).double()
        weight = module + ".weight"
        change = tuned[weight].get_tensor(weight).double() - base[weight].get_tensor(weight).double()
        left[module] = ((change - scale * b @ a).norm().item(), change.norm().item())
    return left


def main():
    output = {tool: DATA / f"extracted-{tool}" for tool in ("stockpot", "mergekit")}
    for folder in output.values():
        shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([str(STOCKPOT), "extract", "--help"], check=True, stdout=subprocess.DEVNULL)  # builds
    for model in (BASE, TUNED):  # the system holds the inputs in memory for both alike
        for shard in model.glob("*.safetensors"):
            shard.read_bytes()
    walls, found = {}, {}
    for tool, command in commands(output).items():
        os.sync()
        started = time.monotonic()
        subprocess.run(command, check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"})
        walls[tool] = time.monotonic() - started
        found[tool] = errors(output[tool])
    common = found["stockpot"].keys() & found["mergekit"].keys()
    assert len(common) == len(found["stockpot"]), "the tools did not extract the same modules"
    print(f"\nRank {RANK} of {len(common)} matrices, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print("\n| tool | wall time | left out of all changes | most of one |\n| --- | ---: | ---: | ---: |")
    shares = {}
    for tool, of_modules in found.items():
        left = sum(of_modules[module][0] ** 2 for module in common) ** 0.5
        length = sum(of_modules[module][1] ** 2 for module in common) ** 0.5
        shares[tool] = left / length
        most = max(of_modules[module][0] / of_modules[module][1] for module in common)
        print(f"| {tool} | {walls[tool]:.1f} s | {shares[tool]:.6f} | {most:.6f} |")
    ratio = walls["mergekit"] / walls["stockpot"]
    print(f"\nmergekit takes {ratio:.1f} x as long")
    if ratio < WANTED or shares["stockpot"] > shares["mergekit"]:
        sys.exit(f"Failed: wanted {WANTED} x, and no larger error")


if __name__ == "__main__":
    main()
