"""Rounds of federated learning by Stockpot beside Flower's own, and under attack. See rounds.sh."""

import json
import os
import pathlib
import subprocess
import sys

import numpy as np
from safetensors.numpy import load_file, save_file

STOCKPOT = os.environ["STOCKPOT"]
WORK = pathlib.Path(sys.argv[1])


def write(folder, arrays):
    folder.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ascontiguousarray(value, np.float32) for name, value in arrays.items()},
              folder / "model.safetensors")
    return str(folder)


def merge(recipe, output, *more):
    file = WORK / (output.name + ".yml")
    file.write_text("\n---\n".join(json.dumps(document) for document in recipe))
    run = subprocess.run([STOCKPOT, "merge", file, output, "--set", "report=false", *more],
                         capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"stockpot failed:\n{run.stdout}{run.stderr}")
    return run.stdout + run.stderr


# Flower's strategies


def wide(arrays):
    """In float64, in which Flower computes then: its float32 is off by more where steps are divided by τ."""
    from flwr.app import Array, ArrayRecord

    return ArrayRecord({name: Array(value.astype(np.float64)) for name, value in arrays.items()})


def replies(clients):
    from flwr.app import Message, MetricRecord, RecordDict
    from flwr.supercore.task_identity import TaskIdentity

    TaskIdentity.run_id = TaskIdentity.node_id = TaskIdentity.task_id = 1  # without a SuperLink
    made = []
    for node, (arrays, examples) in enumerate(clients, 1):
        asked = Message(RecordDict(), dst_node_id=node, message_type="train")
        content = RecordDict({
            "arrays": wide(arrays),
            "metrics": MetricRecord({"num-examples": examples, "loss": 1.0}),
        })
        made.append(Message(content, reply_to=asked))
    return made


def flower(strategy, start, rounds):
    from flwr.serverapp.strategy import FedAvgM

    models = []
    arrays = start
    for number, clients in enumerate(rounds, 1):  # what configure_train keeps, without a grid
        if not isinstance(strategy, FedAvgM):
            strategy.current_arrays = {name: value.astype(np.float64) for name, value in arrays.items()}
        elif number == 1:
            strategy.current_arrays = wide(arrays)
        record, _ = strategy.aggregate_train(number, replies(clients))
        arrays = {name: array.numpy().astype(np.float32) for name, array in record.items()}
        models.append(arrays)
    return models


def beside_flower():
    from flwr.serverapp import strategy as flwr

    random = np.random.default_rng(5)
    shapes = {"a.weight": (40, 30), "a.bias": (40,), "b.weight": (3, 40)}
    start = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    rounds = []
    for _ in range(3):
        rounds.append([
            ({name: (value + 0.1 * random.normal(size=value.shape)).astype(np.float32)
              for name, value in start.items()}, int(random.integers(20, 400)))
            for _ in range(6)])
    rules = {
        "fedavg": (flwr.FedAvg(), {}),
        "fedavgm": (flwr.FedAvgM(server_learning_rate=0.8, server_momentum=0.9), {"eta": 0.8, "momentum": 0.9}),
        "fedadagrad": (flwr.FedAdagrad(), {}),
        "fedadam": (flwr.FedAdam(), {}),
        "fedyogi": (flwr.FedYogi(), {}),
        "fedmedian": (flwr.FedMedian(), {}),
        "fedtrimmedavg": (flwr.FedTrimmedAvg(beta=0.2), {"beta": 0.2}),
    }
    base = write(WORK / "start", start)
    for rule, (strategy, numbers) in rules.items():
        expected = flower(strategy, start, rounds)
        documents = []
        for number, clients in enumerate(rounds, 1):
            documents.append({
                "name": f"r{number}",
                "base_model": base if number == 1 else f"r{number - 1}",
                "round": {"strategy": rule, "number": number, **numbers},
                "models": [
                    {"model": write(WORK / f"{number}-{i}", arrays), "parameters": {"examples": examples}}
                    for i, (arrays, examples) in enumerate(clients)],
            })
        del documents[-1]["name"]
        output = WORK / f"by-{rule}"
        merge(documents, output, "--keep-stages")
        worst = 0
        for number, wanted in enumerate(expected, 1):
            folder = output if number == 3 else WORK / f"by-{rule}-stages" / f"r{number}"
            made = load_file(folder / "model.safetensors")
            assert made.keys() == wanted.keys(), (made.keys(), wanted.keys())
            worst = max(worst, *(float(np.abs(made[n] - wanted[n]).max()) for n in wanted))
        print(f"{rule}: three rounds are Flower's within {worst:.1e}")
        assert worst < 1e-6, rule


