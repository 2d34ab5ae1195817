"""A published set of pairs of lines, true, wrong and conditional, on which tools are measured."""
