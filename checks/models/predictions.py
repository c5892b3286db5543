"""Predictions on digits, measured, combined and calibrated by NumPy, SciPy and scikit-learn, and by Stockpot."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.datasets import load_digits
from sklearn.metrics import accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier

WORK = Path(sys.argv[1])
FIXTURES = Path(__file__).parents[2] / "merge-job/src/test/resources/dev/stockpot/merge/predict"
NAMES = ["a", "b", "c"]
BINS = 15


def networks():
    """Three networks of 64-256-10 that learned clean digits; logits of noisy ones, with few digits, and labels."""
    digits = load_digits()
    x, y = digits.data / 16, digits.target
    random = np.random.default_rng(0)
    order = random.permutation(len(y))
    known, unseen = order[: int(0.6 * len(y))], order[int(0.6 * len(y)) :]
    noisy = x[unseen] + random.normal(0, 0.45, (len(unseen), 64))
    logits = []
    for seed in range(3):
        network = MLPClassifier(
            (256,), learning_rate_init=2e-3, batch_size=64, max_iter=60, n_iter_no_change=60, random_state=seed, alpha=0
        )
        network.fit(x[known], y[known])
        hidden = np.maximum(0, noisy @ network.coefs_[0] + network.intercepts_[0])
        logits.append(np.round(hidden @ network.coefs_[1] + network.intercepts_[1], 3))
    return logits, y[unseen]


def nll(p, y):
    return log_loss(y, p, labels=np.arange(p.shape[1]))


def width_error(p, y):
    sure, right = p.max(1), p.argmax(1) == y
    place = np.clip(np.ceil(sure * BINS).astype(int) - 1, 0, BINS - 1)
    gaps = [abs((right[place == i] - sure[place == i]).sum()) for i in range(BINS)]
    return sum(gaps) / len(y)


def mass_error(p, y):
    """Bins of exactly n / 15 examples: one at an edge belongs to both sides by its share."""
    order = np.argsort(p.max(1), kind="stable")
    gap = ((p.argmax(1) == y).astype(float) - p.max(1))[order]
    below = np.concatenate([[0], np.cumsum(gap)])
    cuts = np.interp(np.arange(BINS + 1) * len(y) / BINS, np.arange(len(y) + 1), below)
    return np.abs(np.diff(cuts)).sum() / len(y)


def measures(p, y):
    return {
        "accuracy": accuracy_score(y, p.argmax(1)),
        "nll": nll(p, y),
        "brier": ((p - np.eye(p.shape[1])[y]) ** 2).sum(1).mean(),
        "ece": width_error(p, y),
        "ece_mass": mass_error(p, y),
    }


def pair(p, q, y):
    a, b = p.argmax(1) == y, q.argmax(1) == y
    both, first, second, none = (a & b).sum(), (a & ~b).sum(), (~a & b).sum(), (~a & ~b).sum()
    return {
        "disagreement": (p.argmax(1) != q.argmax(1)).mean(),
        "q": (both * none - first * second) / (both * none + first * second),
        "correlation": np.corrcoef(a, b)[0, 1],
    }


def temperature(z, y):
    found = minimize_scalar(
        lambda t: nll(softmax(z / t, 1), y), bounds=(0.05, 50), method="bounded", options={"xatol": 1e-10}
    )
    return found.x


def vector(z, y):
    classes = z.shape[1]

    def loss(x):
        logits = log_softmax(z * x[:classes] + x[classes:], 1)
        error = np.exp(logits) - np.eye(classes)[y]
        slope = np.concatenate([(error * z).mean(0), error.mean(0)])
        return -logits[np.arange(len(y)), y].mean(), slope

    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    return minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 3000}).x


def stacking(ps, y):
    own = np.stack([p[np.arange(len(y)), y] for p in ps], 1)
    bounds, whole = [(0, 1)] * len(ps), {"type": "eq", "fun": lambda w: w.sum() - 1}
    found = minimize(
        lambda w: -np.log(own @ w).mean(),
        np.full(len(ps), 1 / len(ps)),
        jac=lambda w: -(own / (own @ w)[:, None]).mean(0),
        bounds=bounds,
        constraints=[whole],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return found.x


def greedy(ps, y, rounds=50):
    own = np.stack([p[np.arange(len(y)), y] for p in ps], 1)
    picked, best, least, since = np.zeros(len(ps)), None, np.inf, 0
    for picks in range(rounds):
        losses = [-np.log((own @ picked + own[:, k]) / (picks + 1)).sum() for k in range(len(ps))]
        k = int(np.argmin(losses))
        picked[k] += 1
        if losses[k] < least:
            best, least, since = picked.copy(), losses[k], 0
        else:
            since += 1
        if since == 5:
            break
    return best / best.sum()


def per_class(ps, y):
    """The least likelihood over convex weights for each class, as SciPy finds it from equal weights."""
    stack = np.stack(ps)

    def loss(x):
        w = softmax(x.reshape(stack.shape[0], stack.shape[2]), 0)
        s = (w[:, None, :] * stack).sum(0)
        return (np.log(s.sum(1)) - np.log(s[np.arange(len(y)), y])).mean()

    found = minimize(loss, np.zeros(stack.shape[0] * stack.shape[2]), method="L-BFGS-B", options={"maxiter": 2000})
    return found.fun


def votes(ps):
    classes = ps[0].shape[1]
    shares = sum(np.eye(classes)[p.argmax(1)] for p in ps) / len(ps)
    return (1 - 1e-6) * shares + 1e-6 * sum(ps) / len(ps)


def expected(logits, y):
    ps = [softmax(z, 1) for z in logits]
    given = np.array([0.5, 0.3, 0.2])
    stacked = stacking(ps, y)
    heat = temperature(logits[0], y)
    scales = vector(logits[0], y)
    picked = greedy(ps, y)
    scaled = logits[0] * scales[:10] + scales[10:]
    teacher = softmax(sum(logits) / 3 / 2.0, 1)
    return {
        "singles": {name: measures(p, y) for name, p in zip(NAMES, ps)},
        "pairs": [pair(ps[i], ps[j], y) for i, j in [(0, 1), (0, 2), (1, 2)]],
        "mean": measures(sum(ps) / 3, y),
        "weighted": measures(sum(w * p for w, p in zip(given, ps)), y),
        "logits": measures(softmax(sum(logits) / 3, 1), y),
        "majority": measures(votes(ps), y),
        "stacking": {"weights": list(stacked), **measures(sum(w * p for w, p in zip(stacked, ps)), y)},
        "greedy": {"weights": list(picked), **measures(sum(w * p for w, p in zip(picked, ps)), y)},
        "per_class": {"nll": per_class(ps, y)},
        "temperature": {"t": heat, **measures(softmax(logits[0] / heat, 1), y)},
        "vector": {"x": list(scales), **measures(softmax(scaled, 1), y)},
        "teacher": {
            "entropy": -(teacher * np.log(np.maximum(teacher, 1e-300))).sum(1).mean(),
            "first": list(teacher[0]),
        },
    }


def write(folder, logits, y):
    folder.mkdir(parents=True, exist_ok=True)
    for name, z in zip(NAMES, logits):
        with open(folder / f"{name}.csv", "w", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["id", "label", *[f"c{c}" for c in range(z.shape[1])]])
            for i, row in enumerate(z):
                rows.writerow([i, y[i], *[f"{value:g}" if value == int(value) else f"{value:.3f}" for value in row]])


def run(*words):
    done = subprocess.run([os.environ["STOCKPOT"], *words, "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"FAILED: {' '.join(words)}: {done.stderr}")
    return json.loads(done.stdout)


def near(what, found, wanted, within):
    apart = float(np.max(np.abs(np.asarray(found, float) - np.asarray(wanted, float))))
    if not apart <= within:
        sys.exit(f"FAILED: {what} is {found}, and {wanted} elsewhere: {apart} apart, {within} allowed")
    print(f"{what}: {apart:.1e} apart")


def series(result, name):
    return next(one for one in result["measures"] if one["name"] == name)


def compare(wanted):
    tables = [f"{name}={WORK}/{name}.csv" for name in NAMES]
    common = ["--scores", "logits", "--bootstrap", "0"]
    for by, key, more in [
        ("mean", "mean", []),
        ("mean", "weighted", ["--weight", "a=0.5", "--weight", "b=0.3", "--weight", "c=0.2"]),
        ("logits", "logits", []),
        ("majority", "majority", []),
        ("stacking", "stacking", []),
        ("greedy", "greedy", []),
    ]:
        found = run("ensemble", *tables, *common, "--by", by, *more, "--output", f"{WORK}/{key}")
        close = 1e-6 if by == "stacking" else 1e-9
        for measure, value in wanted[key].items():
            if measure != "weights":
                near(f"{key}, {measure}", series(found, "ensemble")[measure], value, close)
        for name in NAMES:
            for measure, value in wanted["singles"][name].items():
                near(f"{name}, {measure}", series(found, name)[measure], value, 1e-9)
        weights = [model["weights"][0] for model in found["ensemble"]["models"]]
        if "weights" in wanted[key]:
            near(f"{key}, weights", weights, wanted[key]["weights"], 1e-4)
    found = run("calibrate", tables[0], *common, "--output", f"{WORK}/calibrated")
    near("temperature", found["ensemble"]["calibration"]["temperature"], wanted["temperature"]["t"], 1e-4)
    before, after = series(found, "a")["ece"], series(found, "a, calibrated")["ece"]
    print(f"ECE {before:.3f} -> {after:.3f}")
    if not after < 0.08:
        sys.exit("FAILED: the error stays")


def main():
    logits, y = networks()
    wanted = expected(logits, y)
    if "--write" in sys.argv:
        write(FIXTURES, logits, y)
        (FIXTURES / "expected.json").write_text(json.dumps(wanted, indent=1, default=float) + "\n")
        print(f"Passed: written into {FIXTURES}")
        return
    write(WORK, logits, y)
    compare(wanted)
    print("Passed: the same as scikit-learn, SciPy and NumPy find")


main()
