"""Numbers only: how sure are we of a mean? Imports neither SymPy nor the kernel."""
