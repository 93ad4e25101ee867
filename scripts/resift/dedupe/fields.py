"""One field of one entry, as databases write it, read into the form in which it is compared."""

from __future__ import annotations

import re
from typing import NamedTuple

from resift.dedupe.titles import fold, words
from resift.text.dates import MONTH, as_year
from resift.text.identifiers import as_pmid, doi_key, pmid_in_url


class Pages(NamedTuple):
    """First and last page with their letters ("h384", "h391"), leading zeros dropped; "" when not said."""

    start: str
    end: str


class Place(NamedTuple):
    """Volume, issue and number of the supplement; `supplement` is true when any of them says it is one."""

    volume: str
    issue: str
    part: str
    supplement: bool


_SPREADSHEET_DATE = re.compile(rf"\d{{1,2}}-(?:{MONTH})|(?:{MONTH})-\d{{1,2}}", re.IGNORECASE)
_PAGE = re.compile(r"([a-z]{0,3})\.?[/\-]?0*(\d+)([a-z]{0,2})\b")
_PLAIN_PAGES = re.compile(r"([1-9][0-9]*)(?:--?([1-9][0-9]*))?")
_PAGE_RANGE = re.compile(
    r"(?:^|[^a-z0-9])(?P<p1>[a-z]{0,4})[/]?0*(?P<start>\d+)(?P<s1>[a-z]?)(?:\.e?\d+)?"
    r"(?:\s*-+\s*(?P<p2>[a-z]{0,4})[/]?0*(?P<end>\d+)(?P<s2>[a-z]?))?"
)
_ROMAN_PAGES = re.compile(r"(?:pp?\.?\s*|art\. no\. )?([ivxlc]+)(?:\s*-+\s*([ivxlc]+))?(?:-\+)?[.,\s]*")
_PAGE_COUNT = re.compile(
    r"\d+\s*p(?:p|ages)?\.?|[xvil]+, \d+(?:\s*p\.?)?"
)  # how long a book is: "215 p", "xiii, 351"
_PROCEEDINGS_PAGE = re.compile(r"\d+P")  # "49P" of the Journal of Physiology
_SUPPLEMENT_PAGES = re.compile(r"s\d{1,2}[-:.](\d+)\s*-+\s*s\d{1,2}[-:.](\d+)")  # "S4-76-S4-101"
_CUT_RANGE = re.compile(
    r"(?:t|suppl?\.?)-\d"
)  # Ovid's "Pt-20", "Suppl-12": what is left of "314-20", "S109-12"
_SUPPLEMENT = re.compile(
    r"s(?:u?p(?:p?l)?\w*)\.?\b|spec(?:ial)?\.? (?:no|issue)|meeting\s?abstract", re.IGNORECASE
)
_SHORT_SUPPLEMENT = re.compile(r"\b[sS](?=\d{1,2}$)")  # "9 s2"
_CUT_VOLUME = re.compile(r"\s*\d{1,2}\)\s*")  # what is left of "59 (Suppl 1)"
_TAIL_OF_JOURNAL = re.compile(r"[^()]*\)\W*(?=\d)")  # "(Jamesburg, N.J. : 1995). 25" cut at the colon
_VOLUME_BEFORE_PAGES = re.compile(r"\s*(\d{1,3})\s*,\s*(?=\d+\s*-+\s*\d+[\s.,]*$)")
_NUMBER = re.compile(r"\d+")
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_ISSN_DOI = re.compile(r"10\.\d+/\(?(?:issn|isbn)?\)?[\d\-x]{0,9}")  # a journal's DOI, not an article's
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}/[A-Za-z0-9._/-]*[A-Za-z0-9]")  # nothing to take off
_REGISTRY = re.compile(
    r"\b(?:NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|ChiCTR[-A-Z]*\d{8,10}|EUCTR\d{4}-\d{6}-\d{2}|DRKS\d{8}|UMIN\d{9}"
    r"|CTRI/\d{4}/\d{2,3}/\d{6}|IRCT\w{12,18}|JPRN-\w+|NTR\d{2,5}|KCT\d{7}|PACTR\d{12,15}|20\d{2}-00\d{4}-\d{2})\b"
)
REGISTRY_HOLDS = re.compile(r"[CNJUD-](?:T|TR|PRN|MIN|RKS|00)")
"""Stands in every number of a registry, and is found several times as quickly."""
_COCHRANE = re.compile(r"\bcd(\d{6})\b", re.IGNORECASE)
_AUTHOR_SPLIT = re.compile(r"\s*;\s*|\s+and\s+|\s*&\s*|\s*\n\s*|\|")
# Patterns that begin with a capital are found where there is one; what stands before it is looked at then.
_RUN_TOGETHER = re.compile(
    r"[A-ZÀ-Þ](?<=[a-z.].)(?=[\w' -]*?[a-zà-ÿ'])"
    r"(?<!\bMc.)(?<!\bMac.)(?<!\bDe.)(?<!\bDi.)(?<!\bLa.)(?<!\bLe.)(?<!\bVan.)"
)
_GLUED_INITIALS = re.compile(
    r"(?<=[a-zß-ÿ])(?<!\bMc)(?<!\bMac)(?=(?:[A-ZÀ-Þ]\.[ -]?)+(?:$|[\n;,A-ZÀ-Þ]))"
)  # "MoorA."
_BARE_INITIALS = re.compile(r"(?<=[A-Z])(?=[A-Z][a-zà-ÿ']+(?: [A-Z]|$))")  # "Fohr CPascoe DWilliams HC"
HOLDS = {
    _AUTHOR_SPLIT: re.compile(r"[;&|\na](?:(?<!a)|nd)"),
    _GLUED_INITIALS: re.compile(r"[A-ZÀ-Þ](?<=[a-zß-ÿ].)\."),
    _BARE_INITIALS: re.compile(r"[A-Z][A-Z][a-zà-ÿ']"),
}
"""What stands around every place that an expression finds, and is found several times as quickly."""
_FAMILY_INITIALS = re.compile(r"[^,]*[^\W\d_]{2}\s[A-ZÀ-Þ]{1,3},")  # "Garey LJ, Vital-Durand F"
_FAMILY_COMMA_INITIALS = re.compile(
    r"[^,]+,\s*(?:[A-ZÀ-Þ]{1,4}|(?:[^\W\d_](?:\.|\b)[\s-]?){1,4})"
    r"(?:\s?(?:van|von|de|der|den|la|di|da|el|ter)\b)*,"
)  # "Foray, J., Lanoye, P.", but not "Edmond KV, Oh JS"
_INITIALS = re.compile(r"[A-ZÀ-Þ](?<=[^\n;][ ,.-].)[A-ZÀ-Þ]{0,2}(?=[ ,.\n-]|$)")
_SEVERAL_INITIALS = re.compile(r"[A-Z](?<=[^\n;][ ,.-].)[A-Z]{1,2}(?=[ ,.\n-]|$)")
_ONLY_INITIALS = re.compile(r"[A-ZÀ-Þ]{1,3}|(?:[^\W\d_]\.?-?){1,3}(?<=\.)|[^\W\d_]")
_NOT_A_NAME = frozenset(
    [
        "al",
        "and",
        "da",
        "de",
        "del",
        "dela",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "et",
        "ii",
        "iii",
        "jr",
        "la",
        "le",
        "md",
        "phd",
        "sr",
        "ten",
        "ter",
        "the",
        "van",
        "vande",
        "vander",
        "von",
        "zu",
    ]
)
_NOBODY = re.compile(
    r"\s*(?:anonymous|anon|\[?no authors? (?:listed|indicated)\]?|unknown|nct|na|n/a)[\s.,]*",
    re.IGNORECASE,
)
_ABSTRACT_LABEL = re.compile(
    r"^(?:\W|copyright.{0,60}?\.\s|abstract|background|introduction|objectives?|aims?|purpose|context"
    r"|study question|summary|question|rationale|importance|the aim of (?:this|the) study|and)+(?=\W)"
    r"[\s:.,\-/]*"
)


