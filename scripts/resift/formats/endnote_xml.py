"""EndNote XML (File > Export > XML; also written by Zotero, Ovid and Rayyan): read by lxml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from resift.errors import FormatError
from resift.formats import fields
from resift.formats.entry import Entry

if TYPE_CHECKING:
    from lxml.etree import _Element

_TYPES = {
    "journal article": "article", "electronic article": "article", "magazine article": "article",
    "newspaper article": "article", "book": "book", "edited book": "book", "electronic book": "book",
    "book section": "chapter", "electronic book section": "chapter", "conference proceedings": "conference",
    "conference paper": "conference", "thesis": "thesis", "report": "report",
    "unpublished work": "unpublished", "web page": "web",
}  # fmt: skip
# The same by EndNote's number, where the name is missing or translated.
_TYPE_NUMBERS = {17: "article", 6: "book", 5: "chapter", 10: "conference", 47: "conference", 32: "thesis"}


def read(text: str, *, where: str) -> list[Entry]:
    """The entries of an EndNote XML file. Raises FormatError with the line where the XML breaks."""
    from lxml import etree

    # The declaration may name another encoding than the text that was decoded from it.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(
            f"the XML breaks ({error.msg})",
            where=f"{where}, line {error.lineno}",
            fix="the file may be cut off or damaged; export it again",
        ) from None
    records = [record for records in root.iter("records") for record in records.findall("record")]
    declared = len(re.findall(r"<record[\s>]", text))
    if len(records) != declared:
        raise FormatError(
            f"has {declared} record elements but {len(records)} inside `records`",
            where=where,
            fix="export the file again",
        )
    if not records:
        raise FormatError("holds no records", where=where, fix="select references before exporting")
    return [_entry(record) for record in records]


def _text(element: _Element | None) -> str:
    """All text below an element: EndNote wraps every run of one style in a `style` element."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""


def _entry(record: _Element) -> Entry:
    def first(*paths: str) -> str:
        return next((found for path in paths if (found := _text(record.find(path)).strip())), "")

    kind_element = record.find("ref-type")
    kind = "other"
    if kind_element is not None:
        number = _text(kind_element).strip()
        kind = _TYPES.get(kind_element.get("name", "").lower(), "") or (
            _TYPE_NUMBERS.get(int(number), "other") if number.isdigit() else "other"
        )
    people, groups = [], []
    authors = record.findall("contributors/authors/author") or record.findall(
        "contributors/secondary-authors/author"
    )
    for author in authors:
        name = fields.one_line(_text(author))
        if name.endswith(","):
            groups.append(name.rstrip(" ,"))
        elif name:
            people.append(fields.as_author(name))
    accession = first("accession-num")
    database = first("remote-database-name") + " " + first("remote-database-provider")
    urls = " ".join(_text(url) for url in record.iter("url"))
    pubmed_url = re.search(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/(\d{1,8})", urls)
    pmid = ""
    if re.search(r"(?i)pubmed|medline|\bNLM\b", database) or not database.strip():
        pmid = fields.as_pmid(accession)
    pmid = pmid or (pubmed_url.group(1) if pubmed_url else "")
    for hiding in ("custom7", "notes", "custom5", "custom1", "label"):
        if not pmid and (found := re.search(r"(?i)PMID:?\s*(\d{1,8})\b", first(hiding))):
            pmid = found.group(1)
    year = first("dates/year")
    published = first("dates/pub-dates/date")
    values: dict[str, Any] = {
        "type": kind,
        "pmid": pmid,
        "doi": fields.as_doi(first("electronic-resource-num")) or fields.as_doi(urls),
        "pmcid": fields.as_pmcid(first("custom2")),
        "title": fields.one_line(first("titles/title")),
        "vernacular_title": fields.one_line(first("titles/translated-title", "orig-pub")),
        "abstract": first("abstract"),
        "authors": tuple(people),
        "collective_authors": tuple(groups),
        "journal": fields.one_line(first("periodical/full-title", "titles/secondary-title")),
        "journal_abbreviation": fields.one_line(
            first("periodical/abbr-1", "titles/alt-title", "alt-periodical/abbr-1")
        ),
        "issn": re.split(r"[;,\s]", first("isbn"))[0],
        "year": fields.as_year(year) or fields.as_year(published),
        "print_date": fields.as_iso_date(
            f"{published} {year}" if published and not fields.as_year(published) else published or year
        ),
        "volume": first("volume"),
        "issue": first("number"),
        "pages": fields.one_line(first("pages", "custom7")),
        "languages": fields.as_languages(first("language")),
        "publication_types": tuple(filter(None, [first("work-type")])),
        "keywords": tuple(
            word for k in record.findall("keywords/keyword") if (word := fields.one_line(_text(k)))
        ),
        "affiliations": tuple(filter(None, [fields.one_line(first("auth-address"))])),
    }
    # EndNote's own numbers (rec-number, foreign-keys) count within one library: places, not names.
    raw = [
        [child.tag, fields.one_line(_text(child))]
        for child in record
        if isinstance(child.tag, str)
        and child.tag not in ("rec-number", "foreign-keys", "database", "source-app")
    ]
    return Entry(
        values=values,
        raw=raw,
        accession="" if accession == pmid else accession,
        line=int(cast("int | None", record.sourceline) or 0),
    )
