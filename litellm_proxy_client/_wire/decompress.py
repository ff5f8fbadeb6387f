"""Pure: decompression in pieces of bounded size.

The caller can check the size after each piece, so a decompression bomb cannot fill the memory.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator

MAX_PIECE = 64 * 1024
# The low bits of zlib's first header byte are the method, 8. Some servers send raw deflate data without that header.
_METHOD_MASK, _METHOD_DEFLATE = 0x0F, 8


def can_decompress(encoding: str) -> bool:
    """Return True if a `content-encoding` is one that the client accepts."""
    return encoding.strip().lower() in ("gzip", "deflate")


async def decompressed(parts: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """Yield the decompressed body in pieces of at most 64 KiB.

    Raises:
        httpx.DecodingError: The body is not compressed as `encoding` says.
    """
    decompressor = None
    async for part in parts:
        if decompressor is None:
            is_raw = encoding.strip().lower() == "deflate" and part[:1] and part[0] & _METHOD_MASK != _METHOD_DEFLATE
            # With 32, zlib detects the header of gzip or zlib; negative bits mean raw deflate data.
            decompressor = zlib.decompressobj(-zlib.MAX_WBITS if is_raw else zlib.MAX_WBITS | 32)
        compressed, piece = part, b""
        # A full piece may have more output behind it, even after all input was consumed.
        while compressed or len(piece) == MAX_PIECE:
            try:
                piece = decompressor.decompress(compressed, MAX_PIECE)
            except zlib.error as error:
                import httpx

                raise httpx.DecodingError(str(error)) from None
            compressed = decompressor.unconsumed_tail
            if piece:
                yield piece
