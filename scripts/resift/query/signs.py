"""Signs that stand for syntax where a query was written, and that PubMed does not read so.

Strategies copied from other languages, web addresses and other platforms hold full-width brackets, encoded
signs and distances behind a phrase. What PubMed makes of them is not documented; none of them is its syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from resift.errors import Code


@dataclass(frozen=True, slots=True)
class Misread:
    """One kind of such signs, at its first place."""

    start: int
    end: int
    what: str
    code: Code
    fix: str
    reading: str


_KINDS = (
    (
        re.compile("[（）［］｛｝【】〔〕]"),
        "is a full-width bracket",
        Code.QUERY_BRACKET,
        "write ( ) and [ ]",
        "as a sign that parts words, so it groups and tags nothing",
    ),
    (
        re.compile(
            r"(?<=[\w\"*])%(?:5B|5D|22|28|29|3A)(?![0-9])|(?<=[^\W\d_])%20(?=[^\W\d_(])"
            r"|(?<=[\w\"*)\]])\+(?:AND|OR|NOT)(?=\+)",
            re.IGNORECASE,
        ),
        "is a sign encoded for a web address",
        Code.QUERY_BRACKET,
        "write the sign itself",
        "as words",
    ),
    (
        re.compile(r"(?<=[\"”])~\d{1,3}(?!\d)"),
        "is a distance without a field",
        Code.QUERY_PROXIMITY,
        'write it into the tag: "asthma child"[tiab:~5]',
        "as a further word",
    ),
)


def misread(text: str) -> Iterator[Misread]:
    """The kinds of such signs in a text, each with the number of its places."""
    for pattern, what, code, fix, reading in _KINDS:
        places = list(pattern.finditer(text))
        if places:
            first, others = places[0], len(places) - 1
            more = f" (and {others:,} more such signs)" if others else ""
            yield Misread(first.start(), first.end(), f"{first[0]} {what}{more}", code, fix, reading)
