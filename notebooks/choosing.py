"""Soups and searches on networks that learn digits: what choosing by measuring brings, over several seeds.

`5-choosing-on-digits.ipynb` shows what comes out. Stockpot chooses; a service of this process scores candidates. Networks
are trained side by side in other processes, which find these functions only in a module.
"""

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy
import pandas
from command import merge
from digits import Set, accuracy, activations, load, new_model, save, splits, train
from scoring import Judge

WORK = Path("scratch/choosing")
FINE_TUNES = 16
EVALUATIONS = 32  # of a search, and points of the grids: two levels in five dimensions, eight and four in two
QUIET = ("--set", "report=false")


def noisy(data, random, size=0.3):
    return Set((data.images + random.normal(0, size, data.images.shape)).astype(numpy.float32), data.labels)


def trials(output):
    return json.loads((output / "stockpot-manifest.json").read_text())["chosen"]["trials"]


# --- Greedy soups ---


def fine_tunes(seed, most_rate, folder, processes):
    """Fine-tunes of one base on noisy digits, each with its own rate, length, decay and smoothing; and the sets."""
    random = numpy.random.default_rng(seed)
    clean, choosing, test = splits(seed)
    target, choosing, test = (noisy(data, random) for data in (clean, choosing, test))
    base = train(new_model([64, 128, 128, 10], seed), clean, seed, epochs=20, rate=1e-3)
    folders = [folder / f"model-{number}" for number in range(FINE_TUNES)]
    how = [
        {
            "seed": random.integers(1 << 30),
            "epochs": random.choice([20, 30, 40]),
            "rate": 10 ** random.uniform(-3.3, most_rate),
            "decay": random.choice([0, 1e-4, 1e-3]),
            "smoothing": random.choice([0, 0.05, 0.1]),
        }
        for _ in folders
    ]
    list(processes.map(trained, [base] * FINE_TUNES, [target] * FINE_TUNES, how, folders))
    return folders, choosing, test


def trained(base, data, how, folder):
    save(train(base, data, **how), folder)


def soups(seed, name, most_rate, processes):
    """Accuracy on test images of the best fine-tune, the uniform and the greedy soup, which other images chose."""
    folder = WORK / f"{name}-{seed}"
    folders, choosing, test = fine_tunes(seed, most_rate, folder, processes)
    listed = "models:\n" + "".join(f"- model: {model}\n" for model in folders) + "dtype: float32\n"
    uniform = merge(f"merge_method: uniform_soup\n{listed}", folder / "uniform", *QUIET)
    with Judge(lambda model: accuracy(model, choosing)) as judge:
        evaluate = f"evaluate: {{http: '{judge.address}', direction: max}}\n"
        greedy = merge(f"soup: greedy\n{listed}{evaluate}", folder / "greedy", *QUIET)
    assert judge.asked == len(trials(greedy)) == 2 * FINE_TUNES - 1
    alone = {model: accuracy(load(model), choosing) for model in folders}
    best = max(folders, key=alone.get)
    assert accuracy(load(greedy), choosing) >= alone[best]  # on what it was chosen by, always
    return {
        "mean of fine-tunes": numpy.mean([accuracy(load(model), test) for model in folders]),
        "best fine-tune": accuracy(load(best), test),
        "uniform soup": accuracy(load(uniform), test),
        "greedy soup": accuracy(load(greedy), test),
    }


# --- CMA-ES and a grid ---


def turned(data):
    return Set(numpy.rot90(data.images.reshape(-1, 8, 8), 1, (1, 2)).reshape(-1, 64).copy(), data.labels)


def inverted(data):
    return Set((1 - data.images).astype(numpy.float32), data.labels)


def mirrored(data):
    return Set(data.images.reshape(-1, 8, 8)[:, :, ::-1].reshape(-1, 64).copy(), data.labels)


