"""The trusted part: what a line means (normal forms), what may be used (rules), what follows (theorems).

It imports the notation tree, SymPy's polynomial fields and the standard library, nothing else of ours.
"""
