"""`simplify`: proposes closed forms in vector notation, which the kernel then judges. Nothing here is trusted."""