def read_doi(raw: str) -> str:
    """A DOI without resolver, encoding and trailing punctuation, in lower case; "" when it is none."""
    if not raw:
        return ""
    doi = raw.lower() if _PLAIN_DOI.fullmatch(raw) else doi_key(raw)
    return "" if _ISSN_DOI.fullmatch(doi) else doi


def read_pmid(raw: str, url: str) -> str:
    """A PMID from its own field, else from a link to the record in PubMed."""
    return (as_pmid(raw) if raw else "") or (pmid_in_url(url) if url else "")


def read_review_number(doi: str, *texts: str) -> str:
    """The number of a Cochrane review ("cd001869"), which all its updates share."""
    for text in (doi, *texts):
        if ("cd" in text or "CD" in text or "Cd" in text) and (match := _COCHRANE.search(text)):
            return "cd" + match[1]
    return ""


def read_registry(*texts: str) -> str:
    """The trial registration number when the texts name exactly one, in lower case."""
    found = {
        number.lower() for text in texts if REGISTRY_HOLDS.search(text) for number in _REGISTRY.findall(text)
    }
    return found.pop() if len(found) == 1 else ""


def read_pages(raw: str) -> Pages:
    """First and last page: "139-54" is 139 and 154, "H384-91" is h384 and h391, "pp. 282 - 293" 282 and 293.

    What a spreadsheet made of a range ("01-Aug") and the tail of a cut one ("t-20") say nothing.
    """
    if not raw:
        return Pages("", "")
    if plain := _PLAIN_PAGES.fullmatch(raw):
        return Pages(plain[1], _in_full(plain[1], plain[2] or ""))
    text = fold(raw).strip()
    if (
        _SPREADSHEET_DATE.fullmatch(text)
        or (_PAGE_COUNT.fullmatch(text) and not _PROCEEDINGS_PAGE.fullmatch(raw))
        or _CUT_RANGE.match(text)
        or "pagination" in text
    ):
        return Pages("", "")
    match = _PAGE_RANGE.search(_SUPPLEMENT_PAGES.sub(r"s\1-s\2", text) if text[:1] == "s" else text)
    if not match:
        roman = _ROMAN_PAGES.fullmatch(text)
        first, last = roman.groups("") if roman else ("", "")
        return Pages(*(page and f"r{roman_number(page)}" for page in (first, last)))
    prefix = match["p1"] if match["p1"] not in ("p", "pp", "t", "page") else ""
    start = match["start"]
    end = _in_full(start, match["end"] or "")
    suffix = match["s1"] if match["s1"] != "p" else ""
    return Pages(prefix + start + suffix, (prefix + end) if end else "")


