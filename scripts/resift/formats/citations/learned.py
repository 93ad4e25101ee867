"""A parser that learned from many styles which word of a reference string belongs to which part.

A conditional random field (CRFsuite) over words and marks, trained on records rendered in several hundred
styles of citationstyles.org and on AnyStyle's labelled strings (benchmarks/train_citations.py). It knows no
layouts, so it also reads styles that it has not seen. It never reads identifiers: rules do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from resift.formats.citations.authors import is_body
from resift.formats.citations.model import Citation, Style
from resift.formats.citations.repair import in_one_piece, is_whole, quotation, repaired, slashes, within
from resift.formats.citations.signed import names_end
from resift.formats.citations.tokens import Part, Token, features, runs, shape, tokens
from resift.text.dates import as_year
from resift.text.names import is_initials

MODEL = Path(__file__).with_name("styles.crfsuite")
MODEL_SHA256 = "ec916bbf68f7d42b47b7923bc7be7bee0ff00077f71355d997f32e7d5f2603ff"
# As web pages leave them.
_TAGS = re.compile(r"</?(?:i|b|u|em|strong|italic|bold|sup|sub|span|font)>", re.IGNORECASE)
_BEFORE_JOURNAL = re.compile(r"^[Ii]n:?\s+(?=\S)")
_AFTER_JOURNAL = re.compile(
    r"(?<!American)(?<!British)[\s,]+(?:[Bb]and|Bd\.?|Jg\.?|[Vv]ol(?:ume)?\.?|[Vv]\.|n°?|[Nn]o\.?|[Nn]r\.?)$"
)
_SIGNED = re.compile(r"([^\W\d_a-z][^.?!:]{6,100})\.\s+(?=\S.{9})")
_ET_AL = re.compile(r"\bet\.?\s+al\b|\band others\b|\bu\.\s?a\.", re.IGNORECASE)


@cache
def tagger(model: Path = MODEL) -> Any:
    """The model, opened once."""
    import pycrfsuite

    opened = pycrfsuite.Tagger()
    opened.open(str(model))
    return opened


def label(line: Sequence[Token], model: Path = MODEL) -> list[Part]:
    """The part that each token belongs to: the likeliest labels, title and journal in one piece each."""
    if not line:
        return []
    opened = tagger(model)
    parts = [Part(name) for name in opened.tag(features(line))]
    names_end(line, parts)
    quotation(line, parts)
    slashes(line, parts)
    within(line, parts)
    if not is_whole(line, parts):
        names = opened.labels()
        odds = [
            {Part(name): math.log(max(opened.marginal(name, n), 1e-9)) for name in names}
            for n in range(len(line))
        ]
        parts = in_one_piece(line, odds)
    return repaired(line, parts)


def parse(text: str, model: Path = MODEL) -> Citation:
    """The parts of a string without identifiers and list number."""
    text = _TAGS.sub("", text)
    line = tokens(text)
    return assemble(text, line, label(line, model))


def assemble(text: str, line: Sequence[Token], parts: Sequence[Part]) -> Citation:
    """A citation from labelled tokens."""
    volume, issue, pages = _place(
        *(
            _stretch(text, line, parts, part).strip(" .,;:()[]")
            for part in (Part.VOLUME, Part.ISSUE, Part.PAGES)
        )
    )
    date = _stretch(text, line, parts, Part.DATE)
    years = re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", _all(text, line, parts, Part.DATE))
    persons, bodies = _authors(text, line, parts)
    title = _stretch(text, line, parts, Part.TITLE)
    journal = _stretch(text, line, parts, Part.JOURNAL).strip(" ,;:")
    if not years and (early := re.match(r"\(?((?:1[5-9]|20)\d\d)[a-z]?\)?[.,:]?\s+(?=\S)", title)):
        years, title = [early.group(1)], title[early.end() :]
    if not persons and not bodies and (signed := _SIGNED.match(title)) and is_body(signed.group(1)):
        bodies, title = (signed.group(1),), title[signed.end() :]
    if not years:  # the model saw no date: a number like a year that is of no other part
        free = (n for n, part in enumerate(parts) if part is Part.OTHER and shape(line[n].text) == "year")
        years = [line[n].text for n in free][-1:]
    journal = _BEFORE_JOURNAL.sub("", _AFTER_JOURNAL.sub("", journal))
    return Citation(
        authors=persons,
        collective=bodies,
        et_al=bool(_ET_AL.search(text)),
        title=_title(title),
        journal=journal.strip(" ,;:«»“”„").removesuffix("."),
        year=int(years[0]) if years else as_year(date),
        date=date.strip(" .,;()"),
        volume=volume,
        issue=issue,
        pages=pages,
        style=Style.UNKNOWN,
    )


def _place(volume: str, issue: str, pages: str) -> tuple[str, str, str]:
    """Volume, issue and pages, taken apart where the model left two of them together."""
    if found := re.fullmatch(r"\d{1,2}\s*;\s*(\d+)", volume):
        volume = found.group(1)  # behind a day
    if not volume and (found := re.fullmatch(r"(\d{1,4})\s*(?:\((\w+)\)\s*)?[:,. ]\s*(\w*\d.*)", pages)):
        volume, issue, pages = found.group(1), issue or found.group(2) or "", found.group(3)
    if found := re.fullmatch(r"([\w/-]+)\)\s*[:,]\s*(\S.*)", pages):
        issue, pages = issue or found.group(1), found.group(2)
    if volume and not issue and (found := re.fullmatch(r"(\d{1,3})\s*:\s*(\S.*)", pages)):
        issue, pages = found.groups()
    found = re.fullmatch(r"(\d{1,2}(?:-\d{1,2})?)[,.]\s+([A-Za-z]?\d{2,}\S*)", pages)
    if (
        found
        and volume
        and not issue
        and int(found.group(1).split("-")[0]) < 54
        and not found.group(2).startswith(found.group(1))
    ):
        issue, pages = found.groups()  # `79:11-12, 953`
    if not issue and (found := re.fullmatch(r"(\d{1,4})\s*[.,/:(]\s*(\d{1,3})\)?", volume)):
        volume, issue = found.groups()
    return volume, issue, pages


def _stretch(text: str, line: Sequence[Token], parts: Sequence[Part], wanted: Part) -> str:
    """The longest run of a part, with runs that only marks divide from it."""
    joined: list[tuple[int, int]] = []
    for part, first, after in runs(parts):
        if part is not wanted:
            continue
        between = line[joined[-1][1] : first] if joined else ()
        if joined and len(between) <= 3 and not any(token.is_word for token in between):
            joined[-1] = (joined[-1][0], after)
        else:
            joined.append((first, after))
    if not joined:
        return ""
    first, after = max(joined, key=lambda run: (line[run[1] - 1].stop - line[run[0]].start, -run[0]))
    start, stop = line[first].start, line[after - 1].stop
    # A bracket that was opened within is closed.
    if after < len(line) and line[after].text in ")]":
        opening = "(" if line[after].text == ")" else "["
        inside = text[start:stop]
        if inside.count(opening) > inside.count(line[after].text):
            stop = line[after].stop
    return text[start:stop].strip()


def _all(text: str, line: Sequence[Token], parts: Sequence[Part], wanted: Part) -> str:
    return " ".join(
        text[line[first].start : line[after - 1].stop] for part, first, after in runs(parts) if part is wanted
    )


def _authors(
    text: str, line: Sequence[Token], parts: Sequence[Part]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Persons as `Family Initials`, and bodies: names before the initials, behind them, or in both orders."""
    stretches = [(part, line[first:after]) for part, first, after in runs(parts)]
    names = [
        (part, text[run[0].start : run[-1].stop].strip(" .,;:&"))
        for part, run in stretches
        if part in (Part.FAMILY, Part.GIVEN, Part.BODY)
    ]
    names = [(part, name) for part, name in names if name]
    bodies = tuple(name for part, name in names if part is Part.BODY)
    if not bodies and (body := _one_body(text, line, parts)):
        return (), (body,)
    persons: list[str] = []
    people = [(part, name) for part, name in names if part is not Part.BODY]
    at = 0
    while at < len(people):
        part, name = people[at]
        other = people[at + 1] if at + 1 < len(people) else None
        if other is None or other[0] is part:
            if part is Part.FAMILY:
                persons.append(name)
            at += 1
            continue
        family, given = (name, other[1]) if part is Part.FAMILY else (other[1], name)
        persons.append(f"{family} {_initials(given)}".strip())
        at += 2
    return tuple(persons), bodies


