"""Loads in transformers 5 what mixtures.py has made. See mixtures.sh."""

import pathlib
import sys

import torch
import transformers

WORK = pathlib.Path(sys.argv[1])
IDS = torch.tensor([[5, 17, 42, 100, 7, 250]])


def load(folder):
    model, told = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, output_loading_info=True)
    wrong = {key: value for key, value in told.items() if value}
    if wrong:
        sys.exit(f"FAILED: {folder.name}: loaded with {wrong}")
    return model.eval()


def logits(folder):
    with torch.no_grad():
        return load(folder)(IDS).logits


found = 0
for folder in sorted([*WORK.glob("*-stockpot"), *WORK.glob("*-out")]):
    if "deepseek" in folder.name:
        continue  # code that comes with a model
    made = logits(folder)
    found += 1
    if folder.name.endswith("-equal-out"):
        off = (made - logits(WORK / folder.name.replace("-equal-out", "-0"))).abs().max().item()
        if off > 1e-5:
            sys.exit(f"FAILED: {folder.name}: logits off by {off}")
        print(f"transformers {transformers.__version__}, {folder.name}: dense logits within {off:.1e}")
    if folder.name.endswith("-fused-out"):
        off = (made - logits(WORK / folder.name.replace("-fused", "-single"))).abs().max().item()
        if off > 1e-5:
            sys.exit(f"FAILED: {folder.name}: logits are not those of single experts, off by {off}")
print(f"Passed: transformers {transformers.__version__} loads {found} mixtures without a strange key")
