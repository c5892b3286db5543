"""Measures how the models of transformers are built, and writes what our rules alone would get wrong.

A type's default configuration is built on the meta device, which needs no memory, and its names are taken as they would be
stored. Keys of the configuration are then changed one at a time: the key that makes a stack of blocks grow is its count key.
What the library ties is read from the model that was built. Two files come out:

  families.tsv   what merges need beyond the rules: ties by default, other names for heads, stacks that rules do not find
  families.jsonl configurations and names of some families, cut to a few blocks, for the table test

For the next version of transformers run it again (ten minutes on two cores, and the second step in a moment):

  python3 -m venv env && env/bin/pip install transformers torch torchvision timm
  env/bin/python checks/models/structures.py measured.jsonl
  env/bin/python checks/models/structure_table.py measured.jsonl \
      merge-job/src/main/resources/dev/stockpot/merge/structure/families.tsv \
      merge-job/src/test/resources/dev/stockpot/merge/structure/families.jsonl
"""

import argparse
import copy
import importlib
import json
import re
import signal
import sys
import warnings

import torch
import transformers
from transformers import CONFIG_MAPPING, PreTrainedModel
from transformers.core_model_loading import revert_weight_conversion
from transformers.models.auto import modeling_auto

from structure_rules import LIKE_COUNT, NUMBER, at, join, parts

CLASSES = [
    "MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING",
    "MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING",
    "MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING",
    "MODEL_FOR_MULTIMODAL_LM_MAPPING",
    "MODEL_FOR_CAUSAL_LM_MAPPING",
    "MODEL_FOR_PRETRAINING_MAPPING",
    "MODEL_FOR_MASKED_LM_MAPPING",
    "MODEL_MAPPING",
]
TIE = "tie_word_embeddings"
SECONDS = 120  # a type that takes longer is left to the rules, and named

EXPERT_COUNTS = ["num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"]


class Slow(Exception):
    pass


def model_class(config):
    for name in CLASSES:
        mapping = getattr(modeling_auto, name, None)
        if mapping is not None and type(config) in mapping:
            chosen = mapping[type(config)]
            return chosen[0] if isinstance(chosen, (list, tuple)) else chosen
    # a part of larger models: the first class of its module that takes the configuration
    module = importlib.import_module(type(config).__module__.replace(".configuration_", ".modeling_"))
    mine = [cls for cls in vars(module).values() if isinstance(cls, type) and issubclass(cls, PreTrainedModel)
            and getattr(cls, "config_class", None) is type(config) and not cls.__name__.endswith("PreTrainedModel")]
    return mine[0]


def build(config):
    cls = model_class(config)
    with torch.device("meta"):
        model = cls(config)
    state = model.state_dict()
    stored = revert_weight_conversion(model, dict(state))
    tied = dict(getattr(model, "all_tied_weights_keys", None) or {})
    return cls, model, state, stored, tied


def numbers(names):
    """Dotted prefixes before the first number, with the numbers that follow them."""
    stacks = {}
    for name in names:
        number = NUMBER.search(name)
        if number:
            stacks.setdefault(name[: number.start(1) - 1], set()).add(int(number.group(1)))
    return {prefix: len(found) for prefix, found in stacks.items() if found == set(range(len(found)))}


def integers(config, path=""):
    for key, value in config.items():
        here = join(path, key)
        if isinstance(value, bool):
            continue
        if isinstance(value, int) and 0 < value < 1000:
            yield here, value
        elif isinstance(value, dict):
            yield from integers(value, here)


def lists(config, path=""):
    for key, value in config.items():
        here = join(path, key)
        if isinstance(value, list) and 0 < len(value) < 1000:
            yield here, value
        elif isinstance(value, dict):
            yield from lists(value, here)


def parent(tree, path):
    *before, last = path.split(".")
    for key in before:
        tree = tree[key]
    return tree, last


def counting(config, path, count, with_lists=True):
    """The configuration with another number of what a key counts; lists of the old length follow."""
    changed = copy.deepcopy(config)
    tree, key = parent(changed, path)
    before = tree[key]
    tree[key] = count
    for other, value in list(tree.items()) if with_lists else []:
        if isinstance(value, list) and len(value) == before:
            tree[other] = (value + value[-1:])[:count] if count > before else value[:count]
    return changed


def longer(config, path):
    changed = copy.deepcopy(config)
    tree, key = parent(changed, path)
    tree[key] = tree[key] + [tree[key][-1]]
    return changed


