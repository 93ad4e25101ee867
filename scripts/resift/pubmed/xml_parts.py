"""What each part of a PubMed XML element says: a switch of tag names for each path.

`walk` goes once over the children of an element and hands each to what its tag is for. Only children at
their own path are read, and tags that no column of a record needs have no entry. What is read gathers in
`Found`, from which `resift.pubmed.xml` makes the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, cast

from lxml import etree

from resift.errors import FormatError
from resift.records import LIST_COLUMNS
from resift.safe_xml import xml_parser
from resift.text.dates import first_date, iso_date

Found = dict[str, Any]
Switch = dict[str, Callable[[etree._Element, Found], None]]  # noqa: SLF001 - lxml has no other name for it


class Cites(Enum):
    """What is asked of the list of papers that a record cites: often half of the element."""

    REFERENCES = "each reference with its PMID, DOI and citation"
    PMIDS = "the PMIDs alone"
    NOTHING = "nothing; its columns and hashes are the same"


LISTS = (*LIST_COLUMNS, "book_authors", "editors", "abstract", "other_abstract", "references", "cited")


# ── text and dates ───────────────────────────────────────────────────────────────────────────────────

_PARSER = xml_parser(remove_comments=True, remove_pis=True, collect_ids=False)
_SPACE = re.compile(r"[ \t\r\n]+")
# A prefix declared on the root of the set is lost when an element is cut out of it.
_NAMESPACES = (
    b'<set xmlns:mml="http://www.w3.org/1998/Math/MathML" xmlns:xlink="http://www.w3.org/1999/xlink">'
)


def tree(raw: bytes) -> etree._Element:
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


def text_of(element: etree._Element) -> str:
    """All descendant text, white space of the file's layout reduced to single spaces."""
    text = "".join(cast("Iterator[str]", element.itertext())) if len(element) else element.text
    if not text:
        return ""
    if "\n" in text or "  " in text or "\t" in text:
        text = _SPACE.sub(" ", text)
    return text.strip()


def walk(element: etree._Element, switch: Switch, found: Found) -> None:
    """One pass over the children; tags without an entry have no column."""
    for child in element:
        read = switch.get(child.tag)
        if read:
            read(child, found)


def _keep(name: str) -> Callable[[etree._Element, Found], None]:
    """Keep the text of the first such child (of an ISSN given twice, the first)."""

    def read(element: etree._Element, found: Found) -> None:
        if not found.get(name):
            found[name] = text_of(element)

    return read


def _append(name: str) -> Callable[[etree._Element, Found], None]:
    def read(element: etree._Element, found: Found) -> None:
        text = text_of(element)
        if text:
            found[name].append(text)

    return read


def _into(switch: Switch) -> Callable[[etree._Element, Found], None]:
    def read(element: etree._Element, found: Found) -> None:
        walk(element, switch, found)

    return read


def _children(element: etree._Element) -> dict[Any, str]:
    return {child.tag: text_of(child) for child in element}


def _ymd(element: etree._Element) -> str:
    year = month = day = ""
    for child in element:
        tag = child.tag
        if tag == "Year":
            year = child.text or ""
        elif tag == "Month":
            month = child.text or ""
        elif tag == "Day":
            day = child.text or ""
        if day and month and year:
            break  # hours and minutes follow
    return iso_date(year, month, day)


def _date(name: str) -> Callable[[etree._Element, Found], None]:
    def read(element: etree._Element, found: Found) -> None:
        if not found.get(name):
            found[name] = _ymd(element)

    return read


def _publication_date(element: etree._Element, found: Found) -> None:
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


def _history(element: etree._Element, found: Found) -> None:
    for child in element:
        name = _HISTORY.get(child.get("PubStatus", ""))
        if name:
            found[name] = _ymd(child)


# ── people, headings, relations ──────────────────────────────────────────────────────────────────────


_PERSON = (
    "Author", "LastName", "ForeName", "FirstName", "Initials", "Suffix", "CollectiveName", "Affiliation",
)  # fmt: skip


