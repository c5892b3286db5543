"""The parts of same-bytes.sh that are no Java: models, command lines, checksums, comparison. Standard library only."""

import hashlib
import itertools
import json
import random
import re
import shutil
import sys
from pathlib import Path

# Pattern models stand for these, in an order that is not that of their names
CHECKPOINTS = ("1", "2", "9", "10", "11", "100")
LAYERS_OF_WHOLE_MODELS = 6
# Four blocks of a reduction, the last of them short
ROWS, COLUMNS = 153, 20_641

SEEDS = ("0", "1")
SMALL_PARTS = ("part-size=1", "task-memory=2MiB", "chunk-elements=8192")
# What a merge may be told without changing a byte
CUTS = {
    "large-parts,tasks=1": ("tasks=1", "report=false"),
    "large-parts,tasks=4": ("tasks=4",),
    "small-parts,tasks=1": (*SMALL_PARTS, "tasks=1", "report=false"),
    "small-parts,tasks=4": (*SMALL_PARTS, "tasks=4", "report=false"),
}
# These tell of the run or are for people: they may change from version to version
NOT_COMPARED = ("README.md", "stockpot-manifest.json")


# --- Models ---


def low_bytes(generator, count, table):
    return generator.randbytes(count).translate(table)


# Of a bfloat16's high byte: either sign, exponents around that of 0.02. A fine-tune flips some bits of the low byte.
HIGH = bytes((byte & 0x80) | (0x3B + (byte & 0x7F) % 3) for byte in range(256))
FLIPPED = bytes(byte & 0x1F if byte < 160 else 0 for byte in range(256))


def bfloats(name, fine_tune, count):
    """The bytes of a bfloat16 tensor. Fine-tunes of any number, 0 for the base, differ in the last bits."""
    base = random.Random(name)
    high, low = low_bytes(base, count, HIGH), base.randbytes(count)
    if fine_tune:
        flipped = low_bytes(random.Random(f"{name} {fine_tune}"), count, FLIPPED)
        low = (int.from_bytes(low, "little") ^ int.from_bytes(flipped, "little")).to_bytes(count, "little")
    values = bytearray(2 * count)
    values[0::2], values[1::2] = low, high
    return bytes(values)


def shapes(layers):
    yield "model.embed_tokens.weight", (ROWS, COLUMNS)
    for layer in range(layers):
        for part in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.down_proj"):
            yield f"model.layers.{layer}.{part}.weight", (16, 16)
        yield f"model.layers.{layer}.input_layernorm.weight", (16,)
    yield "model.norm.weight", (31,)
    yield "model.empty", (0, 4)


def write_model(folder, fine_tune, layers):
    header, contents = {"__metadata__": {"format": "pt"}}, []
    offset = 0
    tensors = [(name, "BF16", shape, bfloats(name, fine_tune, count_of(shape))) for name, shape in shapes(layers)]
    tensors.append(("model.position_ids", "I64", (3,), bytes(range(24))))
    for name, dtype, shape, content in tensors:
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + len(content)]}
        contents.append(content)
        offset += len(content)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"".join([len(text).to_bytes(8, "little"), text, *contents]))
    config = {"model_type": "llama", "num_hidden_layers": layers, "torch_dtype": "bfloat16", "vocab_size": ROWS}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def count_of(shape):
    count = 1
    for dimension in shape:
        count *= dimension
    return count


def models_of(recipe):
    """All models that a recipe names, in YAML or HOCON; a pattern stands for several."""
    for name in re.findall(r"\b(?:model|base_model)\b\s*[:=]\s*\"?([\w./*-]+)", recipe):
        yield from (name.replace("*", step) for step in CHECKPOINTS) if "*" in name else (name,)


# --- Command lines ---


def merges(checkout, golden, work):
    """Each recipe by its name in the record, with the words that all of its merges have."""
    for recipe in sorted(path for path in (checkout / "conf").iterdir() if path.suffix in (".yml", ".conf")):
        text = re.sub(r"#.*", "", recipe.read_text())
        if re.search(r"^(compose|experts|round):", text, re.MULTILINE):
            continue  # these want models of other kinds
        ends = [int(end) for end in re.findall(r"layer_range: *\[ *\d+ *, *(\d+)", text)]
        layers = max(ends, default=LAYERS_OF_WHOLE_MODELS)
        root = work / "models" / str(layers)
        for model in dict.fromkeys(models_of(text)):
            if not (root / model).exists():
                write_model(root / model, 0 if model.endswith("/base") else sum(model.encode()), layers)
        yield f"conf/{recipe.name}", (str(recipe), "--set", f"model-root={root}")
    for name, words in {
        "quickstart": (),
        "quickstart in shards": ("--shard-size", "3MB"),
        "quickstart rounded at random": ("--set", "rounding=stochastic"),
    }.items():
        yield name, ("quickstart/ties.yml", *words)
    if golden is None:
        return
    for recipe in sorted(golden.glob("cases/*/recipe.yml")):
        yield f"golden/{recipe.parent.name}", (str(recipe), "--set", f"model-root={golden}")


