"""Where an entry appeared: the kind of venue, the name of the journal or meeting, how like two names are."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from resift.dedupe.titles import fold, words

JOURNALS = 1 << 16
"""Names of journals whose reading is remembered."""


class Venue(IntEnum):
    """What kind of place an entry appeared in. Two known kinds are two reports, unless the name is one."""

    UNKNOWN = 0
    JOURNAL = 1
    MEETING = 2
    REPORT = 3  # technical report, thesis, manuscript
    PREPRINT = 4
    REGISTRY = 5  # trial registry


_JOURNAL_TAIL = re.compile(
    r"\.\s*conference(?: publication)?:.*$|\s*(?:\(|\[|=| : | :|: official|/).*$"
    r"|:\s*(?:the )?(?:official|a (?:publication|journal)|journal of)\b.*$"
)
_JOURNAL_STOP = frozenset(
    {
        *(
            "a",
            "an",
            "and",
            "de",
            "der",
            "del",
            "della",
            "des",
            "di",
            "die",
            "du",
            "e",
            "el",
            "en",
            "et",
            "for",
        ),
        *("fur", "i", "in", "la", "le", "les", "of", "och", "on", "the", "to", "und", "y"),
        *("supplement", "supplements", "suppl"),
    }
)
_REPORT = re.compile(
    r"\btech(?:nical)?\.? rep(?:ort)?|\bthesis\b|\bdissertation\b|manuscript|\bmemo(?:randum)?\b"
    r"|working paper|submitted"
)
_MEETING = re.compile(
    r"^(?:in )?['\"`]*(?:the )?(?:\d+\w* )?(?:annual )?"
    r"(?:proc\b|proceedings of|conference|congress|symposium|workshop|meeting|advances in neural)"
    r"|\b(?:19|20)\d\d proceedings\b"
    r"|\b(?:conf(?:erence)?|congress|symp(?:osium|os)?|workshop|colt|stoc|focs)\b"
)
_PREPRINT = re.compile(r"biorxiv|medrxiv|arxiv|\bssrn\b|preprint|research square|chemrxiv|psyarxiv|\bosf\b")
_BIORXIV_DOI = re.compile(r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8}")
"""Cold Spring Harbor's preprints; its journals (`10.1101/gr.1234`) share the prefix."""

_PREPRINT_DOIS = (
    "10.21203/",
    "10.2139/ssrn",
    "10.20944/preprints",
    "10.48550/",
    "10.26434/",
    "10.31234/",
)
_TYPES = {
    "inproceedings": Venue.MEETING,
    "conference": Venue.MEETING,
    "proceedings": Venue.MEETING,
    "techreport": Venue.REPORT,
    "phdthesis": Venue.REPORT,
    "mastersthesis": Venue.REPORT,
    "thesis": Venue.REPORT,
}
_VOLUME_IN_NAME = re.compile(r"[\s,](\d{1,4})(?:\s*\((\d{1,3})\))?[\s:,.]*$")


_REGISTRY = re.compile(
    r"clinicaltrials|clinical trials? regist|trialsearch|ictrp|isrctn|trial regist|drks|anzctr|chictr"
    r"|nct0\d+"
)


def read_venue(journal: str, entry_type: str, doi: str, publication_types: str) -> Venue:
    """The kind of venue, by its name, else by the type of the entry.

    A journal that names a meeting after itself ("Circulation. Conference: ...") is a journal.
    """
    named = _venue_by_name(journal)
    if named == Venue.PREPRINT or (
        doi.startswith(_PREPRINT_DOIS)
        or _BIORXIV_DOI.match(doi) is not None
        or "preprint" in publication_types.casefold()
    ):
        return Venue.PREPRINT
    if named != Venue.UNKNOWN:
        return named
    if entry_type in _TYPES:
        return _TYPES[entry_type]
    return Venue.JOURNAL if journal else Venue.UNKNOWN


@lru_cache(maxsize=JOURNALS)
def _venue_by_name(journal: str) -> Venue:
    """The kind of venue that a name says, UNKNOWN when it says none."""
    folded = journal.casefold()
    if _PREPRINT.search(folded):
        return Venue.PREPRINT
    if _REGISTRY.search(folded):
        return Venue.REGISTRY
    if _REPORT.search(folded) and not folded.startswith("dissertation"):
        return Venue.REPORT
    if names_meeting(journal):
        return Venue.JOURNAL
    return Venue.MEETING if _MEETING.search(folded) else Venue.UNKNOWN


_MEETING_NAMED = re.compile(r"\.\s*conference\b", re.IGNORECASE)


def names_meeting(journal: str) -> bool:
    """Whether a journal names a meeting after itself: "Blood. Conference: ...", also glued to the name."""
    return ("onf" in journal or "ONF" in journal) and _MEETING_NAMED.search(journal) is not None


_MEETING_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MEETING_NUMBER = re.compile(r"\b\d{1,3}(?:st|nd|rd|th)\b")


def meeting_numbers(journal: str) -> tuple[str, str]:
    """The year and the ordinal in the folded name of a meeting ("2010", "41st"), each "" unless said once."""
    found = (set(pattern.findall(journal)) for pattern in (_MEETING_YEAR, _MEETING_NUMBER))
    year, number = (held.pop() if len(held) == 1 else "" for held in found)
    return year, number


_SERIES = re.compile(r"([a-z]{2,8}) (?:19|20)\d\d(?: proceedings)?")


def meeting_series(journal: str) -> str:
    """The acronym of a meeting whose folded name says no more ("icis 2010 proceedings"), else ""."""
    match = _SERIES.fullmatch(journal)
    return match[1] if match else ""


