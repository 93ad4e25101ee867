"""Records from PubMed XML: one element in, one `Record` out.

Each element is parsed alone by lxml and walked once with a switch on the tag names of NLM's DTD
(https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd). Only children at their own path are read:
an ArticleId inside a ReferenceList belongs to the paper cited, not to the paper citing. Text is all
descendant text, so inline markup (`i`, `sub`, MathML) leaves its letters behind.

No DTD, entity or address is ever loaded: the DOCTYPE does not reach the parser (see `elements`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO, cast

from lxml import etree

from resift.errors import FormatError
from resift.pubmed.dates import first_date, iso_date
from resift.pubmed.elements import Element, ElementKind, read_elements, split_set
from resift.records import Record, Reference, text_sha256

__all__ = [
    "PARSER_VERSION",
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
PARSER_VERSION = 1


@dataclass(frozen=True, slots=True)
class Deletion:
    """A DeleteCitation: NLM has withdrawn these PMIDs; earlier records of them no longer stand."""

    pmids: tuple[str, ...]


def read_records(source: Path | BinaryIO, *, name: str = "") -> Iterator[Record | Deletion]:
    """The records and deletions of a PubMed XML file (plain or gzipped) in its own order.

    Raises `FormatError` naming file and record; no record is ever left out silently.
    """
    name = name or (str(source) if isinstance(source, Path) else "")
    for element in read_elements(source, name=name):
        yield parse(element, name=name)


def parse_set(answer: bytes, *, name: str = "efetch answer") -> list[Record | Deletion]:
    """The records and deletions of one efetch answer."""
    return [parse(element, name=name) for element in split_set(answer, name=name)]


def parse(element: Element, *, name: str = "") -> Record | Deletion:
    """The record or deletion of one element; `name` is the file that messages name."""
    try:
        if element.kind is ElementKind.DELETION:
            return parse_deletion(element.raw)
        return parse_element(element.raw)
    except FormatError as error:
        place = f"record {element.ordinal}, byte {element.offset:,}"
        raise FormatError(error.what, where=f"{name}: {place}" if name else place, fix=error.fix) from error


def parse_element(raw: bytes) -> Record:
    """The `Record` of one PubmedArticle or PubmedBookArticle, with its reference list.

    Raises `FormatError` when the element is not well-formed or has no PMID.
    """
    root = _tree(raw)
    found: _Found = {name: [] for name in _LISTS}
    match root.tag:
        case "PubmedArticle":
            _walk(root, _ARTICLE_PARTS, found)
        case "PubmedBookArticle":
            _walk(root, _BOOK_PARTS, found)
            _settle_book(found)
        case tag:
            raise FormatError(f"<{tag}> is neither a PubmedArticle nor a PubmedBookArticle")
    return _record(found, raw)


def parse_deletion(raw: bytes) -> Deletion:
    """The PMIDs of one DeleteCitation."""
    root = _tree(raw)
    pmids = tuple(_text(child) for child in root if child.tag == "PMID")
    for pmid in pmids:
        _check_pmid(pmid)
    return Deletion(pmids)


# ── from found parts to a record ─────────────────────────────────────────────────────────────────────

_Found = dict[str, Any]
_Switch = dict[str, Callable[[etree._Element, _Found], None]]

_LISTS = (
    "authors",
    "book_authors",
    "editors",
    "collective_authors",
    "languages",
    "publication_types",
    "mesh",
    "keywords",
    "substances",
    "supplementary_concepts",
    "affiliations",
    "links",
    "grants",
    "registries",
    "abstract",
    "other_abstract",
    "references",
    "cited",
)


def _record(found: _Found, raw: bytes) -> Record:
    pmid = found.get("pmid", "")
    _check_pmid(pmid)
    print_date = found.get("print_date", "")
    electronic_date = found.get("electronic_date", "")
    date = print_date or electronic_date
    references = found["references"]
    if found["cited"]:
        # Before reference lists came into PubMed (2018), papers of PMC named what they cite here.
        known = {pmid for pmid, _, _ in references if pmid}
        references = [*references, *(entry for entry in found["cited"] if entry[0] not in known)]
    judged: dict[str, Any] = {
        "title": found.get("title", ""),
        "abstract": "\n".join(found["abstract"]),
        "languages": tuple(found["languages"]),
        "publication_types": tuple(found["publication_types"]),
        "mesh": tuple(found["mesh"]),
    }
    return Record(
        **judged,
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
        pages=found.get("pages", ""),
        keywords=tuple(found["keywords"]),
        substances=tuple(found["substances"]),
        supplementary_concepts=tuple(found["supplementary_concepts"]),
        affiliations=tuple(dict.fromkeys(found["affiliations"])),
        entered=found.get("entered", ""),
        entrez_date=found.get("entrez_date", ""),
        mesh_date=found.get("mesh_date", ""),
        revised=found.get("revised", ""),
        status=found.get("status", ""),
        links=tuple(found["links"]),
        grants=tuple(found["grants"]),
        registries=tuple(found["registries"]),
        element_sha256=hashlib.sha256(raw).hexdigest(),
        text_sha256=text_sha256(cast("Record", SimpleNamespace(**judged))),
        references=tuple(
            Reference(n=n, pmid=pmid, doi=doi, citation=citation)
            for n, (pmid, doi, citation) in enumerate(references, start=1)
        ),
    )


def _settle_book(found: _Found) -> None:
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


# ── text and dates ───────────────────────────────────────────────────────────────────────────────────

_PARSER = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    dtd_validation=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)
_SPACE = re.compile(r"[ \t\r\n]+")
# A prefix declared on the root of the set is lost when an element is cut out of it.
_NAMESPACES = (
    b'<set xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">'
)


def _tree(raw: bytes) -> etree._Element:
    try:
        return etree.fromstring(raw, _PARSER)
    except etree.XMLSyntaxError as error:
        if "Namespace prefix" in error.msg:
            try:
                return etree.fromstring(_NAMESPACES + raw + b"</set>", _PARSER)[0]
            except etree.XMLSyntaxError:
                pass
        pmid = re.search(rb"<PMID[^>]*>\s*(\d+)", raw)
        named = f" (PMID {pmid[1].decode()})" if pmid else ""
        raise FormatError(
            f"the XML of this record{named} is not well-formed: {error.msg}", fix="download the file again"
        ) from error


def _text(element: etree._Element) -> str:
    """All descendant text, white space of the file's layout reduced to single spaces."""
    text = "".join(cast("Iterator[str]", element.itertext())) if len(element) else element.text or ""
    if "\n" in text or "  " in text or "\t" in text:
        text = _SPACE.sub(" ", text)
    return text.strip()


