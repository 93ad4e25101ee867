"""Records from PubMed XML: one element in, one `Record` out.

Each element is parsed alone by lxml and walked once with a switch on the tag names of NLM's DTD
(https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd). Only children at their own path are read:
an ArticleId inside a ReferenceList belongs to the paper cited, not to the paper citing. Text is all
descendant text, so inline markup (`i`, `sub`, MathML) leaves its letters behind.

No DTD, entity or address is ever loaded: the DOCTYPE does not reach the parser (see `elements`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from resift.errors import FormatError
from resift.pubmed.elements import Element, ElementKind, read_elements, split_set
from resift.pubmed.xml_parts import (
    ARTICLE,
    BOOK_ARTICLE,
    LISTS,
    Cites,
    Found,
    check_pmid,
    text_of,
    tree,
    walk,
)
from resift.records import Record, Reference, sha256_of_judged

__all__ = [
    "PARSER_VERSION",
    "Cites",
    "Deletion",
    "Element",
    "ElementKind",
    "parse",
    "parse_deletion",
    "parse_element",
    "parse_set",
    "read_elements",
    "read_records",
]

#: Raised whenever the same element would give another record: caches of parsed records hang on it.
PARSER_VERSION = 3


@dataclass(frozen=True, slots=True)
class Deletion:
    """A DeleteCitation: NLM has withdrawn these PMIDs; earlier records of them no longer stand."""

    pmids: tuple[str, ...]


def read_records(
    source: Path | BinaryIO, *, name: str = "", cites: Cites = Cites.REFERENCES
) -> Iterator[Record | Deletion]:
    """The records and deletions of a PubMed XML file (plain or gzipped) in its own order.

    Raises `FormatError` naming file and record; no record is ever left out silently.
    """
    name = name or (str(source) if isinstance(source, Path) else "")
    for element in read_elements(source, name=name):
        yield parse(element, name=name, cites=cites)


def parse_set(answer: bytes, *, name: str = "efetch answer") -> list[Record | Deletion]:
    """The records and deletions of one efetch answer."""
    return [parse(element, name=name) for element in split_set(answer, name=name)]


def parse(element: Element, *, name: str = "", cites: Cites = Cites.REFERENCES) -> Record | Deletion:
    """The record or deletion of one element; `name` is the file that messages name."""
    try:
        if element.kind is ElementKind.DELETION:
            return parse_deletion(element.raw)
        return parse_element(element.raw, cites=cites)
    except FormatError as error:
        place = f"record {element.ordinal}, byte {element.offset:,}"
        raise FormatError(error.what, where=f"{name}: {place}" if name else place, fix=error.fix) from error


def parse_element(raw: bytes, *, cites: Cites = Cites.REFERENCES) -> Record:
    """The `Record` of one PubmedArticle or PubmedBookArticle, with what is asked of its reference list.

    Raises `FormatError` when the element is not well-formed or has no PMID.
    """
    root = tree(raw)
    found: Found = {name: [] for name in LISTS}
    found["cites"] = cites
    match root.tag:
        case "PubmedArticle":
            walk(root, ARTICLE, found)
        case "PubmedBookArticle":
            walk(root, BOOK_ARTICLE, found)
            _settle_book(found)
        case tag:
            raise FormatError(f"<{tag}> is neither a PubmedArticle nor a PubmedBookArticle")
    return _record(found, raw)


def parse_deletion(raw: bytes) -> Deletion:
    """The PMIDs of one DeleteCitation."""
    root = tree(raw)
    pmids = tuple(text_of(child) for child in root if child.tag == "PMID")
    for pmid in pmids:
        check_pmid(pmid)
    return Deletion(pmids)


# ── from found parts to a record ─────────────────────────────────────────────────────────────────────


def _record(found: Found, raw: bytes) -> Record:
    pmid = found.get("pmid", "")
    check_pmid(pmid)
    print_date = found.get("print_date", "")
    electronic_date = found.get("electronic_date", "")
    date = print_date or electronic_date
    references = found["references"]
    if found["cited"]:
        # Before reference lists came into PubMed (2018), papers of PMC named what they cite here.
        known = {pmid for pmid, _, _ in references if pmid}
        references = [*references, *(entry for entry in found["cited"] if entry[0] not in known)]
    title, abstract = found.get("title", ""), "\n".join(found["abstract"])
    languages, types, mesh = found["languages"], found["publication_types"], found["mesh"]
    return Record(
        title=title,
        abstract=abstract,
        languages=tuple(languages),
        publication_types=tuple(types),
        mesh=tuple(mesh),
        record=f"pubmed:{pmid}",
        source="pubmed",
        pmid=pmid,
        doi=found.get("doi") or found.get("location_doi", ""),
        pmcid=found.get("pmcid", ""),
        type=found.get("type", "article"),
        vernacular_title=found.get("vernacular_title", ""),
        other_abstract="\n".join(found["other_abstract"]),
        authors=tuple(found["authors"]),
        collective_authors=tuple(found["collective_authors"]),
        journal=found.get("journal", ""),
        journal_abbreviation=found.get("journal_abbreviation") or found.get("medline_ta", ""),
        issn=found.get("issn") or found.get("issn_linking", ""),
        year=int(date[:4]) if date else None,
        print_date=print_date,
        electronic_date=electronic_date,
        volume=found.get("volume", ""),
        issue=found.get("issue", ""),
        pages=found.get("pages") or found.get("article_number", ""),
        keywords=tuple(found["keywords"]),
        substances=tuple(found["substances"]),
        supplementary_concepts=tuple(found["supplementary_concepts"]),
        affiliations=tuple(dict.fromkeys(found["affiliations"])),
        entered=found.get("entered", ""),
        entrez_date=found.get("entrez_date", ""),
        mesh_date=found.get("mesh_date", ""),
        revised=found.get("revised", ""),
        status=found.get("status", ""),
        publication_status=found.get("publication_status", ""),
        links=tuple(found["links"]),
        grants=tuple(found["grants"]),
        registries=tuple(found["registries"]),
        element_sha256=hashlib.sha256(raw).hexdigest(),
        text_sha256=sha256_of_judged(title, abstract, languages, types, mesh),
        references=tuple(
            [
                Reference(n=n, pmid=pmid, doi=doi, citation=citation)
                for n, (pmid, doi, citation) in enumerate(references, start=1)
            ]
        ),
    )


def _settle_book(found: Found) -> None:
    """A chapter has a title of its own inside the book's; otherwise the element is the whole book."""
    book_title = found.get("book_title", "")
    if found.get("title"):
        found["type"] = "chapter"
        found["journal"] = book_title
    else:
        found["type"] = "book"
        found["title"] = book_title
    if not found["authors"]:
        found["authors"] = found["book_authors"] or found["editors"]