def _people(element: etree._Element, found: Found, names: list[str]) -> None:
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
            given = text_of(fore)
            short = "".join([word[0] for word in given.split()]) if last else given
            names.append(" ".join(filter(None, (last, short, suffix))))

    for node in element.iter(*_PERSON):
        tag = node.tag
        if tag == "LastName":
            last = text_of(node)
        elif tag in {"ForeName", "FirstName"}:
            fore = node
        elif tag == "Initials":
            initials = text_of(node)
        elif tag == "Affiliation":
            if valid:
                affiliations.append(text_of(node))
        elif tag == "Author":
            close()
            last = initials = suffix = ""
            fore = None
            # ValidYN="N" marks a misspelt name that stands beside its correction.
            valid = node.get("ValidYN") != "N"
        elif tag == "Suffix":
            suffix = text_of(node)
        elif tag == "CollectiveName" and valid:
            found["collective_authors"].append(text_of(node))
    close()


def _authors(element: etree._Element, found: Found) -> None:
    _people(element, found, found["editors" if element.get("Type") == "editors" else "authors"])


def _book_authors(element: etree._Element, found: Found) -> None:
    _people(element, found, found["editors" if element.get("Type") == "editors" else "book_authors"])


def _investigators(element: etree._Element, found: Found) -> None:
    """Investigators are not authors, but PubMed's [ad] searches their affiliations too."""
    for child in element:
        walk(child, _INVESTIGATOR, found)


def _abstract(name: str) -> Callable[[etree._Element, Found], None]:
    def read(element: etree._Element, found: Found) -> None:
        for child in element:
            if child.tag == "AbstractText":
                label = child.get("Label", "").strip()
                text = text_of(child)
                if label or text:
                    found[name].append(f"{label}: {text}" if label else text)

    return read


def _mesh(element: etree._Element, found: Found) -> None:
    """`Descriptor/qualifier*` for each pair, in one flat pass; the bare descriptor where it has none."""
    headings = found["mesh"]
    descriptor = ""
    bare = False
    for node in element.iter("DescriptorName", "QualifierName"):
        name = text_of(node)
        if node.get("MajorTopicYN") == "Y":
            name += "*"
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


def _language(element: etree._Element, found: Found) -> None:
    text = text_of(element).lower()
    if text:
        found["languages"].append(text)


def _substances(element: etree._Element, found: Found) -> None:
    for chemical in element:
        part = _children(chemical)
        name, number = part.get("NameOfSubstance", ""), part.get("RegistryNumber", "")
        if name:
            # NLM writes 0 where a substance has no registry number.
            found["substances"].append(f"{name}|{number}" if number not in ("", "0") else name)


def _grants(element: etree._Element, found: Found) -> None:
    for grant in element:
        part = _children(grant)
        text = "/".join(
            filter(None, (part.get(name) for name in ("GrantID", "Acronym", "Agency", "Country")))
        )
        if text:
            found["grants"].append(text)


def _links(element: etree._Element, found: Found) -> None:
    for link in element:
        pmid = citation = ""
        for child in link:
            if child.tag == "PMID":
                pmid = text_of(child)
            elif child.tag == "RefSource":
                citation = text_of(child)
        kind = link.get("RefType", "")
        found["links"].append(f"{kind}:{pmid}")
        if kind == "Cites" and found["cites"] is not Cites.NOTHING:
            found["cited"].append((pmid, "", citation if found["cites"] is Cites.REFERENCES else ""))


# What stands in place of pages: `e228092`, `kuab123`, `4012`. Other publisher's identifiers (Elsevier's
# `S0140-6736(20)30183-5`) are none.
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,6}[0-9]{3,}")


def _location(element: etree._Element, found: Found) -> None:
    if element.get("ValidYN") == "N":
        return
    kind, text = element.get("EIdType"), text_of(element)
    if kind == "doi" and "location_doi" not in found:
        found["location_doi"] = text
    elif kind == "pii" and _ARTICLE_NUMBER.fullmatch(text):
        found.setdefault("article_number", text)


_ARTICLE_IDS = {"doi": "doi", "pmc": "pmcid"}


def _article_ids(element: etree._Element, found: Found) -> None:
    for child in element:
        name = _ARTICLE_IDS.get(child.get("IdType", ""))
        if name and not found.get(name):
            found[name] = text_of(child)


