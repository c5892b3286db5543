"""Makes reference.txt: small matrices and what the methods make of them, in float64 by NumPy.

Run it beside this file, with any NumPy: python reference.py > reference.txt
Each matrix is a line: its name, rows, columns, and its elements row by row. A case is a base, models, and the result.
"""

from itertools import combinations

import numpy as np

RANDOM = np.random.default_rng(7)


def polar(x):
    u, _, vt = np.linalg.svd(x, full_matrices=False)
    return u @ vt


def iso_c(taus):
    total = sum(taus)
    return np.linalg.svd(total, compute_uv=False).sum() / min(total.shape) * polar(total)


def iso_cts(taus, fraction):
    total = sum(taus)
    least = min(total.shape)
    own = round((least - int(least * fraction)) / len(taus))
    own = min(own, least // len(taus))
    common = least - own * len(taus)
    u, s, vt = np.linalg.svd(total, full_matrices=False)
    us, vs, values = [u[:, :common]], [vt[:common]], [s[:common]]
    for tau in taus:
        left, s, right = np.linalg.svd(tau - u[:, :common] @ (u[:, :common].T @ tau), full_matrices=False)
        us.append(left[:, :own])
        vs.append(right[:own])
        values.append(s[:own])
    return np.concatenate(values).mean() * polar(np.hstack(us)) @ polar(np.vstack(vs))


def tsv_m(taus):
    share = max(1, min(taus[0].shape) // len(taus))
    us, vs, values = [], [], []
    for tau in taus:
        u, s, vt = np.linalg.svd(tau, full_matrices=False)
        us.append(u[:, :share])
        vs.append(vt[:share])
        values.append(s[:share])
    return polar(np.hstack(us)) @ np.diag(np.concatenate(values)) @ polar(np.vstack(vs))


def wudi(taus, ridge, center=False, trace=False, prior=0.0):
    grams = []
    for tau in taus:
        gram = tau.T @ tau
        if center:
            mean = tau.mean(axis=0)
            gram = gram - len(tau) * np.outer(mean, mean)
        grams.append(gram / (np.trace(gram) if trace else (tau**2).sum()))
    mean = sum(grams) / len(grams)
    grams = [gram + prior * mean for gram in grams]
    left = sum(grams)
    left = left + ridge * np.trace(left) / len(left) * np.eye(len(left))
    return np.linalg.solve(left, sum(tau @ gram for tau, gram in zip(taus, grams)).T).T


def resmerge(taus):
    def clamp(x):
        return min(1.0, max(0.0, x))

    def cosine(a, b):
        return (a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b)

    heads, rests = [], []
    for tau in taus:
        u, s, vt = np.linalg.svd(tau)
        heads.append(s[0] * np.outer(u[:, 0], vt[0]))
        rests.append(tau - heads[-1])
    norms = [np.linalg.norm(rest) for rest in rests]
    units = [rest / (norm + 1e-8) for rest, norm in zip(rests, norms)]
    direction = sum(units) / np.linalg.norm(sum(units))
    pairs = list(combinations(range(len(taus)), 2))
    p = np.mean([cosine(units[i], units[j]) for i, j in pairs]) if pairs else 1.0
    c = clamp(np.mean([cosine(unit, direction) for unit in units]))
    sure = clamp((clamp((p + 1) / 2) + clamp((c + 1) / 2)) / 2)
    if c <= 1 / np.sqrt(len(taus)):
        merged = sum(rests) / len(taus)
    else:
        merged = c ** (1 - 0.3 * sure) * np.mean(norms) * direction
    r = clamp(np.mean([max(0.0, cosine(heads[i], heads[j])) for i, j in pairs])) if pairs else 1.0
    head = sum(heads) / len(heads)
    return merged + 0.2 * r * np.linalg.norm(merged) * head / np.linalg.norm(head)


def cabs(taus, weights, n, m):
    flat = [tau.ravel() for tau in taus]
    taken = np.zeros(flat[0].size, bool)
    merged = np.zeros(flat[0].size)
    for tau, weight in zip(flat, weights):
        for first in range(0, tau.size, m):
            places = np.arange(first, min(first + m, tau.size))
            wanted = -(-n * len(places) // m)
            order = sorted(places, key=lambda place: (taken[place], -abs(tau[place]), place))
            for place in order[:wanted]:
                merged[place] += weight * tau[place]
                taken[place] = True
    return merged.reshape(taus[0].shape)


def pcb(taus, ratio):
    total = sum(taus)
    merged, weights = np.zeros_like(total), np.zeros_like(total)
    for tau in taus:
        sizes = np.sort(np.abs(tau).ravel())
        cut = int(sizes.size * 1e-4)
        least, most = sizes[cut], sizes[sizes.size - 1 - cut]
        clamped = np.sign(tau) * np.clip(np.abs(tau), least, most)
        alone = np.exp(len(taus) * ((np.abs(clamped) - least) / (most - least)) ** 2)
        beta = alone * np.tanh(tau * total)
        start = np.sort(beta.ravel())[min(beta.size - 1, int(beta.size * (1 - ratio)))]
        beta = (np.maximum(beta, start) - start) / (beta.max() - start)
        merged += beta * clamped
        weights += beta
    return merged / np.maximum(weights, 1e-12)


def show(name, matrix):
    numbers = " ".join(repr(float(x)) for x in matrix.ravel())
    print(name, *matrix.shape, numbers)


def case(name, rule, rows, columns, models, close=0.0):
    def random(scale):
        return RANDOM.normal(0, scale, (rows, columns)).astype(np.float32)

    base = random(1.0)
    shared = random(0.1)
    stored = [(base + close * shared + random(0.1)).astype(np.float32) for _ in range(models)]
    taus = [model.astype(np.float64) - base for model in stored]
    show(f"{name} base", base)
    for model in stored:
        show(f"{name} model", model)
    show(f"{name} merged", base + rule(taus))


for shape in ((6, 9), (11, 5), (8, 8)):
    case("iso_c", iso_c, *shape, 3)
    case("iso_cts", lambda taus: iso_cts(taus, 0.5), *shape, 2)
    case("tsv_m", tsv_m, *shape, 2)
    case("wudi", lambda taus: wudi(taus, 0.01), *shape, 3)
    case("resmerge", resmerge, *shape, 3)
case("ace", lambda taus: wudi(taus, 0.05, center=True, trace=True, prior=0.5), 12, 6, 3)
case("resmerge", resmerge, 7, 9, 3, close=2.0)
case("resmerge", resmerge, 5, 4, 1)
case("tsv_m", tsv_m, 3, 10, 5)
case("cabs", lambda taus: cabs(taus, (1.0, 0.5, 2.0), 3, 8), 5, 9, 3)
case("cabs", lambda taus: cabs(taus, (1.0, 0.5, 2.0), 7, 8), 4, 6, 3)
case("pcb", lambda taus: pcb(taus, 0.3), 7, 6, 3)
case("pcb", lambda taus: pcb(taus, 0.3), 4, 15, 2)