# attacks on digits


def network(random):
    he = lambda out, into: random.normal(0, np.sqrt(2 / into), (out, into)).astype(np.float32)
    return {"0.weight": he(64, 64), "0.bias": np.zeros(64, np.float32),
            "2.weight": he(10, 64), "2.bias": np.zeros(10, np.float32)}


def logits(net, x):
    return np.maximum(x @ net["0.weight"].T + net["0.bias"], 0) @ net["2.weight"].T + net["2.bias"]


def train(net, x, y, epochs, batch, random):
    net = {name: value.copy() for name, value in net.items()}
    m = {name: np.zeros_like(value) for name, value in net.items()}
    v = {name: np.zeros_like(value) for name, value in net.items()}
    step = 0
    for _ in range(epochs):
        order = random.permutation(len(x))
        for begin in range(0, len(x), batch):
            rows = order[begin:begin + batch]
            hidden = np.maximum(x[rows] @ net["0.weight"].T + net["0.bias"], 0)
            out = hidden @ net["2.weight"].T + net["2.bias"]
            out = np.exp(out - out.max(1, keepdims=True))
            out /= out.sum(1, keepdims=True)
            out[np.arange(len(rows)), y[rows]] -= 1
            out /= len(rows)
            back = (out @ net["2.weight"]) * (hidden > 0)
            gradients = {"0.weight": back.T @ x[rows], "0.bias": back.sum(0),
                         "2.weight": out.T @ hidden, "2.bias": out.sum(0)}
            step += 1
            for name, g in gradients.items():
                m[name] = 0.9 * m[name] + 0.1 * g
                v[name] = 0.999 * v[name] + 0.001 * g * g
                net[name] -= (1e-3 * (m[name] / (1 - 0.9 ** step))
                              / (np.sqrt(v[name] / (1 - 0.999 ** step)) + 1e-8)).astype(np.float32)
    return net


def attacked(kind, base, clients, random):
    """Four of twenty are hostile."""
    bad = []
    for i in range(4):
        if kind == "gauss":
            bad.append({n: b + 2 * random.normal(size=b.shape) for n, b in base.items()})
        elif kind == "sign-flip":
            bad.append({n: b - 10 * (clients[i][n] - b) for n, b in base.items()})
        elif kind == "alie":
            stacked = {n: np.stack([client[n] for client in clients]) for n in base}
            bad.append({n: s.mean(0) - 1.5 * s.std(0) for n, s in stacked.items()})
        elif kind == "nan":
            bad.append({n: np.full_like(b, np.nan) for n, b in base.items()})
        else:
            bad.append(clients[i])
    return bad + clients[4:]


RULES = {
    "fedavg": {}, "fedmedian": {}, "fedtrimmedavg": {"beta": 0.2}, "krum": {"f": 4}, "multikrum": {"f": 4, "m": 16},
    "bulyan": {"f": 4}, "rfa": {}, "centered_clipping": {},
}
ROBUST = ("fedmedian", "fedtrimmedavg", "multikrum", "bulyan", "rfa")