def tasks_of(data, seed):
    return [turned(data), inverted(data), mirrored(data), noisy(data, numpy.random.default_rng(seed), 0.35)]


def cross_entropy(model, data):
    logits = activations(model, data.images)[-1].astype(float)
    logits -= logits.max(1, keepdims=True)
    return float((numpy.log(numpy.exp(logits).sum(1)) - logits[numpy.arange(len(data.labels)), data.labels]).mean())


def experts(seed, folder, processes):
    """A base that has seen a little of each task, and a fine-tune for each; and the sets of all tasks."""
    random = numpy.random.default_rng(100 + seed)
    clean, *others = splits(seed)
    training, (choosing, test) = tasks_of(clean, seed), [tasks_of(data, seed) for data in others]
    few = [Set(data.images[rows], data.labels[rows]) for data in training
           for rows in [random.permutation(len(data.labels))[:60]]]
    seen = Set(*(numpy.concatenate(parts) for parts in zip(clean, *few)))
    base = train(new_model([64, 256, 256, 10], seed), seen, seed, epochs=30, rate=1e-3)
    save(base, folder / "base")
    how = [{"seed": number, "epochs": 30, "rate": 5e-4} for number in range(len(training))]
    folders = [folder / f"task-{number}" for number in range(len(training))]
    list(processes.map(trained, [base] * len(training), training, how, folders))
    return choosing, test


def ties(folder, shared, own):
    """A recipe to be searched: four tasks at full weight, with parameters of all and parameters of each."""
    models = "".join(f"- {{model: {folder}/task-{task}, parameters: {{weight: 1, {own}}}}}\n" for task in range(4))
    return f"merge_method: ties\nbase_model: {folder}/base\ndtype: float32\nparameters: {{{shared}}}\nmodels:\n{models}"


def searches(seed, processes):
    """What grids and CMA-ES find at equal cost: TIES of four tasks, by `lambda` and the density of each, or of all."""
    folder = WORK / f"ties-{seed}"
    choosing, test = experts(seed, folder, processes)
    five = ties(folder, "lambda: {range: [0, 2]}", "density: {range: [0.05, 1]}")
    two = ties(folder, "lambda: {range: [0.25, 2]}, density: {choice: [0.1, 0.25, 0.5, 1]}", "")
    strategies = {
        "grid": (five, "{strategy: grid, levels: 2}"),
        "CMA-ES": (five, f"{{strategy: cma_es, evaluations: {EVALUATIONS}, seed: {seed}}}"),
        "grid of two": (two, "{strategy: grid, levels: 8}"),
    }
    found = {}
    for name, (recipe, search) in strategies.items():
        with Judge(lambda model: numpy.mean([cross_entropy(model, data) for data in choosing])) as judge:
            evaluate = f"search: {search}\nevaluate: {{http: '{judge.address}', direction: min}}\n"
            merged = load(merge(recipe + evaluate, folder / name, *QUIET))
        assert judge.asked == len(trials(folder / name)) == EVALUATIONS
        found[f"{name}: cross entropy"] = numpy.mean([cross_entropy(merged, data) for data in choosing])
        found[f"{name}: test accuracy"] = numpy.mean([accuracy(merged, data) for data in test])
    return found


def table(experiment, seeds, *what):
    """A row for each seed: what an experiment measures, its networks trained side by side."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        rows = [experiment(seed, *what, processes) for seed in seeds]
    return pandas.DataFrame(rows, index=pandas.Index(seeds, name="seed"))


def gain(found, better="greedy soup", than="best fine-tune"):
    """How much better, on average over the seeds."""
    return (found[better] - found[than]).mean()


def told(found, better="greedy soup", than="best fine-tune"):
    """The same in words, with its standard error, of which one seed has none."""
    words = f"{better} over {than}: {gain(found, better, than):+.3g}"
    return words + (f", standard error {(found[better] - found[than]).sem():.2g}" if len(found) > 1 else "")