def _walk(element: etree._Element, switch: _Switch, found: _Found) -> None:
    """One pass over the children; tags without an entry have no column."""
    for child in element:
        read = switch.get(child.tag)
        if read:
            read(child, found)


def _keep(name: str) -> Callable[[etree._Element, _Found], None]:
    """Keep the text of the first such child (of an ISSN given twice, the first)."""

    def read(element: etree._Element, found: _Found) -> None:
        if not found.get(name):
            found[name] = _text(element)

    return read


def _append(name: str) -> Callable[[etree._Element, _Found], None]:
    def read(element: etree._Element, found: _Found) -> None:
        text = _text(element)
        if text:
            found[name].append(text)

    return read


def _into(switch: _Switch) -> Callable[[etree._Element, _Found], None]:
    def read(element: etree._Element, found: _Found) -> None:
        _walk(element, switch, found)

    return read


def _children(element: etree._Element) -> dict[Any, str]:
    return {child.tag: _text(child) for child in element}


def _ymd(element: etree._Element) -> str:
    part = {child.tag: child.text or "" for child in element}
    return iso_date(part.get("Year", ""), part.get("Month", ""), part.get("Day", ""))


def _date(name: str) -> Callable[[etree._Element, _Found], None]:
    def read(element: etree._Element, found: _Found) -> None:
        if not found.get(name):
            found[name] = _ymd(element)

    return read


def _publication_date(element: etree._Element, found: _Found) -> None:
    part = _children(element)
    year, month = part.get("Year", ""), part.get("Month", "")
    date = "" if "Season" in part else iso_date(year, month, part.get("Day", ""))
    if (month and len(date) < 7) or not date:  # `<Month>Jan-Feb</Month>`, seasons, MedlineDate
        date = first_date(" ".join(filter(None, (year, month, part.get("Season"), part.get("MedlineDate")))))
    found["print_date"] = date


_HISTORY = {
    # PubMed's export prints the history as PHST `[entrez]`, `[pubmed]`, `[medline]`: the day a record
    # entered (crdt), its entrez date (edat, set back to the day of publication when it came more than a
    # year late) and the day MeSH was added (mhda). NLM Technical Bulletin Nov-Dec 2008.
    "entrez": "entered",
    "pubmed": "entrez_date",
    "medline": "mesh_date",
}


def _history(element: etree._Element, found: _Found) -> None:
    for child in element:
        name = _HISTORY.get(child.get("PubStatus", ""))
        if name:
            found[name] = _ymd(child)


# ── people, headings, relations ──────────────────────────────────────────────────────────────────────