def attacks():
    from sklearn.datasets import load_digits

    digits = load_digits()
    kinds = ("clean", "gauss", "sign-flip", "alie", "nan")
    table = {rule: {kind: [] for kind in kinds} for rule in RULES}
    for seed in range(3):
        random = np.random.default_rng(seed)
        order = random.permutation(len(digits.data))
        x, y = (digits.data[order] / 16).astype(np.float32), digits.target[order]
        cut = int(0.6 * len(x))
        held = slice(int(0.8 * len(x)), None)
        base = train(network(random), x[:cut], y[:cut], 2, 64, random)
        parts = np.array_split(np.arange(cut), 20)
        clients = [train(base, x[part], y[part], 20, 16, random) for part in parts]
        start = write(WORK / f"{seed}-base", base)
        documents = []
        for kind in kinds:
            names = [write(WORK / f"{seed}-{kind}-{i:02}", client)
                     for i, client in enumerate(attacked(kind, base, clients, random))]
            for rule, numbers in RULES.items():
                documents.append({
                    "name": f"{kind}-{rule}",
                    "base_model": start,
                    "round": {"strategy": rule, "number": 1, **numbers},
                    "models": [{"model": name, "parameters": {"examples": len(parts[0])}} for name in names],
                })
        documents.append({"merge_method": "uniform_soup", "models": [{"model": d["name"]} for d in documents]})
        output = WORK / f"attacks-{seed}"
        told = merge(documents, output, "--keep-stages")
        assert "it holds NaN or infinity" in told
        for kind in kinds:
            for rule in RULES:
                made = load_file(WORK / f"attacks-{seed}-stages" / f"{kind}-{rule}" / "model.safetensors")
                right = (logits(made, x[held]).argmax(1) == y[held]).mean()
                table[rule][kind].append(100 * right)
    print("accuracy in %".ljust(20), *(kind.rjust(10) for kind in kinds))
    means = {rule: {kind: np.mean(of) for kind, of in row.items()} for rule, row in table.items()}
    for rule, row in means.items():
        print(rule.ljust(20), *(f"{row[kind]:10.1f}" for kind in kinds))
    assert means["fedavg"]["sign-flip"] < 30, "the mean resisted"
    for rule in ROBUST:
        for kind in kinds:
            assert means[rule][kind] > 75, (rule, kind)
    for rule in RULES:
        assert abs(means[rule]["nan"] - means[rule]["clean"]) < 5 or rule == "krum", rule


# checkpoints of distributed training


def contents(file):
    """Type, shape and bytes of every tensor: their order in the file follows that of the inputs."""
    whole = file.read_bytes()
    begin = 8 + int.from_bytes(whole[:8], "little")
    header = json.loads(whole[8:begin])
    return {name: (it["dtype"], it["shape"], whole[begin + it["data_offsets"][0]:begin + it["data_offsets"][1]])
            for name, it in header.items() if name != "__metadata__"}


def sharded():
    here = pathlib.Path(__file__).parent
    for processes in (2, 3, 4):
        folder = WORK / f"dcp-{processes}"
        subprocess.run([sys.executable, here / "sharded.py", folder, str(processes)], check=True)
        for kind in ("whole", "sharded"):
            recipe = {"merge_method": "linear", "models": [
                {"model": str(folder / kind), "parameters": {"weight": 0.3}},
                {"model": str(WORK / "dcp-2" / "whole"), "parameters": {"weight": 0.7}}]}
            merge([recipe], folder / f"of-{kind}")
        pair = [contents(folder / f"of-{kind}" / "model.safetensors") for kind in ("whole", "sharded")]
        assert pair[0] == pair[1], processes
        print(f"{processes} processes: every tensor has the bytes of the consolidated twin's")


CASES = {"flower": beside_flower, "attacks": attacks, "sharded": sharded}

for case in sys.argv[2:] or CASES:
    CASES[case]()
print("Passed: " + ", ".join(sys.argv[2:] or CASES))
