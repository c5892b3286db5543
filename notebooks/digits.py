"""A small network in NumPy, and scikit-learn's digits to train it on: real training that takes a second.

A model is a dict of float32 tensors under the names that Hugging Face would give them, so that it can be saved as a
checkpoint. Images have 8 x 8 pixels from 0 to 1, as rows of 64.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy
from safetensors.numpy import load_file, save_file
from sklearn.datasets import load_digits
from threadpoolctl import threadpool_limits


class Set(NamedTuple):
    images: numpy.ndarray
    labels: numpy.ndarray


def splits(seed):
    """1,797 digits in three sets: 60 % to train, 20 % to choose by, 20 % to test."""
    digits = load_digits()
    order = numpy.random.default_rng(seed).permutation(len(digits.target))
    first, second = int(0.6 * len(order)), int(0.8 * len(order))
    images = (digits.data / 16).astype(numpy.float32)
    return [Set(images[part], digits.target[part]) for part in numpy.split(order, [first, second])]


# --- The network ---


def weight(layer):
    return f"model.layers.{layer}.linear.weight"


def bias(layer):
    return f"model.layers.{layer}.linear.bias"


def new_model(widths, seed):
    """Layers of these widths, such as 64, 128, 10: normal weights of variance 2 / inputs, biases of zero."""
    random = numpy.random.default_rng(seed)
    model = {}
    for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        model[weight(layer)] = random.normal(0, (2 / inputs) ** 0.5, (outputs, inputs)).astype(numpy.float32)
        model[bias(layer)] = numpy.zeros(outputs, numpy.float32)
    return model


def activations(model, images):
    """The input of every layer, then the logits."""
    values = [images]
    layers = len(model) // 2
    for layer in range(layers):
        sums = values[-1] @ model[weight(layer)].T + model[bias(layer)]
        values.append(numpy.maximum(sums, 0) if layer < layers - 1 else sums)
    return values


def accuracy(model, test):
    """Percent of the images that are recognised."""
    return 100 * float((activations(model, test.images)[-1].argmax(1) == test.labels).mean())


# --- Training ---


@threadpool_limits.wrap(limits=1)  # for matrices this small, threads cost more than they give
def train(model, train_set, seed, epochs, rate, method="adam", batch=64, decay=0.0, smoothing=0.0, after_epoch=None):
    """Cross entropy, by Adam or by SGD with momentum 0.9. Gives back a new model.

    rate: learning rate. decay: weight decay, separate from the gradient. smoothing: of the labels.
    after_epoch: is called with the epoch, from 1, and the model as it then is
    """
    random = numpy.random.default_rng(seed)
    model = {name: tensor.copy() for name, tensor in model.items()}
    first = {name: numpy.zeros_like(tensor) for name, tensor in model.items()}
    second = {name: numpy.zeros_like(tensor) for name, tensor in model.items()}
    step = 0
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(train_set.labels))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            step += 1
            for name, slope in gradients(model, train_set.images[rows], train_set.labels[rows], smoothing).items():
                if method == "adam":
                    first[name] += 0.1 * (slope - first[name])
                    second[name] += 0.001 * (slope * slope - second[name])
                    change = first[name] / (1 - 0.9**step) / (numpy.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
                else:
                    first[name] = 0.9 * first[name] + slope
                    change = first[name]
                model[name] -= rate * (change + decay * model[name])
        if after_epoch:
            after_epoch(epoch, {name: tensor.copy() for name, tensor in model.items()})
    return model


def gradients(model, images, labels, smoothing):
    values = activations(model, images)
    logits = values[-1]
    powers = numpy.exp(logits - logits.max(1, keepdims=True))
    classes = logits.shape[1]
    wanted = (1 - smoothing) * numpy.eye(classes, dtype=numpy.float32)[labels] + smoothing / classes
    slope = ((powers / powers.sum(1, keepdims=True) - wanted) / len(labels)).astype(numpy.float32)
    found = {}
    for layer in reversed(range(len(model) // 2)):
        found[weight(layer)] = slope.T @ values[layer]
        found[bias(layer)] = slope.sum(0)
        if layer > 0:
            slope = (slope @ model[weight(layer)]) * (values[layer] > 0)
    return found


# --- Checkpoints ---


def save(model, folder):
    """Writes the model as a checkpoint that Stockpot merges."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(model, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"architectures": ["DigitsNetwork"]}))


def load(folder):
    return load_file(Path(folder) / "model.safetensors")
