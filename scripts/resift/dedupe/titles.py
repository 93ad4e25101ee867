"""Titles: what two databases write differently about one title, and what marks another report.

A title is read into its core (folded words), its other-language form and the kind of notice its markers
say; its numbers, and the part of a series that it names, are read of the core. What databases add to a
title ("(Review)", "[33 refs]", "[Erratum appears in ...]", "(Retracted article. See vol ...)") is dropped;
what makes the entry another report than the one it names ("Erratum:", "Comment on", "author reply") is kept
as its kind.
"""

from __future__ import annotations

import html
import re
from enum import IntEnum
from itertools import pairwise, product
from typing import NamedTuple

from rapidfuzz import fuzz

from resift.text import fold as letters
from resift.text.fold import plain


class Kind(IntEnum):
    """What an entry says it is. Two kinds are never one report."""

    ARTICLE = 0
    ERRATUM = 1
    RETRACTION = 2
    COMMENT = 3
    REPLY = 4
    PROTOCOL = 5


class Title(NamedTuple):
    """A title as it is compared: `core` and `other` are folded words separated by one space."""

    core: str
    other: str
    kind: Kind


_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,8}(?:\s[^<>]{0,80})?/?>")
_CONTINUED = "\u0080-\u00bf" + "".join(
    bytes([code]).decode("cp1252") for code in range(0x80, 0xA0) if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
)
_MOJIBAKE = re.compile(
    f"[\u00c2-\u00df][{_CONTINUED}]|[\u00e0-\u00ef](?!\u00a0)[{_CONTINUED}]{{2}}|[\u00f0-\u00f4][{_CONTINUED}]{{3}}"
)

_LANGUAGES = (
    "afrikaans|albanian|arabic|bulgarian|catalan|chinese|croatian|czech|danish|dutch|english|estonian|farsi"
    "|finnish|flemish|french|georgian|german|greek|hebrew|hungarian|icelandic|indonesian|italian|japanese"
    "|korean|latvian|lithuanian|macedonian|norwegian|persian|polish|portuguese|romanian|russian|serbian"
    "|serbo croatian|slovak|slovene|slovenian|spanish|swedish|thai|turkish|ukrainian|vietnamese"
)
_DROPPED_TAIL = re.compile(
    r"(?:a |an? updated |literature |systematic )?review(?: article)?|structured abstract"
    r"|provisional abstract|brief record|author s transl|\d+ refs?|see comments?|comments?|letters?"
    r"|editorial|abstract(?: only)?"
    rf"|(?:(?:in|article in) )?(?:{_LANGUAGES})(?: (?:and )?(?:{_LANGUAGES}))*(?: original| transl\w*)?"
    r"|retracted(?: article| paper)?(?: see .*)?|(?:this article has been )?retracted.*|with videos?"
    r"|(?:published )?(?:erratum|corrected|corrections?|corrigendum|errata)"
    r" (?:appears|published|in|and|to) .*"
    r"|(?:erratum|corrected|retraction|retracted|republished|published|comment|summary) (?:appears )?in .*"
    r"|animals involved|multiple letters|proceedings?|meeting abstracts?|clinical trial|discussion .*"
    r"|corrected|reprinted from .*"
)
_ERRATUM_TAIL = re.compile(
    r"(?:correction |erratum |corrigendum )?vol \w{1,6} (?:.* )?(?:19|20)\d\d|vol \w{1,6} (?:pg|p|art) .*"
    r"|erratum|correction"
)
_CUT_TAIL = re.compile(  # a tail that a cut-off title never closes
    r"\s*[\[(](?:published )?(?:erratum|corrected|corrigendum|retraction|comment)"
    r"(?: (?:appears|in|published)\b)?[^\])]*$"
    r"|[\s\-]+art\. no\. \w+(?:\.pub\d+)?$|\s*\.\.\.\s*\[corrected\].*$"
)
_OTHER = re.compile(r"^(?P<core>[^\[\]]{10,}?)\s*\[(?P<other>[^\[\]]{25,})\]\s*\.?\s*$")
_LANGUAGE_TAIL = re.compile(rf"\.\s*\[?(?:{_LANGUAGES})\]?\s*$")
_ORIGINAL_TITLE = re.compile(r"^\s*(?:\w+\s+)?original(?:titel|title| title)\s*", re.IGNORECASE)

