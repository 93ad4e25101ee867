"""Reference strings whose parts are known, word by word: rendered records, and AnyStyle's labelled set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile
from pathlib import Path

from lxml import etree

from resift.formats.citations.remarks import cut_number
from resift.formats.citations.tokens import Part, Token, is_month, tokens
from resift.records import Record
from resift.text.fold import fold
from resift.text.names import split_author
from resift.text.pages import page_ends

_JOINING = ("and", "und", "et", "y", "al", "others", "in")
_NUMBERING = frozenset(
    "vol volume v no nr n num number issue iss bd band jg heft pp p s pages page art article id".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Labelled:
    """A string, its tokens and the part of each."""

    text: str
    tokens: Sequence[Token]
    parts: Sequence[Part]


# ── records rendered in a style: the values are known, their places are found ────────────────────────


def of_record(text: str, record: Record, given_names: Sequence[str] = ()) -> Labelled | None:
    """A rendered string with its parts; None where two parts cannot be told apart by their values."""
    text = cut_number(text)
    line = tokens(text)
    words = [fold(token.text) for token in line]
    parts = [Part.OTHER] * len(line)
    first, last = page_ends(record.pages)
    values = [str(record.year), record.volume, record.issue, first]
    values = [value for value in values if value]
    if len(set(values)) < len(values):
        return None

    def put(wanted: str, part: Part, start: int = 0) -> tuple[int, int] | None:
        found = _find(words, parts, wanted, start)
        if found:
            parts[found[0] : found[1]] = [part] * (found[1] - found[0])
        return found

    title = put(record.title, Part.TITLE)
    after = title[1] if title else 0
    journal = None
    for name in (record.journal_abbreviation, record.journal):
        journal = journal or put(name, Part.JOURNAL, after)
    if journal is None:
        for name in (record.journal_abbreviation, record.journal):
            journal = journal or put(name, Part.JOURNAL)
    if journal is None or (title is None and _long_words(words, parts) > 12):
        return None
    if record.collective_authors:
        for body in record.collective_authors:
            put(body, Part.BODY)
    at = 0
    for n, author in enumerate(record.authors):
        family, given, _ = split_author(author)
        found = _find(words, parts, family, at)
        if found is None:
            if n == 0:
                return None
            continue
        parts[found[0] : found[1]] = [Part.FAMILY] * (found[1] - found[0])
        letters = set(fold(given))
        full = set(fold(given_names[n]).split()) if n < len(given_names) else set()
        for step in (1, -1):
            here = found[1] if step == 1 else found[0] - 1
            while 0 <= here < len(line) and parts[here] is Part.OTHER:
                if line[here].is_word:
                    initials = line[here].text.isupper() or len(words[here]) <= 2
                    if (
                        not (initials and set(words[here]) <= letters)
                        and not set(words[here].split()) <= full
                    ):
                        break
                    parts[here] = Part.GIVEN
                elif line[here].text == "(" and step == 1 and here == found[1]:
                    pass  # `SMITH (J.)`
                elif line[here].text not in ".,-‐’'" or (line[here].text == "," and step == -1):
                    break
                here += step
        at = found[1]
    for value, part in ((first, Part.PAGES), (record.volume, Part.VOLUME), (record.issue, Part.ISSUE)):
        place = _find(words, parts, value, journal[1]) or _find(words, parts, value, 0)
        if value and place is None and part is not Part.ISSUE:
            return None
        if place:
            parts[place[0] : place[1]] = [part] * (place[1] - place[0])
            if part is Part.PAGES and last:
                _range_end(line, parts, place[1])
    years = [
        n
        for n, word in enumerate(words)
        if word == str(record.year)
        and parts[n] is Part.OTHER
        and (n == 0 or line[n].blank or line[n - 1].text not in "./")
    ]
    if not years:
        return None
    for year in years:
        parts[year] = Part.DATE
        for n in range(max(0, year - 4), min(len(line), year + 5)):
            if is_month(line[n].text) and parts[n] is Part.OTHER:
                parts[n] = Part.DATE
                for near in (n - 1, n + 1):
                    if (
                        near < len(line)
                        and words[near].isdigit()
                        and len(words[near]) < 3
                        and parts[near] is Part.OTHER
                    ):
                        parts[near] = Part.DATE
    return Labelled(text, line, _with_marks(line, parts))


def _find(words: Sequence[str], parts: Sequence[Part], wanted: str, start: int) -> tuple[int, int] | None:
    """The first place of the words of a text among words that have no part yet, marks passed over."""
    seek = [fold(token.text) for token in tokens(wanted) if token.is_word]
    seek = [word for word in seek if word]
    if not seek:
        return None
    for at in range(start, len(words)):
        if words[at] != seek[0] or parts[at] is not Part.OTHER:
            continue
        here, found = at, 0
        while here < len(words) and found < len(seek):
            if words[here] == seek[found] and parts[here] is Part.OTHER:
                found += 1
            elif words[here].isalnum():
                break
            here += 1
        if found == len(seek):
            return at, here
    return None


def _range_end(line: Sequence[Token], parts: list[Part], at: int) -> None:
    """Label the last page that follows the first one."""
    here = at
    while here < len(line) and line[here].text in "-–—−‐‑～":
        here += 1
    if here == at:
        return
    while here < len(line) and line[here].is_word and parts[here] is Part.OTHER:
        parts[at : here + 1] = [Part.PAGES] * (here + 1 - at)
        here += 1
        if here < len(line) and line[here].blank:
            break


def _long_words(words: Sequence[str], parts: Sequence[Part]) -> int:
    return sum(len(word) > 3 and part is Part.OTHER for word, part in zip(words, parts, strict=True))


def _with_marks(line: Sequence[Token], parts: list[Part]) -> list[Part]:
    """Marks between two words of one part belong to it (and only they)."""
    out = [part if token.is_word else Part.OTHER for token, part in zip(line, parts, strict=True)]
    previous = None
    for n, token in enumerate(line):
        if not token.is_word:
            continue
        if previous is not None and out[n] is out[previous] and out[n] is not Part.OTHER:
            # Between two persons' names stands what divides them.
            between = line[previous + 1 : n]
            persons = (Part.FAMILY, Part.GIVEN, Part.BODY)
            if out[n] not in persons or all(mark.text in "-’'‐." for mark in between):
                out[previous + 1 : n] = [out[n]] * (n - previous - 1)
        previous = n
    return out


# ── AnyStyle's set: the parts are labelled, names within authors are not ─────────────────────────────

_NAMES = {
    "title": Part.TITLE,
    "journal": Part.JOURNAL,
    "container-title": Part.JOURNAL,
    "date": Part.DATE,
    "pages": Part.PAGES,
    "editor": Part.EDITOR,
    "publisher": Part.PUBLISHER,
    "location": Part.PUBLISHER,
}


@dataclass(frozen=True)
class Printed:
    """One string of AnyStyle's set with its parts as they are printed."""

    labelled: Labelled
    fields: dict[str, str]


