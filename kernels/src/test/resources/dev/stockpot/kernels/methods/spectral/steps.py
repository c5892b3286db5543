"""Makes steps.txt: merges of small matrices and what steps behind them make of them, in float64 by NumPy.

Run it beside this file, with any NumPy: python steps.py > steps.txt
Lines are as in reference.txt; the last model of a case is what a merge has made of the others.
"""

import numpy as np

RANDOM = np.random.default_rng(11)


def svc(change, taus, alpha):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    made = np.zeros_like(change)
    for r in range(len(s)):
        along = u[:, r] @ change
        counts = []
        for tau in taus:
            own = u[:, r] @ tau
            counts.append(max(alpha, (along @ own) / (own @ own)))
        made += len(taus) / sum(counts) * s[r] * np.outer(u[:, r], vt[r])
    return made


def boosting(change, beta):
    u, s, vt = np.linalg.svd(change, full_matrices=False)
    share = np.cumsum(s) / s.sum()
    first = int(np.argmax(share >= beta))
    return u @ np.diag(np.maximum(s, s[first])) @ vt


def show(name, matrix):
    numbers = " ".join(repr(float(x)) for x in matrix.ravel())
    print(name, *matrix.shape, numbers)


def case(name, rule, rows, columns, models, weight):
    def random(scale):
        return RANDOM.normal(0, scale, (rows, columns)).astype(np.float32)

    base = random(1.0)
    shared = random(0.1)
    stored = [(base + shared + random(0.05)).astype(np.float32) for _ in range(models)]
    taus = [model.astype(np.float64) - base for model in stored]
    merged = (base + weight * sum(taus)).astype(np.float32)
    show(f"{name} base", base)
    for model in stored + [merged]:
        show(f"{name} model", model)
    show(f"{name} merged", base + rule(merged.astype(np.float64) - base, taus))


for shape in ((6, 9), (11, 5), (8, 8)):
    case("svc", lambda change, taus: svc(change, taus, 1.0), *shape, 3, 1.0)
    case("subspace_boosting", lambda change, taus: boosting(change, 0.3), *shape, 3, 0.5)
case("svc", lambda change, taus: svc(change, taus, 0.25), 7, 4, 2, 0.3)
case("subspace_boosting", lambda change, taus: boosting(change, 0.9), 5, 12, 2, 0.5)
