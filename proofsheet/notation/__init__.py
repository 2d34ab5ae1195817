"""The notation: what an author writes, how it reads, what is free and bound in it. No mathematics is done here."""

from proofsheet.notation import expectations, scope, text, tree, variables, words

__all__ = ["expectations", "scope", "text", "tree", "variables", "words"]
