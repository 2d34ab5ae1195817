"""The notation: what an author writes, how it reads, what is free and bound in it. No mathematics is done here."""

from proofsheet.notation import scope, text, tree, words

__all__ = ["scope", "text", "tree", "words"]
