"""Findings about single characters and signs of a query, read before it is parsed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from resift.query import findings as rule
from resift.query.findings import Finding
from resift.query.foreign import slips
from resift.query.lexer import ASTERISKS

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_CURLY = re.compile("[“”„‟«»＂]+")
_ASTERISK = re.compile(f"[{ASTERISKS}]")
_ENTITY = re.compile(r"&(amp|quot|lt|gt|nbsp|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_OPERATOR_SIGN = re.compile(r"[&|]+")
_NO_OPERATOR = re.compile(r"(?<![\w-])(?:AND/OR|XOR|NEAR|ADJ|SAME|NEXT|WITH)(?![\w-])(?!\s*\[)")
_OPERATOR_CASE = re.compile(r"(?<![\w-])(and|or|not|And|Or|Not)(?![\w-])(?!\s*\[)")
_BLANK_TAG = re.compile(r"(?<=\S)\s++\[(?=[^\[\]]*+\])")
_LISTED = 500  # findings of one kind about single characters
_DATABASE = re.compile(r"^\s*(pubmed|medline)(\s*\([^)]*\))?\s*:", re.I)


def _each(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The first places of a pattern, and what to say where more follow that are not listed."""
    for n, match in enumerate(pattern.finditer(text), start=1):
        if n == _LISTED:
            yield match, f" (the first {_LISTED:,} are listed, more follow)"
            return
        yield match, ""


def character_findings(text: str) -> Iterator[Finding]:
    """Characters that PubMed does not read as they look, and signs of other syntaxes."""
    for m, more in _each(_INVISIBLE, text):
        yield rule.INVISIBLE.at(
            m.start(),
            m.end(),
            f"invisible character U+{ord(m[0]):04X} separates words for PubMed{more}",
            "delete it",
        )
    if curly := list(_CURLY.finditer(text)):
        many = f"{len(curly)} curly quotation marks" if len(curly) > 1 else "a curly quotation mark"
        yield rule.CURLY.at(
            curly[0].start(),
            curly[0].end(),
            f"{many}: PubMed does not keep the words between them together, and neither does this engine",
            'write "',
        )
    for m, more in _each(_ASTERISK, text):
        yield rule.ASTERISK.at(m.start(), m.end(), f"{m[0]} is no truncation for PubMed{more}", "write *")
    for m, more in _each(_ENTITY, text):
        yield rule.ENTITY.at(
            m.start(),
            m.end(),
            f"{m[0]} is web page code; PubMed finds nothing with it{more}",
            "write the sign itself",
        )
    plain = _QUOTED.sub(lambda m: "x" * len(m[0]), text)  # what stands in quotation marks is no syntax
    for name, places in slips(text).items():
        (start, end), others = places[0], len(places) - 1
        again = f" and {others} more" if others else ""
        yield rule.FOREIGN.at(start, end, f"{text[start:end]!r}{again}: {name}, not PubMed's", "translate it")
    if database := _DATABASE.match(text):
        start, end = database.span()
        yield rule.FOREIGN.at(start, end, f"{database[0].strip()!r} names the database", "delete it")
    plain = _ENTITY.sub(lambda m: " " * len(m[0]), plain)
    for m, more in _each(_OPERATOR_SIGN, plain):
        word = "AND" if m[0][0] == "&" else "OR"
        yield rule.OPERATOR_SIGN.at(
            m.start(), m.end(), f"PubMed reads {m[0][0]} as {word}{more}", f"write {word}"
        )
    for m, more in _each(_NO_OPERATOR, plain if plain != plain.upper() else ""):
        yield rule.OPERATOR_SIGN.at(
            m.start(),
            m.end(),
            f"{m[0]} is no operator of PubMed's; it is searched as a word{more}",
            "write AND, OR or NOT, or a distance in the tag: [tiab:~3]",
        )
    for m, more in _each(_OPERATOR_CASE, plain):
        yield rule.OPERATOR_CASE.at(
            m.start(), m.end(), f"PubMed's help asks for operators in capitals{more}", f"write {m[0].upper()}"
        )
    for m, more in _each(_BLANK_TAG, plain):
        yield rule.BLANK_TAG.at(
            m.start(), m.end(), f"blank before the tag{more}", "write the tag right after the term"
        )
    if re.fullmatch(r'\s*"[^"]*\b(AND|OR|NOT)\b[^"]*"\s*', text):
        yield rule.ALL_QUOTED.at(0, len(text), "the whole query stands in quotation marks", "delete them")
