"""Which words of a reference string are the name of a journal that is known.

Some fifteen thousand names and abbreviations, each as the CRC-32 of its telling words: enough to know a name
again, and a tenth of their size. They are those of the records and styles that the learned parser is trained
on, written with its model (benchmarks/train_citations.py); a name by chance takes one span in 300,000.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from zlib import crc32

from resift.text.fold import fold
from resift.text.journals import SMALL_WORDS

NAMES = Path(__file__).with_name("journals.crc32")
NAMES_SHA256 = "a2b4f67fd49532a72f39ec4fd20e3a727dd0765c7ea0feedaf837e805076e6b6"
_LONGEST = 14  # telling words


def fingerprint(words: Iterable[str]) -> int:
    """The CRC-32 of folded words, small ones left out: `The Lancet` is `Lancet`."""
    found = 0
    for word in words:
        if word not in SMALL_WORDS:
            found = crc32(word.encode() + b" ", found)
    return found


def written(names: Iterable[str]) -> bytes:
    """The content of the file of names: 32-bit numbers, little-endian, in order."""
    numbers = array("I", sorted({fingerprint(fold(name).split()) for name in names} - {0}))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


@cache
def known() -> frozenset[int]:
    """The fingerprints of the names, read once."""
    numbers = array("I", NAMES.read_bytes())
    if sys.byteorder == "big":
        numbers.byteswap()
    return frozenset(numbers)


def is_known(name: str) -> bool:
    """Whether a text is the name of a journal that is known, and nothing else."""
    return fingerprint(fold(name).split()) in known()


def named(words: Sequence[str]) -> list[tuple[int, int]]:
    """(first, after the last) of each stretch of folded words that is a journal's name, the longest first,
    none within or across another; a mark is an empty word."""
    names = known()
    found = []
    for start, first in enumerate(words):
        if not first or first in SMALL_WORDS or first[0].isdigit():
            continue
        print_, count = 0, 0
        for at in range(start, len(words)):
            for word in words[at].split():
                if word not in SMALL_WORDS:
                    print_ = crc32(word.encode() + b" ", print_)
                    count += 1
            if count > _LONGEST:
                break
            if words[at] and words[at] not in SMALL_WORDS and print_ in names:
                found.append((start, at + 1, count))
    taken: list[tuple[int, int]] = []
    for start, stop, _ in sorted(found, key=lambda span: (-span[2], span[0], -span[1])):
        if all(stop <= first or start >= after for first, after in taken):
            taken.append((start, stop))
    return taken
