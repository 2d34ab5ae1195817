"""The notation: what an author writes, how it reads, what is free and bound in it. No mathematics is done here.

Nothing is imported here, so that `names` can be had without SymPy.
"""
