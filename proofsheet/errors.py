"""What can go wrong, said so that a person can act on it.

Every error that a user's script or command can cause is a `ProofsheetError`: the command line, the pytest plugin and a
script run by hand print its text without a traceback. Anything else that escapes is a bug of ours.
"""

from __future__ import annotations


class ProofsheetError(Exception):
    """Base of every error that is explained to the user."""


class NotationError(ProofsheetError, TypeError):
    """Something that cannot be written: a float, a truth value, an undeclared index."""


class ShapeError(NotationError):
    """Two operands do not fit; the message names both and their shapes."""


class AssumptionError(ProofsheetError, ValueError):
    """An assumption that is not of the form a rule can use, or that contradicts another."""


class ScriptError(ProofsheetError):
    """A proof or check script that cannot be used: it raises, or it defines no theorem."""


class CallError(ProofsheetError):
    """What was asked for cannot be done: an unknown format, a folder that cannot be written to, a name that is taken."""


class CatalogueError(ProofsheetError):
    """A folder without scripts, or a name that no script has."""