def grown(config_class, tree, before):
    try:
        after = numbers(build(config_class.from_dict(copy.deepcopy(tree)))[3])
    except Slow:
        raise
    except Exception:  # the library refuses that configuration
        return None
    return [prefix for prefix in before if after.get(prefix, 0) > before[prefix]]


def count_keys(config_class, tree, before):
    """prefix → key, by trying: first the keys that have the value, then all that sound like a count."""
    found = {}
    wanted = set(before.values())
    candidates = [(path, value) for path, value in integers(tree) if value in wanted or LIKE_COUNT.search(path)]
    candidates.sort(key=lambda entry: (entry[1] not in wanted, not LIKE_COUNT.search(entry[0])))
    for path, value in candidates[:24]:
        alone = grown(config_class, counting(tree, path, value + 1, with_lists=False), before)
        if alone is None:
            alone = grown(config_class, counting(tree, path, value + 1), before)
        for prefix in alone or []:
            found.setdefault(prefix, path)
        if len(found) == len(before):
            return found
    for path, _ in [entry for entry in lists(tree) if len(entry[1]) in wanted][:8]:
        for prefix in grown(config_class, longer(tree, path), before) or []:
            found.setdefault(prefix, f"len({path})")
    return found


def stored_name(state, stored, name):
    """The name on disk of a tensor of the module."""
    tensor = state.get(name)
    return next((disk for disk, other in stored.items() if other is tensor), None) if tensor is not None else None


def measure(model_type):
    config = CONFIG_MAPPING[model_type]()
    tree = config.to_dict()
    cls, model, state, stored, tied = build(config)
    record = {"type": model_type, "class": cls.__name__}
    known = cls._tied_weights_keys
    known = known if isinstance(known, dict) else {}
    record["tied"] = bool(tied)
    record["ties"] = {}
    for target, source in known.items():
        left = stored_name(state, stored, target) or target
        right = stored_name(state, stored, source)
        if right and left != right and not re.search(r"[*^$\\]", left + right):
            record["ties"][left] = right
    record["tie_keys"] = {join(part, TIE): at(tree, join(part, TIE)) for part in [""] + parts(tree)
                          if at(tree, join(part, TIE)) is not None}
    before = numbers(stored)
    record["blocks"] = before
    record["counts"] = count_keys(type(config), tree, before)
    record["config"] = tree
    record["small"] = small(type(config), tree, record["counts"])
    return record


def small(config_class, tree, counts):
    """The configuration with a few blocks in each of its stacks, and the names of that model."""
    cut = tree
    others = {value for path, value in integers(tree) if path not in counts.values()}
    heights = (height for height in range(3, 1000) if height not in others)  # that say which key it is
    for path in sorted({path for path in counts.values() if not path.startswith("len(")}):
        height = next(heights)
        if at(cut, path) > height:
            cut = counting(cut, path, height)
    for path, value in list(integers(cut)):
        if path.split(".")[-1] in EXPERT_COUNTS and value > 2:
            cut = counting(cut, path, 2, with_lists=False)
    try:
        config = config_class.from_dict(copy.deepcopy(cut))
        _, _, _, stored, tied = build(config)
    except Slow:
        raise
    except Exception:  # a pattern that wants more blocks
        return None
    return {"config": config.to_dict(), "names": list(stored), "tied": bool(tied), "blocks": numbers(stored)}


def ring(*_):
    raise Slow()


def measure_all(path, types):
    warnings.filterwarnings("ignore")
    transformers.logging.set_verbosity_error()
    signal.signal(signal.SIGALRM, ring)
    try:
        done = {json.loads(line)["type"] for line in open(path, encoding="utf-8")}
    except FileNotFoundError:
        done = set()
    with open(path, "a", encoding="utf-8") as out:
        for model_type in types or sorted(CONFIG_MAPPING):
            if model_type in done:
                continue
            signal.alarm(SECONDS)
            try:
                record = measure(model_type)
            except Slow:
                record = {"type": model_type, "not_built": f"more than {SECONDS} s"}
            except Exception as problem:  # what one type of eight hundred does must not end the rest
                record = {"type": model_type, "not_built": f"{type(problem).__name__}: {problem}"[:160]}
            finally:
                signal.alarm(0)
            record["transformers"] = transformers.__version__
            out.write(json.dumps(record, default=str) + "\n")
            out.flush()
            print(model_type, record.get("not_built", "measured"), file=sys.stderr)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("measured", help="one record a line; goes on where it was stopped")
    options.add_argument("types", nargs="*", help="model types; all of them without any")
    given = options.parse_args()
    measure_all(given.measured, given.types)


if __name__ == "__main__":
    main()
