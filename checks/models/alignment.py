"""Specs of permutations beside transformers and timm, and barriers of networks that learned digits; see alignment.sh."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

WORK = Path(sys.argv[1])
STOCKPOT = os.environ["STOCKPOT"].split()
GROUP = re.compile(r"^  (\S+): \{(.*)\} # (.*) units$")
TENSOR = re.compile(r"^  '(.*)': '(.*)'$")
OPTION = re.compile(r"(\w+): (?:'([^']*)'|([^',]+))")
SIDES = ["query", "key", "value", "output"]


def stockpot(*words):
    done = subprocess.run([*STOCKPOT, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"stockpot {' '.join(map(str, words))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


# What `inspect --permutations` prints, and what it allows


def spec_of(folder):
    """Groups by name: (options, units of each side); tensors by name: axes, each a list of (group, side, each)."""
    groups, tensors = {}, {}
    names = list(load_file(folder / "model.safetensors"))
    for line in stockpot("inspect", folder, "--permutations").splitlines():
        if group := GROUP.match(line):
            options = {key: quoted or plain for key, quoted, plain in OPTION.findall(group[2])}
            groups[group[1]] = options, [int(size) for size in group[3].split(" + ")]
        elif tensor := TENSOR.match(line):
            axes = [[part(text) for text in axis.split(" + ") if text != "fixed"] for axis in tensor[2].split(", ") if axis]
            for name, number in expanded(tensor[1], names):
                tensors[name] = [[(g.replace("{e}", number), s, e) for g, s, e in axis] for axis in axes]
    missing = set(names) - set(tensors)
    if missing:
        sys.exit(f"{folder}: the spec says nothing of {missing}")
    for name, (options, sizes) in list(groups.items()):
        if "{e}" in name:
            del groups[name]
            count = next(s[0] for o, s in groups.values() if o.get("experts") == name)
            groups.update({name.replace("{e}", str(e)): (options, sizes) for e in range(count)})
    return groups, tensors


def part(text):
    each = text.endswith(" each")
    group, _, side = text.removesuffix(" each").partition("/")
    return group, SIDES.index(side) if side else 0, each


def expanded(pattern, names):
    regex = re.compile(re.escape(pattern).replace(r"\{e\}", r"(\d+)"))
    for name in names:
        if found := regex.fullmatch(name):
            yield name, found[1] if found.groups() else ""


def drawn(options, sizes, random):
    """An order of each side: which unit goes to each place."""
    if "heads" not in options:
        return [random.permutation(sizes[0])]
    heads, groups = int(options["heads"]), int(options["key_value_heads"])
    each, keys, values = heads // groups, sizes[1] // groups, sizes[2] // groups
    moves = options.get("order") != "fixed"
    order = random.permutation(groups) if moves else np.arange(groups)
    sides = [[], [], [], []]
    for group in order:
        inner = random.permutation(each) if moves else np.arange(each)
        of_keys = np.arange(keys) if options.get("keys") == "fixed" else random.permutation(keys)
        of_values = random.permutation(values)
        sides[1].extend(group * keys + of_keys)
        sides[2].extend(group * values + of_values)
        for head in inner:
            sides[0].extend((group * each + head) * keys + of_keys)
            sides[3].extend((group * each + head) * values + of_values)
    return [np.array(side) for side in sides]


def permuted(weights, spec, orders, but=()):
    """The weights with units in these orders, but for some tensors, which stay as they are."""
    groups, tensors = spec
    moved = {}
    for name, weight in weights.items():
        moved[name] = weight
        for axis, parts in enumerate(tensors[name]):
            if name in but or not parts or not any(group in orders for group, _, _ in parts):
                continue
            places, length = [], weight.shape[axis]
            for group, side, each in parts:
                order = orders[group][side]
                members = length // len(order) if each else 1
                places.extend(len(places) + (order[:, None] * members + np.arange(members)).ravel())
            moved[name] = moved[name].index_select(axis, torch.tensor(places))
    for group, (options, _) in groups.items():
        if "experts" in options and group in orders:
            experts(moved, options["experts"], tensors, orders[group][0], but)
    return {name: weight.contiguous() for name, weight in moved.items()}


def experts(moved, member, tensors, order, but):
    old = dict(moved)
    prefix = member.replace("{e}", "")
    for name, axes in tensors.items():
        own = next((g for axis in axes for g, _, _ in axis if re.fullmatch(re.escape(prefix) + r"\d+", g)), None)
        if own and name not in but:
            number = int(own.removeprefix(prefix))
            moved[name] = old[name.replace(f"experts.{number}.", f"experts.{order[number]}.")]


# transformers computes norms and softmax in float32 whatever the model is in: not here


def in_float64():
    to, as_float, softmax = torch.Tensor.to, torch.Tensor.float, nn.functional.softmax

    def narrows(tensor, wanted):
        return tensor.dtype == torch.float64 and wanted == torch.float32

    def wide_to(tensor, *words, **more):
        narrow = any(isinstance(word, torch.dtype) and narrows(tensor, word) for word in [*words, *more.values()])
        return tensor if narrow else to(tensor, *words, **more)

    torch.Tensor.to = wide_to
    torch.Tensor.float = lambda tensor: tensor if tensor.dtype == torch.float64 else as_float(tensor)
    nn.functional.softmax = lambda tensor, *words, dtype=None, **more: softmax(
        tensor, *words, dtype=None if narrows(tensor, dtype) else dtype, **more)


# Tiny models


def transformers_models():
    import transformers as t

    def text(**more):
        return dict(vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
                    max_position_embeddings=32, pad_token_id=0, bos_token_id=1, eos_token_id=2, **more)

    gqa = dict(num_key_value_heads=2, head_dim=4)
    ids = dict(input_ids=torch.arange(3, 33).reshape(2, 15))
    image = dict(pixel_values=torch.rand(2, 3, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))
    both = dict(**ids, decoder_input_ids=torch.arange(5, 25).reshape(2, 10))
    for name, config, model in [
        ("llama", t.LlamaConfig, t.LlamaForCausalLM), ("mistral", t.MistralConfig, t.MistralForCausalLM),
        ("qwen2", t.Qwen2Config, t.Qwen2ForCausalLM), ("qwen3", t.Qwen3Config, t.Qwen3ForCausalLM),
        ("gemma", t.GemmaConfig, t.GemmaForCausalLM), ("gemma2", t.Gemma2Config, t.Gemma2ForCausalLM),
        ("gemma3", t.Gemma3TextConfig, t.Gemma3ForCausalLM), ("granite", t.GraniteConfig, t.GraniteForCausalLM),
        ("smollm3", t.SmolLM3Config, t.SmolLM3ForCausalLM),
    ]:
        yield name, model(config(**text(**gqa))), ids
    moe = dict(num_experts_per_tok=4, **gqa)  # so that all of them count
    yield "mixtral", t.MixtralForCausalLM(t.MixtralConfig(**text(num_local_experts=4, **moe))), ids
    yield "qwen3_moe", t.Qwen3MoeForCausalLM(t.Qwen3MoeConfig(**text(num_experts=4, moe_intermediate_size=12, **moe))), ids
    yield "qwen2_moe", t.Qwen2MoeForCausalLM(t.Qwen2MoeConfig(
        **text(num_experts=4, moe_intermediate_size=12, shared_expert_intermediate_size=20, **moe))), ids
    bert, roberta = t.BertConfig(**text(num_labels=3)), t.RobertaConfig(**text(num_labels=3))
    yield "bert", t.BertForSequenceClassification(bert), ids
    yield "bert_tokens", t.BertForTokenClassification(bert), ids
    yield "bert_pretraining", t.BertForPreTraining(bert), ids
    yield "roberta", t.RobertaForSequenceClassification(roberta), ids
    yield "roberta_masked", t.RobertaForMaskedLM(roberta), ids
    vision = dict(hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, image_size=8,
                  patch_size=4, num_labels=3)
    yield "vit", t.ViTForImageClassification(t.ViTConfig(**vision)), image
    yield "deit", t.DeiTForImageClassificationWithTeacher(t.DeiTConfig(**vision)), image
    yield "gpt2", t.GPT2LMHeadModel(t.GPT2Config(
        vocab_size=40, n_positions=32, n_embd=16, n_layer=2, n_head=4, n_inner=24, bos_token_id=1, eos_token_id=2)), ids
    t5 = dict(vocab_size=40, d_model=16, d_kv=4, d_ff=24, num_layers=2, num_heads=4, decoder_start_token_id=0)
    yield "t5", t.T5ForConditionalGeneration(t.T5Config(**t5)), both
    yield "mt5", t.MT5ForConditionalGeneration(t.MT5Config(**t5)), both
    yield "umt5", t.UMT5ForConditionalGeneration(t.UMT5Config(**t5)), both
    features = torch.rand(2, 8, 16, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    yield "whisper", t.WhisperForConditionalGeneration(t.WhisperConfig(
        vocab_size=40, num_mel_bins=8, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
        decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=20, d_model=16, max_source_positions=8,
        max_target_positions=16, pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1)), dict(
        input_features=features, decoder_input_ids=both["decoder_input_ids"])
    for kind in ["basic", "bottleneck"]:
        yield f"resnet_{kind}", t.ResNetForImageClassification(t.ResNetConfig(
            embedding_size=8, hidden_sizes=[48, 64], depths=[2, 2], layer_type=kind, num_labels=3)), dict(
                pixel_values=torch.rand(4, 3, 32, 32, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))


def plain_models():
    import timm

    image = torch.rand(2, 3, 32, 32, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    yield "mlp", nn.Sequential(nn.Linear(10, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 12), nn.ReLU(),
                               nn.Linear(12, 3)), torch.rand(4, 10, dtype=torch.float64)
    for norms in [False, True]:
        yield f"vgg{'_bn' if norms else ''}", Vgg(norms), image[:, :, :8, :8]
    block = timm.models.resnet
    yield "timm_basic", block.ResNet(block.BasicBlock, [2, 2, 1, 1], num_classes=3, channels=(8, 12, 16, 20)), image
    yield "timm_bottleneck", block.ResNet(block.Bottleneck, [2, 1, 1, 1], num_classes=3, channels=(8, 12, 16, 20)), image
    yield "timm_preact_basic", timm.create_model(
        "resnetv2_18", num_classes=3, channels=(8, 12, 16, 20), layers=(2, 2, 1, 1), stem_chs=8), image
    yield "timm_preact_bottleneck", timm.create_model(
        "resnetv2_50", num_classes=3, channels=(16, 24, 32, 40), layers=(2, 1, 1, 1), stem_chs=8), image


class Vgg(nn.Module):
    def __init__(self, norms):
        super().__init__()
        layers, channels = [], 3
        for width in [8, 12]:
            layers += [nn.Conv2d(channels, width, 3, padding=1)] + [nn.BatchNorm2d(width)] * norms
            layers += [nn.ReLU(), nn.MaxPool2d(2)]
            channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(48, 16), nn.ReLU(), nn.Dropout(), nn.Linear(16, 14), nn.ReLU(),
                                        nn.Linear(14, 3))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def randomized(model):
    """Every weight counts: norms are not ones, biases not zeros."""
    torch.manual_seed(1)
    model = model.double().eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            weight.add_(torch.randn_like(weight) * 0.2)
        for name, buffer in model.named_buffers():
            if name.endswith(("running_mean", "running_var")):
                buffer.add_(torch.rand_like(buffer))
    return model


def outputs(model, inputs):
    with torch.no_grad():
        found = model(**inputs) if isinstance(inputs, dict) else model(inputs)
    if torch.is_tensor(found):
        return found
    heads = [key for key in ["logits", "prediction_logits", "seq_relationship_logits"] if key in found]
    return torch.cat([found[key].flatten() for key in heads])


def specs():
    in_float64()
    random = np.random.default_rng(0)
    seen = set()
    for source in [transformers_models, plain_models]:
        for name, model, inputs in source():
            folder = WORK / name
            model = randomized(model)
            if source is transformers_models:
                model.save_pretrained(folder)
            else:
                folder.mkdir()
                save_file({key: value.contiguous() for key, value in model.state_dict().items()},
                          folder / "model.safetensors")
            spec = spec_of(folder)
            weights = load_file(folder / "model.safetensors")
            expected = outputs(loaded(model, folder, weights, source is transformers_models), inputs)

            def difference(moved):
                other = loaded(model, folder, moved, source is transformers_models)
                return ((outputs(other, inputs) - expected).abs().max() / expected.abs().max()).item()

            groups = spec[0]
            orders = {group: drawn(*shape, random) for group, shape in groups.items()}
            error = difference(permuted(weights, spec, orders))
            least, weakest = np.inf, None
            for group in groups:
                of_group = [n for n, axes in spec[1].items() if any(group == g for axis in axes for g, _, _ in axis)
                            and n in weights and weights[n].dtype.is_floating_point]
                largest = max(of_group, key=lambda n: weights[n].numel())
                change = difference(permuted(weights, spec, {group: shifted(groups[group], orders[group])}, [largest]))
                if change < least:
                    least, weakest = change, f"{group} without {largest}"
            print(f"{name}: {len(groups)} groups, error {error:.1e}, least change of a control {least:.1e}", flush=True)
            if not error < 1e-10:
                sys.exit(f"{name}: logits change by {error}")
            if not least > 1e-6:
                sys.exit(f"{name}: {weakest} changes nothing ({least})")
            seen.add(name)
    return f"{len(seen)} models"


def shifted(shape, order):
    """The order of a group that is certain to move something."""
    options, sizes = shape
    random = np.random.default_rng(7)
    while all((side == np.arange(len(side))).all() for side in order):
        order = drawn(options, sizes, random)
    return order


def loaded(model, folder, weights, is_pretrained):
    if not is_pretrained:
        other = copy.deepcopy(model)
        other.load_state_dict(weights)
        return other.eval()
    there = folder.with_name(folder.name + "-permuted")
    there.mkdir(exist_ok=True)
    (there / "config.json").write_bytes((folder / "config.json").read_bytes())
    save_file(weights, there / "model.safetensors", metadata={"format": "pt"})
    other = model.__class__.from_pretrained(there, dtype=torch.float64).eval()
    other.config._experts_implementation = "eager"  # others multiply in float32 at most
    return other


# Heads that are turned


def turn_of(options, sizes, random):
    """Of each side an orthogonal matrix that turns each head, and one that also mixes pairs that RoPE keeps apart."""
    heads, groups = int(options["heads"]), int(options["key_value_heads"])
    keys, values = sizes[1] // groups, sizes[2] // groups
    of_keys = [np.eye(keys)] * groups
    if options.get("pairs") == "half":
        of_keys = [in_pairs(keys, random) for _ in range(groups)]
    elif options.get("keys") != "fixed":
        of_keys = [orthogonal(keys, random) for _ in range(groups)]
    of_values = [orthogonal(values, random) for _ in range(groups)]
    each = heads // groups

    def blocks(matrices, times):
        return torch.block_diag(*[torch.tensor(matrix) for matrix in matrices for _ in range(times)])

    return [blocks(of_keys, each), blocks(of_keys, 1), blocks(of_values, 1), blocks(of_values, each)]


def orthogonal(size, random):
    return np.linalg.qr(random.normal(size=(size, size)))[0]


def in_pairs(size, random):
    matrix = np.eye(size)
    for one in range(size // 2):
        other, angle = one + size // 2, random.uniform(0, 6)
        matrix[one, one] = matrix[other, other] = np.cos(angle)
        matrix[other, one], matrix[one, other] = np.sin(angle), -np.sin(angle)
    return matrix


def turned(weights, spec, turns):
    """The weights with heads turned: along each axis on which they lie."""
    moved = {}
    for name, weight in weights.items():
        moved[name] = weight
        for axis, parts in enumerate(spec[1][name]):
            if not any(group in turns for group, _, _ in parts):
                continue
            whole = torch.block_diag(*[turns[group][side] for group, side, _ in parts])
            along = moved[name].movedim(axis, 0)
            moved[name] = (whole @ along.reshape(len(whole), -1)).reshape(along.shape).movedim(0, axis)
    return {name: weight.contiguous() for name, weight in moved.items()}


def turns():
    in_float64()
    random = np.random.default_rng(0)
    wanted = ["llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3", "granite", "smollm3", "bert", "vit", "gpt2",
              "t5", "whisper"]
    for name, model, inputs in transformers_models():
        if name not in wanted:
            continue
        folder = WORK / f"turns-{name}"
        model = randomized(model)
        model.save_pretrained(folder)
        spec, weights = spec_of(folder), load_file(folder / "model.safetensors")
        expected = outputs(loaded(model, folder, weights, True), inputs)
        heads = {group: shape for group, shape in spec[0].items() if "heads" in shape[0]}
        drawn_turns = {group: turn_of(*shape, random) for group, shape in heads.items()}
        moved = turned(weights, spec, drawn_turns)

        def difference(others):
            other = loaded(model, folder, others, True)
            return ((outputs(other, inputs) - expected).abs().max() / expected.abs().max()).item()

        error = difference(moved)
        if not error < 1e-10:
            sys.exit(f"{name}: turned heads change logits by {error}")
        free = {group: turn_of({**o, "keys": "", "pairs": ""}, s, random) for group, (o, s) in heads.items()}
        control = difference(turned(weights, spec, free))
        if any("fixed" in o.get("keys", "") for o, _ in heads.values()) and not control > 1e-6:
            sys.exit(f"{name}: keys that RoPE or norms keep from turning turn ({control})")
        copied = folder.with_name(folder.name + "-copy")
        copied.mkdir()
        (copied / "config.json").write_bytes((folder / "config.json").read_bytes())
        save_file(moved, copied / "model.safetensors", metadata={"format": "pt"})
        recipe, averages = WORK / "turns.yml", []
        for how in ["permuted", "turned"]:
            recipe.write_text(f"merge_method: linear\ndtype: float64\nmodels:\n  - model: {folder}\n    parameters: {{weight: 0.5}}\n"
                              f"  - model: {copied}\n    parameters: {{weight: 0.5}}\n    align: {{to: {folder}, heads: {how}}}\n")
            out = WORK / f"average-{name}-{how}"
            stockpot("merge", recipe, out, "--set", "report=false")
            averages.append(difference(load_file(out / "model.safetensors")))
        print(f"{name}: turned {error:.1e}, a control {control:.1e}; averages with the turned copy: {averages[0]:.1e} with heads "
              f"permuted, {averages[1]:.1e} turned back", flush=True)
        if not (averages[1] < 1e-4 and averages[0] > 100 * averages[1]):
            sys.exit(f"{name}: the average with a turned copy is off by {averages[1]}")
    return f"turned heads of {len(wanted)} models"


# Networks that learned digits


def digits():
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    x = torch.tensor(images / 16, dtype=torch.float32)
    y = torch.tensor(labels)
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    train, test = order[: len(x) * 6 // 10], order[len(x) * 8 // 10:]
    for width, bound in [(64, 0.3), (256, 0.1)]:
        naive, aligned = [], []
        for pair in range(3):
            folders = []
            for seed in [2 * pair, 2 * pair + 1]:
                folder = WORK / f"digits-{width}-{seed}"
                folder.mkdir()
                save_file(trained(width, seed, x[train], y[train]), folder / "model.safetensors")
                folders.append(folder)
            out = WORK / f"aligned-{width}-{pair}"
            recipe = WORK / "recipe.yml"
            recipe.write_text(f"merge_method: passthrough\nmodels:\n  - model: {folders[1]}\n    align: {{to: {folders[0]}}}\n")
            stockpot("merge", recipe, out, "--set", "report=false")
            a, b, moved = (load_file(f / "model.safetensors") for f in [*folders, out])
            same = (net(b)(x[test]) - net(moved)(x[test])).abs().max().item()
            if not same < 1e-3:
                sys.exit(f"alignment changes what a network computes by {same}")
            naive.append(barrier(a, b, x[test], y[test]))
            aligned.append(barrier(a, moved, x[test], y[test]))
        print(f"width {width}: barrier {np.mean(naive):.3f} {np.round(naive, 3)}, aligned {np.mean(aligned):.3f} "
              f"{np.round(aligned, 3)}", flush=True)
        if width == 64 and not np.mean(naive) > 0.5:
            sys.exit("networks of width 64 are connected as they are")
        if not np.mean(aligned) < bound:
            sys.exit(f"aligned networks of width {width} are {np.mean(aligned)} apart, more than {bound}")
    return "digits"


def net(weights):
    width = weights["0.weight"].shape[0]
    model = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))
    model.load_state_dict(weights)
    return model.eval().requires_grad_(False)


def trained(width, seed, x, y):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))
    for layer in model[::2]:
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
    for _ in range(60):
        for batch in torch.randperm(len(x)).split(64):
            adam.zero_grad()
            nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
            adam.step()
    return {name: weight.detach().clone() for name, weight in model.state_dict().items()}


def barrier(a, b, x, y):
    loss = [nn.functional.cross_entropy(net({n: torch.lerp(a[n], b[n], t) for n in a})(x), y).item()
            for t in np.linspace(0, 1, 25)]
    return max(at - (1 - t) * loss[0] - t * loss[-1] for at, t in zip(loss, np.linspace(0, 1, 25)))


wanted = sys.argv[2:] or ["specs", "turns", "digits"]
print("Passed: " + ", ".join({"specs": specs, "turns": turns, "digits": digits}[name]() for name in wanted))