_LEADING = (
    (
        (
            r"(?:erratum|errata|corrigend(?:um|a)|addendum|(?:author|publisher)'?s? correction"
            r"|corrections?(?=\s*(?:[:.\[(]|to\b|for\b)))"
            r"[\s:.,\-\"'\[(]*(?:(?:to|for|in|on|of)\b)?[\s:.,\-\"'\[(]*"
        ),
        Kind.ERRATUM,
    ),
    (
        (
            r"(?:retraction(?: note| notice)?(?=\s*(?:[:.\-\[(]|to\b|of\b|for\b|note|notice))"
            r"|notice of retraction|(?:editorial )?expression of concern|withdrawal notice)"
            r"[\s:.,\-\"'\[(]*(?:(?:to|for|of)\b)?[\s:.,\-\"'\[(]*"
        ),
        Kind.RETRACTION,
    ),
    (
        (
            r"(?:(?:author'?s?'?|the authors?'?) (?:reply|response)|reply(?=\s*(?:[:.\-]|to\b|from\b|by\b))"
            r"|(?:reply|response|answer|rebuttal) to (?:a |the )?"
            r"(?:letters?(?: to (?:the )?editors?)?|comments?|correspondence)"
            r"(?: (?:by|from) [\w .]{1,40}?)?(?: (?:regarding|concerning|about|on|entitled)\b)?"
            r"|in reply|response(?=\s*(?::|to\s*[:\"'])))[\s:.,\-\"'\[(]*(?:to\b)?[\s:.,\-\"'\[(]*"
        ),
        Kind.REPLY,
    ),
    (
        (
            r"(?:analysis of the cochrane review(?=\s*:)|e?comment(?:ary|s)?(?=\s*(?::|on\b|to\b))"
            r"|invited (?:commentary|comment|discussion)"
            r"|(?:a )?letters? to (?:the )?editors? (?:regarding|concerning|about|on)\b"
            r"|(?:editorial|summary of|re|letter to the editor|letter|regarding|discussion(?: of)?)(?=\s*:))"
            r"[\s:.,\-\"'\[(]*(?:(?:on|to)\b)?[\s:.,\-\"'\[(]*"
        ),
        Kind.COMMENT,
    ),
)
_NOTICE = re.compile("|".join(f"({pattern})" for pattern, _ in _LEADING))
_LABEL = re.compile(
    r"(?:retracted(?: article)?|withdrawn|reprint of|original article|brief (?:report|communication)"
    r"|(?:invited |clinical |concise |systematic |mini-?)?review(?: article)?(?: \d+)?"
    r"|short communication|case report)\s*[:.]\s*"
)
_LEADING_YEAR = re.compile(
    r"\W*(?:(?:[\w.&'-]{1,20}[,.]?\s+){0,4}[(\[]((?:19|20)\d\d)[a-z]?[)\]]"
    r"|(?:\w{2,20},?\s+)?((?:19|20)\d\d)[a-z]?)[.,:]?\s+(?=\W*\w.{14})"
)
_EDITOR = re.compile(r"[.,]?\s+in:? [\w .,&-]{3,40}\((?:eds?|editors?)\.?\)[.,:]*\s*$")
TAIL_LENGTH = 100
"""Markers at the end of a title are looked for in so many last letters."""

_BREAK = r"(?:\s+-+\s+|\s*[:.;?!(\[]+\s*)"
_TRAILING = (
    (re.compile(r"[\s:.;,\-(\[]+(?:the )?authors?'?s?'? (?:reply|response)[\s.)\]]*$"), Kind.REPLY),
    (re.compile(_BREAK + r"(?:in |a )?(?:reply|response|rebuttal|rejoinder)[\s.)\]]*$"), Kind.REPLY),
    (re.compile(_BREAK + r"(?:invited )?comment(?:ary|s)?[\s.]*$"), Kind.COMMENT),
    (re.compile(_BREAK + r"(?:erratum|corrigendum)[\s.)\]]*$"), Kind.ERRATUM),
    (
        re.compile(
            r"[\s:;,\-(\[]+(?:(?:the |a )?study )?protocol"
            r"(?: for [\w \-]{0,60}(?:trial|review|study))?[\s.)\]]*$"
        ),
        Kind.PROTOCOL,
    ),
)
# What each of them holds: looked for first, which is fifteen times as quick.
TRAILING_WORDS = ("repl", "respon", "rebuttal", "rejoinder", "comment", "erratum", "corrigendum", "protocol")
_ROMAN = {
    word: str(n)
    for n, word in enumerate(
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"), start=1
    )
}
_NUMBERED = frozenset(
    ("part", "phase", "type", "stage", "study", "trial", "volume", "factor", "class", "grade")
)
_DIGITS = re.compile(r"\d+")
_THOUSANDS = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d{2,3}(?: \d{3})+|\d(?: 000)+)(?![\d.,]\d|\d)")
THOUSANDS_HOLD = re.compile(r"[0-9\x80-\U0010ffff][, ]\d{3}")
"""Stands in every number that `_THOUSANDS` finds, and is found six times as quickly."""
_YEARS = re.compile(r"\b((?:19|20)\d\d) (\d\d)\b")  # "1990-99"

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_VALUES = {
    **{word: n for n, word in enumerate(f"{_UNITS}|{_TEENS}".split("|"), 1)},
    **{word: 10 * n for n, word in enumerate(_TENS.split("|"), 2)},
    **{word: int(n) for word, n in _ROMAN.items() if len(word) > 1},
}
_SPELLED = re.compile(rf"\b(?:({_TENS}) ({_UNITS})|({'|'.join(_VALUES)}))\b")


