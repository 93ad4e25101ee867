"""The words and marks of a reference string, as the learned parser sees them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from resift.formats.citations.lexicon import named
from resift.text.fold import fold

# A name or compound with hyphens or apostrophes (`Ng-Knight`, `O'Brien`) is one word.
_TOKEN = re.compile(r"[^\W\d_]+(?:[-‐‑'’][^\W\d_]+)*|\d+|[^\w\s]|_")
# Months and seasons, whole and shortened, in the languages of the styles.
_MONTHS = frozenset(
    """
    jan january januar janv janvier enero ene janeiro gennaio gen januari feb february februar febr fev
    fevr fevrier febrero fevereiro febbraio mar march marz maerz mars marzo marco maart mrt apr april
    avr avril abr abril aprile may mai mayo maio mag maggio mei maj jun june juni juin junio junho giu
    giugno jul july juli juil juillet julio julho lug luglio aug august aout ago agosto augustus sep
    sept september septembre septiembre set setembro settembre oct october okt oktober octobre octubre
    out outubro ott ottobre nov november novembre noviembre novembro dec december dez dezember decembre
    dic diciembre dezembro dicembre des desember spring summer autumn fall winter
    """.split()  # noqa: SIM905
)
_MOST = 3_000  # characters; what stands behind them in one string is no reference


def is_month(word: str) -> bool:
    """Whether a word is the name of a month or season."""
    return word.isalpha() and len(word) < 11 and fold(word) in _MONTHS


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
    EDITOR = "E"
    PUBLISHER = "L"  # and its place
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


def runs(parts: Sequence[Part]) -> list[tuple[Part, int, int]]:
    """(part, first, after the last) of every unbroken run of tokens of one part."""
    found = []
    at = 0
    for part, group in groupby(parts):
        length = sum(1 for _ in group)
        found.append((part, at, at + length))
        at += length
    return found


def features(line: Sequence[Token], *, lexicon: bool = True) -> list[list[str]]:
    """What the model is told of each token: itself, what stands around it, where in the string it is, how
    the whole string is laid out, and whether it is of a journal's name that is known (`lexicon`)."""
    journals = _journals(line) if lexicon else [""] * len(line)
    basic = [_basic(token) for token in line]
    style = _style(line)
    tail = _tail(line)
    ahead = _stops_ahead(line, tail)
    lead, trail = _marks(line)
    segments = _segments(line, tail)
    quoted = depth = years = sentence = 0
    lower = False
    told = []
    for n, token in enumerate(line):
        text = token.text
        if text in "“«„»" and not quoted:
            quoted = 1
        elif text in "”»«":
            quoted = 0
        elif text == '"':
            quoted = 1 - quoted
        depth = max(depth + (text in "([") - (text in ")]"), 0)
        state = f"{min(sentence, 4)}{min(years, 2)}{'l' if lower else ''}{'q' if quoted else ''}"
        place = "tail" if n >= tail else f"{ahead[n]}"
        own = [
            *basic[n],
            f"at={min(10 * n // len(line), 9)}",
            f"first={min(n, 3)}",
            f"left={min(len(line) - n, 4)}",
            f"to tail={_few(tail - n)}",
            f"state={state}|{style}",
            f"place={place}|{style}",
            f"place={place}|{state}",
            f"depth={min(depth, 2)}|{basic[n][0]}",
            f"segment={segments[n]}",
            f"segment={segments[n]}|{style}",
            f"segment={segments[n]}|{state}",
            f"lead={lead[n]}",
            f"lead={lead[n]}|{place}|{state}",
            f"lead={lead[n]}|{basic[n][0]}|{style}",
            f"trail={trail[n]}|{basic[n][0]}",
            f"trail={trail[n]}|{place}",
            f"marks={lead[n]}|{basic[n][0]}|{trail[n]}",
        ]
        for away in (-3, -2, -1, 1, 2, 3):
            at = n + away
            if 0 <= at < len(line):
                own += [f"{away}:{feature}" for feature in basic[at][: 2 if abs(away) < 3 else 1]]
            else:
                own.append(f"{away}:edge")
        if journals[n]:
            named_here = f"journal={journals[n]}"
            own += [named_here, f"{named_here}|{place}", f"{named_here}|{state}"]
        for away in (-1, 1):
            if 0 <= n + away < len(line) and journals[n + away] and not journals[n]:
                own.append(f"{away}:journal={journals[n + away]}")
        if n:
            after = basic[n + 1][0] if n + 1 < len(line) else ""
            own.append(f"shapes={basic[n - 1][0]}|{basic[n][0]}|{after}")
            own.append(f"before={basic[n - 1][1]}|{basic[n][0]}")
        if n + 1 < len(line):
            own.append(f"after={basic[n][0]}|{basic[n + 1][1]}")
        told.append(own)
        years += basic[n][0] == "s=year"
        lower = lower or (text.isalpha() and text.islower() and len(text) > 3)
        sentence += ends_sentence(line, n)
    return told


def ends_sentence(line: Sequence[Token], n: int) -> bool:
    """A full stop, question or exclamation mark behind a word, a bracket or a quotation mark."""
    if line[n].text not in ".?!" or not n or n + 1 == len(line) or not line[n + 1].blank:
        return False
    before = line[n - 1]
    if line[n + 1].text.islower() or before.text.lower() in _SHORTENED:
        return False
    return len(before.text) > 1 or not before.is_word


