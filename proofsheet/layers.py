"""The layers of evidence by name. Names only, so that the command line can check a call without loading SymPy."""

EXISTING = ("proof", "explicit", "exact", "witness", "variants", "cards", "monte_carlo")
