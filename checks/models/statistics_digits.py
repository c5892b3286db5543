"""Trains a base and a fine-tune for each of four tasks, merges them in several ways, and compares what they recognise."""

import json
import os
import pathlib
import subprocess
import sys

import numpy
import torch
from safetensors.torch import load_file, save_file
from sklearn.datasets import load_digits
from stockpot_tools.data import Example, Examples
from stockpot_tools.model import StoredModel
from stockpot_tools.safetensor_files import digest_of
from stockpot_tools.statistics.gradients import Fisher
from stockpot_tools.statistics.grams import Grams
from stockpot_tools.statistics.job import Job

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])
WIDTHS = (64, 256, 256, 10)
SEEDS = 3
GRAMS, FISHER = 256, 128  # examples of each task
torch.set_num_threads(1)


class Network(torch.nn.Module):
    """Rectified layers, under names that a checkpoint of layers has."""

    def __init__(self):
        super().__init__()
        pairs = zip(WIDTHS, WIDTHS[1:])
        self.layers = torch.nn.ModuleList(torch.nn.Linear(inputs, outputs) for inputs, outputs in pairs)
        for layer in self.layers:
            torch.nn.init.kaiming_normal_(layer.weight)
            torch.nn.init.zeros_(layer.bias)

    def forward(self, pixel_values):
        for layer in self.layers[:-1]:
            pixel_values = torch.relu(layer(pixel_values))
        return self.layers[-1](pixel_values)


def tasks(images, random):
    """What each task makes of images."""
    square = images.reshape(-1, 8, 8)
    return {
        "turned": square.rot90(1, (1, 2)).reshape(-1, 64),
        "inverted": 1 - images,
        "mirrored": square.flip(2).reshape(-1, 64),
        "noisy": images + 0.35 * torch.randn(images.shape, generator=random),
    }


def train(network, images, labels, epochs, rate, random):
    optimizer = torch.optim.Adam(network.parameters(), rate)
    for _ in range(epochs):
        for rows in torch.randperm(len(labels), generator=random).split(64):
            loss = torch.nn.functional.cross_entropy(network(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return network.eval()


def saved(network, folder):
    folder.mkdir(parents=True)
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"architectures": ["DigitsNetwork"]}))
    return folder


def copied(network):
    other = Network()
    other.load_state_dict(network.state_dict())
    return other


def examples_of(images, name):
    return Examples(tuple(Example(picture=image) for image in images), "", name, input_name="pixel_values")


def collect(statistic, examples, file, digest):
    Job(statistic, examples.batches(32), file, {"model_sha256": digest}, quiet=True).run()


