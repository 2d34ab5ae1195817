"""How a plain name looks in print: 'x_tilde' is x̃, 'eps' is ε, 'W1' is W₁."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "eps": "ε", "epsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "kappa": "κ", "lam": "λ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
ACCENTS = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304"}
SUBSCRIPTS = dict(zip("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
SUPERSCRIPTS = dict(zip("0123456789dhkmnp", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵈʰᵏᵐⁿᵖ", strict=True))


def split_name(name: str) -> tuple[str, list[str], str]:
    """('x_tilde') -> ('x', ['tilde'], ''); ('W1') -> ('W', [], '1'); ('theta_ab') -> ('theta', [], 'ab')."""
    base, *suffixes = name.split("_")
    accents = [suffix for suffix in suffixes if suffix in ACCENTS]
    labels = [suffix for suffix in suffixes if suffix not in ACCENTS]
    letters = base.rstrip("0123456789")
    return letters, accents, "".join([base[len(letters) :], *labels])


@lru_cache(maxsize=2_000)
def printed_name(name: str) -> str:
    """The name in Unicode."""
    letters, accents, label = split_name(name)
    return with_marks(GREEK.get(letters, letters), accents, label)


def with_marks(letters: str, accents: list[str], label: str) -> str:
    """Letters with accents over them and a label as their index, in Unicode."""
    text = letters
    for accent in accents:
        text = unicodedata.normalize("NFC", text + ACCENTS[accent])
    return text + (printed_subscript([label]) if label else "")


def printed_subscript(labels: list[str]) -> str:
    """Small letters where Unicode has them, else _{...}."""
    return _subscript(tuple(labels))


@lru_cache(maxsize=2_000)
def _subscript(labels: tuple[str, ...]) -> str:
    label = "".join(labels)
    if all(letter in SUBSCRIPTS for letter in label):
        return "".join(SUBSCRIPTS[letter] for letter in label)
    return "_" + (label if len(label) == 1 else "{" + ",".join(labels) + "}")
