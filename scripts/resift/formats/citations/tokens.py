"""The words and marks of a reference string, as the learned parser sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from resift.text.fold import fold

# A name or compound with hyphens or apostrophes (`Ng-Knight`, `O'Brien`) is one word.
_TOKEN = re.compile(r"[^\W\d_]+(?:[-‐‑'’][^\W\d_]+)*|\d+|[^\w\s]|_")
MONTHS = re.compile(
    r"(?i)(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|spring|summer|autumn|fall|winter|janv|févr"
    r"|avr|juin|juil|août)(?:$|[a-zé]{1,6}$)"
)
_MOST = 3_000  # characters; what stands behind them in one string is no reference


class Part(StrEnum):
    """What a token belongs to. Marks between two tokens of one part belong to it too."""

    FAMILY = "F"
    GIVEN = "G"
    BODY = "B"  # an author that is no person
    TITLE = "T"
    JOURNAL = "J"
    DATE = "D"
    VOLUME = "V"
    ISSUE = "I"
    PAGES = "P"
    OTHER = "o"


@dataclass(frozen=True, slots=True)
class Token:
    """A run of letters or digits, or one mark; `start` and `stop` are its place in the string."""

    text: str
    start: int
    stop: int
    blank: bool  # a blank stands before it

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


def tokens(text: str) -> list[Token]:
    """The tokens of a string in order."""
    found = _TOKEN.finditer(text[:_MOST])
    return [
        Token(m.group(), m.start(), m.end(), m.start() == 0 or text[m.start() - 1].isspace()) for m in found
    ]


def shape(text: str) -> str:
    """`Xx`, `X`, `XX`, `x`, the number of digits, a year, or the mark itself."""
    if text.isdigit():
        if len(text) == 4 and text[:2] in ("18", "19", "20"):
            return "year"
        return f"d{min(len(text), 6)}"
    if not text[0].isalpha():
        return text
    if len(text) == 1:
        return "X" if text.isupper() else "x"
    if not text.isalpha():
        return "X-X" if text.isupper() else "Xx-Xx" if text[0].isupper() else "xx-xx"
    if text.isupper():
        return "XX" if len(text) < 4 else "XXXX"
    return "Xx" if text[0].isupper() else "xx"


def features(line: Sequence[Token]) -> list[list[str]]:
    """What the model is told of each token: itself, what stands around it, and where in the string it is."""
    basic = [_basic(token) for token in line]
    quoted = depth = years = sentence = 0
    lower = False
    told = []
    for n, token in enumerate(line):
        text = token.text
        if text in "“«„":
            quoted = 1
        elif text in "”»":
            quoted = 0
        elif text == '"':
            quoted = 1 - quoted
        depth = max(depth + (text in "([") - (text in ")]"), 0)
        own = [
            *basic[n],
            f"at={min(10 * n // len(line), 9)}",
            f"first={min(n, 3)}",
            f"left={min(len(line) - n, 4)}",
            f"sentence={min(sentence, 5)}",
            f"years={min(years, 2)}",
            f"lower={lower}",
        ]
        own += [f"quoted={quoted}"] if quoted else []
        own += ["brackets"] if depth else []
        for away in (-3, -2, -1, 1, 2, 3):
            at = n + away
            if 0 <= at < len(line):
                own += [f"{away}:{feature}" for feature in basic[at][: 3 if abs(away) < 3 else 1]]
            else:
                own.append(f"{away}:edge")
        if n:
            own.append(
                f"shapes={basic[n - 1][0]}|{basic[n][0]}|{basic[n + 1][0] if n + 1 < len(line) else ''}"
            )
            own.append(f"before={basic[n - 1][1]}|{basic[n][0]}")
        if n + 1 < len(line):
            own.append(f"after={basic[n][0]}|{basic[n + 1][1]}")
            nearest = next((later for later in range(n + 1, len(line)) if not line[later].is_word), None)
            own.append(f"mark={line[nearest].text if nearest is not None else 'end'}")
        told.append(own)
        years += basic[n][0] == "s=year"
        lower = lower or (text.isalpha() and text.islower() and len(text) > 3)
        sentence += text in ".?!" and n + 1 < len(line) and line[n + 1].blank and len(line[n - 1].text) > 1
    return told


def _basic(token: Token) -> list[str]:
    """Shape, the word itself, whether a blank stands before it; then its ends."""
    text = token.text
    folded = fold(text) or text
    word = "#" * len(text) if text.isdigit() else folded
    told = [f"s={shape(text)}", f"w={word}", "blank" if token.blank else "glued"]
    if text.isalpha() and len(text) > 2:
        told += [f"end={folded[-3:]}", f"start={folded[:3]}"]
        if MONTHS.match(text):
            told.append("month")
    return told
