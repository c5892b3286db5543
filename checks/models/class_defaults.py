"""Writes what classes of configurations take where a config.json is silent, of the keys that change what a model computes.

  python3 checks/models/class_defaults.py merge-job/src/main/resources/dev/stockpot/merge/compare/defaults.tsv

Needs transformers. Fields are read off the classes and not off what they make: a class makes sizes of heads, and kinds of
layers, of other values. Kinds of layers and what positions are rotated by are what a class makes of its own defaults.
"""

import dataclasses
import decimal
import re
import sys
import warnings

import transformers
from structure_table import period

# ours is a list of what changes the function and not the shapes; all else is told by shapes, or by nobody
KEYS = re.compile(
    r"head_dim|num_key_value_heads|sliding_window|use_sliding_window|.*softcap(ping)?|rms_norm_eps|layer_norm_eps(ilon)?|norm_eps|norm_epsilon"
    r"|hidden_act|hidden_activation|activation_function|attention_bias|mlp_bias|qkv_bias|use_qkv_bias|logit_scale|logits_scaling|embedding_multiplier"
    r"|residual_multiplier|attention_multiplier|query_pre_attn_scalar|num_experts_per_tok|norm_topk_prob|scoring_func|topk_method|n_group"
    r"|topk_group|routed_scaling_factor|rope_interleave|qk_layernorm|use_qk_norm|use_parallel_residual|parallel_attn|alibi|clip_qkv"
    r"|scale_attn_weights|scale_attn_by_inverse_layer_idx|position_embedding_type|is_decoder|rotary_dim|no_rope_layer_interval"
    r"|attention_chunk_size|use_mrope|add_cross_attention|relative_attention_(num_buckets|max_distance)|is_gated_act|dense_act_fn"
    r"|scale_embedding|normalize_before|do_layer_norm_before|query_norm|attn_scale|floor_scale|first_k_dense_replace|moe_layer_freq"
)
ROTATED = ("rope_theta", "partial_rotary_factor")


def spelled(value):
    """As config.json's values are compared: numbers without an end of zeros."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, float)):
        return format(decimal.Decimal(repr(value)).normalize(), "f") if value else "0"
    return value


def fields(cls):
    """Scalar defaults of a class's own fields that are ours."""
    for field in dataclasses.fields(cls):
        if KEYS.fullmatch(field.name) and (field.default is None or type(field.default) in (bool, int, float, str)):
            yield field.name, spelled(field.default)


def made(cls):
    """What a class makes of its defaults: rotations, and the shortest list of kinds of layers that repeats."""
    try:
        config = cls().to_dict()
    except Exception:  # some classes want to be told what they are made of
        return
    rotations = config.get("rope_parameters") or {}
    local = rotations.get("sliding_attention") or {}
    whole = rotations.get("full_attention") or rotations
    yield from ((key, spelled(whole[key])) for key in ROTATED if whole.get(key) is not None)
    if "partial_rotary_factor" not in whole and "rope_theta" in whole:
        yield "partial_rotary_factor", "1"
    if local.get("rope_theta") is not None:
        yield "rope_local_base_freq", spelled(local["rope_theta"])
    kinds = config.get("layer_types") or []
    length = int(period(config) or (1 if len(set(kinds)) == 1 else 0))
    if length:
        yield "layer_types", ",".join(kinds[:length])


def main():
    warnings.filterwarnings("ignore")
    with open(sys.argv[1], "w", encoding="utf-8") as table:
        print(f"# written by checks/models/class_defaults.py, of transformers {transformers.__version__}", file=table)
        for name, cls in sorted(transformers.CONFIG_MAPPING.items()):
            taken = {**dict(fields(cls)), **dict(made(cls))}
            if taken:
                print("\t".join([name, *(f"{key}={value}" for key, value in sorted(taken.items()))]), file=table)


main()