def _in_full(start: str, end: str) -> str:
    """The last page of "139-54": 154."""
    return start[: len(start) - len(end)] + end if end and len(end) < len(start) else end


_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def roman_number(text: str) -> int:
    """The value of a Roman number in small letters: "xiv" is 14."""
    values = [_ROMAN[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def put_right(volume: str, number: str, pages: str) -> tuple[str, str, str]:
    """Volume, issue and pages with what an import put into the wrong one of them taken to its place.

    Ovid's "10 (7) (no pagination)" reaches EndNote with the article number where the issue belongs;
    "9 (pp 123)" and "22, 807-837" hold page or volume beside their own.
    """
    if "pagination" in volume:
        if number and not _SUPPLEMENT.search(number) and (volume.count("(") > 1 or len(number) > 2):
            return volume, "", pages or number
    elif not pages and "(p" in volume:
        return volume, number, volume.partition("(p")[2].lstrip("p. ").rstrip(")")
    if not volume and "," in pages and (match := _VOLUME_BEFORE_PAGES.match(pages)):
        return match[1], number, pages[match.end() :]
    return volume, number, pages


def read_place(volume: str, number: str, pages: str) -> Place:
    """Volume and issue from where databases put them: "55 (10 SUPPL 1)", "85 Suppl 6", "110 (1)"."""
    if volume.isdigit() and (number.isdigit() or not number):
        return Place(volume.lstrip("0"), number.lstrip("0"), "", pages[:1] in ("S", "s"))
    volume = _TAIL_OF_JOURNAL.sub("", volume) if ")" in volume else volume
    volume, number = (_SHORT_SUPPLEMENT.sub("Suppl ", text) for text in (volume, number))
    supplement = bool(_SUPPLEMENT.search(volume) or _SUPPLEMENT.search(number)) or pages[:1] in ("S", "s")
    if volume.isdigit() and (number.isdigit() or not number):
        return Place(volume.lstrip("0"), number.lstrip("0"), "", supplement)
    issue = "" if _SPREADSHEET_DATE.fullmatch(number.strip()) else number
    if not issue and (inside := _PARENTHESIS.search(volume)) and "pagination" not in inside[1]:
        issue = "" if inside[1].startswith("p") else inside[1]  # "9 (pp 123)" names the page
    outside = _PARENTHESIS.sub(" ", volume)
    if _CUT_VOLUME.fullmatch(outside):
        number = issue.lstrip("0") if issue.isdigit() else ""
        return Place(outside.strip().lstrip("0"), number, "", supplement=True)
    if cut := _SUPPLEMENT.search(outside):
        issue = issue or outside[cut.start() :]
        outside = outside[: cut.start()]
    if ":" in outside:
        before, _, after = outside.partition(":")
        outside, issue = (before, issue or after) if before.strip().isdigit() else (after, issue)
    numbers = _NUMBER.findall(outside)
    found = (numbers[0] if outside.lstrip()[:1].isdigit() else numbers[-1]) if numbers else ""
    if len(issue) > 30:
        issue = ""
    part = ""
    if cut := _SUPPLEMENT.search(issue):
        named = _NUMBER.findall(issue[cut.start() :])
        part = "s" + (named[0].lstrip("0") if named else "")
        issue = issue[: cut.start()]
    ordinal = _NUMBER.findall(issue)
    return Place(found.lstrip("0"), ordinal[0].lstrip("0") if ordinal else "", part, supplement)


def read_issn(raw: str) -> str:
    """The ISSNs of a field, sorted, separated by spaces."""
    return " ".join(sorted({m.upper().replace("-", "") for m in re.findall(r"\b\d{4}-?\d{3}[\dXx]\b", raw)}))


def read_year(raw: str) -> int:
    """The first year from 1500 to 2099 in a text, 0 when there is none."""
    return as_year(raw) or 0


def read_authors(raw: str) -> tuple[str, str]:
    """The first author's family name and the names of all, folded, without initials and particles.

    Takes "Family, Given and ...", "Family GH; ...", "g. family and ...", and strings run together
    ("Dickson E. W.Ludwig P. S."). Given names stay in the second value, since which of two names is
    the family name is not always known: compare by what two entries share.
    """
    if not raw or _NOBODY.fullmatch(raw):
        return "", ""
    people = _put("\n", _AUTHOR_SPLIT, _put(" ", _GLUED_INITIALS, raw))
    if "\n" not in people:
        if "," not in people:
            people = _put("\n", _BARE_INITIALS, _RUN_TOGETHER.sub(_on_a_new_line, people))
        elif _FAMILY_INITIALS.match(people) or (
            people.count(",") >= 2 and not _FAMILY_COMMA_INITIALS.match(people)
        ):
            people = people.replace(",", "\n")
    first = _family(people.lstrip().partition("\n")[0])
    # One letter is no name, unless it is folded into two (Æ, Þ).
    full = (_SEVERAL_INITIALS if people.isascii() else _INITIALS).sub(" ", people)
    names = [name for name in dict.fromkeys(words(fold(full)).split()) if len(name) > 1]
    kept = [name for name in names if name not in _NOT_A_NAME] or names  # "Du M" has no other name
    return first or (kept[0] if kept else ""), " ".join(kept)


def _put(between: str, places: re.Pattern[str], people: str) -> str:
    return places.sub(between, people) if HOLDS[places].search(people) else people


def _on_a_new_line(found: re.Match[str]) -> str:
    return "\n" + found[0]


def _family(person: str) -> str:
    """The family name of one author, folded, its last word when it has several."""
    before, comma, _ = person.partition(",")
    if not comma:
        parts = person.split()
        if len(parts) > 1:
            if _ONLY_INITIALS.fullmatch(parts[-1]):
                before = " ".join(part for part in parts if not _ONLY_INITIALS.fullmatch(part))
            else:
                given = _ONLY_INITIALS.fullmatch(parts[0]) or person.islower()
                before = parts[-1] if given else parts[0]
    name = words(fold(before)).split()
    named = [word for word in name if len(word) > 1 and word not in _NOT_A_NAME] or name
    return named[-1] if named else ""


def read_abstract(raw: str) -> str:
    """The first 160 letters of an abstract after its label, folded, without spaces; "" under 40 letters."""
    if len(raw) < 60:
        return ""
    text = fold(raw[:420]).lstrip()
    match = _ABSTRACT_LABEL.match(text)
    letters = "".join(words(text[match.end() :] if match else text).split())
    return letters[:160] if len(letters) >= 40 else ""