def of_anystyle(path: Path) -> list[Printed]:
    """Every string of the set."""
    return [_sequence(element) for element in etree.parse(str(path)).getroot()]


def _sequence(element: etree._Element) -> Printed:
    text, spans = "", []
    fields: dict[str, str] = {}
    for part in element:
        if part.tag == "citation-number":
            continue
        piece = " ".join((part.text or "").split())
        text += " " if text else ""
        spans.append((part.tag, len(text), len(text) + len(piece)))
        text += piece
        fields.setdefault(str(part.tag), piece)
    line = tokens(text)
    parts = [Part.OTHER] * len(line)
    for tag, start, stop in spans:
        inside = [n for n, token in enumerate(line) if start <= token.start < stop]
        if tag == "author":
            for n, part in zip(inside, _names([line[n] for n in inside]), strict=True):
                parts[n] = part
        elif tag == "volume":
            numbers = [n for n in inside if line[n].is_word and not line[n].text.isalpha()]
            numbers = numbers or [
                n for n in inside if line[n].is_word and line[n].text.lower() not in _NUMBERING
            ]
            for n in numbers:
                parts[n] = Part.VOLUME if n == numbers[0] else Part.ISSUE
        else:
            for n in inside:
                if tag == "pages" and line[n].text.lower() in _NUMBERING:
                    continue
                parts[n] = _NAMES.get(str(tag), Part.OTHER)
    return Printed(Labelled(text, line, _with_marks(line, parts)), fields)


def _names(line: Sequence[Token]) -> Iterator[Part]:
    """Family and given names by their looks: initials are given names; of two words before a comma or at
    the end, the last is the family name unless the list puts it first."""
    persons: list[list[int]] = [[]]
    for n, token in enumerate(line):
        if token.text in ",;&" or token.text in ("and", "AND", "et", "und", "y", "e"):
            persons.append([])
        elif token.is_word and token.text not in _JOINING:
            persons[-1].append(n)
    parts = [Part.OTHER] * len(line)
    expects_given = False
    for person in persons:
        initials = [n for n in person if _is_initial(line, n)]
        if not person:
            continue
        if len(initials) == len(person):
            chosen = [Part.GIVEN] * len(person)
            expects_given = False
        elif initials:
            chosen = [Part.GIVEN if n in initials else Part.FAMILY for n in person]
            expects_given = False
        elif expects_given:
            chosen, expects_given = [Part.GIVEN] * len(person), False
        elif len(person) == 1:
            chosen, expects_given = [Part.FAMILY], True
        else:
            chosen = [Part.GIVEN] * (len(person) - 1) + [Part.FAMILY]
        for n, part in zip(person, chosen, strict=True):
            parts[n] = part
    return iter(parts)


def _is_initial(line: Sequence[Token], n: int) -> bool:
    text = line[n].text
    dotted = n + 1 < len(line) and line[n + 1].text == "."
    return (text.isupper() and (len(text) == 1 or (len(text) <= 3))) or (dotted and len(text) <= 2)


def six_parts(sequence: Printed) -> dict[str, str] | None:
    """First author's family, year, journal, volume, first page and title of a string that has all six."""
    fields = sequence.fields
    journal = fields.get("journal") or fields.get("container-title", "")
    year = re.search(r"(?:1[5-9]|20)\d\d", fields.get("date", ""))
    volume = re.search(r"\d+", fields.get("volume", ""))
    page = re.search(r"[A-Za-z]{0,3}\d+[\w.]*", re.sub(r"^\s*pp?\.?\s*", "", fields.get("pages", "")))
    if not (fields.get("author") and fields.get("title") and journal and year and volume and page):
        return None
    labels = zip(sequence.labelled.tokens, sequence.labelled.parts, strict=True)
    names = dropwhile(lambda told: told[1] is not Part.FAMILY, labels)
    family = " ".join(token.text for token, _ in takewhile(lambda told: told[1] is Part.FAMILY, names))
    return {
        "first author": fold(family),
        "year": year.group(),
        "journal": fold(re.sub(r"^[Ii]n:?\s|</?[a-z]+>", "", journal)),
        "volume": volume.group(),
        "first page": fold(page.group()),
        "title": fold(re.sub(r"</?[a-z]+>", "", fields["title"])),
    }