_SHORTENED = frozenset("al sp spp ssp var vs cf st dr mr mrs jr sr no nr vol pp".split())  # noqa: SIM905


def _journals(line: Sequence[Token]) -> list[str]:
    """Of each token of a known journal's name: whether it begins, goes on or ends there, whether the name is
    one word or more, and whether it stands between marks or numbers; else ""."""
    words = [fold(token.text) if token.is_word else "" for token in line]
    told = [""] * len(line)
    for start, stop in named(words):
        if line[start].text.islower():
            continue
        opened = not start or not line[start - 1].is_word or words[start - 1] in ("in", "the")
        closed = stop == len(line) or not line[stop].text[0].isalpha()
        alone = stop - start == 1
        if alone and not (opened and closed):
            continue
        length = "1" if alone else "2" if stop - start < 4 else "4"
        looks = f"{length}{'<' if opened else ''}{'>' if closed else ''}"
        for n in range(start, stop):
            told[n] = f"{'B' if n == start else 'E' if n == stop - 1 else 'I'}{looks}"
    return told


def _segments(line: Sequence[Token], tail: int) -> list[str]:
    """Of each token, the stretch between commas, sentence ends and quotation marks that it stands in: how
    many of them follow before the closing numbers, how long it is, how many of its words are capitalised."""
    told = ["tail"] * len(line)
    ends = [n + 1 for n in range(tail) if line[n].text in ',;:“”«»"' or ends_sentence(line, n)]
    starts = [0, *ends]
    for after, (start, stop) in enumerate(reversed(list(zip(starts, [*ends, tail], strict=True)))):
        words = [token.text for token in line[start:stop] if token.text.isalpha()]
        long = [word for word in words if len(word) > 3]
        capitals = sum(word[0].isupper() for word in long)
        looks = (
            "-" if not long else "A" if capitals == len(long) else "M" if capitals * 2 > len(long) else "l"
        )
        dotted = sum(token.text == "." for token in line[start : stop - 1]) > 0
        text = f"{min(after, 4)}{_few(len(words))}{looks}{'.' if dotted else ''}"
        told[start:stop] = [text] * (stop - start)
    return told


def _style(line: Sequence[Token]) -> str:
    """Where the first year stands (early, late, in brackets), whether anything is quoted, and whether names
    or initials come first."""
    years = [n for n, token in enumerate(line) if shape(token.text) == "year"]
    where = "none"
    if years:
        words = sum(token.text.isalpha() and len(token.text) > 3 for token in line[years[0] :])
        where = "early" if words > 4 else "late"
        where += "(" if years[0] and line[years[0] - 1].text in "([" else ""
    quotes = any(token.text in '“”«»„"' for token in line)
    head = next((n for n, token in enumerate(line) if token.text.isalpha()), 0)
    initials = len(line[head].text) == 1 if line else False
    return f"{where}{'q' if quotes else ''}{'i' if initials else ''}"


PLACE_WORDS = frozenset(
    """
    vol volume v no nr n num number issue iss bd band jg heft h pp p s pag pages page art article id suppl
    supplement pt part t tome e pmid doi
    """.split()  # noqa: SIM905
)
"""Words that stand before volumes, issues and pages."""


def _tail(line: Sequence[Token]) -> int:
    """Where the closing numbers begin: volume, issue, pages, and the date where it stands last."""
    at = len(line)
    while at:
        text = line[at - 1].text
        if text.isalpha() and text.lower() not in PLACE_WORDS and not is_month(text):
            break
        at -= 1
    while at < len(line) and not line[at].is_word:
        at += 1
    return at


def _stops_ahead(line: Sequence[Token], tail: int) -> list[str]:
    """How many sentences end, and whether a comma follows, between each token and the closing numbers."""
    told, stops, commas = [""] * len(line), 0, 0
    for n in range(len(line) - 1, -1, -1):
        if n < tail:
            stops += ends_sentence(line, n) and n + 1 < tail
            commas += line[n].text in ",;:"
        told[n] = f"{min(stops, 3)}{min(commas, 2)}"
    return told


def _marks(line: Sequence[Token]) -> tuple[list[str], list[str]]:
    """The marks between each token and the word before it, and the word after it, at most three; a blank
    where there is one."""
    lead, trail = [""] * len(line), [""] * len(line)
    seen = "^"
    for n, token in enumerate(line):
        seen += "_" if token.blank and n else ""
        lead[n] = seen[-4:]
        seen = "" if token.is_word else seen + token.text
    seen = "$"
    for n in range(len(line) - 1, -1, -1):
        trail[n] = seen[:4]
        seen = "" if line[n].is_word else line[n].text + seen
        seen = ("_" if line[n].blank else "") + seen
    return lead, trail


def _few(count: int) -> str:
    return str(count) if count < 5 else "5" if count < 8 else "8" if count < 12 else "12"


def _basic(token: Token) -> list[str]:
    """Shape, the word itself, whether a blank stands before it; then its ends."""
    text = token.text
    folded = fold(text) or text
    word = "#" * len(text) if text.isdigit() else folded
    told = [f"s={shape(text)}", f"w={word}", "blank" if token.blank else "glued"]
    if text.isalpha() and len(text) > 2:
        told += [f"end={folded[-3:]}", f"start={folded[:3]}"]
        if is_month(text):
            told.append("month")
    return told
