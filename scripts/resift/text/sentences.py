"""Where the sentences and the labelled sections of a title or abstract begin and end."""

from __future__ import annotations

import re
from dataclasses import dataclass

Span = tuple[int, int]

# What ends in a full stop and ends no sentence, in lower case without the last stop.
_ABBREVIATIONS = frozenset((
    "vs", "e.g", "i.e", "etc", "al", "fig", "figs", "ca", "approx", "no", "nos", "dr", "prof", "st", "resp",
    "cf", "incl", "min", "max", "mo", "mos", "yr", "yrs", "wk", "wks", "tab", "eq", "ref", "refs", "vol", "p",
    "pp", "spp", "sp", "inc", "ltd", "u.s", "u.k", "ph.d",
))  # fmt: skip
_UPPER = "A-Z0-9\u00c0-\u00de\u0391-\u03a9"
_END = re.compile(rf"[.!?][)\]\"'\u2019\u201d]*(?=\s+[\"'\u2018\u201c(\[]?[{_UPPER}])|\n+")
_LAST_WORD = re.compile(r"[^\s(\[]{1,12}\Z")
# A label is written in capitals and stands at the start of the text, of a line or of a sentence.
_LABEL = re.compile(
    r"(?:\A|(?<=\n)|(?<=[.!?)\]]\s))[ \t]*([A-Z][A-Z]+(?:[ /,&-]{1,3}[A-Z()]+){0,7})[ \t]*:(?=\s|\Z)"
)


def sentences(text: str) -> list[Span]:
    """The sentences of a text in order, without the blanks round them. A line break ends a sentence."""
    found: list[Span] = []
    start = 0
    for end in _END.finditer(text):
        if end[0][0] == "." and _abbreviated(text, end.start()):
            continue
        _keep(found, text, start, end.end())
        start = end.end()
    _keep(found, text, start, len(text))
    return found


def _abbreviated(text: str, stop: int) -> bool:
    match = _LAST_WORD.search(text, max(0, stop - 12), stop)
    word = match[0].lower() if match else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _keep(found: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    if last > first:
        found.append((first, last))


@dataclass(frozen=True, slots=True)
class Section:
    """A labelled section: its label as printed, and where the text behind the label lies."""

    label: str
    start: int
    end: int


def sections(text: str) -> list[Section]:
    """The labelled sections of a structured abstract, in order; none where nothing is labelled."""
    labels = list(_LABEL.finditer(text))
    ends = [*(label.start() for label in labels[1:]), len(text)][: len(labels)]
    return [
        Section(label[1], label.end(), end)
        for label, end in zip(labels, ends, strict=True)
        if text[label.end() : end].strip()
    ]


def is_labelled(label: str, wanted: str) -> bool:
    """Whether a label holds all words of a name: `METHODS` is `PATIENTS AND METHODS`, plural or not."""
    held = {_stem(word) for word in re.findall("[A-Z]+", label.upper())}
    words = re.findall("[A-Z]+", wanted.upper())
    return bool(words) and held.issuperset(map(_stem, words))


def _stem(word: str) -> str:
    return word.removesuffix("S")
