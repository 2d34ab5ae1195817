"""Lines in explicit components as plain SymPy: the second opinion on every step. Shares nothing with the kernel."""
