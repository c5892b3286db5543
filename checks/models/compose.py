"""The Python part of compose.sh, which explains itself there."""

import json
import os
import subprocess
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

CONF = Path(__file__).resolve().parents[2] / "conf"
WORK = Path(sys.argv[1])


def fail(words):
    sys.exit(f"FAILED: {words}")


def save(name, state, config=None):
    folder = WORK / "models" / name
    folder.mkdir(parents=True)
    save_file({key: value.contiguous() for key, value in state.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config or {}))


def pretrained(name, model):
    model.eval().save_pretrained(WORK / "models" / name)
    return model


def stockpot(recipe, out):
    """Makes a recipe, a file of conf/ or a text, and gives its folder."""
    file = CONF / recipe
    if "\n" in recipe:
        file = WORK / f"{out}.yml"
        file.write_text(recipe)
    command = [os.environ["STOCKPOT"], "merge", file, WORK / out, "--quiet"]
    subprocess.run([*map(str, command), "--set", f"model-root={WORK}"], check=True)
    return WORK / out


def tensors(folder):
    state = {}
    for file in sorted(folder.glob("*.safetensors")):
        state.update(load_file(file))
    return state


def same(name, found, expected, within=0.0):
    off = (found.double() - expected.double()).abs().max().item()
    if not off <= within or not torch.isfinite(found).all():
        fail(f"{name}: off by {off}")
    print(f"{name}: {tuple(found.shape)} differ by {off:.1e} at most")


def loads(module, state):
    """Into a module that must miss nothing and be given nothing that it does not know."""
    module.load_state_dict(state, strict=True)
    return module.eval()


def extractors():
    import timm

    class Stitched(nn.Module):
        def __init__(self):
            super().__init__()
            self.extractor_a = timm.create_model("resnet50", num_classes=0)
            self.extractor_b = timm.create_model("mobilenetv2_100", num_classes=0)
            self.fc = nn.Linear(2048 + 1280, 10)

        def forward(self, x):
            return self.fc(torch.cat([self.extractor_a(x), self.extractor_b(x)], dim=1))

    a = timm.create_model("resnet50", num_classes=1000).eval()
    b = timm.create_model("mobilenetv2_100", num_classes=1000).eval()
    save("resnet50", a.state_dict())
    save("mobilenet_v2", b.state_dict())
    state = tensors(stockpot("stitched-extractors.yml", "stitched"))
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        features = [m.forward_head(m.forward_features(x), pre_logits=True) for m in (a, b)]
        by_hand = torch.cat(features, dim=1) @ state["fc.weight"].T + state["fc.bias"]
        same("two extractors, one head", loads(Stitched(), state)(x), by_hand, 1e-5)
    spread = state["fc.weight"].std().item() / (2 / 3338) ** 0.5
    if not 0.98 < spread < 1.02:
        fail(f"the head's deviation is {spread} of Xavier's")


def projection():
    from transformers import LlamaConfig, LlamaForCausalLM, ViTConfig, ViTForImageClassification

    vit = ViTConfig(hidden_size=768, num_hidden_layers=2, intermediate_size=64, image_size=32, patch_size=8)
    llama = LlamaConfig(
        hidden_size=2048, num_hidden_layers=2, intermediate_size=96, vocab_size=70,
        num_attention_heads=16, num_key_value_heads=4,
    )
    encoder = ViTForImageClassification(vit).bfloat16().eval()
    save("encoder", encoder.state_dict())  # under the names of its modules: save_pretrained writes older ones
    decoder = pretrained("decoder", LlamaForCausalLM(llama).bfloat16())

    class Joined(nn.Module):
        def __init__(self):
            super().__init__()
            self.vision_tower = ViTForImageClassification(vit).vit
            self.multi_modal_projector = nn.Sequential()
            self.multi_modal_projector.add_module("linear_1", nn.Linear(768, 2048))
            self.language_model = LlamaForCausalLM(llama)

        def forward(self, image):
            states = self.vision_tower(image).last_hidden_state
            return self.language_model(inputs_embeds=self.multi_modal_projector(states)).logits

    state = tensors(stockpot("encoder-projection-decoder.yml", "joined"))
    image = torch.randn(2, 3, 32, 32).bfloat16()
    with torch.no_grad():
        projector = nn.Linear(768, 2048).bfloat16()
        projector.weight.copy_(state["multi_modal_projector.linear_1.weight"])
        projector.bias.zero_()
        by_hand = decoder(inputs_embeds=projector(encoder.vit(image).last_hidden_state)).logits
        same("encoder, projection, decoder", loads(Joined().bfloat16(), state)(image), by_hand)