def prepare(work, checkout, golden):
    """Writes models and the command lines, and what each of them makes."""
    lines, outputs = [["quickstart"]], []
    for name, words in merges(checkout, golden, work):
        for seed, (cut, settings) in itertools.product(SEEDS, CUTS.items()):
            out = f"merged/{len(outputs)}"
            options = itertools.chain.from_iterable(("--set", setting) for setting in settings)
            lines.append(["merge", words[0], out, "--quiet", "--seed", seed, *words[1:], *options])
            outputs.append((name, seed, cut, out))
    (work / "command-lines").write_text("".join("\t".join(words) + "\n" for words in lines))
    (work / "outputs.json").write_text(json.dumps(outputs))


# --- Checksums ---


def checksum(content):
    return hashlib.sha256(content).hexdigest()[:16]


def items(folder):
    """Every file but those for people, and every tensor: its kind or type, its size or shape, its checksum."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in NOT_COMPARED or name.startswith("report/"):
            continue
        content = path.read_bytes()
        yield name, f"file {len(content)} {checksum(content)}"
        if path.suffix == ".safetensors":
            start = 8 + int.from_bytes(content[:8], "little")
            for tensor, entry in json.loads(content[8:start]).items():
                if tensor != "__metadata__":
                    begin, end = (start + offset for offset in entry["data_offsets"])
                    shape = ",".join(map(str, entry["shape"]))
                    yield tensor, f"{entry['dtype']} [{shape}] {checksum(content[begin:end])}"


def record(work, file):
    """Writes a line for each recipe, variant and item, one for variants that made the same; tells if all cuts did."""
    made = {}
    for name, seed, cut, out in json.loads((work / "outputs.json").read_text()):
        for item, value in items(work / out):
            made.setdefault((name, item), {})[seed, cut] = value
        shutil.rmtree(work / out)
    variants = set(itertools.product(SEEDS, CUTS))
    lines, torn = [], set()
    for (name, item), values in made.items():
        if values.keys() == variants and len(set(values.values())) == 1:
            lines.append((name, "all", item, values.popitem()[1]))
            continue
        for seed in SEEDS:
            of_seed = {cut: values.get((seed, cut), "missing") for cut in CUTS}
            if len(set(of_seed.values())) == 1:
                lines.append((name, f"seed={seed}", item, of_seed.popitem()[1]))
            else:
                torn.add(name)
                lines.extend((name, f"seed={seed},{cut}", item, value) for cut, value in of_seed.items())
    file.write_text("".join("\t".join(line) + "\n" for line in sorted(lines)))
    recipes = len({name for name, _ in made})
    print(f"{len(made)} tensors and files of {recipes} recipes, each made in {len(variants)} ways")
    for name in sorted(torn):
        print(f"DIFFERENT: {name}: parts or tasks changed what it made")
    return not torn


# --- Comparison ---


def read(file):
    """The lines of each recipe."""
    recipes = {}
    for line in file.read_text().splitlines():
        recipes.setdefault(line.split("\t")[0], []).append(line)
    return recipes


def compare(expected_file, found_file, golden):
    expected, found = read(expected_file), read(found_file)
    if not expected:
        sys.exit(f"{expected_file} records nothing")
    same = True
    for name in sorted({*expected, *found}):
        if name not in expected:
            print(f"NEW: {name} is not in {expected_file}; nothing to compare with")
        elif name not in found and name.startswith("golden/") and golden is None:
            print(f"SKIPPED: {name}")
        elif expected[name] != found.get(name, []):
            same = False
            wanted, got = set(expected[name]), set(found.get(name, []))
            print(f"DIFFERENT: {name}: {len(wanted - got)} of {len(wanted)} lines are not as recorded")
            for line in sorted(wanted - got)[:4]:
                print(f"  recorded  {line}")
            for line in sorted(got - wanted)[:4]:
                print(f"  found     {line}")
    equal = [name for name in expected if expected[name] == found.get(name)]
    lines = sum(len(expected[name]) for name in equal)
    print(f"{len(equal)} of {len(expected)} recipes: the same bytes, {lines} lines")
    return same


def main():
    command, *words = sys.argv[1:]
    paths = [Path(word) if word else None for word in words]
    if command == "prepare":
        prepare(*paths)
    else:
        sys.exit(not {"record": record, "compare": compare}[command](*paths))


if __name__ == "__main__":
    main()