def _references(element: etree._Element, found: Found) -> None:
    """A reference list, with the lists nested in it, in one flat pass in document order.

    `found["cites"]` says what is asked for; where only PMIDs are, nothing else is made into text.
    """
    cites = found["cites"]
    if cites is Cites.NOTHING:
        return
    whole = cites is Cites.REFERENCES
    references = found["references"]
    pmid = doi = citation = ""
    begun = False
    for node in (
        element.iter("Reference", "ArticleId", "Citation")
        if whole
        else element.iter("Reference", "ArticleId")
    ):
        tag = node.tag
        if tag == "ArticleId":
            kind = node.get("IdType")
            if kind == "pubmed":
                pmid = pmid or text_of(node)
            elif whole and kind == "doi":
                doi = doi or text_of(node)
        elif tag == "Citation":
            citation = text_of(node)
        else:
            if begun:
                references.append((pmid, doi, citation))
            pmid = doi = citation = ""
            begun = True
    if begun:
        references.append((pmid, doi, citation))


def _pages(element: etree._Element, found: Found) -> None:
    part = _children(element)
    ends = filter(None, (part.get("StartPage"), part.get("EndPage")))
    found["pages"] = part.get("MedlinePgn") or "-".join(ends)


def _citation(element: etree._Element, found: Found) -> None:
    found["status"] = element.get("Status", "")
    walk(element, _CITATION, found)


def check_pmid(pmid: str) -> None:
    if not (pmid.isascii() and pmid.isdigit() and len(pmid) < 16):
        what = f"the PMID {pmid!r} is not a number" if pmid else "the record has no PMID"
        raise FormatError(what, fix="download the file again")


# ── the switches: tag -> what to do with it, by path ────────────────────────────────────────────────

_AFFILIATION: Switch = {"Affiliation": _append("affiliations")}
_INVESTIGATOR: Switch = {"AffiliationInfo": _into(_AFFILIATION), **_AFFILIATION}
_ACCESSIONS: Switch = {"AccessionNumber": _append("registries")}
_DATA_BANK: Switch = {"AccessionNumberList": _into(_ACCESSIONS)}
_ISSUE: Switch = {"Volume": _keep("volume"), "Issue": _keep("issue"), "PubDate": _publication_date}
_JOURNAL: Switch = {
    "ISSN": _keep("issn"),
    "JournalIssue": _into(_ISSUE),
    "Title": _keep("journal"),
    "ISOAbbreviation": _keep("journal_abbreviation"),
}
_JOURNAL_INFO: Switch = {"MedlineTA": _keep("medline_ta"), "ISSNLinking": _keep("issn_linking")}
_PUBLICATION_TYPES: Switch = {"PublicationType": _append("publication_types")}
_KEYWORDS: Switch = {"Keyword": _append("keywords")}
_SUPPLEMENTARY: Switch = {"SupplMeshName": _append("supplementary_concepts")}
_TEXT_PARTS: Switch = {  # what articles and books have in common
    "ArticleTitle": _keep("title"),
    "VernacularTitle": _keep("vernacular_title"),
    "Pagination": _pages,
    "ELocationID": _location,
    "Abstract": _abstract("abstract"),
    "AuthorList": _authors,
    "Language": _language,
    "GrantList": _grants,
}
_ARTICLE_BODY: Switch = {
    **_TEXT_PARTS,
    **_AFFILIATION,  # until 2013 the first author's, directly below the article
    "Journal": _into(_JOURNAL),
    "DataBankList": _into({"DataBank": _into(_DATA_BANK)}),
    "PublicationTypeList": _into(_PUBLICATION_TYPES),
    "ArticleDate": _date("electronic_date"),
}
_CITATION: Switch = {
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
_DATA: Switch = {
    "History": _history,
    "PublicationStatus": _keep("publication_status"),
    "ArticleIdList": _article_ids,
    "ReferenceList": _references,
}
ARTICLE: Switch = {"MedlineCitation": _citation, "PubmedData": _into(_DATA)}
_BOOK: Switch = {
    "BookTitle": _keep("book_title"),
    "PubDate": _publication_date,
    "AuthorList": _book_authors,
    "Volume": _keep("volume"),
    "ELocationID": _location,
}
_BOOK_DOCUMENT: Switch = {
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
BOOK_ARTICLE: Switch = {"BookDocument": _into(_BOOK_DOCUMENT), "PubmedBookData": _into(_DATA)}
