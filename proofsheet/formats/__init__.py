"""Export: one module a format, each a function from sheets to files."""
