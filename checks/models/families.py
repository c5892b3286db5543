"""Merges tiny random models of many families, and loads what comes out with transformers.

Of each type: an average; a gradient over the layers of each stack; layers stacked by slices; an average with a model whose
tensors are called as the library calls them in memory, as trainers save them, with experts in one tensor; an average of
a model whose head is its embedding and one whose head is its own. Values are compared with what torch makes of the same
models; every output must load without a missing or an unexpected key, or be refused with words that name the reason.

  python3 -m venv env && env/bin/pip install transformers torch torchvision timm
  env/bin/python checks/models/families.py [--classpath JARS] [--table FILE] WORK_FOLDER [TYPE ...]
"""

import argparse
import copy
import pathlib
import re
import shutil
import subprocess
import sys
import warnings

import torch
import transformers
from safetensors.torch import load_file, save_file

from structure_rules import BLOCK_WORDS, at, join, parts, text_part
from structure_table import SAMPLED
from structures import TIE, build, count_keys, model_class, numbers
from tiny import LAYERS, made, tiny

ROOT = pathlib.Path(__file__).resolve().parents[2]
MORE = """
    helium nemotron persimmon biogpt codegen ctrl xglm ernie4_5 hunyuan_v1_dense arcee apertus glm cohere2_vision gemma3n_text
    seed_oss olmo2 olmo3 bitnet diffllama dbrx phimoe granitemoe jetmoe ernie4_5_moe hunyuan_v1_moe dots1 minicpm3 openai-gpt
    aya_vision got_ocr2 vipllava video_llava pixtral xlm-roberta mpnet megatron-bert convbert deberta layoutlm longformer
    roformer splinter nystromformer data2vec-text fnet led m2m_100 marian blenderbot fsmt plbart prophetnet speecht5 bigbird_pegasus
    beit blip clipseg chinese_clip groupvit owlvit dpt yolos segformer convnext resnet wavlm unispeech wav2vec2-conformer sew
    moonshine time_series_transformer vitmatte timesformer vivit videomae mamba recurrent_gemma
"""
# what the rules for tiny models cannot know
CHANGES = {
    "bamba": {"mamba_d_head": "auto"}, "granitemoehybrid": {"mamba_d_head": "auto"},
    **{name: {"vision_config.num_attention_heads": 4} for name in ("idefics3", "smolvlm", "paligemma")},
}
DEEP = {"jamba": 8, "qwen3_next": 8, "nemotron_h": 12, "gemma3": 12, "gemma3_text": 12}
# by which words a refusal says why; of a kind of merge that is not in here, none is right
REFUSALS = {
    "stacked": ("config.json of ", "several stacks of layers"),
    "memory": ("in one tensor", "under two names", " that other models have: "),
    "heads": (" that other models have: ",),
}


