"""The rules of package structure once more, so that a table need only say what they miss."""

import re

NUMBER = re.compile(r"(?:^|\.)(\d{1,6})(?=\.)")
TEXT_PARTS = ["text_config", "llm_config", "language_config", "decoder_config", "decoder", "generator", "text_encoder",
              "vlm_config.text_config", "thinker_config.text_config", "thinker_config"]
INNER_TEXT_PARTS = ["text_config", "llm_config", "language_config"]
COUNTS = ["num_hidden_layers", "n_layer", "n_layers", "num_layers", "depth", "layers", "num_blocks", "encoder_layers"]
ENCODER_COUNTS = ["encoder_layers", "num_encoder_layers", "encoder_num_layers"]
DECODER_COUNTS = ["decoder_layers", "num_decoder_layers", "decoder_num_layers"]
STEMS = {"vision": ["vision", "visual", "image", "vit"], "audio": ["audio", "speech", "sound"],
         "text": ["language_model", "text", "llm"]}
BLOCK_WORDS = ["layers", "layer", "h", "blocks", "block", "resblocks", "blk", "transformer_blocks"]
COUNT_WORDS = {"layers", "depth", "blocks", "groups", "num"}
LIKE_COUNT = re.compile(r"(?:^|_)(?:layers|depth|blocks|groups)$")


def at(tree, path):
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


def parts(config):
    """Paths of the objects inside a configuration that describe a model."""
    found = []
    for key, value in config.items():
        if isinstance(value, dict) and ("model_type" in value or key.endswith("_config")):
            found.append(key)
            found += [f"{key}.{inner}" for inner in parts(value)]
    return found


def text_part(config):
    return next((path for path in TEXT_PARTS if isinstance(at(config, path), dict)), "")


def join(part, key):
    return f"{part}.{key}" if part else key


def named_as(config, prefix):
    """Paths of the parts that are named as a prefix is, the closest first."""
    def hits(key):
        stem = key.removesuffix("_config")
        return any(word in prefix.lower() for word in STEMS.get(stem, [stem]))
    named = [path for path in parts(config) if hits(path.split(".")[-1])]
    return sorted(named, key=lambda path: (-sum(hits(key) for key in path.split(".")), -len(path)))


def count_by_rule(config, prefix, blocks):
    known = parts(config)
    places = []
    for path in named_as(config, prefix):
        places.append(path)
        places += [f"{path}.{inner}" for inner in INNER_TEXT_PARTS if f"{path}.{inner}" in known]
    keys = (DECODER_COUNTS if "decoder" in prefix else []) + (ENCODER_COUNTS if "encoder" in prefix else []) + COUNTS
    for part in dict.fromkeys(places + [text_part(config), ""]):
        tree = at(config, part) if part else config
        for key in keys:
            if tree.get(key) == blocks and not isinstance(tree.get(key), bool):
                return join(part, key)
        lists = [key for key in ("layers_block_type", "depths") if isinstance(tree.get(key), list)
                 and len(tree[key]) == blocks]
        if lists:
            return f"len({join(part, lists[0])})"
        alike = [key for key, value in tree.items() if value == blocks and not isinstance(value, bool)
                 and LIKE_COUNT.search(key)]
        words = set(re.split(r"[._]", prefix)) - COUNT_WORDS
        common = {key: len(words & set(key.split("_"))) for key in alike}
        best = [key for key in alike if common[key] == max(common.values())]
        if len(best) == 1:
            return join(part, best[0])
    return None