def volume_in_name(journal: str) -> tuple[str, str]:
    """Volume and issue at the end of a journal's name, as in reference strings ("machine learning 5(2)")."""
    match = _VOLUME_IN_NAME.search(journal)
    if not match or match.start() < 8 or 1800 <= int(match[1]) <= 2100:
        return "", ""
    return match[1].lstrip("0"), (match[2] or "").lstrip("0")


class Citation(NamedTuple):
    """What Ovid writes into one field: journal (and meeting), volume, issue, pages, year; or ""."""

    journal: str
    volume: str
    issue: str
    pages: str
    year: str


_WHOLE_CITATION = re.compile(
    r"[.,]\s*(?:Conference Publication: ?\([^()]*\)[.,]?\s*)?"
    r"(?P<volume>\d{1,4}[A-Za-z]?(?:\s+Suppl\.? ?\d*)?)?\s*"
    r"(?:\((?P<issue>(?!pp?[ .])[^()]{0,40}(?:\([^()]*\))?[^()]{0,20})\))?\s*(?:\(\)\s*)?"
    r"(?:\(pp?\.? ?(?P<pages>[^()]*)\))?[\s,.]*(?P<year>(?:19|20)\d\d)?[\s.,]*"
    r"(?:(?:Article Number|Date of Publication|Conference Start).*)?$",
    re.IGNORECASE | re.DOTALL,
)


def split_citation(journal: str) -> Citation | None:
    """The parts of a citation that stands whole in the journal's field; None when it is a name alone.

    "Journal of Neurochemistry.108 (6) ()(pp 1423-1433) 2009.Date of Publication: 2009", as Ovid's
    source field reaches reference managers.
    """
    if "(pp" not in journal and "ate of Publication" not in journal:
        return None
    match = _WHOLE_CITATION.search(journal)
    if not match or match.start() < 3:
        return None
    return Citation(
        journal[: match.start()],
        match["volume"] or "",
        match["issue"] or "",
        match["pages"] or "",
        match["year"] or "",
    )


@lru_cache(maxsize=JOURNALS)
def read_journal(raw: str) -> str:
    """The words of a journal or proceedings title that abbreviation keeps, without its explanatory tail."""
    text = fold(raw).strip().removeprefix("in ").strip(" '\"")
    short = _JOURNAL_TAIL.sub("", text)
    return " ".join(w for w in words(short if len(short) >= 3 else text).split() if w not in _JOURNAL_STOP)


_EMPTY_WORDS = frozenset(
    [
        "j",
        "journal",
        "proceedings",
        "proc",
        "annual",
        "edition",
        "ed",
        "vol",
        "volume",
        "electronic",
        "resource",
    ]
)


def journal_likeness(one: str, two: str) -> float:
    """Likeness of two folded journal names, 0 to 100; -1 when one is "".

    Words count as the same when one begins the other in the same order (`am j physiol`, `american
    journal physiology`) or when a word is the initials of the other name (`bmj`). Words that only one
    name has count against it, so `circulation` is not `circulation research`.
    """
    if not one or not two:
        return -1.0
    if one == two:
        return 100.0
    a, b = one.split(), two.split()
    if len(a) > len(b):
        a, b = b, a
    if len(a) == 1 and len(b) > 1 and 2 <= len(a[0]) <= 8 and a[0] == "".join(w[0] for w in b):
        return 95.0
    a = [w for w in a if w not in _EMPTY_WORDS] or a
    b = [w for w in b if w not in _EMPTY_WORDS] or b
    if len(a) > len(b):
        a, b = b, a
    matched = _in_order(a, b)
    score = 100.0 * matched / (len(a) + len(b) - matched)
    if matched == len(a):
        score = max(score, 40.0)  # one name within the other: no sign of the same journal, nor of another
    behind = b[len(a) :]
    if behind and _SISTER.issuperset(behind) and _in_order(a, b[: len(a)]) == len(a):
        return min(score, 60.0)
    spelled = float(fuzz.ratio(one, two))
    return max(score, spelled) if spelled >= 88 and not _other_acronym(a, b) else score


def _other_acronym(a: list[str], b: list[str]) -> bool:
    """Whether two names of as many words differ in a word too short for a slip: ICIS and ECIS."""
    return len(a) == len(b) and any(
        x != y and max(len(x), len(y)) <= ACRONYM and not _abbreviates(x, y)
        for x, y in zip(a, b, strict=True)
    )


_SISTER_WORDS = """
advances bulletin case clinics communications global letters methods open protocols reports research reviews
series b c d
"""
_SISTER = frozenset(_SISTER_WORDS.split())
"""Words behind the name of a journal that make it another's: "Brain Research Protocols"."""

ACRONYM = 5
"""Words of names up to so many letters are other words when a letter differs."""


def _in_order(short: list[str], long: list[str]) -> int:
    """How many words of one name stand in the same order, abbreviated or not, in the other."""
    row = [0] * (len(long) + 1)
    for x in short:
        before = 0
        for n, y in enumerate(long, 1):
            kept = row[n]
            row[n] = before + 1 if _abbreviates(x, y) else max(row[n], row[n - 1])
            before = kept
    return row[-1]


def _abbreviates(x: str, y: str) -> bool:
    """Whether one word shortens the other: a beginning, or contracted as in "natl" for "national"."""
    if len(x) > len(y):
        x, y = y, x
    if x[0] != y[0]:
        return False
    if y.startswith(x):
        return True
    if len(x) < 3:
        return False
    place = 0
    for letter in x:
        place = y.find(letter, place) + 1
        if not place:
            return len(x) > 5 and fuzz.ratio(x, y) >= 85
    return True
