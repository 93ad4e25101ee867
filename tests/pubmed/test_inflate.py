"""A packed answer is unpacked whole, and never to more than is believed."""

from __future__ import annotations

import gzip
import zlib

import pytest

from resift.pubmed.inflate import LARGEST_ANSWER, MOST_MEMBERS, TooLargeError, inflated


def test_gzip_in_several_members_is_read_whole() -> None:
    parts = (b"<a>", b"b" * 1000, b"</a>")
    packed = b"".join(map(gzip.compress, parts))
    assert inflated(packed, "gzip") == inflated(packed + bytes(10), "gzip") == b"".join(parts)
    with pytest.raises(ValueError, match="breaks off"):
        inflated(packed[:-12], "gzip")
    with pytest.raises(ValueError, match="cannot be unpacked"):
        inflated(packed + b"more", "gzip")
    with pytest.raises(ValueError, match="members"):
        inflated(gzip.compress(b"a") * (MOST_MEMBERS + 1), "gzip")


def test_a_bomb_is_refused_before_it_is_unpacked_whole() -> None:
    with pytest.raises(TooLargeError):
        inflated(gzip.compress(bytes(LARGEST_ANSWER + 1)), "gzip")


def test_what_a_proxy_packed_without_saying_so_is_unpacked_and_plain_text_is_left() -> None:
    assert inflated(gzip.compress(b"<a/>"), "") == inflated(zlib.compress(b"<a/>"), "deflate") == b"<a/>"
    assert inflated(b"<a/>", "") == b"<a/>"
    assert inflated(b"", "gzip") == b""