def experts():
    from transformers import AutoModelForCausalLM, Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(
        hidden_size=64, intermediate_size=128, num_hidden_layers=4, num_attention_heads=4,
        num_key_value_heads=2, head_dim=16, vocab_size=90, tie_word_embeddings=False,
    )
    models = {}
    for seed, name in enumerate(["base", "code", "math"]):
        torch.manual_seed(seed)
        models[name] = pretrained(name, Qwen3ForCausalLM(config))
    folder = stockpot("experts-of-layers.yml", "experts")
    state = tensors(folder)
    found, info = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    strange = {name: keys for name, keys in info.items() if keys}
    if strange:
        fail(f"experts: {strange}")

    class Mixture(nn.Module):
        def __init__(self, gate, members):
            super().__init__()
            self.gate, self.members = gate, members

        def forward(self, x):
            share = torch.softmax((x @ self.gate.T).float(), dim=-1)
            weights, chosen = share.topk(2, dim=-1)
            weights = weights / weights.sum(dim=-1, keepdim=True)
            out = torch.zeros_like(x)
            for place, member in enumerate(self.members):
                weight = (weights * (chosen == place)).sum(dim=-1, keepdim=True)
                out = out + weight * member(x)
            return out

    mlps = {name: [layer.mlp for layer in model.model.layers] for name, model in models.items()}
    for number, layer in enumerate(models["base"].model.layers):
        members = [mlps[name][number] for name in ("base", "code", "math")]
        members.append(mlps["base"][(number - 1) % 4])
        layer.mlp = Mixture(state[f"model.layers.{number}.mlp.gate.weight"], members)
    ids = torch.randint(0, 90, (2, 17))
    with torch.no_grad():
        same("experts of layers", found.eval()(ids).logits, models["base"](ids).logits, 1e-5)


def fused():
    from transformers import GPT2Config, GPT2LMHeadModel, GPTNeoXConfig, GPTNeoXForCausalLM
    from transformers import Phi3Config, Phi3ForCausalLM

    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4, "vocab_size": 40}
    neox = pretrained("neox", GPTNeoXForCausalLM(GPTNeoXConfig(**small, intermediate_size=64)))
    phi = pretrained(
        "phi", Phi3ForCausalLM(Phi3Config(**small, intermediate_size=64, num_key_value_heads=2, pad_token_id=0))
    )
    gpt2 = pretrained("gpt2", GPT2LMHeadModel(GPT2Config(n_embd=32, n_layer=1, n_head=4, vocab_size=40)))
    x = torch.randn(5, 32)
    rest = "  - {from: models/%s, leave_out: true}\n"

    def split(name, rule):
        return tensors(stockpot("compose:\n  - " + rule + "\n" + rest % name, f"split-{name}"))

    def projected(state, prefix):
        found = {}
        for key, value in state.items():
            for part in "qkv":
                if key.startswith(prefix) and f"{part}_proj.weight" in key:
                    bias = state.get(key.replace("weight", "bias"))
                    found[part] = x @ value.T + (0 if bias is None else bias)
        return found

    layer = neox.gpt_neox.layers[0].attention
    state = split("neox", "{from: models/neox, match: 'query_key_value', as: [q_proj, k_proj, v_proj], groups: heads}")
    expected = layer.query_key_value(x).view(5, 4, 24).chunk(3, dim=-1)
    for part, wanted in zip("qkv", expected):
        same(f"GPT-NeoX {part}", projected(state, "gpt_neox")[part], wanted.reshape(5, 32).detach(), 1e-6)

    state = split("phi", "{from: models/phi, match: 'qkv_proj', as: [q_proj, k_proj, v_proj], sizes: heads}")
    expected = phi.model.layers[0].self_attn.qkv_proj(x).split([32, 16, 16], dim=-1)
    for part, wanted in zip("qkv", expected):
        same(f"Phi-3 {part}", projected(state, "model")[part], wanted.detach(), 1e-6)

    state = split("gpt2", "{from: models/gpt2, match: 'attn\\.c_attn', as: [q_proj, k_proj, v_proj], transpose: true}")
    expected = gpt2.transformer.h[0].attn.c_attn(x).split(32, dim=-1)
    for part, wanted in zip("qkv", expected):
        same(f"GPT-2 {part}", projected(state, "transformer")[part], wanted.detach(), 1e-5)

    back = "compose:\n  - {from: %s, match: 'q_proj', join: [k_proj, v_proj], as: query_key_value, groups: 4}\n"
    again = tensors(stockpot(back % "split-neox", "neox-again"))
    weight = "gpt_neox.layers.0.attention.query_key_value.weight"
    same("GPT-NeoX fused again", again[weight], layer.query_key_value.weight.detach())


def blocks():
    from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        hidden_size=32, intermediate_size=48, num_hidden_layers=32, num_attention_heads=4,
        num_key_value_heads=2, vocab_size=60,
    )
    pretrained("pro", LlamaForCausalLM(config).bfloat16())
    # loaded again: bfloat16() rounds the frequencies of positions, too, and loading does not
    model = AutoModelForCausalLM.from_pretrained(WORK / "models/pro").eval()
    recipe = (CONF / "llama-pro.yml").read_text().replace("models/base", "models/pro")
    deeper = AutoModelForCausalLM.from_pretrained(stockpot(recipe, "deeper")).eval()
    if deeper.config.num_hidden_layers != 40:
        fail(f"{deeper.config.num_hidden_layers} layers")
    ids = torch.randint(0, 60, (2, 12))
    with torch.no_grad():
        same("LLaMA-Pro", deeper(ids).logits, model(ids).logits)


CASES = {"extractors": extractors, "projection": projection, "experts": experts, "fused": fused, "blocks": blocks}

if __name__ == "__main__":
    for chosen in sys.argv[2:] or CASES:
        torch.manual_seed(0)
        CASES[chosen]()
    print("Passed: modules load what rules put together, and give the logits of networks put together by hand")
