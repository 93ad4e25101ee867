"""Numbers with their nouns, as English writes them."""

from __future__ import annotations


def counted(n: int, one: str, many: str = "") -> str:
    """`1 record`, `2,000 records`; `many` is the plural where it is more than an s."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
