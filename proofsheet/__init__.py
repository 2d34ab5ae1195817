"""proofsheet: states, derives and checks the identities of regularization theory.

The public names. They are loaded on first use, so that `proofsheet list` answers without importing SymPy.
"""

from importlib import import_module
from typing import Any

from proofsheet.run_by_hand import explain_errors

__version__ = "0.1.0"

_HOME = {
    "proofsheet.notation.words": (
        "Cov", "E", "Sum", "Var", "define", "delta", "dimension", "distinct", "group", "hadamard", "identity", "index",
        "matrix", "norm2", "ones", "parameter", "positive_semidefinite_matrix", "random_matrix", "random_scalar",
        "random_vector", "random_vectors", "scalar", "symmetric_matrix", "trace", "vector", "vectors", "zeros",
    ),
    "proofsheet.notation.analysis": (
        "absolute", "derivative", "diag", "function", "gradient", "norm1", "remainder", "sgn", "sqrt",
    ),
    "proofsheet.notation.elementary": ("exp", "log", "maximum", "minimum", "power"),
    "proofsheet.notation.matrices": ("inverse",),
    "proofsheet.kernel.cancellation": ("cancel",),
    "proofsheet.kernel.reasons": ("exponential_family", "independent", "moment", "taylor"),
    "proofsheet.kernel.theorem": ("StepRejected", "Theorem"),
    "proofsheet.derivation": (
        "ClaimNotReached", "DerivationRejected", "algebra", "chain_rule", "collect", "definition", "differentiate",
        "equation", "equivalent", "expand", "linearity", "nonnegative", "product_rule", "prove", "regroup", "reindex",
        "split", "split_sum", "wrong",
    ),
    "proofsheet.scalar_lemmas": ("LemmaRefused", "lemma"),
    "proofsheet.closed_form.simplification": ("simplify",),
    "proofsheet.exact_models.limits": ("between",),
    "proofsheet.render.page": ("show",),
    "proofsheet.scripts": ("numeric_check", "proof"),
    "proofsheet.numeric.numeric_check": ("NumericCheck",),
    "proofsheet.numeric.approximation_check": ("ApproximationCheck",),
    "proofsheet.numeric.gradient_check": ("GradientCheck",),
    "proofsheet.numeric.subgradient_check": ("SubgradientCheck",),
    "proofsheet.monte_carlo.sources": (
        "bernoulli", "covariance_root", "exponential", "finite", "normal", "rademacher", "uniform",
    ),
    "proofsheet.monte_carlo.densities": ("density",),
    "proofsheet.monte_carlo.designs": ("antithetic", "orthogonal", "plain"),
    "proofsheet.monte_carlo.variance": ("bounded", "derived", "polynomial"),
    "proofsheet.numeric.checks": ("Options", "cases"),
    "proofsheet.errors": ("AssumptionError", "NotationError", "ProofsheetError", "ShapeError"),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = list(_MODULE_OF)

explain_errors()


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'proofsheet' has no attribute {name!r}")
    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
