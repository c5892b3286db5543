"""The Python part of pipelines.sh, which explains itself there."""

import shutil
import sys
from pathlib import Path

RECIPE = """\
merge_method: linear
models:
  - model: {work}/a{folder}
    parameters: {{weight: 0.5}}
  - model: {work}/b{folder}
    parameters: {{weight: 0.5}}
"""
MODELS = ("unet", "vae")


def model(kind):
    from diffusers import AutoencoderKL, UNet2DModel

    if kind == "vae":
        return AutoencoderKL(
            block_out_channels=(8,), latent_channels=2, norm_num_groups=4, sample_size=8
        )
    return UNet2DModel(
        sample_size=8,
        layers_per_block=1,
        block_out_channels=(8, 16),
        norm_num_groups=4,
        attention_head_dim=4,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "UpBlock2D"),
    )


def prepare(work):
    """Pipelines a and b; the models of b lie in several shards. And the recipes."""
    import torch
    from diffusers import DDPMPipeline, DDPMScheduler

    for seed, name in enumerate("ab"):
        torch.manual_seed(seed)
        pipeline = DDPMPipeline(unet=model("unet"), scheduler=DDPMScheduler())
        pipeline.save_pretrained(work / name)
        shards = {} if name == "a" else {"max_shard_size": "20KB"}
        pipeline.unet.save_pretrained(work / name / "unet", **shards)
        model("vae").save_pretrained(work / name / "vae", **shards)
    if not list((work / "b/unet").glob("*.index.json")):
        sys.exit("FAILED: b is in one shard")
    for stale in (work / "b/unet").glob("diffusion_pytorch_model.safetensors"):
        stale.unlink()
    (work / "root.yml").write_text(RECIPE.format(work=work, folder=""))
    for folder in MODELS:
        (work / f"{folder}.yml").write_text(RECIPE.format(work=work, folder="/" + folder))


def loaded(folder, kind):
    """With diffusers, which must miss nothing and be given nothing that it does not know."""
    found, info = type(model(kind)).from_pretrained(folder, output_loading_info=True)
    strange = {name: keys for name, keys in info.items() if keys}
    if strange:
        sys.exit(f"FAILED: {folder}: {strange}")
    return found.state_dict()


def compare(work):
    import torch
    from diffusers import DDPMPipeline

    for kind in MODELS:
        a, b, merged = (loaded(work / name / kind, kind) for name in ("a", "b", "merged"))
        for name, tensor in merged.items():
            if not torch.allclose(tensor, (a[name] + b[name]) / 2, atol=1e-7):
                sys.exit(f"FAILED: {kind}: {name} is not the mean")
        print(f"{kind}: {len(merged)} tensors are the means, as diffusers loads them")
    shutil.copy(work / "a/model_index.json", work / "merged")
    shutil.copytree(work / "a/scheduler", work / "merged/scheduler")
    image = DDPMPipeline.from_pretrained(work / "merged")(num_inference_steps=2).images[0]
    print(f"Passed: the merged pipeline makes an image of {image.size}")


if __name__ == "__main__":
    {"prepare": prepare, "compare": compare}[sys.argv[1]](Path(sys.argv[2]))