def _one_body(text: str, line: Sequence[Token], parts: Sequence[Part]) -> str:
    """The name of a body whose words the model took for one person's (`World Health Organization`)."""
    signed = [n for n, part in enumerate(parts) if part in (Part.FAMILY, Part.GIVEN)]
    if not signed or signed[0] > 1:
        return ""
    name = text[line[signed[0]].start : line[signed[-1]].stop]
    several = len(name.split()) > 1 and not re.search(r"[,;.]|\b[A-Z]{1,3}$", name)
    return name if several and is_body(name) else ""


def _initials(given: str) -> str:
    """`J. A.`, `J-P`, `John A.` as initials."""
    found = ""
    for word in re.findall(r"[^\W\d_]+", given):
        found += word if is_initials(word) and len(word) <= 4 else word[0].upper()
    return found


def _title(text: str) -> str:
    """A title without the quotation marks around it and without its closing full stop."""
    text = text.strip(" ,;")
    pairs = {"“": "”", '"': '"', "‘": "’", "'": "'", "«": "»", "„": "“"}
    if text[:1] in pairs and pairs[text[0]] in text[-2:] and text.count(text[0]) <= 2:
        text = text[1:].rstrip(" .,").removesuffix(pairs[text[0]])
    text = re.sub(r"\s*\[J\]\s*\.?$", "", text.lstrip('“”"„').rstrip('“”"„ ,'))
    return text[:-1].rstrip() if text.endswith(".") and not text.endswith("...") else text
