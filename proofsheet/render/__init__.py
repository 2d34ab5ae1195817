"""How theorems look. Reads theorems and evidence, decides nothing."""