class Merger:
    """One JVM that makes all merges."""

    def __init__(self, classpath):
        options = [f"@{ROOT}/merge-job/src/main/launcher/java-options", "--add-modules=jdk.incubator.vector",
                   f"-Dlog4j2.configurationFile=file:{ROOT}/merge-job/src/main/launcher/log4j2.properties", "-Xmx1g"]
        self.java = subprocess.Popen(["java", *options, "-cp", classpath, pathlib.Path(__file__).with_name("Merges.java")],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def merge(self, work, recipe, out):
        """made, or refused and why."""
        (work / f"{out}.yml").write_text(recipe)
        shutil.rmtree(work / out, ignore_errors=True)
        print(work / f"{out}.yml", work / out, sep="\t", file=self.java.stdin, flush=True)
        for line in self.java.stdout:
            if line.startswith("ANSWER\t"):
                return line.rstrip("\n").split("\t")[1:]
        sys.exit("the JVM has ended")


def tensors(folder):
    return {name: tensor for file in pathlib.Path(folder).glob("*.safetensors") for name, tensor in load_file(file).items()}


def load(folder):
    config = transformers.AutoConfig.from_pretrained(folder)
    model, info = model_class(config).from_pretrained(folder, output_loading_info=True)
    wrong = [f"{kind} {info[kind]}" for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") if info[kind]]
    return model, "; ".join(wrong)[:200]


class Family:
    """Two models of a type, and what is known of them by measuring: which key counts which blocks."""

    def __init__(self, model_type, work):
        self.type, self.work = model_type, work
        self.config = tiny(model_type, CHANGES.get(model_type, {}), DEEP.get(model_type, LAYERS))
        self.tree = self.config.to_dict()
        _, _, _, stored, _ = build(self.config)
        self.blocks = numbers(stored)
        self.counts = count_keys(type(self.config), self.tree, self.blocks)
        self.model = {name: made(self.config, seed) for seed, name in enumerate("ab")}
        for name, model in self.model.items():
            model.save_pretrained(work / name)
        self.a, self.b = tensors(work / "a"), tensors(work / "b")

    def depth(self, name):
        """Its place in its own stack, 0 outside of all."""
        for prefix, blocks in self.blocks.items():
            isStack = prefix in self.counts or prefix.split(".")[-1] in (*BLOCK_WORDS, "stages")
            found = re.match(rf"{re.escape(prefix)}\.(\d+)\.", name) if isStack else None
            if found:
                return int(found[1]) / (blocks - 1) if blocks > 1 else 1
        return 0

    def mixed(self, share, a=None, b=None):
        a, b = a or self.a, b or self.b
        return {name: (1 - share(name)) * tensor + share(name) * b[name] if tensor.is_floating_point() else tensor
                for name, tensor in a.items()}

    def stack(self):
        """The prefix of the text model's blocks, or of the highest stack."""
        part = text_part(self.tree)
        return max(self.counts, default=None, key=lambda prefix: (
            self.counts[prefix].startswith(join(part, "")) if part else True, "encoder" in prefix,
            sum(name.startswith(prefix + ".") for name in self.a)))


def unlike(expected, found):
    names = sorted(set(expected) ^ set(found))
    if names:
        return f"{names[:3]} are in one only"
    for name, tensor in expected.items():
        if tensor.shape != found[name].shape or not torch.allclose(tensor, found[name], atol=1e-5):
            return f"{name} has other values"
    return None


def linear(a="a", b="b", weights=(0.75, 0.25)):
    return "merge_method: linear\nmodels:\n" + "".join(
        f"  - {{model: WORK/{name}, parameters: {{weight: {weight}}}}}\n" for name, weight in zip((a, b), weights))


def average(family):
    return linear(), family.mixed(lambda name: 0.25)


def gradient(family):
    return linear(weights=("[1, 0]", "[0, 1]")), family.mixed(family.depth)


def stacked(family):
    prefix = family.stack()
    if prefix is None or family.blocks[prefix] < 2:
        return None
    blocks = family.blocks[prefix]
    ranges = [(0, blocks - 1), (1, blocks)]
    recipe = "merge_method: passthrough\nslices:\n" + "".join(
        f"  - sources: [{{model: WORK/a, layer_range: [{begin}, {end}], stack: {prefix}}}]\n" for begin, end in ranges)
    expected = {name: tensor for name, tensor in family.a.items() if not name.startswith(prefix + ".")}
    for layer, origin in enumerate(layer for begin, end in ranges for layer in range(begin, end)):
        inside = f"{prefix}.{origin}."
        expected.update({f"{prefix}.{layer}.{name[len(inside):]}": tensor
                         for name, tensor in family.a.items() if name.startswith(inside)})
    return recipe, expected


def memory(family):
    """b as a trainer saves it: names of modules, experts in one tensor."""
    state = family.model["b"].state_dict()
    state = {name: tensor.clone().contiguous() for name, tensor in state.items()}
    tied = getattr(family.model["b"], "all_tied_weights_keys", None) or {}
    for name in tied:
        state.pop(name, None)
    if set(state) == set(family.b):
        return None
    folder = family.work / "b-memory"
    folder.mkdir(exist_ok=True)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(family.work / "b" / "config.json", folder)
    return linear(b="b-memory"), family.mixed(lambda name: 0.25)


def heads(family):
    """A model with a head of its own averaged with one whose head is its embedding, the first the donor."""
    model = family.model["a"]
    if model.get_output_embeddings() is None or model.get_input_embeddings() is None:
        return None
    tree = copy.deepcopy(family.tree)
    isTied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
    for part in [""] + parts(tree):
        if part in ("", text_part(tree)):
            (at(tree, part) if part else tree)[TIE] = not isTied
    try:
        other = made(type(family.config).from_dict(tree), 1)
    except Exception:  # a family that is always or never tied
        return None
    if (other.get_output_embeddings().weight is other.get_input_embeddings().weight) == isTied:
        return None
    other.save_pretrained(family.work / "b-other")
    other_b = tensors(family.work / "b-other")
    share = 0.25
    expected = {name: (1 - share) * family.a[name] + share * other_b[name]
                for name in set(family.a) & set(other_b) if family.a[name].is_floating_point()}
    weights = [(1 - share) * one.weight + share * two.weight for one, two in (
        (model.get_input_embeddings(), other.get_input_embeddings()),
        (model.get_output_embeddings(), other.get_output_embeddings()))]
    return linear(b="b-other"), expected, weights


def check(merger, family, kind):
    wanted = kind(family)
    if wanted is None:
        return "–"
    recipe, expected, *weights = wanted
    out = kind.__name__
    answer, *why = merger.merge(family.work, recipe.replace("WORK", str(family.work)), out)
    if answer != "made":
        refused = answer == "refused" and any(word in why[0] for word in REFUSALS.get(out, ()))
        return "refused" if refused else f"FAILED: {why[0][:300]}"
    found = tensors(family.work / out)
    fault = unlike(expected, {name: found[name] for name in expected if name in found} if weights else found)
    try:
        model, unknown = load(family.work / out)
    except Exception as problem:
        return f"FAILED: does not load: {type(problem).__name__}: {problem}"[:300].replace("\n", " ")
    if fault or unknown:
        return f"FAILED: {fault or ''} {unknown}"
    for words, weight in zip(("embedding", "head"), weights[0] if weights else ()):
        loaded = model.get_input_embeddings() if words == "embedding" else model.get_output_embeddings()
        if not torch.allclose(loaded.weight, weight, atol=1e-5):
            return f"FAILED: the {words} that is loaded has other values"
    return "right"


KINDS = (average, gradient, stacked, memory, heads)


def table(rows):
    """What came out, as a page."""
    head = ("family", *(kind.__name__ for kind in KINDS))
    lines = [head, ("---",) * len(head), *rows]
    return (f"# Families of transformers {transformers.__version__}\n\n"
            "Written by `families.py`, which says what each column is. *refused*: with the reason; –: there is no such case.\n\n"
            + "".join("| " + " | ".join(line) + " |\n" for line in lines))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("work", type=pathlib.Path)
    options.add_argument("types", nargs="*")
    options.add_argument("--classpath", default=f"{ROOT}/merge-job/target/merge-job.jar:{ROOT}/merge-job/target/lib/*")
    options.add_argument("--table", type=pathlib.Path)
    given = options.parse_args()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    merger = Merger(given.classpath)
    rows, failed = [], 0
    for model_type in given.types or SAMPLED + MORE.split():
        work = (given.work / model_type).resolve()
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        try:
            family = Family(model_type, work)
        except Exception as problem:
            print(f"{model_type:22} not built: {str(problem)[:150]}".replace("\n", " "), flush=True)
            continue
        said = []
        for kind in KINDS:
            try:
                said.append(check(merger, family, kind))
            except Exception as problem:
                said.append(f"FAILED: {kind.__name__}: {type(problem).__name__}: {problem}"[:300].replace("\n", " "))
        failed += any("FAILED" in word for word in said)
        rows.append((model_type, *said))
        print(f"{model_type:22} " + "; ".join(f"{kind.__name__} {word}" for kind, word in zip(KINDS, said)), flush=True)
        shutil.rmtree(work)
    if given.table:
        given.table.write_text(table(rows))
    if failed:
        sys.exit(f"{failed} of {len(rows)} families failed")
    print(f"Passed: {len(rows)} families")


if __name__ == "__main__":
    main()
