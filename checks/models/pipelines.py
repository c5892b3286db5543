"""The Python part of pipelines.sh, which explains itself there."""

import json
import sys
from pathlib import Path

MEAN = """\
merge_method: linear
models:
  - model: {work}/{a}
    parameters: {{weight: 0.5}}
  - model: {work}/{b}
    parameters: {{weight: 0.5}}
"""
OWN = """\
merge_method: linear
models:
  - model: {work}/a
    parameters: {{weight: [{{filter: unet/, value: 0.25}}, {{value: 0.5}}]}}
  - model: {work}/b
    parameters: {{weight: [{{filter: unet/, value: 0.75}}, {{value: 0.5}}]}}
freeze: [{{match: '^vae/', from: {work}/b}}]
"""
PARTS = {"unet": "UNet2DConditionModel", "vae": "AutoencoderKL", "text_encoder": "CLIPTextModel"}
WORDS = ["a", "cat", "dog", "sat", "on", "the", "mat", "moon"]
SENTENCES = ["the cat sat on the mat", "a dog", "the moon"]


def vocabulary(work):
    """A tokenizer of CLIP's kind that knows single letters, and one of BERT's."""
    from transformers import BertTokenizer, CLIPTokenizer
    letters = list("abcdefghijklmnopqrstuvwxyz")
    tokens = letters + [letter + "</w>" for letter in letters] + ["<|startoftext|>", "<|endoftext|>"]
    folder = work / "clip"
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps({token: i for i, token in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    clip = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=16)
    bert = work / "bert.txt"
    bert.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]))
    return clip, BertTokenizer(str(bert))


def pipeline(tokenizer):
    from diffusers import AutoencoderKL, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    text = CLIPTextModel(CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=24, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=16,
    ))
    unet = UNet2DConditionModel(
        sample_size=8, layers_per_block=1, block_out_channels=(8, 16), norm_num_groups=4,
        attention_head_dim=4, cross_attention_dim=16, in_channels=4, out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    )
    vae = AutoencoderKL(block_out_channels=(8,), latent_channels=4, norm_num_groups=4, sample_size=8)
    return StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=tokenizer, unet=unet, scheduler=PNDMScheduler(),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )


def sentences(work, name, tokenizer):
    """A tiny BERT with a pooling and a Dense module."""
    from sentence_transformers import SentenceTransformer, models
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=24, max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(work / f"{name}-bert")
    tokenizer.save_pretrained(work / f"{name}-bert")
    transformer = models.Transformer(str(work / f"{name}-bert"))
    pooling = models.Pooling(16)
    dense = models.Dense(in_features=16, out_features=6)
    SentenceTransformer(modules=[transformer, pooling, dense], device="cpu").save(str(work / name))


def prepare(work):
    """Pipelines a and b, of which b lies in several shards; sentence models s and t; the recipes."""
    import torch

    clip, bert = vocabulary(work)
    for seed, name in enumerate("ab"):
        torch.manual_seed(seed)
        whole = pipeline(clip)
        whole.save_pretrained(work / name, **({} if name == "a" else {"max_shard_size": "20KB"}))
    if not list((work / "b/unet").glob("*.index.json")):
        sys.exit("FAILED: b is in one shard")
    for seed, name in enumerate("st"):
        torch.manual_seed(seed)
        sentences(work, name, bert)
    if not list((work / "s").glob("*Dense*/model.safetensors")):
        sys.exit("FAILED: no weights of a module")
    (work / "pipeline.yml").write_text(MEAN.format(work=work, a="a", b="b"))
    (work / "own.yml").write_text(OWN.format(work=work))
    (work / "sentences.yml").write_text(MEAN.format(work=work, a="s", b="t"))


def loaded(folder):
    """A pipeline's weights by component, as diffusers and transformers load them."""
    import diffusers
    import transformers

    states = {}
    for part, name in PARTS.items():
        cls = getattr(diffusers, name, None) or getattr(transformers, name)
        found, info = cls.from_pretrained(folder / part, output_loading_info=True)
        strange = {key: keys for key, keys in info.items() if keys}
        if strange:
            sys.exit(f"FAILED: {folder}/{part}: {strange}")
        states[part] = found.state_dict()
    return states


def same(name, found, expected):
    import torch

    for key, tensor in found.items():
        if not torch.allclose(tensor.float(), expected(key).float(), atol=1e-6):
            sys.exit(f"FAILED: {name}: {key} is not what it is to be")
    print(f"{name}: {len(found)} tensors are as they are to be")


def compare(work):
    from diffusers import StableDiffusionPipeline

    a, b = loaded(work / "a"), loaded(work / "b")
    share = {"pipeline": dict.fromkeys(PARTS, 0.5), "own": {"unet": 0.75, "vae": 1, "text_encoder": 0.5}}
    for name, ofb in share.items():
        for part, state in loaded(work / "out" / name).items():
            same(
                f"{name}, {part}", state,
                lambda key: a[part][key] * (1 - ofb[part]) + b[part][key] * ofb[part],
            )
        whole = StableDiffusionPipeline.from_pretrained(work / "out" / name)
        image = whole("the cat", num_inference_steps=4, height=8, width=8).images[0]
        print(f"{name}: an image of {image.size}")
    embeddings(work)
    print("Passed: pipelines and sentence models merged at their roots are those of the merged weights")


def embeddings(work):
    """Sentences embed as in a model whose weights are set to the means by hand."""
    import numpy
    import torch
    from sentence_transformers import SentenceTransformer

    models = {name: SentenceTransformer(str(work / name), device="cpu") for name in "st"}
    merged = SentenceTransformer(str(work / "out/sentences"), device="cpu")
    states = {name: model.state_dict() for name, model in models.items()}
    same("sentences", merged.state_dict(), lambda key: (states["s"][key] + states["t"][key]) / 2)
    by_hand = models["s"]
    with torch.no_grad():
        for key, tensor in by_hand.state_dict().items():
            if tensor.is_floating_point():
                tensor.copy_((tensor + states["t"][key]) / 2)
    off = numpy.abs(merged.encode(SENTENCES) - by_hand.encode(SENTENCES)).max()
    if off > 1e-5 or merged.encode(SENTENCES).shape != (3, 6):
        sys.exit(f"FAILED: embeddings differ by {off}")
    print(f"sentences: embeddings differ by {off:.1e} at most")


if __name__ == "__main__":
    {"prepare": prepare, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
