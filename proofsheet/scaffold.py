"""`proofsheet new`: a first proof script to change, and a numeric check for it. Both hold as they stand."""

from __future__ import annotations

import keyword
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from proofsheet.catalogue import is_ours
from proofsheet.errors import CallError
from proofsheet.written_files import write_all

_STEM = re.compile(r"[a-z][a-z0-9_]*")
_DEPENDENCIES = {"proofsheet", "sympy", "mpmath", "numpy", "scipy", "click", "rich", "pytest", "hypothesis"}

PROOF = '''\
"""Noise adds its variance to the mean square.

    E[(y + n)²] = E[y²] + v

The noise n has mean 0 and variance v, and does not depend on y. No more of its law is used: it need not be Gaussian.

Replace all of this by an identity of your own: its title, its statement, plain words, and last where it comes from,
as Author (year), Title, equation.
"""

from proofsheet import E, expand, independent, linearity, moment, parameter, prove, random_scalar, show, wrong

# What the identity speaks of.
v = parameter("v", nonnegative=True)
y, n = random_scalar("y"), random_scalar("n")

# What it assumes. A line may use only what it cites.
noise_independent = independent(n, y)
noise_mean = moment(E(n), 0)
noise_variance = moment(E(n**2), v)

# The derivation: a first line, then each further line with the reasons why it equals the line before.
theorem = prove(
    E((y + n) ** 2),
    (E(y**2 + 2 * y * n + n**2), expand),
    (E(y**2) + 2 * E(y * n) + E(n**2), linearity),
    (E(y**2) + 2 * E(y) * E(n) + E(n**2), noise_independent),
    (E(y**2) + v, noise_mean, noise_variance),
)

# Mistakes that people make. Each must be refused in place of the last line, or of the line whose number is given.
variants = wrong(
    (E(y**2) + v**2, "variance taken for standard deviation"),
    (E(y**2), "noise of mean 0 taken for no noise"),
    (E(y**2) + E(y * n) + E(n**2), "2 of the square lost", 3),
)

# Prints the derivation when this file is run by hand.
show(__name__, theorem)
'''

CHECK = '''\
"""Numeric check of proofs/NAME.py: E[(y + n)²] = E[y²] + v.

The left side is written as it is defined, the right side is read from the theorem. The laws hide nothing: y is skewed
and has a mean, and v is not 1, where v and v² are the same.
"""

from proofsheet import NumericCheck, antithetic, cases, derived, exponential, normal, proof

identity = proof("NAME")

v = 0.7
given = {
    # Independent laws, of which everything random is made; a source named like a random variable is that variable.
    "sources": {"jump": exponential(variance=0.64), "n": normal(variance=v)},
    "variables": lambda jump, n: {"y": 0.5 + jump},
    "left_side": lambda y, n: (y + n) ** 2,
    "parameters": {"v": v},
    "wrong": identity.variants,
    # What no draw can see, and why.
    "unseen": {"2 of the square lost": "E[y n] = 0: the line is true, only the step to it is wrong"},
}
check = cases(
    exact=NumericCheck(identity.theorem, **given),
    # Drawn: each row (y + n)² − y² has the variance that is declared, so that the error rates hold for every N.
    drawn=NumericCheck(
        identity.theorem,
        **given,
        method="e-process",
        variance=derived(2 * v**2 + 4 * (0.5**2 + 0.64) * v, "Var(n² + 2 y n) = 2 v² + 4 E[y²] v for Gaussian n"),
        tolerance=0.05,
    ),
    # n and −n in each row: 2 y n cancels, and fewer draws do.
    mirrored=NumericCheck(
        identity.theorem,
        **given,
        method="e-process",
        design=antithetic("n"),
        variance=derived(2 * v**2, "Var n² = 2 v² for Gaussian n"),
        tolerance=0.02,
    ),
)
check.main(__name__)
'''


def checked_name(name: str) -> str:
    """`name`, or CallError that says why it cannot be the name of an identity."""
    if not _STEM.fullmatch(name) or keyword.iskeyword(name):
        near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
        fits = _STEM.fullmatch(near) and not keyword.iskeyword(near) and near not in sys.stdlib_module_names
        hint = f"; {near} would do" if fits else ""
        raise CallError(f"{name!r} cannot name an identity: use small letters, digits and _, like ridge_solution{hint}")
    if name in sys.stdlib_module_names:
        raise CallError(f"{name!r} is a module of Python itself, which a script {name}.py would hide from the others")
    if name == "conftest":
        raise CallError("'conftest' is how pytest calls its settings; choose another name")
    if name in _DEPENDENCIES or name in packages_distributions():
        raise CallError(f"{name!r} is an installed package, which a script {name}.py would hide from the others")
    return name


def new(name: str, catalogue: Path | None, numeric_check: bool) -> list[Path]:
    """Write NAME.py, and a numeric check if asked for; the files that were written.

    Without a catalogue the script lies in the current folder. In a catalogue it lies in proofs/, which is made, unless
    the catalogue is a flat folder of scripts. Raises CallError, with nothing written, for a name that cannot be used and
    for files that exist.
    """
    checked_name(name)
    proof, check = _places(name, catalogue, numeric_check)
    texts = {proof: PROOF, **({check: CHECK.replace("NAME", name)} if numeric_check else {})}
    for path in texts:
        if path.exists():
            raise CallError(f"{path} exists already, and is left as it is; choose another name")
    write_all(texts)
    return list(texts)


def _places(name: str, catalogue: Path | None, numeric_check: bool) -> tuple[Path, Path]:
    """Where script and check belong."""
    script = f"{name}.py"
    if catalogue is None:
        if numeric_check:
            raise CallError("a numeric check needs a catalogue to stand in: add --catalogue DIR")
        if Path("proofs").is_dir():
            raise CallError("this folder is a catalogue, with proofs in proofs/: add --catalogue .")
        return Path(script), Path()
    if catalogue.exists() and not catalogue.is_dir():
        raise CallError(f"{catalogue} is a file, not a folder")
    is_flat = not (catalogue / "proofs").is_dir() and any(map(is_ours, catalogue.glob("*.py")))
    if is_flat and numeric_check:
        raise CallError(
            f"{catalogue} is a flat folder of scripts; for numeric checks move them to {catalogue / 'proofs'}"
        )
    return (catalogue if is_flat else catalogue / "proofs") / script, catalogue / "numeric_checks" / script
