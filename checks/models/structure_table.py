"""Writes the table of model families and the sample for its test from what structures.py measured.

The test tries a sample; with --all it can try every type:

  ./mvnw test -pl merge-job -am -Dtest=FamiliesTest -Dsurefire.failIfNoSpecifiedTests=false -Dfamilies=FILE
"""

import argparse
import json
import re
import sys

from structure_rules import BLOCK_WORDS, NUMBER, at, count_by_rule

SAMPLED = """
    llama mistral mixtral qwen2 qwen2_moe qwen3 qwen3_moe qwen3_next qwen2_vl qwen2_5_vl qwen3_vl qwen3_5 gemma gemma2 gemma3
    gemma3_text phi phi3 deepseek_v2 deepseek_v3 glm4 glm4_moe glm4v olmo2 olmoe granite granitemoehybrid cohere cohere2
    falcon gpt2 gpt_neo gpt_neox gptj gpt_oss gpt_bigcode bloom opt starcoder2 mamba mamba2 jamba bamba nemotron_h
    llama4 mistral3 llava llava_next internvl mllama blip-2 idefics3 smolvlm paligemma bert roberta distilbert deberta-v2 electra
    camembert modernbert albert t5 mt5 umt5 bart mbart pegasus whisper speech_to_text wav2vec2 hubert clip siglip vit dinov2_with_registers
    deit swin qwen2_5_omni qwen2_audio longcat_flash minimax lfm2 exaone4 smollm3 stablelm mpt rwkv
""".split()


def usual_twin(head, embedding):
    return head.endswith("lm_head.weight") and embedding.endswith(("embed_tokens.weight", "wte.weight"))


def period(config):
    """After how many layers the kinds of layers repeat that a class makes of its default configuration."""
    kinds = config.get("layer_types") or []
    periods = [p for p in range(1, len(kinds) // 2 + 1) if all(kinds[i] == kinds[i % p] for i in range(len(kinds)))]
    return str(periods[0]) if periods and periods[0] > 1 else ""


def row(record):
    """A line of the table: type, tied or own, count key, period, keys that the rules miss, twins beyond the usual."""
    counts = record["counts"]
    only = next(iter(counts.values())) if len(counts) == 1 else "num_hidden_layers"
    count = "" if only == "num_hidden_layers" or not only.isidentifier() else only
    missed = {prefix: counts.get(prefix, "-") for prefix, blocks in record["blocks"].items()
              if counts.get(prefix) != count_by_rule(record["config"], prefix, blocks) and prefix
              # of blocks that no key moves, some are only such that the library refuses one more
              and (prefix in counts or prefix.split(".")[-1] not in BLOCK_WORDS)}
    twins = {left: right for left, right in record["ties"].items()
             if not usual_twin(left, right) and not re.search(r"(^|\.)\d+\.", left) and not re.search(r"\s|=", left + right)}
    tied = record["tied"] or (not record["ties"] and record["tie_keys"].get("tie_word_embeddings"))
    pairs = (" ".join(f"{left}={right}" for left, right in sorted(cell.items())) for cell in (missed, twins))
    return "\t".join([record["type"], "tied" if tied else "own", count, period(record["config"]), *pairs])


def plain(tree):
    """A configuration without what no rule reads: empty values, labels, long lists."""
    kept = {}
    for key, value in tree.items():
        if isinstance(value, dict) and key not in ("id2label", "label2id", "task_specific_params"):
            kept[key] = plain(value)
        elif isinstance(value, (bool, int)) or (isinstance(value, str) and len(value) < 60):
            kept[key] = value
        elif isinstance(value, list) and len(value) <= 12 and all(isinstance(entry, (int, str)) for entry in value):
            kept[key] = value
    return {key: value for key, value in kept.items()
            if not re.search(r"_token_id|dropout|^output_|return_dict|initializer|is_decoder|^use_cache", key)}


def few(names):
    """Two names of each block, and all that lie outside."""
    kept, seen = [], {}
    for name in sorted(names):
        number = NUMBER.search(name)
        place = name[: number.end(1)] if number else None
        seen[place] = seen.get(place, 0) + 1
        if place is None or seen[place] <= 2:
            kept.append(name)
    return kept


def height(config, key):
    """What a count key says."""
    return len(at(config, key[4:-1]) or []) if key.startswith("len(") else at(config, key)


def sample(record):
    """A small model, and its stacks: prefix → blocks and count key, none if numbers are no blocks of a key."""
    cut = record["small"]
    stacks = {}
    for prefix, blocks in cut["blocks"].items():
        key = record["counts"].get(prefix)
        if key or prefix.split(".")[-1] not in BLOCK_WORDS:
            stacks[prefix] = [blocks, key if key and height(cut["config"], key) == blocks else None]
    return {"type": record["type"], "config": plain(cut["config"]), "names": few(cut["names"]), "tied": cut["tied"],
            "stacks": stacks}


def write(measured, table, samples, everything):
    records = [json.loads(line) for line in open(measured, encoding="utf-8")]
    built = sorted((record for record in records if "not_built" not in record), key=lambda record: record["type"])
    with open(table, "w", encoding="utf-8") as out:
        out.write(f"# Measured of transformers {built[0]['transformers']} by checks/models/structures.py; written by structure_table.py, do not edit.\n")
        out.write("# type, head tied by default, count key, period of layer_types, stacks that rules miss, twins\n")
        out.writelines(row(record) + "\n" for record in built)
    by_type = {record["type"]: record for record in built}
    with open(samples, "w", encoding="utf-8") as out:
        for model_type in by_type if everything else SAMPLED:
            if by_type.get(model_type, {}).get("small"):
                out.write(json.dumps(sample(by_type[model_type]), separators=(",", ":")) + "\n")
            else:
                print(f"{model_type} is not in the sample", file=sys.stderr)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("measured", "table", "samples"):
        options.add_argument(name)
    options.add_argument("--all", action="store_true", help="samples of all types, a megabyte")
    given = options.parse_args()
    write(given.measured, given.table, given.samples, given.all)


if __name__ == "__main__":
    main()
