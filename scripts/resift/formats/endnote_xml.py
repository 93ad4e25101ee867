"""EndNote XML (File > Export > XML; also written by Zotero, Ovid and Rayyan): read by lxml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from resift.errors import FormatError
from resift.formats.build import Found, build
from resift.formats.entry import Entry
from resift.formats.notes import Notes
from resift.text.fold import one_line

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


def read(text: str, *, where: str, notes: Notes) -> Iterator[Entry]:
    """The entries of an EndNote XML file. Raises FormatError with the line where the XML breaks."""
    from lxml import etree

    from resift.safe_xml import xml_parser

    # The declaration may name another encoding than the text that was decoded from it.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    parser = xml_parser(huge_tree=True, remove_comments=True)
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
    for record in records:
        notes.platforms[_platform(record)] += 1
        yield _entry(record, notes)


def _platform(record: _Element) -> str:
    application = record.find("source-app")
    return application.get("name", "") or "EndNote" if application is not None else "EndNote"


def _text(element: _Element | None) -> str:
    """All text below an element: EndNote wraps every run of one style in a `style` element."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""


# field of `Found` -> paths in EndNote's XML, in order of trust
_PATHS = {
    "title": ("titles/title",),
    "vernacular_title": ("titles/translated-title", "orig-pub"),
    "abstract": ("abstract",),
    "journal": ("periodical/full-title", "titles/secondary-title"),
    "journal_abbreviation": ("periodical/abbr-1", "titles/alt-title", "alt-periodical/abbr-1"),
    "issn": ("isbn",),
    "year": ("dates/year", "dates/pub-dates/date"),
    "date": ("dates/pub-dates/date",),
    "volume": ("volume",),
    "issue": ("number",),
    "pages": ("pages",),
    "article_number": ("custom7",),
    "doi": ("electronic-resource-num",),
    "pmcid": ("custom2",),
    "languages": ("language",),
    "publication_types": ("work-type",),
    "affiliations": ("auth-address",),
}
_MEDLINE = re.compile(r"(?i)pubmed(?! central)|\bmedline|\bNLM\b")


def _entry(record: _Element, notes: Notes) -> Entry:
    def first(*paths: str) -> str:
        return next((found for path in paths if (found := _text(record.find(path)).strip())), "")

    kind_element = record.find("ref-type")
    kind = "other"
    if kind_element is not None:
        number = _text(kind_element).strip()
        kind = _TYPES.get(kind_element.get("name", "").lower(), "") or (
            _TYPE_NUMBERS.get(int(number), "other") if number.isdecimal() and len(number) < 4 else "other"
        )
    found: Found = {
        name: [
            (text, path) for path in paths for node in record.findall(path) if (text := _text(node).strip())
        ]
        for name, paths in _PATHS.items()
    }
    found["type"] = [(kind, "ref-type")]
    for name, path in (("authors", "authors"), ("editors", "secondary-authors")):
        found[name] = [
            (_text(author), f"contributors/{path}")
            for author in record.findall(f"contributors/{path}/author")
        ]
    found["keywords"] = [(_text(k), "keywords") for k in record.findall("keywords/keyword")]
    found["links"] = [(_text(url).strip(), "urls") for url in record.iter("url")]
    accession = first("accession-num")
    database = first("remote-database-name") + " " + first("remote-database-provider")
    # The accession number is that of the database named; EndNote's own filters always name it.
    numbered = _MEDLINE.search(database) and not re.search(r"(?i)embase|scopus|cinahl|psyc", database)
    found["pmid"] = [(accession, "accession-num")] if accession and numbered else []
    for path in ("custom7", "notes", "custom5", "custom1", "label", "research-notes", "accession-num"):
        for line in first(path).split("\n"):
            if labelled := re.fullmatch(r"(?i)\s*PMID\s*[:=]?\s*(\d{1,8})\.?\s*", line):
                found["pmid"].append((labelled.group(1), path))
    values = build(found, notes, place=f"line {record.sourceline}")
    pmid = values["pmid"]
    known = {path.split("/")[0] for paths in _PATHS.values() for path in paths} | {
        "contributors", "keywords", "urls", "ref-type", "accession-num", "remote-database-name",
        "remote-database-provider", "rec-number", "foreign-keys", "database", "source-app",
    }  # fmt: skip
    for tag in {str(child.tag) for child in record if isinstance(child.tag, str)} - known:
        notes.unused[tag] += 1
    # EndNote's own numbers (rec-number, foreign-keys) count within one library: places, not names.
    raw = [
        [child.tag, one_line(_text(child))]
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
