"""The page `gallery.md`: recipes, and pictures of what each does to weights, drawn from merges that are run now.

usage: gallery.py STOCKPOT FOLDER OF PAGES

The models have one tensor of a few numbers: a base, and two fine-tunes that agree in some places and pull in opposite
directions in others.
"""

import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = 48
BASE = [0.6 * math.sin(i / 7) for i in range(COUNT)]
MATH = [1.0 * math.exp(-(((i - 12) / 4) ** 2)) + 0.12 * math.sin(2.3 * i) for i in range(COUNT)]
CODE = [
    0.8 * math.exp(-(((i - 34) / 5) ** 2)) - 0.7 * math.exp(-(((i - 14) / 3) ** 2)) + 0.12 * math.cos(1.7 * i)
    for i in range(COUNT)
]
TWO = "models:\n  - model: math\n    parameters: {weight: 1.0%s}\n  - model: code\n    parameters: {weight: 1.0%s}\n"
RECIPES = {
    "linear": (
        "The plain average: half of each change.",
        "merge_method: linear\nmodels:\n  - model: math\n    parameters: {weight: 0.5}\n  - model: code\n    parameters: {weight: 0.5}\n",
    ),
    "slerp": (
        "Between two models on an arc, so that lengths stay.",
        "merge_method: slerp\nbase_model: math\nmodels:\n  - model: math\n  - model: code\nparameters: {t: 0.5}\n",
    ),
    "task_arithmetic": (
        "Both changes in full: where they oppose each other, they cancel.",
        "merge_method: task_arithmetic\nbase_model: base\n" + TWO % ("", ""),
    ),
    "ties": (
        "The largest of each change, and a vote on the sign: no cancelling, no small noise.",
        "merge_method: ties\nbase_model: base\n" + TWO % (", density: 0.4", ", density: 0.4"),
    ),
    "dare_ties": (
        "Elements dropped at random, the rest scaled up, then the vote.",
        "merge_method: dare_ties\nbase_model: base\n" + TWO % (", density: 0.5", ", density: 0.5"),
    ),
    "breadcrumbs": (
        "Neither the smallest changes nor the few largest.",
        "merge_method: breadcrumbs\nbase_model: base\n"
        + TWO % (", density: 0.6, gamma: 0.1", ", density: 0.6, gamma: 0.1"),
    ),
    "magmax": (
        "Of each element the larger change, whoever made it.",
        "merge_method: magmax\nbase_model: base\nmodels:\n  - model: math\n  - model: code\n",
    ),
    "model_stock": (
        "From the base towards the average, as far as the changes agree.",
        "merge_method: model_stock\nbase_model: base\nmodels:\n  - model: math\n  - model: code\n",
    ),
}
WIDTH, HEIGHT, MIDDLE, SCALE = 640, 180, 95, 55
STYLE = """<style>
.math{fill:#1f77b4}.code{fill:#e08214}.merged{fill:#1b9e77}line{stroke:#888}text{fill:#666;font:13px sans-serif}
@media (prefers-color-scheme: dark){text{fill:#bbb}.math{fill:#6baed6}.code{fill:#fdae61}.merged{fill:#66c2a4}}
</style>"""


def write(folder: Path, numbers: list[float]) -> None:
    """A model of one tensor of float32."""
    folder.mkdir()
    header = json.dumps({"model.layers.0.weight": {"dtype": "F32", "shape": [COUNT], "data_offsets": [0, 4 * COUNT]}})
    header += " " * (-len(header) % 8)
    data = struct.pack(f"<{COUNT}f", *numbers)
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header.encode() + data)


def read(folder: Path) -> list[float]:
    data = (folder / "model.safetensors").read_bytes()
    return list(struct.unpack(f"<{COUNT}f", data[-4 * COUNT :]))


def bars(kind: str, numbers: list[float], offset: float, width: float) -> str:
    step = WIDTH / COUNT
    return "".join(
        f'<rect class="{kind}" x="{i * step + offset:.1f}" width="{width:.1f}" '
        f'y="{MIDDLE - max(0.0, n) * SCALE:.1f}" height="{abs(n) * SCALE:.1f}"/>'
        for i, n in enumerate(numbers)
    )


def picture(title: str, merged: list[float]) -> str:
    """Changes of the base: of both fine-tunes thinly, of the merge in front."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{STYLE}'
        + bars("math", MATH, 0.5, 3)
        + bars("code", CODE, 4, 3)
        + bars("merged", merged, 7.5, 5)
        + f'<line x1="0" x2="{WIDTH}" y1="{MIDDLE}" y2="{MIDDLE}"/>'
        + "".join(
            f'<rect class="{kind}" x="{x}" y="{HEIGHT - 14}" width="10" height="10"/><text x="{x + 14}" y="{HEIGHT - 5}">{kind}</text>'
            for kind, x in (("math", 4), ("code", 70), ("merged", 140))
        )
        + "</svg>\n"
    )


def main() -> None:
    stockpot, pages = sys.argv[1], Path(sys.argv[2])
    pictures = pages / "docs" / "gallery"
    pictures.mkdir(parents=True, exist_ok=True)
    text = [
        "# Gallery of recipes\n",
        "What methods do to weights: bars are changes of the base model, element by element, of two fine-tunes and of "
        "their merge. The pictures are drawn from merges that were run for this page.\n",
    ]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write(work / "base", BASE)
        write(work / "math", [b + d for b, d in zip(BASE, MATH, strict=True)])
        write(work / "code", [b + d for b, d in zip(BASE, CODE, strict=True)])
        for method, (says, recipe) in RECIPES.items():
            words = [
                stockpot,
                "merge",
                "-",
                str(work / f"out-{method}"),
                "--set",
                f"model-root={work}",
                "--set",
                "report=false",
            ]
            done = subprocess.run(words, input=recipe, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"{method}: {done.stderr}")
            merged = [m - b for m, b in zip(read(work / f"out-{method}"), BASE, strict=True)]
            if max(map(abs, merged)) < 0.05:
                sys.exit(f"{method} changed nothing: {merged}")
            (pictures / f"{method}.svg").write_text(picture(method, merged))
            text.append(f"## {method}\n\n{says}\n\n![{method}](gallery/{method}.svg)\n\n```yaml\n{recipe}```\n")
    text.append(
        "[Methods](methods.md) has all of them with their formulas, [`conf`](../conf/README.md) recipes to copy.\n"
    )
    (pages / "docs" / "gallery.md").write_text("\n".join(text))


main()
