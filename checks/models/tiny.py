"""Tiny random models of the families of transformers: a type's default configuration, cut to a few small blocks."""

import copy
import re

import torch
from transformers import CONFIG_MAPPING

from structures import build, model_class

COUNT = re.compile(r"(?:^|_)(?:layers|depth|blocks|n_layer|layer_num)$|^conv_dims$")
EXPERTS = re.compile(r"^(?:num_experts|num_local_experts|n_routed_experts|moe_num_experts|num_moe_experts|expert_num)$")
CHOSEN = re.compile(r"num_experts_per_tok|top_?k|moe_k$|moe_num_shared|n_group|num_expert_group|topk_group")
WIDTH = re.compile(r"(?:size|dim|dims|d_model|n_embd|n_inner|width|rank|d_ff|d_kv|channels|ffn_hidden_size|head_dim)$")
NO_WIDTH = re.compile(r"image|patch|kernel|window|chunk|pool|stride|num_channels|in_chan|out_chan|type_vocab|block_size|temporal"
                      r"|group|batch|max_|min_|codebook|mel|sampling|query_pre|spatial|frame|crop|tubelet")
TOKEN = re.compile(r"_(?:token|code)_?(?:id|index)$|^(?:image|video|audio)_token")
VOCABULARY = 96
POSITIONS = 128
LAYERS = 4
FACTORS = (16, 32, 64, 8, 4, 2, 1)
OF_BACKBONES = ("out_features", "out_indices", "stage_names")
ENOUGH = 4_000_000  # parameters: smaller ones are not looked for
MOST = 40_000_000


def lists_follow(tree, before, now):
    for key, value in tree.items():
        if isinstance(value, list) and len(value) == before and before > now:
            tree[key] = value[:now]


def shrunk(tree, factor, layers):
    """The configuration with widths divided, and no more than a few blocks, experts and tokens."""
    tree = {key: value for key, value in copy.deepcopy(tree).items() if key not in OF_BACKBONES}
    for key, value in list(tree.items()):
        if isinstance(value, dict):
            if "model_type" in value or key.endswith("_config"):
                tree[key] = shrunk(value, factor, layers)
        elif isinstance(value, bool) or value is None:
            continue
        elif isinstance(value, list) and TOKEN.search(key.removesuffix("s")):
            tree[key] = [0]
        elif isinstance(value, list) and WIDTH.search(key.removesuffix("s")) and not NO_WIDTH.search(key):
            tree[key] = [entry // factor if isinstance(entry, int) and entry >= 4 * factor else entry for entry in tree[key]]
        elif not isinstance(value, int):
            continue
        elif TOKEN.search(key):
            tree[key] = min(value, VOCABULARY - 1)
        elif key.endswith("vocab_size") and "type" not in key:
            tree[key] = min(value, VOCABULARY)
        elif "position_embeddings" in key and value > POSITIONS:
            tree[key] = POSITIONS
        elif EXPERTS.search(key):
            tree[key] = min(value, 4)
        elif CHOSEN.search(key):
            tree[key] = min(value, 2 if "tok" in key else 1)
        elif COUNT.search(key) and value > layers:
            lists_follow(tree, value, layers)
            tree[key] = layers
        elif WIDTH.search(key) and not NO_WIDTH.search(key) and value >= 4 * factor:
            tree[key] = value // factor
    return tree


def tiny(model_type, changes, layers=LAYERS):
    """The smallest configuration that the library builds, with keys changed by their path."""
    whole = CONFIG_MAPPING[model_type]().to_dict()
    problem, smallest = None, None
    for factor in FACTORS:
        tree = shrunk(whole, factor, layers)
        for path, value in changes.items():
            *outer, key = path.split(".")
            inner = tree
            for name in outer:
                inner = inner[name]
            inner[key] = value
        try:
            config = CONFIG_MAPPING[model_type].from_dict(tree)
            _, model, *_ = build(config)
        except Exception as refusal:  # what the library says of widths that do not fit
            problem = problem or refusal
            continue
        size = sum(parameter.numel() for parameter in model.parameters())
        if size <= ENOUGH:
            return config
        if size <= MOST and (smallest is None or size < smallest[0]):
            smallest = size, config
    if smallest is None:
        raise problem or ValueError(f"more than {MOST} parameters")
    return smallest[1]


def made(config, seed):
    """A model whose every parameter is random, also those that start as ones."""
    torch.manual_seed(seed)
    model = model_class(config)(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    return model
