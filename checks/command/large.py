"""Makes two models of 2 GB, which take no room on the disk, and a recipe for them: a merge to be stopped. Takes a FOLDER."""

import json
import os
import struct
import sys

folder = sys.argv[1]
for model in ("a", "b"):
    os.makedirs(f"{folder}/{model}")
    rows, columns, layers = 8192, 8192, 16
    size = 2 * rows * columns
    header = {
        f"model.layers.{i}.weight": {"dtype": "BF16", "shape": [rows, columns], "data_offsets": [i * size, (i + 1) * size]}
        for i in range(layers)
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/{model}/model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + layers * size)
recipe = "merge_method: linear\nmodels:\n" + "".join(f"  - model: {m}\n    parameters: {{weight: 0.5}}\n" for m in "ab")
open(f"{folder}/recipe.yml", "w").write(recipe)