def _people(element: etree._Element, found: _Found, names: list[str]) -> None:
    """The names and affiliations of an AuthorList, in one flat pass over its descendants."""
    affiliations = found["affiliations"]
    last = initials = suffix = ""
    fore: etree._Element | None = None
    valid = True

    def close() -> None:
        if not valid:
            return
        if last and (initials or fore is None):
            names.append(f"{last} {initials} {suffix}".rstrip() if initials else f"{last} {suffix}".rstrip())
        elif fore is not None:
            given = _text(fore)
            short = "".join(word[0] for word in given.split()) if last else given
            names.append(" ".join(filter(None, (last, short, suffix))))

    for node in element.iter():
        tag = node.tag
        if tag == "LastName":
            last = _text(node)
        elif tag == "ForeName" or tag == "FirstName":
            fore = node
        elif tag == "Initials":
            initials = _text(node)
        elif tag == "Affiliation":
            if valid:
                affiliations.append(_text(node))
        elif tag == "Author":
            close()
            last = initials = suffix = ""
            fore = None
            # ValidYN="N" marks a misspelt name that stands beside its correction.
            valid = node.get("ValidYN") != "N"
        elif tag == "Suffix":
            suffix = _text(node)
        elif tag == "CollectiveName" and valid:
            found["collective_authors"].append(_text(node))
    close()


def _authors(element: etree._Element, found: _Found) -> None:
    _people(element, found, found["editors" if element.get("Type") == "editors" else "authors"])


def _book_authors(element: etree._Element, found: _Found) -> None:
    _people(element, found, found["editors" if element.get("Type") == "editors" else "book_authors"])


def _investigators(element: etree._Element, found: _Found) -> None:
    """Investigators are not authors, but PubMed's [ad] searches their affiliations too."""
    for child in element:
        _walk(child, _INVESTIGATOR, found)


def _abstract(name: str) -> Callable[[etree._Element, _Found], None]:
    def read(element: etree._Element, found: _Found) -> None:
        for child in element:
            if child.tag == "AbstractText":
                label = child.get("Label", "").strip()
                text = _text(child)
                if label or text:
                    found[name].append(f"{label}: {text}" if label else text)

    return read


def _mesh(element: etree._Element, found: _Found) -> None:
    """`Descriptor/qualifier*` for each pair, in one flat pass; the bare descriptor where it has none."""
    headings = found["mesh"]
    descriptor = ""
    bare = False
    for node in element.iter("DescriptorName", "QualifierName"):
        name = f"{_text(node)}*" if node.get("MajorTopicYN") == "Y" else _text(node)
        if node.tag == "QualifierName":
            headings.append(f"{descriptor}/{name}")
            bare = False
        else:
            if bare:
                headings.append(descriptor)
            descriptor = name
            bare = True
    if bare:
        headings.append(descriptor)


def _language(element: etree._Element, found: _Found) -> None:
    text = _text(element).lower()
    if text:
        found["languages"].append(text)


def _substances(element: etree._Element, found: _Found) -> None:
    for chemical in element:
        part = _children(chemical)
        name, number = part.get("NameOfSubstance", ""), part.get("RegistryNumber", "")
        if name:
            # NLM writes 0 where a substance has no registry number.
            found["substances"].append(f"{name}|{number}" if number not in ("", "0") else name)


def _grants(element: etree._Element, found: _Found) -> None:
    for grant in element:
        part = _children(grant)
        text = "/".join(
            filter(None, (part.get(name) for name in ("GrantID", "Acronym", "Agency", "Country")))
        )
        if text:
            found["grants"].append(text)


def _links(element: etree._Element, found: _Found) -> None:
    for link in element:
        pmid = citation = ""
        for child in link:
            if child.tag == "PMID":
                pmid = _text(child)
            elif child.tag == "RefSource":
                citation = _text(child)
        kind = link.get("RefType", "")
        found["links"].append(f"{kind}:{pmid}")
        if kind == "Cites":
            found["cited"].append((pmid, "", citation))


def _location(element: etree._Element, found: _Found) -> None:
    if element.get("EIdType") == "doi" and element.get("ValidYN") != "N" and "location_doi" not in found:
        found["location_doi"] = _text(element)


_ARTICLE_IDS = {"doi": "doi", "pmc": "pmcid"}


def _article_ids(element: etree._Element, found: _Found) -> None:
    for child in element:
        name = _ARTICLE_IDS.get(child.get("IdType", ""))
        if name and not found.get(name):
            found[name] = _text(child)