def stockpot(*words):
    done = subprocess.run([STOCKPOT, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"stockpot {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def merged(folder, name, method, base=None, parameters=None, statistics=None, weight=None, models=(), **more):
    """Accuracy is asked of it later: gives back the tensors."""
    recipe = {"merge_method": method, "dtype": "float32", **more}
    if base:
        recipe["base_model"] = str(base)
    if parameters:
        recipe["parameters"] = parameters
    recipe["models"] = []
    for model in models:
        entry = {"model": str(model)}
        if statistics:
            entry["statistics"] = {statistics[0]: str(folder / f"{model.name}{statistics[1]}")}
        if weight is not None:
            entry["parameters"] = {"weight": weight}
        recipe["models"].append(entry)
    file = folder / f"{name}.yml"
    file.write_text(json.dumps(recipe))
    stockpot("merge", file, folder / name, "--quiet")
    return folder / name


def accuracy(tensors, tests):
    network = Network()
    network.load_state_dict(tensors)
    with torch.no_grad():
        found = [float((network(images).argmax(1) == labels).float().mean()) for images, labels in tests]
    return 100 * sum(found) / len(found)


def of_seed(seed):
    """Accuracies, the mean over the tasks, of each way to merge."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    digits = load_digits()
    order = torch.randperm(len(digits.target), generator=random)
    images = torch.tensor(digits.data / 16, dtype=torch.float32)[order]
    labels = torch.tensor(digits.target)[order]
    first, second = int(0.6 * len(order)), int(0.8 * len(order))
    train_set = tasks(images[:first], random)
    tests = [(made, labels[second:]) for made in tasks(images[second:], random).values()]

    base_images = torch.cat([images[:first], *(made[:60] for made in train_set.values())])
    base_labels = torch.cat([labels[:first], *(labels[:60] for _ in train_set)])
    base = train(Network(), base_images, base_labels, 30, 1e-3, random)
    folder = WORK / str(seed)
    base_folder = saved(base, folder / "base")
    models = []
    for name, made in train_set.items():
        network = train(copied(base), made, labels[:first], 30, 5e-4, random)
        models.append(saved(network, folder / name))
        model = StoredModel.of(network)
        digest = digest_of([folder / name / "model.safetensors"])
        halves = [made[: GRAMS // 2], made[GRAMS // 2 : GRAMS]]
        for number, half in enumerate(halves):
            examples = examples_of(half, f"{name}, half {number + 1}")
            statistic = Grams(model, examples.batch(0, 2))
            collect(statistic, examples, folder / f"{name}-{number}.safetensors", digest)
        stockpot("statistics", "add", folder / f"{name}-0.safetensors", folder / f"{name}-1.safetensors",
                 folder / f"{name}-grams")
        whole = examples_of(made[:GRAMS], name)
        collect(Grams(model, whole.batch(0, 2)), whole, folder / f"{name}-all.safetensors", digest)
        few = examples_of(made[:FISHER], name)
        collect(Fisher(model, few, labels="exact"), few, folder / f"{name}-fisher.safetensors", digest)

    ways = {
        "mean": merged(folder, "mean", "linear", weight=1.0, models=models),
        "regmean": merged(folder, "regmean", "regmean", statistics=("gram", "-grams"), models=models,
                          parameters={"alpha": 1.0}),
        "fisher": merged(folder, "fisher", "fisher", statistics=("fisher_diag", "-fisher.safetensors"), models=models),
        "sum": merged(folder, "sum", "task_arithmetic", base=base_folder, weight=1.0, models=models),
        "sum, calibrated": merged(folder, "svc", "task_arithmetic", base=base_folder, weight=1.0, models=models,
                                  post=["svc"]),
    }
    at_once = merged(folder, "at-once", "regmean", statistics=("gram", "-all.safetensors"), models=models,
                     parameters={"alpha": 1.0})
    a, b = load_file(ways["regmean"] / "model.safetensors"), load_file(at_once / "model.safetensors")
    apart = max(float((a[name] - b[name]).abs().max()) for name in a)
    assert apart < 1e-3, f"halves of the examples merge otherwise: {apart}"
    return {name: accuracy(load_file(way / "model.safetensors"), tests) for name, way in ways.items()}


def side_by_side():
    """Adapters in one are exactly their weighted sum."""
    folder = WORK / "adapters"
    base = saved(Network(), folder / "base")
    expected = {}
    adapters = []
    for number in range(3):
        random = torch.Generator().manual_seed(number)
        tensors = {}
        for layer, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
            a, b = torch.randn(8, inputs, generator=random), torch.randn(outputs, 8, generator=random)
            prefix = f"base_model.model.layers.{layer}"
            tensors |= {f"{prefix}.lora_A.weight": a, f"{prefix}.lora_B.weight": b}
            expected[layer] = expected.get(layer, 0) + (b.double() @ a.double()) / 3
        adapter = folder / f"adapter-{number}"
        adapter.mkdir()
        save_file(tensors, adapter / "adapter_model.safetensors")
        config = {"peft_type": "LORA", "r": 8, "lora_alpha": 8, "target_modules": ["0", "1", "2"], "bias": "none"}
        (adapter / "adapter_config.json").write_text(json.dumps(config))
        adapters.append(pathlib.Path(f"{base}+{adapter}"))
    out = merged(folder, "cat", "task_arithmetic", base=base, weight=1 / 3, models=adapters,
                 output={"kind": "adapter", "combination_type": "cat"})
    made = load_file(out / "adapter_model.safetensors")
    scale = json.loads((out / "adapter_config.json").read_text())
    scale = scale["lora_alpha"] / scale["r"]
    worst = 0.0
    for layer, change in expected.items():
        a, b = (made[f"base_model.model.layers.{layer}.lora_{which}.weight"].double() for which in "AB")
        worst = max(worst, float((scale * b @ a - change).norm() / change.norm()))
    return worst


def main():
    worst = side_by_side()
    assert worst < 1e-6, f"adapters side by side are off by {worst}"
    found = [of_seed(seed) for seed in range(SEEDS)]
    means = {name: float(numpy.mean([of[name] for of in found])) for name in found[0]}
    for name, value in means.items():
        print(f"{name:16} {value:5.1f} %")
    assert means["regmean"] >= means["mean"] + 4, "RegMean is less than 4 points above the mean"
    assert means["fisher"] >= means["mean"], "Fisher is below the mean"
    assert means["sum"] <= means["mean"] - 20, "task vectors at full length did no harm"
    assert means["sum, calibrated"] >= means["sum"], "calibration made the sum worse"
    print(f"Passed: {SEEDS} seeds; adapters side by side are their sum within {worst:.0e}.")


main()
