"""Measured speed, side by side in one run: python benchmarks/run.py

Commands are compared with `python -c "import sympy"` on the same machine in turn, the kernel with `sympy.stats`. Prints
the table that the README shows. Needs only the package itself.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sympy import Rational, symbols
from sympy.stats import E as sympy_expectation
from sympy.stats import FiniteRV

from proofsheet import (
    E,
    dimension,
    identity,
    independent,
    moment,
    parameter,
    random_scalar,
    random_vector,
    simplify,
    vector,
)
from proofsheet.catalogue import Catalogue
from proofsheet.derivation import take
from proofsheet.entry_script import read
from proofsheet.kernel.setting import Setting
from proofsheet.kernel.theorem import Chain, Theorem


def seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def command(*arguments: str) -> Callable[[], Any]:
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def commands(rounds: int) -> list[tuple[str, float]]:
    """Median seconds of each command; the commands take turns, so that load on the machine hits all alike."""
    calls = {
        'python -c "import sympy"': command("-c", "import sympy"),
        "proofsheet derive": command("-m", "proofsheet.cli", "derive"),
        "proofsheet list": command("-m", "proofsheet.cli", "list"),
        "proofsheet --help": command("-m", "proofsheet.cli", "--help"),
    }
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds + 1):
        for name, call in calls.items():
            times[name].append(seconds(call))
    return [(name, median(found[1:])) for name, found in times.items()]  # the first round fills the file cache


def steps(rounds: int) -> list[float]:
    """Milliseconds for each step of the catalogue, warm: kernel, needed reasons and slips; the median of the rounds."""
    scripts = [read(entry) for entry in Catalogue().entries]
    theorems: list[Theorem] = [one for script in scripts for one in (script.theorem, *script.corollaries.values())]

    def once() -> list[float]:
        found = []
        for theorem in theorems:
            chain = Chain(theorem.left, theorem.left.free_symbols.union(*(line.free_symbols for line in theorem.lines)))
            for step in theorem.steps:
                found.append(1000 * seconds(lambda: take(chain, step.number, (step.new, *step.reasons))))  # noqa: B023
        return found

    once()
    return [median(times) for times in zip(*(once() for _ in range(rounds)), strict=True)]


class Noise:
    """E[((x + n)ᵀw − y)^d] in any dimension, with the assumptions of the noise."""

    m = dimension("m")
    alpha = parameter("alpha", positive=True)
    w, x, n, y = vector("w", m), random_vector("x", m), random_vector("n", m), random_scalar("y")
    assumptions = (independent(n, (x, y)), moment(E(n), 0), moment(E(n @ n.T), alpha * identity(m)))

    def normal_form(self, degree: int) -> Any:
        setting = Setting()
        line = E(((self.x + self.n).T @ self.w - self.y) ** degree)
        setting.enter([line, self.alpha])
        return setting.form(line, self.assumptions)

    def closed_form(self, degree: int) -> Any:
        return simplify(E(((self.x + self.n).T @ self.w - self.y) ** degree), given=self.assumptions)


def sympy_stats(m: int) -> Any:
    """The same expectation for d = 2 in one dimension m, for one law of two values for each coordinate, by sympy.stats."""
    half = Rational(1, 2)
    noise = [FiniteRV(f"n{k}", {half: half, -half: half}) for k in range(m)]
    inputs = [FiniteRV(f"x{k}", {Rational(1): half, Rational(3): half}) for k in range(m)]
    weights, label = symbols(f"w:{m}"), FiniteRV("y", {Rational(1): half, Rational(2): half})
    error = sum((a + b) * c for a, b, c in zip(inputs, noise, weights, strict=True)) - label
    return sympy_expectation(error**2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--largest", type=int, default=6, help="largest m for sympy.stats, which grows exponentially")
    options = parser.parse_args()
    rows: list[tuple[str, str, str]] = []
    found = commands(options.rounds)
    base = found[0][1]
    for name, taken in found:
        rows.append((f"`{name}`", f"{1000 * taken:.0f} ms", f"{taken / base:.2f} × import sympy"))
    times = steps(options.rounds)
    rows.append(("a step of the catalogue, mean", f"{sum(times) / len(times):.1f} ms", f"{len(times)} steps"))
    rows.append(("a step of the catalogue, worst", f"{max(times):.1f} ms", ""))
    noise = Noise()
    for degree in (2, 4, 6, 8):
        taken = median(seconds(lambda d=degree: noise.normal_form(d)) for _ in range(options.rounds))  # type: ignore[misc]
        rows.append((f"E[((x + n)ᵀw − y)^{degree}], any m", f"{1000 * taken:.0f} ms", ""))
    for degree in (2, 4):
        taken = median(seconds(lambda d=degree: noise.closed_form(d)) for _ in range(options.rounds))  # type: ignore[misc]
        rows.append((f"`simplify(E(((x + n).T @ w - y)**{degree}), given)`", f"{1000 * taken:.0f} ms", ""))
    any_m = median(seconds(lambda: noise.normal_form(2)) for _ in range(options.rounds))
    for m in range(1, options.largest + 1):
        taken = seconds(lambda m=m: sympy_stats(m))  # type: ignore[misc]
        rows.append(
            (f"`sympy.stats`, d = 2, m = {m}, one law", f"{1000 * taken:.0f} ms", f"{taken / any_m:.0f} × ours")
        )
    print("| what | time | beside |\n|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
