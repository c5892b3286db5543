"""Residuals, orthogonality and values of our decompositions beside NumPy's; checks/kernels/matrices.sh runs it."""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

MOST = 1e-12
random = np.random.default_rng(1)


def orthogonal(n: int) -> np.ndarray:
    return np.linalg.qr(random.standard_normal((n, n)))[0]


def spectra(n: int) -> dict[str, np.ndarray]:
    graded = np.logspace(0, -18, n)
    deficient = np.where(np.arange(n) < n // 3, np.linspace(5, 1, n), 0)
    near = 1 + 1e-14 * np.arange(n)
    return {
        "random": random.standard_normal((n, n)),
        "tall": random.standard_normal((3 * n, n // 2)),
        "wide": random.standard_normal((n // 2, n)),
        "graded": orthogonal(n) * graded @ orthogonal(n),
        "rank deficient": orthogonal(n) * deficient @ orthogonal(n),
        "nearly equal": orthogonal(n) * near @ orthogonal(n),
        "clusters": orthogonal(n) * np.repeat(10.0 ** -np.arange(0, 8), n // 8) @ orthogonal(n),
        "zero": np.zeros((n, n)),
    }


class Ours:
    def __init__(self, command: list[str], folder: Path) -> None:
        words = [*command, "dev.stockpot.kernels.matrix.MatrixProcess"]
        self.jvm = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.folder = folder

    def made(self, operation: str, a: np.ndarray, *shapes: tuple[int, int]) -> list[np.ndarray]:
        a.tofile(self.folder / "a")
        rows, columns = a.shape
        self.jvm.stdin.write(f"{operation} {self.folder}/a {rows} {columns} 16 {self.folder}/made\n")
        self.jvm.stdin.flush()
        if not self.jvm.stdout.readline():
            sys.exit(f"Failed: the JVM ended in {operation}")
        return [np.fromfile(self.folder / f"made.{i}").reshape(shape) for i, shape in enumerate(shapes)]


def skew(q: np.ndarray) -> float:
    return float(np.linalg.norm(q.T @ q - np.eye(q.shape[1]), 2))


def errors(ours: Ours, a: np.ndarray) -> dict[str, float]:
    m, n = a.shape
    k = min(m, n)
    norm = np.linalg.norm(a, 2) or 1.0
    left, values, right = ours.made("svd", a, (k, m), (1, k), (k, n))
    q, r = ours.made("qr", a, (m, k), (k, n))
    gram = a.T @ a
    found, vectors = ours.made("eigen", gram, (1, n), (n, n))
    size = np.linalg.norm(gram, 2) or 1.0
    return {
        "svd residual": np.linalg.norm(left.T * values @ right - a, 2) / norm,
        "svd skew": max(skew(left.T), skew(right.T)),
        "svd values": np.abs(values[0] - np.linalg.svd(a, compute_uv=False)).max() / norm,
        "qr residual": np.linalg.norm(q @ r - a, 2) / norm,
        "qr skew": skew(q),
        "eigen residual": np.linalg.norm(vectors.T * found @ vectors - gram, 2) / size,
        "eigen skew": skew(vectors.T),
        "eigen values": np.abs(found[0] - np.linalg.eigvalsh(gram)[::-1]).max() / size,
    }


def main() -> None:
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(sys.argv[1:], Path(folder))
        for n in (64, 520):
            for name, a in spectra(n).items():
                found = errors(ours, a)
                worst = max(found, key=found.get)
                bad += found[worst] > MOST
                print(f"{name} {a.shape}: at most {found[worst]:.1e} ({worst}){' <-- too much' if found[worst] > MOST else ''}")
    if bad:
        sys.exit(f"Failed: {bad} matrices have errors above {MOST}")
    print(f"Passed: all errors are below {MOST}, and all bits are equal")


if __name__ == "__main__":
    main()