_PART = re.compile(
    r"\b(?:part|paper|report|chapter|section)s? (\d{1,2}|[ivx]{1,4}|[a-f]|one|two|three|four)\b"
    r"| ([ivx]{2,4}|[2-9])$| ([ivx]{2,4}) (?=\w)"
)
_PARTS_HOLD = frozenset(
    [f"{word}{s}" for word in ("part", "paper", "report", "chapter", "section") for s in ("", "s")]
    + ["".join(letters) for long in (2, 3, 4) for letters in product("ivx", repeat=long)]
)
"""A part of a series is named by one of these words, or by a digit at the end of the title."""


def fold(text: str) -> str:
    """Text as `resift.text.fold.plain` reads it, once entities, tags and garbled UTF-8 are put right."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii() and _MOJIBAKE.search(text):
        text = repair_mojibake(text)
    return plain(text)


def words(text: str) -> str:
    """The words of what `fold` gave, separated by one blank."""
    return letters.fold(text) if text.isascii() else letters.words(text)  # the former is three times as quick


def repair_mojibake(text: str) -> str:
    """UTF-8 that was read as Windows-1252, once or twice, put right ("Ã©" is "é", "Î²" is "β")."""
    for _ in range(2):
        repaired = _MOJIBAKE.sub(_decoded, text)
        if repaired == text:
            break
        text = repaired
    return text


def _decoded(match: re.Match[str]) -> str:
    try:
        return b"".join(_byte(letter) for letter in match[0]).decode("utf-8")
    except UnicodeError:
        return match[0]


def _byte(letter: str) -> bytes:
    return bytes([ord(letter)]) if ord(letter) < 0x100 else letter.encode("cp1252")


def read_title(raw: str) -> Title:
    """The parts of a title; all empty for "" and for "#NAME?", what spreadsheets make of a leading "-"."""
    if not raw or raw.startswith("#NAME"):
        return Title("", "", Kind.ARTICLE)
    other = ""
    if "\n" in raw:
        lines = [line.strip() for line in raw.split("\n") if line.strip()]
        if len(lines) > 1 and len(lines[0]) >= 10 and len(lines[1]) >= 10:
            raw, other = lines[0], words(fold(_ORIGINAL_TITLE.sub("", " ".join(lines[1:]))))
    text = fold(raw).strip()
    if text.startswith("[") and text.rstrip(" .").endswith("]") and text.count("[") == 1:
        text = text.rstrip(" .")[1:-1]
    kind = Kind.ARTICLE
    if ("[" in text or "(" in text or "art. no" in text) and (cut := _CUT_TAIL.search(text)):
        text = text[: cut.start()]
    if "]" in text[-3:] or ")" in text[-3:]:
        text, kind = _without_tails(text.rstrip(" .;,"))
        if not other:
            text, other, kind = _without_other_language(text, kind)
    end = len(text)
    if "." in text[-20:-3] and (match := _LANGUAGE_TAIL.search(text, max(0, end - 20))):
        text = text[: match.start()]
    if text.endswith((")", "),", ").", "):")) and (match := _EDITOR.search(text)):
        text = text[: match.start()]
    text, kind = _without_trailing(text, kind, max(10, end - TAIL_LENGTH))
    text = text.lstrip(" \"'[(*.-")
    if label := _LABEL.match(text):
        text = text[label.end() :]
    if match := _NOTICE.match(text):
        kind = next(kind for n, (_, kind) in enumerate(_LEADING, 1) if match.start(n) >= 0)
        if len(text) - match.end() >= 10:
            text = text[match.end() :]
    else:
        text, kind = _without_misspelled_label(text, kind)
    core = words(_with_thousands_closed_up(text)).removeprefix("the ")
    return Title(core, other, kind)


def _without_trailing(text: str, kind: Kind, tail: int) -> tuple[str, Kind]:
    """A marker that begins at `tail` or later taken off, and the kind that it says."""
    end = text[tail:]
    if any(word in end for word in TRAILING_WORDS):
        for pattern, trailing in _TRAILING:
            if match := pattern.search(text, tail):
                return text[: match.start()], trailing
    return text, kind


def _with_thousands_closed_up(text: str) -> str:
    return _THOUSANDS.sub(_closed_up, text) if THOUSANDS_HOLD.search(text) else text


def _closed_up(thousands: re.Match[str]) -> str:
    return thousands[0].replace(",", "").replace(" ", "")


_MISSPELLED = (
    ("erratum", Kind.ERRATUM),
    ("corrigendum", Kind.ERRATUM),
    ("correction", Kind.ERRATUM),
    ("retraction", Kind.RETRACTION),
)


def _without_misspelled_label(text: str, kind: Kind) -> tuple[str, Kind]:
    """What a typed list makes of a notice: "Eratum: ..." is one too."""
    label, colon, _ = text[:18].partition(":")
    word = label.partition(" ")[0]
    if colon and 6 <= len(word) <= 12 and len(label) - len(word) <= 4 and word.isalpha():
        for spelled, found in _MISSPELLED:
            if fuzz.ratio(word, spelled) >= 80:
                return text[len(label) + 1 :].strip(), found
    return text, kind


def split_leading_year(raw: str) -> tuple[int, str]:
    """Year and title of a reference string with the year before the title ("Freund (1996). Boosting").

    Only for entries without a year of their own: elsewhere such a number belongs to the title.
    """
    match = _LEADING_YEAR.match(raw)
    return (int(match[1] or match[2]), raw[match.end() :]) if match else (0, raw)


def _without_tails(text: str) -> tuple[str, Kind]:
    """A title without what databases append in brackets, and the kind that a tail says."""
    kind = Kind.ARTICLE
    while text[-1:] in ("]", ")"):
        start = _opening(text)
        tail = words(text[start + 1 : -1])
        if _ERRATUM_TAIL.fullmatch(tail):
            kind = Kind.ERRATUM
        elif not _DROPPED_TAIL.fullmatch(tail):
            break
        if start < 5:
            break
        text = text[:start].rstrip(" .;,:")
    return text, kind


def _without_other_language(text: str, kind: Kind) -> tuple[str, str, Kind]:
    """A title without the original in brackets behind it, that one, and the kind."""
    match = _OTHER.match(text) if "[" in text else None
    if not match:
        return text, "", kind
    core, other = match["core"], words(match["other"])
    if core.endswith((")", "]")):
        core, kind = _without_tails(core)
    return core, other, kind


def _opening(text: str) -> int:
    """Where the bracket opens that the last letter of `text` closes; -1 when it never does."""
    closing = text[-1]
    opening = "[" if closing == "]" else "("
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == closing) - (text[place] == opening)
        if not depth:
            return place
    return -1


def title_numbers(core: str) -> str:
    """The numbers of a title, Roman ones too, sorted; titles of one report have the same ones.

    A lone i, v or x is a number only after "part", "phase", "type" and the like. The later year of
    "1990-99" is written in full.
    """
    words = core.split()
    found = [] if "".join(words).isalpha() else _DIGITS.findall(_YEARS.sub(_both_years, core))
    if not _ROMAN.keys().isdisjoint(words):
        for before, word in pairwise(("", *words)):
            if word in _ROMAN and (len(word) > 1 or before in _NUMBERED):
                found.append(_ROMAN[word])
    if not found:
        return ""
    return " ".join(sorted(number.lstrip("0") or "0" for number in found))


def _both_years(found: re.Match[str]) -> str:
    later = found[1][:2] + found[2]
    return f"{found[1]} {later}" if later > found[1] else found[0]


def in_digits(one: str, two: str) -> tuple[str, str]:
    """Two titles with each number in words or Roman that the other has in digits written so too.

    "two year follow up" beside "2 year follow up" is that; beside "3 year follow up" it stays, as all
    numbers do when they do not then agree one by one ("IL 2 and three", "IL 3 and two").
    """
    written = _as_in(one, two), _as_in(two, one)
    return written if _DIGITS.findall(written[0]) == _DIGITS.findall(written[1]) else (one, two)


def _as_in(core: str, other: str) -> str:
    digits = set(_DIGITS.findall(other))

    def written(found: re.Match[str]) -> str:
        value = str(_VALUES[found[1]] + _VALUES[found[2]] if found[1] else _VALUES[found[3]])
        return value if value in digits else found[0]

    return _SPELLED.sub(written, core)


def title_part(core: str) -> str:
    """Which part of a series a title says it is: "2" for "Part II", "" when it says none."""
    last = core[-2:]
    named = (last[:1] == " " and last[1:].isdigit()) or not _PARTS_HOLD.isdisjoint(core.split())
    match = _PART.search(core) if named else None
    if not match:
        return ""
    found = match[1] or match[2] or match[3]
    return _ROMAN.get(found, {"one": "1", "two": "2", "three": "3", "four": "4"}.get(found, found))
