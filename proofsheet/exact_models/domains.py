"""Lines without a meaning: they have no value, by their own domain, in any model in which the line beside them has one."""

from __future__ import annotations

from dataclasses import replace

from proofsheet.exact_models.model import DomainError, ModelError, all_positions
from proofsheet.exact_models.statements import Statement
from proofsheet.exact_models.supply import Supplied, supply
from proofsheet.notation.scope import random_variables
from proofsheet.notation.tree import Node

OUTSIDE = (DomainError, ZeroDivisionError)


def is_without_meaning(statement: Statement, right: Node, wrong: Node, seed: int = 0) -> bool:
    """Whether `right` has a value in a model of what is assumed, and `wrong` is outside its domain in each such model.

    Any other reason why `wrong` has no value (a kink, an enclosure that is too wide, what a model does not know) says
    nothing about the line: then it is not without a meaning.
    """
    seen = False
    for one in supply(replace(statement, lines=(right, wrong)), seed, small=True):
        if not _has_value(right, one):
            continue
        if not _is_outside(wrong, one):
            return False
        seen = True
    return seen


def _has_value(line: Node, one: Supplied) -> bool:
    try:
        _read_everywhere(line, one)
    except (ModelError, ZeroDivisionError):
        return False
    return True


def _is_outside(line: Node, one: Supplied) -> bool:
    try:
        _read_everywhere(line, one)
    except OUTSIDE:
        return True
    except ModelError:
        return False
    return False


def _read_everywhere(line: Node, one: Supplied) -> None:
    names = frozenset(random.name for random in random_variables(line))
    for positions in all_positions(line, one.model):
        for _, outcome in one.model.law(names):
            one.read(line, positions, outcome)


__all__ = ["is_without_meaning"]
