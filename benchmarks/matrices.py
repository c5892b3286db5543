"""Times the matrix algebra beside NumPy, PyTorch and SciPy; benchmarks/matrices.sh says how to run it."""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import numpy as np
import scipy.optimize
import torch

JAVA = [
    os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java",
    "--add-modules=jdk.incubator.vector",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "-XX:+IgnoreUnrecognizedVMOptions",
    "--sun-misc-unsafe-memory-access=allow",
    "-XX:CompileCommand=quiet",
    "-XX:CompileCommand=dontinline,dev.stockpot.kernels.vector.*::*",
    "-Xmx2g",
    "-XX:MaxDirectMemorySize=8g",
    "dev.stockpot.kernels.matrix.MatrixProcess",
]


@dataclass(frozen=True)
class Race:
    """One operation of one size, by us and by another library."""

    operation: str
    rows: int
    least: float  # of our speed, relative to theirs
    theirs: Callable[[np.ndarray], object]
    name: str
    check: Callable[[np.ndarray, object, list[np.ndarray]], float]  # how far our result is off, relative
    turns: int = 5
    rank: int = 1


class Ours:
    """A JVM that is told what to do."""

    def __init__(self) -> None:
        self.jvm = subprocess.Popen(JAVA, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def seconds(self, race: Race, file: Path, output: str) -> float:
        self.jvm.stdin.write(f"{race.operation} {file} {race.rows} {race.rows} {race.rank} {output}\n")
        self.jvm.stdin.flush()
        answer = self.jvm.stdout.readline()
        if not answer:
            sys.exit("The JVM ended; run its command by hand to see why")
        return float(answer)

    def close(self) -> None:
        self.jvm.stdin.close()
        self.jvm.wait()


def distance(wanted: np.ndarray, found: np.ndarray) -> float:
    return float(np.linalg.norm(wanted - found) / np.linalg.norm(wanted))


def product(_: np.ndarray, theirs: object, ours: list[np.ndarray]) -> float:
    return distance(theirs, ours[0])


def qr(a: np.ndarray, _: object, ours: list[np.ndarray]) -> float:
    return distance(a, ours[0] @ ours[1])


def svd(_: np.ndarray, theirs: object, ours: list[np.ndarray]) -> float:
    return distance(theirs[1].numpy(), ours[1][0])


def largest(_: np.ndarray, theirs: object, ours: list[np.ndarray]) -> float:
    """By how much our vectors catch less than the best ones, of the sum of their squares."""
    best = theirs[1].numpy()[: ours[1].shape[1]]
    return max(0.0, 1 - float((ours[1] ** 2).sum() / (best**2).sum()))


def assignment(a: np.ndarray, theirs: object, ours: list[np.ndarray]) -> float:
    rows, columns = theirs
    best = a[rows, columns].sum()
    return abs(a[np.arange(len(a)), ours[0][0].astype(int)].sum() - best) / abs(best)


def torch_svd(a: np.ndarray) -> object:
    return torch.linalg.svd(torch.from_numpy(a))


def races(sizes: list[int]) -> list[Race]:
    found = []
    for n in sizes:
        turns = 25 if n <= 1024 else 7 if n <= 2048 else 3  # short ones want more, for both
        found.append(Race("multiply", n, 0.85, lambda a: a @ a, "NumPy", product, turns))
        found.append(Race("gram", n, 0.85, lambda a: a.T @ a, "NumPy", product, turns))
        found.append(Race("cholesky", n, 0.5, np.linalg.cholesky, "NumPy", product, turns))
        found.append(Race("qr", n, 0.5, np.linalg.qr, "NumPy", qr, turns))
    found.append(Race("svd", 2048, 0.5, torch_svd, "PyTorch", svd, 3))
    found.append(Race("largest", 4096, 10, torch_svd, "PyTorch, all", largest, 1, rank=64))
    found.append(Race("assignment", 4096, 0.5, scipy.optimize.linear_sum_assignment, "SciPy", assignment, 3))
    return found


def matrix(race: Race) -> np.ndarray:
    a = np.random.default_rng(1).standard_normal((race.rows, race.rows))
    return a @ a.T / race.rows + np.eye(race.rows) if race.operation == "cholesky" else a


def run(race: Race, ours: Ours, data: Path) -> bool:
    a = matrix(race)
    file = data / "matrix.f64"
    a.tofile(file)
    output = data / "made"
    for _ in range(2 if race.turns > 1 else 1):
        ours.seconds(race, file, str(output))
    made = []
    for i in range(3):
        part = Path(f"{output}.{i}")
        if part.exists():
            numbers = np.fromfile(part)
            made.append(numbers.reshape(-1, race.rows) if numbers.size >= race.rows else numbers.reshape(1, -1))
            part.unlink()
    mine, others = [], []
    theirs = None
    if race.turns > 1:
        race.theirs(a)
    for _ in range(race.turns):
        mine.append(ours.seconds(race, file, "-"))
        begin = time.perf_counter()
        theirs = race.theirs(a)
        others.append(time.perf_counter() - begin)
    off = race.check(a, theirs, made)
    ratio = min(others) / min(mine)
    allowed = 2e-2 if race.operation == "largest" else 1e-11
    good = ratio >= race.least and off <= allowed
    print(
        f"| {race.operation} | {race.rows} | {race.name} | {min(others):.3f} | {min(mine):.3f} "
        f"| {ratio:.2f} | {race.least} | {off:.1e} |{'' if good else ' <-- not as wanted'}",
        flush=True,
    )
    return good


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("data", type=Path)
    words.add_argument("--only", default="")
    words.add_argument("--sizes", default="1024,2048,4096")
    told = words.parse_args()
    wanted = [word for word in told.only.split(",") if word]
    ours = Ours()
    print(f"numpy {np.__version__}, torch {torch.__version__}, scipy {scipy.__version__}; best of some turns, in seconds")
    print("| operation | n | beside | theirs | ours | ratio | at least | off by |")
    print("| --- | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    good = True
    for race in races([int(size) for size in told.sizes.split(",")]):
        if not wanted or race.operation in wanted:
            good &= run(race, ours, told.data)
    ours.close()
    if not good:
        sys.exit("Failed: not all is as wanted")
    print("Passed: all ratios are as wanted, and all results agree")


if __name__ == "__main__":
    main()
