"""The body of an answer unpacked, within a limit of size: a small answer may unpack to any length."""

from __future__ import annotations

import zlib

# 500 records with their references have 10 to 25 MB; a longer answer is asked for in parts.
LARGEST_ANSWER = 32 << 20
# Of gzip, each of which begins anew.
MOST_MEMBERS = 100


class TooLargeError(ValueError):
    """A body over `LARGEST_ANSWER`."""


def inflated(body: bytes, encoding: str) -> bytes:
    """The body unpacked, also when a proxy packed it without saying so. Raises when it breaks off."""
    packed = encoding.strip().lower() in ("gzip", "x-gzip", "deflate")
    if not packed and body[:2] != b"\x1f\x8b":
        return body
    if packed and not body:
        return body
    whole = b""
    for _ in range(MOST_MEMBERS):
        inflate = zlib.decompressobj(wbits=47)  # gzip or zlib, whichever it is
        try:
            whole += inflate.decompress(body, LARGEST_ANSWER + 1 - len(whole))
        except zlib.error as error:
            raise ValueError(f"a packed answer that cannot be unpacked ({error})") from None
        if len(whole) > LARGEST_ANSWER:
            raise TooLargeError
        if not inflate.eof:
            raise ValueError("a packed answer that breaks off")
        body = inflate.unused_data.lstrip(b"\0")  # a file of gzip may have several, and be filled up
        if not body:
            return whole
    raise ValueError(f"a packed answer of more than {MOST_MEMBERS} members")