def _references(element: etree._Element, found: _Found) -> None:
    """A reference list, with the lists nested in it, in one flat pass in document order."""
    pmid = doi = citation = ""
    begun = False
    for node in element.iter():
        match node.tag:
            case "ArticleId":
                kind = node.get("IdType")
                if kind == "pubmed":
                    pmid = pmid or _text(node)
                elif kind == "doi":
                    doi = doi or _text(node)
            case "Citation":
                citation = _text(node)
            case "Reference":
                if begun:
                    found["references"].append((pmid, doi, citation))
                pmid = doi = citation = ""
                begun = True
    if begun:
        found["references"].append((pmid, doi, citation))


def _pages(element: etree._Element, found: _Found) -> None:
    part = _children(element)
    ends = filter(None, (part.get("StartPage"), part.get("EndPage")))
    found["pages"] = part.get("MedlinePgn") or "-".join(ends)


def _citation(element: etree._Element, found: _Found) -> None:
    found["status"] = element.get("Status", "")
    _walk(element, _CITATION, found)


def _check_pmid(pmid: str) -> None:
    if not (pmid.isascii() and pmid.isdigit() and len(pmid) < 16):
        what = f"the PMID {pmid!r} is not a number" if pmid else "the record has no PMID"
        raise FormatError(what, fix="download the file again")


# ── the switches: tag -> what to do with it, by path ────────────────────────────────────────────────

_AFFILIATION: _Switch = {"Affiliation": _append("affiliations")}
_INVESTIGATOR: _Switch = {"AffiliationInfo": _into(_AFFILIATION), **_AFFILIATION}
_ACCESSIONS: _Switch = {"AccessionNumber": _append("registries")}
_DATA_BANK: _Switch = {"AccessionNumberList": _into(_ACCESSIONS)}
_ISSUE: _Switch = {"Volume": _keep("volume"), "Issue": _keep("issue"), "PubDate": _publication_date}
_JOURNAL: _Switch = {
    "ISSN": _keep("issn"),
    "JournalIssue": _into(_ISSUE),
    "Title": _keep("journal"),
    "ISOAbbreviation": _keep("journal_abbreviation"),
}
_JOURNAL_INFO: _Switch = {"MedlineTA": _keep("medline_ta"), "ISSNLinking": _keep("issn_linking")}
_PUBLICATION_TYPES: _Switch = {"PublicationType": _append("publication_types")}
_KEYWORDS: _Switch = {"Keyword": _append("keywords")}
_SUPPLEMENTARY: _Switch = {"SupplMeshName": _append("supplementary_concepts")}
_TEXT_PARTS: _Switch = {  # what articles and books have in common
    "ArticleTitle": _keep("title"),
    "VernacularTitle": _keep("vernacular_title"),
    "Pagination": _pages,
    "ELocationID": _location,
    "Abstract": _abstract("abstract"),
    "AuthorList": _authors,
    "Language": _language,
    "GrantList": _grants,
}
_ARTICLE_BODY: _Switch = {
    **_TEXT_PARTS,
    **_AFFILIATION,  # until 2013 the first author's, directly below the article
    "Journal": _into(_JOURNAL),
    "DataBankList": _into({"DataBank": _into(_DATA_BANK)}),
    "PublicationTypeList": _into(_PUBLICATION_TYPES),
    "ArticleDate": _date("electronic_date"),
}
_CITATION: _Switch = {
    "PMID": _keep("pmid"),
    "DateRevised": _date("revised"),
    "Article": _into(_ARTICLE_BODY),
    "MedlineJournalInfo": _into(_JOURNAL_INFO),
    "ChemicalList": _substances,
    "SupplMeshList": _into(_SUPPLEMENTARY),
    "CommentsCorrectionsList": _links,
    "MeshHeadingList": _mesh,
    "KeywordList": _into(_KEYWORDS),
    "OtherAbstract": _abstract("other_abstract"),
    "InvestigatorList": _investigators,
}
_DATA: _Switch = {"History": _history, "ArticleIdList": _article_ids, "ReferenceList": _references}
_ARTICLE_PARTS: _Switch = {"MedlineCitation": _citation, "PubmedData": _into(_DATA)}
_BOOK: _Switch = {
    "BookTitle": _keep("book_title"),
    "PubDate": _publication_date,
    "AuthorList": _book_authors,
    "Volume": _keep("volume"),
    "ELocationID": _location,
}
_BOOK_DOCUMENT: _Switch = {
    **_TEXT_PARTS,
    **_PUBLICATION_TYPES,
    "PMID": _keep("pmid"),
    "ArticleIdList": _article_ids,
    "Book": _into(_BOOK),
    "InvestigatorList": _investigators,
    "KeywordList": _into(_KEYWORDS),
    "DateRevised": _date("revised"),
    "ReferenceList": _references,
}
_BOOK_PARTS: _Switch = {"BookDocument": _into(_BOOK_DOCUMENT), "PubmedBookData": _into(_DATA)}
