"""Random finite worlds that satisfy some of the assumptions of the fuzzer, and are generic otherwise.

The assumptions, by name: "independent" n ⟂ (x, y), "mean" E[n] = 0, "covariance" E[nnᵀ] = αI, "second" E[eᵢ²] = v,
"mixed" E[eᵢeⱼ] = c for i ≠ j, "family" the exponential family of T, whose law stands apart. Three coins are tossed: n is
a function of the first and e of the second, whatever is assumed; x and y of the second and third, and of the first unless
they are independent of n; z of all three.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

from fuzz_evaluator import World

SIZES = ({"m": 2, "q": 3, "d": 3, "N": 2}, {"m": 3, "q": 2, "d": 2, "N": 3}, {"m": 1, "q": 2, "d": 4, "N": 2})
CONSTANTS = {  # rows and columns, by the names of `expressions` and `vocabulary`
    "w": ("m", 1), "u": ("m", 1), "t": (1, 1), "s": (1, 1), "theta": (1, 1), "W": ("q", "m"), "V": ("m", "m"), "x_1": ("N", "m"),
}  # fmt: skip
Vector = list[Fraction]


def world(assumed: frozenset[str], seed: int, speaks_of: frozenset[str] = frozenset("ne")) -> World:
    """A world in which the named assumptions hold. A coin of n or e that no line speaks of is not tossed."""
    random, sizes = Random(seed), SIZES[seed % len(SIZES)]
    m, n = sizes["m"], sizes["d"]
    noise, alpha = _noise(random, m, assumed)
    errors, v, c = _errors(random, n, assumed)
    noise = noise if "n" in speaks_of else [(Fraction(1), noise[0][1])]
    errors = errors if "e" in speaks_of else [(Fraction(1), errors[0][1])]
    third = _weights(random, 3)
    space = []
    table: dict[Any, Any] = {}
    for first, second, coin in product(range(len(noise)), range(len(errors)), range(3)):
        cause = (second, coin) if "independent" in assumed else (first, second, coin)
        x, y, t = table.setdefault(cause, (_vector(random, m), _vector(random, 1), _vector(random, 1)))
        outcome = {"x": x, "y": y, "T": t, "n": noise[first][1], "e": errors[second][1], "z": _vector(random, 1)}
        weight = noise[first][0] * errors[second][0] * third[coin]
        space.append((weight, {name: [[entry] for entry in value] for name, value in outcome.items()}))
    constants = {
        name: [[_number(random) for _ in range(sizes.get(columns, 1))] for _ in range(sizes.get(rows, 1))]
        for name, (rows, columns) in CONSTANTS.items()
    }
    half = [[_number(random) for _ in range(m)] for _ in range(m)]
    constants["S"] = [[half[row][column] + half[column][row] for column in range(m)] for row in range(m)]
    parameters = {"alpha": alpha, "beta": _number(random), "v": v, "c": c}
    law = list(zip(_weights(random, 3), map(Fraction, random.sample(range(-4, 6), 3)), strict=True))
    family = ("T", "theta", "L") if "family" in assumed else None
    return World(sizes, parameters, constants, space, seed, family, law)


def _number(random: Random) -> Fraction:
    return Fraction(random.choice([-7, -5, -4, -3, -2, 2, 3, 4, 5, 7]), random.choice([1, 1, 2, 3]))


def _vector(random: Random, size: int) -> Vector:
    return [_number(random) for _ in range(size)]


def _weights(random: Random, count: int) -> list[Fraction]:
    parts = random.sample(range(1, 9), count)
    return [Fraction(part, sum(parts)) for part in parts]


def _noise(random: Random, m: int, assumed: frozenset[str]) -> tuple[list[tuple[Fraction, Vector]], Fraction]:
    """A skewed law of n with the moments that are assumed, and α; without E[n] = 0 no mean is 0."""
    count = 2 * m
    if "covariance" not in assumed:
        weights, points = _weights(random, count), [_vector(random, m) for _ in range(count)]
        if "mean" in assumed:
            mean = [
                sum((one * point[k] for one, point in zip(weights, points, strict=True)), Fraction(0)) for k in range(m)
            ]
            points = [[entry - centre for entry, centre in zip(point, mean, strict=True)] for point in points]
        return list(zip(weights, points, strict=True)), abs(_number(random))
    up, down = (Fraction(random.choice(pair)) for pair in ((2, 3, 5), (1, 4, 7)))
    chance = down / (up + down) if "mean" in assumed else Fraction(random.choice([1, 2]), 5)
    if "mean" not in assumed and chance == down / (up + down):
        chance = Fraction(3, 5)
    axes, law = _rotation(random, m), []
    for axis in axes:
        law.append((chance / m, [up * entry for entry in axis]))
        law.append(((1 - chance) / m, [-down * entry for entry in axis]))
    return law, (chance * up**2 + (1 - chance) * down**2) / m


def _rotation(random: Random, m: int) -> list[Vector]:
    """Rows of a rational orthogonal matrix: a product of plane rotations by (3, 4, 5) and (5, 12, 13)."""
    rows = [[Fraction(row == column) for column in range(m)] for row in range(m)]
    for first, second in [(0, 1), (1, 2), (0, 2)] if m > 2 else [(0, 1)] if m > 1 else []:
        cosine, sine = random.choice([(Fraction(3, 5), Fraction(4, 5)), (Fraction(5, 13), Fraction(12, 13))])
        one, other = rows[first], rows[second]
        rows[first] = [cosine * a - sine * b for a, b in zip(one, other, strict=True)]
        rows[second] = [sine * a + cosine * b for a, b in zip(one, other, strict=True)]
    return rows


def _errors(
    random: Random, n: int, assumed: frozenset[str]
) -> tuple[list[tuple[Fraction, Vector]], Fraction, Fraction]:
    """A law of e, exchangeable as far as it is assumed, and v and c: e = a + b·(unit vector k), with k drawn uniformly."""
    law: list[tuple[Fraction, Vector]] = []
    v = c = Fraction(0)
    for weight in _weights(random, 2):  # two such laws mixed: else neither the sum nor the norm of e would be random
        a, b = _number(random), _number(random)
        c += weight * (a**2 + 2 * a * b / n)
        v += weight * (a**2 + 2 * a * b / n + b**2 / n)
        signs = [1, -1, *(random.choice([-1, 1]) for _ in range(n))]  # products keep theirs, and the means differ
        law += [(weight / n, [signs[k] * (a + b * (place == k)) for place in range(n)]) for k in range(n)]
    if {"second", "mixed"} <= assumed:
        return law, v, c
    if "second" in assumed:  # signs leave the squares as they are
        flips = [[random.choice([-1, 1]) for _ in range(n)] for _ in law]
        law = [
            (one, [sign * entry for sign, entry in zip(flip, e, strict=True)])
            for flip, (one, e) in zip(flips, law, strict=True)
        ]
        return law, v, _number(random)
    if "mixed" in assumed:  # independent signs of different sizes leave the products as they are
        noise = [Fraction(k + 1) for k in range(n)]
        law = [
            (
                one / 2,
                [entry + sign * own * (place == at) for place, (entry, own) in enumerate(zip(e, noise, strict=True))],
            )
            for one, e in law
            for at in [random.randrange(n)]
            for sign in (-1, 1)
        ]
        return law, abs(_number(random)), c
    return [(one, _vector(random, n)) for one, _ in law], abs(_number(random)), _number(random)
