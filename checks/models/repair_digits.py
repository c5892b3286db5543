"""Trains pairs of small VGGs on digits, apart, and averages them: as they are, matched, and with moments put right."""

import json
import os
import pathlib
import subprocess
import sys

import torch
from safetensors.torch import load_file, save_file
from sklearn.datasets import load_digits
from stockpot_tools import batch_norms
from stockpot_tools.data import Example, Examples
from stockpot_tools.model import StoredModel
from stockpot_tools.statistics.cross_sums import CrossSums
from stockpot_tools.statistics.job import Job
from stockpot_tools.statistics.moments import Moments

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])
SEEDS = 2
GAIN = 0.2  # of images, that matching and moments must bring over the plain average
torch.set_num_threads(1)


class Vgg(torch.nn.Module):
    """Convolutions with batch norms or without, and one dense layer."""

    def __init__(self, norms):
        super().__init__()
        layers, width = [], 1
        for channels in (32, 64, 64):
            layers.append(torch.nn.Conv2d(width, channels, 3, padding=1))
            layers += [torch.nn.BatchNorm2d(channels)] if norms else []
            layers.append(torch.nn.ReLU())
            width = channels
        self.features = torch.nn.Sequential(*layers)
        self.classifier = torch.nn.Sequential(torch.nn.Linear(width, 10))

    def forward(self, pixel_values):
        return self.classifier(self.features(pixel_values).amax((2, 3)))


def trained(images, labels, seed, norms):
    torch.manual_seed(seed)
    network = Vgg(norms)
    optimizer = torch.optim.Adam(network.parameters(), 2e-3, weight_decay=1e-4)
    for _ in range(12):
        for rows in torch.randperm(len(labels)).split(64):
            loss = torch.nn.functional.cross_entropy(network(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return network.eval()


def saved(network, folder):
    folder.mkdir(parents=True)
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"architectures": ["DigitsVgg"]}))


def loaded(folder, norms):
    network = Vgg(norms)
    network.load_state_dict(load_file(folder / "model.safetensors"))
    return network.eval()


def merged(folder, name, recipe):
    file = folder / f"{name}.yml"
    file.write_text(recipe)
    words = [STOCKPOT, "merge", file, folder / name, "--set", f"model-root={folder}", "--set", "report=false"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stdout}{done.stderr}")
    return folder / name


def accuracy(network, images, labels):
    with torch.no_grad():
        return (network(images).argmax(1) == labels).double().mean().item()


def statistic(of, batches, file):
    Job(of, batches, file, {"kind": of.kind, **of.metadata()}, quiet=True).run(resume=False)


def average(second, more=""):
    return f"merge_method: linear\nparameters: {{weight: 1}}\nmodels: [{{model: a}}, {second}]\n{more}"


def pair(seed, norms):
    digits = load_digits()
    order = torch.randperm(len(digits.target), generator=torch.Generator().manual_seed(seed))
    images = torch.tensor(digits.images, dtype=torch.float32)[order].unsqueeze(1) / 16
    labels = torch.tensor(digits.target)[order]
    seen, unseen = slice(0, 1200), slice(1200, None)
    folder = WORK / f"{'norms' if norms else 'plain'}-{seed}"
    networks = [trained(images[seen], labels[seen], 10 * seed + side, norms) for side in (0, 1)]
    for name, network in zip("ab", networks, strict=True):
        saved(network, folder / name)
    examples = Examples(tuple(Example(picture=one) for one in images[seen]), "", "digits", input_name="pixel_values")
    test = images[unseen], labels[unseen]

    found = {"ends": min(accuracy(network, *test) for network in networks)}
    found["plain average"] = accuracy(loaded(merged(folder, "plain", average("{model: b}")), norms), *test)
    merged(folder, "b-aligned", "merge_method: passthrough\nmodels: [{model: b, align: {to: a}}, ]\n")
    aligned = loaded(folder / "b-aligned", norms)
    if abs(accuracy(aligned, *test) - accuracy(networks[1], *test)) > 1e-9:
        sys.exit("alignment changes what the second model says")
    found["matched"] = accuracy(loaded(merged(folder, "matched", average("{model: b-aligned}")), norms), *test)
    if norms:
        mixture = merged(folder, "mixture", average("{model: b-aligned}", "post: [batch_norm]\n"))
        found["matched, batch_norm"] = accuracy(loaded(mixture, norms), *test)
        network = loaded(folder / "matched", norms)
        batch_norms.measured(StoredModel.of(network), examples, 100)
        found["matched, measured anew"] = accuracy(network, *test)
        return found, "matched, measured anew"
    batches = examples.batches(100)
    first = StoredModel.of(networks[0])
    second = StoredModel.of(aligned)
    statistic(Moments(first, batches[0]), batches, folder / "a.st.safetensors")
    statistic(Moments(second, batches[0]), batches, folder / "b.st.safetensors")
    statistic(CrossSums(first, second, batches[0]), batches, folder / "both.safetensors")
    repaired = f"""merge_method: linear
parameters: {{weight: 1}}
models:
  - {{model: a, statistics: {{act_mean_std: {folder}/a.st.safetensors}}}}
  - {{model: b-aligned, statistics: {{act_mean_std: {folder}/b.st.safetensors}}}}
statistics: {{crossgram: {folder}/both.safetensors}}
post: [repair: {{skip: [{{filter: classifier, value: true}}, {{value: false}}]}}]
"""
    found["matched, repair"] = accuracy(loaded(merged(folder, "repaired", repaired), norms), *test)
    return found, "matched, repair"


def main():
    failed = []
    for norms in (True, False):
        for seed in range(SEEDS):
            found, best = pair(seed, norms)
            line = ", ".join(f"{name} {100 * value:.1f} %" for name, value in found.items())
            print(f"{'with' if norms else 'without'} batch norms, seed {seed}: {line}", flush=True)
            if found[best] < found["plain average"] + GAIN:
                failed.append(f"{best} gains {100 * (found[best] - found['plain average']):.1f} points, seed {seed}")
    if failed:
        sys.exit("; ".join(failed))
    print(f"ok: matching and moments bring {100 * GAIN:.0f} points or more each time")


main()
