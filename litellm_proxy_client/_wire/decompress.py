"""Decompression in pieces of bounded size: a little that is sent cannot become much before anyone has looked."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

MAX_PIECE = 64 * 1024
# How zlib's own format begins; some servers leave that out of what they call deflate.
_METHOD, _DEFLATED = 0x0F, 8


def can_decompress(encoding: str) -> bool:
    """Whether a `content-encoding` is one that is asked for."""
    return encoding.strip().lower() in ("gzip", "deflate")


async def decompressed(parts: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """The decompressed body, in pieces of 64 KiB at the most.

    Raises:
        httpx.DecodingError: It is not compressed in the way that it is said to be.
    """
    inflater = None
    async for part in parts:
        if inflater is None:
            bare = encoding.strip().lower() == "deflate" and part[:1] and part[0] & _METHOD != _DEFLATED
            # With 32, zlib sees by itself whether it has gzip or its own format.
            inflater = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS | 32)
        left, piece = part, b""
        # More may come of what was read already, until less comes than may.
        while left or len(piece) == MAX_PIECE:
            try:
                piece = inflater.decompress(left, MAX_PIECE)
            except zlib.error as error:
                import httpx

                raise httpx.DecodingError(str(error)) from None
            left = inflater.unconsumed_tail
            if piece:
                yield piece
