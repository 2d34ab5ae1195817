"""How the rows of a replicate hang together: all variance reduction happens inside one, so that replicates stay iid.

plain()             every row draws everything anew
antithetic("n")     every row is evaluated at +n and at −n, and averaged; n is symmetric about 0
orthogonal("n")     one block: everything else drawn once, n as m orthogonal rows in R^m with Gaussian lengths (every row is
                    exactly N(0, variance I)), each at +n and −n; the average over the block is one replicate
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proofsheet.monte_carlo.sources import Source


@dataclass(frozen=True)
class Design:
    kind: str  # plain, antithetic or orthogonal
    of: str = ""  # the source that is mirrored

    def drawn(self, sources: Mapping[str, Source], random: Any, rows: int, xp: Any) -> Iterator[dict[str, Any]]:
        """The values of the sources in `rows` rows: once (plain), or twice with the sign of one turned.

        The average over what is yielded, row by row, is one row of the design. For an orthogonal block `rows` is a
        multiple of its length, and sources other than the mirrored one are constant within a block.
        """
        values = {name: source.draw(random, rows) for name, source in sources.items()}
        yield values
        if self.kind != "plain":
            yield {**values, self.of: -values[self.of]}

    def block(self, sources: Mapping[str, Source]) -> int:
        """Rows that hang together: 1, or the length of an orthogonal block."""
        return sources[self.of].shape[-1] if self.kind == "orthogonal" else 1


def plain() -> Design:
    return Design("plain")


def antithetic(of: str) -> Design:
    return Design("antithetic", of)


def orthogonal(of: str) -> Design:
    return Design("orthogonal", of)
