"""Makes anchored.txt: rows of tokens that one model lacks, as each method makes them, in float64 by NumPy.

Run it beside this file, with any NumPy: python anchored.py > anchored.txt
Each matrix is a line: case, role, rows, columns, and its elements row by row. A case is the donor's rows of wanted
tokens and of shared ones, our rows of the shared ones, and the result; of `pieces` our rows and which are meant.
"""

import numpy as np

RANDOM = np.random.default_rng(11)


def omp(wanted, there, here, k):
    """Orthogonal matching pursuit, each step by a least-squares problem of its own."""
    made = []
    for x in wanted:
        chosen, rest = [], x
        for _ in range(k):
            scores = np.abs(there @ rest)
            scores[chosen] = -1
            chosen.append(int(np.argmax(scores)))
            weights = np.linalg.lstsq(there[chosen].T, x, rcond=None)[0]
            rest = x - weights @ there[chosen]
        made.append(weights @ here[chosen])
    return np.array(made)


def interpolation(wanted, there, here, k):
    made = []
    for x in wanted:
        distances = np.linalg.norm(there - x, axis=1)
        nearest = np.argsort(distances, kind="stable")[:k]
        weights = 1 / np.maximum(distances[nearest], 1e-6)
        made.append(weights / weights.sum() @ here[nearest])
    return np.array(made)


def subword(rows, pieces):
    return np.array([rows[list(places)].mean(axis=0) for places in pieces])


def tell(case, role, matrix):
    print(case, role, *matrix.shape, *(repr(float(x)) for x in matrix.ravel()))


def spaces(wanted, shared, there, here):
    """Rows as embeddings have them: of unequal lengths, and shared ones that are alike."""
    both = RANDOM.standard_normal((wanted + shared, there)) * RANDOM.uniform(0.2, 2, (wanted + shared, 1))
    both[wanted + 3] = both[wanted + 2] * 1.5
    return both[:wanted], both[wanted:], RANDOM.standard_normal((shared, here))


def main():
    for case, method, shape, k in (
        ("omp", omp, (7, 40, 12, 9), 5),
        ("omp-all", omp, (3, 12, 12, 5), 11),
        ("interpolation", interpolation, (7, 40, 12, 9), 5),
        ("interpolation-one", interpolation, (4, 9, 6, 3), 1),
    ):
        wanted, there, here = spaces(*shape)
        tell(case, f"wanted-{k}", wanted)
        tell(case, "there", there)
        tell(case, "here", here)
        tell(case, "made", method(wanted, there, here, k))
    rows = RANDOM.standard_normal((10, 6))
    pieces = [(0, 3), (7,), (2, 2, 9), tuple(range(10))]
    tell("subword", "rows", rows)
    for places in pieces:
        tell("subword", "pieces", np.array([places]))
    tell("subword", "made", subword(rows, pieces))


if __name__ == "__main__":
    main()
