"""From the fields of one entry, as a platform writes them, to the values of a record.

Every reader of tags or columns brings its entry into the same neutral shape, `Found`, and what
a field means is settled here once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from resift.formats.notes import Notes
from resift.formats.people import is_body, people, person
from resift.text.dates import as_iso_date, as_year
from resift.text.fold import one_line
from resift.text.identifiers import as_doi, as_pmcid
from resift.text.languages import as_languages
from resift.text.pages import join_pages

# field -> the texts of one entry for it, each with the tag or column it stood in, best first; beside columns
# of a record: first_page, last_page, article_number, date, editors, notes, links, citation
Found = dict[str, list[tuple[str, str]]]

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|Mrz|Mai|Okt|Dez"
# What a spreadsheet makes of the pages 1-9 or 9-1: a day of September.
_MANGLED = re.compile(
    rf"(?i)\d{{1,2}}\.?[-\s/](?:{_MONTHS})(?:[-\s/]\d{{2,4}})?|(?:{_MONTHS})\.?[-\s/]\d{{2,4}}"
    r"|\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?"
)
_NUMBERED = re.compile(
    r"(?i)^(?:PMID|PubMed\s*(?:PM)?ID|PubMed|MEDLINE|PM|NLM|P)?\s*[:=#]?\s*(?:NLM)?0*([1-9]\d{0,7})(?:\.0+)?\.?$"
)
_PUBMED_LINK = re.compile(
    r"(?i)^https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed"
    r"|(?:www\.)?pubmed\.gov|europepmc\.org/(?:article|abstract)/med)/(?:\?term=)?0*([1-9]\d{0,7})"
    r"(?:[/?#&]\S*)?$"
)
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3}){1,2}(?!\d)")
_ABSENT = re.compile(
    r"(?i)\[?\s*(?:no abstract(?: is)? available|abstract not available|n/?a|none|null|nan)\.?\s*\]?"
)


def pmids_in(text: str) -> list[str]:
    """The PMIDs of a field that is known to hold them: numbers, floats, links, labelled, several."""
    text = _THOUSANDS.sub(lambda found: found.group().replace(",", ""), text.strip())
    if re.search(r"\dE[+-]?\d", text, re.I):
        return []  # a spreadsheet's 3.1E+07: the last digits are gone
    found = []
    for part in re.split(r"[;,|\s]\s*(?=\d|https?:|PMID|PubMed)", text) if text else []:
        match = _NUMBERED.match(part.strip(" ;,[]()\"'")) or _PUBMED_LINK.match(part.strip())
        if match:
            found.append(match.group(1))
    return list(dict.fromkeys(found))


def pubmed_link(text: str) -> str:
    """The PMID of a link to one record of PubMed (or of its copy in Europe PMC), else ""."""
    found = _PUBMED_LINK.match(text.strip())
    return found.group(1) if found else ""


def build(found: Found, notes: Notes, *, place: str) -> dict[str, Any]:
    """The values of a `Record` but its ids. `place` names the entry in what is told of it (`line 12`)."""

    def first(name: str, read: Callable[[str], str] = one_line) -> str:
        for text, origin in found.get(name) or ():
            if value := read(text):
                notes.took(name, origin)
                return value
        return ""

    def every(name: str, read: Callable[[str], Sequence[str]]) -> tuple[str, ...]:
        if not found.get(name):
            return ()
        values: list[str] = []
        for text, origin in found[name]:
            if texts := [value for value in read(text) if value]:
                notes.took(name, origin)
                values += texts
        return tuple(dict.fromkeys(values))

    persons, bodies = _persons(found, notes)
    year = _year(found, notes)
    journal = first("journal")
    values: dict[str, Any] = {
        "type": next((text for text, _ in found.get("type", ())), "article"),
        "pmid": _pmid(found, notes, place),
        "doi": _doi(found, notes),
        "pmcid": first("pmcid", as_pmcid),
        "title": first("title"),
        "vernacular_title": first("vernacular_title"),
        "abstract": _abstract(found, notes),
        "authors": persons,
        "collective_authors": (*bodies, *every("collective_authors", _items)),
        "journal": journal,
        "journal_abbreviation": next(
            (
                name
                for text, _ in found.get("journal_abbreviation", ())
                if (name := one_line(text)) and name != journal
            ),
            "",
        ),
        "issn": first("issn", _issn),
        "year": year,
        "print_date": _date(found, year),
        "volume": first("volume", _number),
        "issue": first("issue", _number),
        "pages": _pages(found, notes, place),
        "languages": every("languages", as_languages),
        "publication_types": every("publication_types", _items),
        "mesh": every("mesh", _items),
        "keywords": every("keywords", lambda text: [word.strip(" *") for word in _items(text)]),
        "affiliations": every("affiliations", lambda text: [one_line(text)]),
        "registries": every("registries", lambda text: re.findall(r"\b[A-Z]{2,8}[-\d]{6,}\w*\b", text)),
    }
    _from_citation(found, values, notes)
    return values


def _year(found: Found, notes: Notes) -> int | None:
    for text, origin in found.get("year", ()):
        if year := as_year(text):
            notes.took("year", origin)
            return year
    return None


def _items(text: str) -> list[str]:
    return [one_line(item) for item in re.split(r"[;|\n]", text) if item.strip()]


def _issn(text: str) -> str:
    found = re.search(r"\b(\d{4})-?(\d{3}[\dXx])\b", text)
    return f"{found.group(1)}-{found.group(2).upper()}" if found else ""


def _number(text: str) -> str:
    """A volume or issue; a spreadsheet's `12.0` is 12."""
    text = one_line(text)
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def _abstract(found: Found, notes: Notes) -> str:
    texts = [(t, origin) for t, origin in found.get("abstract", ()) if t and not _ABSENT.fullmatch(t)]
    if not texts:
        return ""
    text, origin = max(texts, key=lambda pair: len(pair[0]))
    notes.took("abstract", origin)
    return text


