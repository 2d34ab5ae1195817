"""Finite probability spaces in exact rationals: an opinion that shares no code with the kernel."""
