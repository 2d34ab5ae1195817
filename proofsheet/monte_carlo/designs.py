"""How the rows of a replicate hang together: all variance reduction happens inside one, so that replicates stay iid.

plain()             every row draws everything anew
antithetic("n")     every row is evaluated at +n and at −n, and averaged; n is symmetric about 0
orthogonal("n")     one block: everything else drawn once, n as m orthogonal rows in R^m with Gaussian lengths (every row is
                    exactly N(0, variance I)), each at +n and −n; the average over the block is one replicate

Of an orthogonal block: G = QR with independent standard normal entries, R with a positive diagonal. Q is uniform on the
orthogonal matrices and independent of R, for OG = (OQ)R has the law of G. The lengths of the columns of G are those of the
columns of R: they are independent χ_m and tell nothing of Q. So n_j = σ ‖Ge_j‖ Qe_j is N(0, σ²I) for each j, and the n_j are
orthogonal. Mezzadri (2007), How to generate random matrices from the classical compact groups; for blocks of orthogonal
Gaussian directions, Yu, Suresh, Choromanski, Holtmann-Rice and Kumar (2016), Orthogonal random features.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from proofsheet.errors import ScriptError
from proofsheet.monte_carlo.sources import Source, scaled

SMALL = 24  # up to this size Gram-Schmidt on all blocks at once is faster than one call of LAPACK for each


@dataclass(frozen=True)
class Design:
    kind: str  # plain, antithetic or orthogonal
    of: str = ""  # the source that is mirrored

    def drawn(self, sources: Mapping[str, Source], random: Any, rows: int, xp: Any) -> Iterator[dict[str, Any]]:
        """The values of the sources in `rows` rows: once (plain), or twice with the sign of one turned.

        The average over what is yielded, row by row, is one row of the design. For an orthogonal block `rows` is a
        multiple of its length, and sources other than the mirrored one are constant within a block.
        """
        block = self.block(sources)
        if self.kind == "orthogonal":
            values = _blocks(sources, self.of, random, rows // block, xp)
        else:
            values = {name: source.draw(random, rows) for name, source in sources.items()}
        yield values
        if self.kind != "plain":
            yield {**values, self.of: -values[self.of]}

    def block(self, sources: Mapping[str, Source]) -> int:
        """Rows that hang together: 1, or the length of an orthogonal block. ScriptError where the design does not fit."""
        if self.kind == "plain":
            return 1
        if self.of not in sources:
            raise ScriptError(f"{self.kind}({self.of!r}): the sources are {', '.join(sources)}")
        source = sources[self.of]
        if not source.is_symmetric:
            raise ScriptError(
                f"{self.kind}({self.of!r}): {self.of} is {source.family}, which is not symmetric about 0, so that −{self.of} "
                f"has another law than {self.of}"
            )
        if self.kind == "antithetic":
            return 1
        if source.family != "normal" or len(source.shape) != 1:
            raise ScriptError(
                f"orthogonal({self.of!r}): {self.of} is {source.family} of shape {source.shape}; only the rows of a normal "
                f"vector, normal(m), can be drawn orthogonal to each other"
            )
        return source.shape[0]


def _blocks(sources: Mapping[str, Source], of: str, random: Any, blocks: int, xp: Any) -> dict[str, Any]:
    """Orthogonal rows for one source; the others drawn once for each block, and repeated over its rows."""
    (size,) = sources[of].shape

    def repeated(values: Any) -> Any:
        inner = tuple(values.shape[1:])
        return xp.broadcast_to(values[:, None], (blocks, size, *inner)).reshape((blocks * size, *inner))

    return {
        name: scaled(orthogonal_rows(random, blocks, size, xp).reshape((blocks * size, size)), source.scale)
        if name == of
        else repeated(source.draw(random, blocks))
        for name, source in sources.items()
    }


def orthogonal_rows(random: Any, blocks: int, size: int, xp: Any) -> Any:
    """`blocks` square arrays of orthogonal rows, each of which is N(0, I)."""
    return _by_gram_schmidt(random, blocks, size, xp) if size <= SMALL else _by_lapack(random, blocks, size, xp)


def _by_gram_schmidt(random: Any, blocks: int, size: int, xp: Any) -> Any:
    """All blocks at once, one row after the other: its unit vector is taken out of those that follow."""
    rows = random.normal((size, size, blocks))
    lengths = xp.sqrt(xp.einsum("ijb,ijb->ib", rows, rows))
    for place in range(size):
        unit, rest = rows[place], rows[place + 1 :]
        unit /= xp.sqrt(xp.einsum("jb,jb->b", unit, unit))
        if place + 1 < size:
            rest -= xp.einsum("ijb,jb->ib", rest, unit)[:, None, :] * unit
    rows *= lengths[:, None, :]
    return rows.reshape((size * size, blocks)).T.reshape((blocks, size, size))


def _by_lapack(random: Any, blocks: int, size: int, xp: Any) -> Any:
    gaussian = random.normal((blocks, size, size))
    turned, triangle = xp.linalg.qr(gaussian.swapaxes(1, 2))
    diagonal = xp.einsum("bii->bi", triangle)
    lengths = xp.sqrt(xp.einsum("bij,bij->bi", gaussian, gaussian))
    return turned.swapaxes(1, 2) * xp.where(diagonal < 0, -lengths, lengths)[:, :, None]


def plain() -> Design:
    """Every row draws everything anew."""
    return Design("plain")


def antithetic(of: str) -> Design:
    """Every row at +`of` and −`of`: what is odd in it cancels."""
    return Design("antithetic", of)


def orthogonal(of: str) -> Design:
    """Blocks of orthogonal rows of a normal vector, each at + and −, with everything else drawn once per block."""
    return Design("orthogonal", of)