def _persons(found: Found, notes: Notes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    persons: list[str] = []
    bodies: list[str] = []
    names = found.get("authors") or found.get("editors") or []
    origins: list[str] = []
    for name, origin in names:
        name = one_line(name)
        if name.endswith(",") or is_body(name):
            bodies.append(name.rstrip(" ,"))
        elif ";" in name:
            persons += people(name)
        elif (read := person(name)) and read.lower() not in ("et al", "others", "al et", "anonymous"):
            persons.append(read)
        origins.append(origin)
    for origin in dict.fromkeys(origins):
        notes.took("authors", origin)
    return tuple(persons), tuple(dict.fromkeys(bodies))


def _pmid(found: Found, notes: Notes, place: str) -> str:
    """The PMID of the first field that holds one; several different ones are told."""
    seen: dict[str, str] = {}
    for text, origin in found.get("pmid", ()):
        for pmid in pmids_in(text):
            seen.setdefault(pmid, origin)
    links = {pmid: origin for text, origin in found.get("links", ()) if (pmid := pubmed_link(text))}
    if not seen:
        if len(links) > 1:
            notes.doubt("links to several records of PubMed, so no PMID was taken", place)
            return ""
        seen = links
    elif links and not set(links) & set(seen):
        notes.doubt("the PMID and the link to PubMed differ; the PMID was taken", place)
    if not seen:
        return ""
    if len(seen) > 1:
        notes.doubt("several PMIDs in one entry; the first was taken", f"{place} ({', '.join(seen)})")
    pmid, origin = next(iter(seen.items()))
    notes.took("pmid", origin)
    return pmid


def _doi(found: Found, notes: Notes) -> str:
    for text, origin in (*found.get("doi", ()), *found.get("links", ())):
        if doi := as_doi(text):
            notes.took("doi", origin)
            return doi
    return ""


def _date(found: Found, year: int | None) -> str:
    """The most precise date; a day without its year (Web of Science: `SEP 22`) takes the entry's."""
    dates = []
    for text, _ in (*found.get("date", ()), *found.get("year", ())):
        if as_year(text) is None and year and re.search(r"[A-Za-z]{3}", text):
            text = f"{text} {year}"
        dates.append(as_iso_date(text))
    return max(dates, key=len, default="")


def _pages(found: Found, notes: Notes, place: str) -> str:
    def text_of(name: str) -> tuple[str, str]:
        for text, origin in found.get(name, ()):
            text = _number(text)
            if text and _MANGLED.fullmatch(text):
                notes.doubt(
                    "pages that a spreadsheet made a date, left empty",
                    f"{place} ({text}: which way round cannot be told)",
                )
                continue
            if text and text.lower() not in ("n/a", "na", "no pagination", "-", "no-no", "n/a-n/a"):
                return text, origin
        return "", ""

    whole, origin = text_of("pages")
    if not whole:
        (first, origin), (last, _) = text_of("first_page"), text_of("last_page")
        whole = join_pages(first, last)
    if not whole:
        whole, origin = text_of("article_number")
    if whole:
        notes.took("pages", origin)
    return re.sub(r"^(?:pp?\.|pages?)\s*(?=\w)", "", whole, flags=re.I).replace("–", "-")


def is_article_number(pages: str) -> bool:
    """True for a number that stands for a whole article (`e34567`, `103640`), not for its first page."""
    return bool(re.fullmatch(r"[A-Za-z]{1,4}-?\d{2,}|\d{5,}", pages.strip()))


# `Eur J Med Genet. 2020 Feb;63(2):103640. doi: ...`: PubMed's citation, in its CSV and its text formats
_CITATION = re.compile(
    r"^(?P<journal>.+?)\.\s+(?P<date>(?:1[5-9]|20)\d\d[^;:]*?)"
    r"(?:;\s*(?P<volume>[^():;]*?)\s*(?:\((?P<issue>[^()]+)\))?\s*(?::\s*(?P<pages>[^;]+?(?:;\s*discussion[^.]*)?))?)?"
    r"\.(?:\s|$)"
)


def citation_parts(citation: str) -> dict[str, str]:
    """Journal, date, volume, issue and pages of a citation as PubMed writes it; {} for any other text."""
    found = _CITATION.match(one_line(citation))
    return {name: part.strip() for name, part in found.groupdict().items() if part} if found else {}


def _from_citation(found: Found, values: dict[str, Any], notes: Notes) -> None:
    for text, origin in found.get("citation", ()):
        parts = citation_parts(text)
        for name in ("journal", "volume", "issue", "pages"):
            if name in parts and not values[name]:
                values[name] = parts[name]
                notes.took(name, origin)
        if "date" in parts:
            date = as_iso_date(parts["date"])
            if values["year"] is None:
                values["year"] = as_year(parts["date"])
                notes.took("year", origin)
            if len(date) > len(values["print_date"]):
                values["print_date"] = date
