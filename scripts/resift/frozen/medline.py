"""The MEDLINE text of a record (rettype=medline), from the XML element as it was received.

A `Record` keeps what a review needs; the MEDLINE display has more (DCOM, PL, JID, SB, CI, COIS, PST ...).
Tags and their meaning: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions"; their order is that of
PubMed's own downloads.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from resift.formats.nbib import LINK_TAGS, source_line, tag_line
from resift.records import Record
from resift.safe_xml import xml_parser
from resift.text.dates import MONTHS, month_number

PARSER = xml_parser(huge_tree=True)


def medline(element: bytes, record: Record) -> str:
    """The record as PubMed's MEDLINE display. `record` is what the element was read as: its dates, pages
    and source line are those of every other export."""
    root = etree.fromstring(element, PARSER)
    lines = _book(root, record) if root.tag == "PubmedBookArticle" else _article(root, record)
    return "".join(tag_line(tag, value) for tag, value in lines if value.strip())


Lines = Iterator[tuple[str, str]]


def _article(root: etree._Element, record: Record) -> Lines:  # noqa: C901 - the fields in their order
    citation = root.find("MedlineCitation")
    article = root.find("MedlineCitation/Article")
    if citation is None or article is None:
        return
    yield "PMID", record.pmid
    yield "OWN", citation.get("Owner", "")
    yield "STAT", citation.get("Status", "")
    yield "DCOM", _digits(citation.find("DateCompleted"))
    yield "LR", _digits(citation.find("DateRevised"))
    for issn in article.iterfind("Journal/ISSN"):
        yield "IS", f"{_text(issn)} ({issn.get('IssnType', 'Print')})"
    linking = citation.findtext("MedlineJournalInfo/ISSNLinking") or ""
    yield "IS", f"{linking} (Linking)" if linking else ""
    yield "VI", record.volume
    yield "IP", record.issue
    yield "DP", _journal_date(article.find("Journal/JournalIssue/PubDate"))
    yield "TI", record.title
    yield "PG", article.findtext("Pagination/MedlinePgn") or ""
    for place in article.iterfind("ELocationID"):
        yield "LID", f"{_text(place)} [{place.get('EIdType')}]"
    yield "AB", record.abstract.replace("\n", " ")
    yield "CI", article.findtext("Abstract/CopyrightInformation") or ""
    for other in citation.iterfind("OtherAbstract"):
        yield "OAB", " ".join(_text(part) for part in other.iterfind("AbstractText"))
        yield "OCI", other.findtext("CopyrightInformation") or ""
    yield from _people(article.iterfind("AuthorList/Author"), ("FAU", "AU", "AUID", "AD"))
    for language in article.iterfind("Language"):
        yield "LA", _text(language)
    for bank in article.iterfind("DataBankList/DataBank"):
        for number in bank.iterfind("AccessionNumberList/AccessionNumber"):
            yield "SI", f"{bank.findtext('DataBankName')}/{_text(number)}"
    for grant in article.iterfind("GrantList/Grant"):
        parts = (grant.findtext(name) or "" for name in ("GrantID", "Acronym", "Agency", "Country"))
        yield "GR", "/".join(part for part in parts if part)
    for kind in article.iterfind("PublicationTypeList/PublicationType"):
        yield "PT", _text(kind)
    yield "DEP", _digits(article.find("ArticleDate"))
    yield "TT", record.vernacular_title
    yield "PL", citation.findtext("MedlineJournalInfo/Country") or ""
    yield "TA", citation.findtext("MedlineJournalInfo/MedlineTA") or ""
    yield "JT", record.journal
    yield "JID", citation.findtext("MedlineJournalInfo/NlmUniqueID") or ""
    for chemical in citation.iterfind("ChemicalList/Chemical"):
        name = chemical.findtext("NameOfSubstance") or ""
        yield "RN", f"{chemical.findtext('RegistryNumber') or '0'} ({name})"
    for concept in citation.iterfind("SupplMeshList/SupplMeshName"):
        yield "NM", _text(concept)
    for subset in citation.iterfind("CitationSubset"):
        yield "SB", _text(subset)
    for link in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        pmid = link.findtext("PMID") or ""
        source = link.findtext("RefSource") or ""
        if tag := LINK_TAGS.get(link.get("RefType", "")):
            yield tag, f"{source} PMID: {pmid}" if pmid else source
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        yield "MH", "/".join(_starred(part) for part in heading)
    for subject in citation.iterfind("PersonalNameSubjectList/PersonalNameSubject"):
        family, _, fore = _name(subject)
        yield "PS", f"{family} {fore}".strip()
    references = citation.findtext("NumberOfReferences") or ""
    yield "RF", references
    for words in citation.iterfind("KeywordList"):
        yield "OTO", words.get("Owner", "")
        for word in words.iterfind("Keyword"):
            yield "OT", ("*" if word.get("MajorTopicYN") == "Y" else "") + _text(word)
    yield "COIS", _text(citation.find("CoiStatement"))
    yield from _people(citation.iterfind("InvestigatorList/Investigator"), ("FIR", "IR", "IRID", "IRAD"))
    for note in citation.iterfind("GeneralNote"):
        yield "GN", _text(note)
    yield from _identified(root)
    yield "SO", source_line(record)


def _identified(root: etree._Element) -> Lines:
    """PMC, the history of dates, article identifiers and the publication status."""
    ids = [(e.get("IdType", ""), _text(e)) for e in root.iterfind("PubmedData/ArticleIdList/ArticleId")]
    dates = [(e.get("PubStatus", ""), moment(e)) for e in root.iterfind("PubmedData/History/PubMedPubDate")]
    for kind, tag in (("pmc", "PMC"), ("mid", "MID")):
        for found, value in ids:
            yield tag, value if found == kind else ""
    day = dict(reversed(dates))
    yield "PMCR", day.get("pmc-release", "").partition(" ")[0]
    yield "EDAT", day.get("pubmed", "")
    yield "MHDA", day.get("medline", day.get("pubmed", ""))
    yield "CRDT", day.get("entrez", "")
    for kind, when in dates:
        yield "PHST", f"{when} [{kind}]"
    for kind, value in ids:
        if kind not in ("pubmed", "pmc", "mid", "pmcid"):
            yield "AID", f"{value} [{kind}]"
    yield "PST", root.findtext("PubmedData/PublicationStatus") or ""


def _book(root: etree._Element, record: Record) -> Lines:
    """A book or chapter: the tags of NLM's list that concern books."""
    document = root.find("BookDocument")
    if document is None:
        return
    chapter = record.type == "chapter"
    yield "PMID", record.pmid
    yield "STAT", "Publisher"
    yield "DRDT", moment(document.find("DateRevised")).partition(" ")[0]
    yield "CTDT", moment(document.find("ContributionDate")).partition(" ")[0]
    yield "PB", _text(document.find("Book/Publisher/PublisherName"))
    yield "DP", _journal_date(document.find("Book/PubDate"))
    yield "TI", record.title if chapter else ""
    yield "BTI", _text(document.find("Book/BookTitle"))
    yield "CTI", _text(document.find("Book/CollectionTitle"))
    yield "AB", record.abstract.replace("\n", " ")
    yield "CI", document.findtext("Abstract/CopyrightInformation") or ""
    for group in document.iterfind("AuthorList"):
        yield from _people(group.iterfind("Author"), ("FAU", "AU", "AUID", "AD"))
    for group in document.iterfind("Book/AuthorList"):
        editors = group.get("Type") == "editors"
        tags = ("FED", "ED", "EDID", "AD") if editors else ("FAU", "AU", "AUID", "AD")
        yield from _people(group.iterfind("Author"), tags)
    for language in document.iterfind("Language"):
        yield "LA", _text(language)
    for kind in document.iterfind("PublicationType"):
        yield "PT", _text(kind)
    yield "PL", _text(document.find("Book/Publisher/PublisherLocation"))
    for isbn in document.iterfind("Book/Isbn"):
        yield "ISBN", _text(isbn)
    for word in document.iterfind("KeywordList/Keyword"):
        yield "OT", _text(word)
    for found in document.iterfind("ArticleIdList/ArticleId"):
        if found.get("IdType") != "pubmed":
            yield "AID", f"{_text(found)} [{found.get('IdType')}]"


def _people(people: Iterator[etree._Element], tags: tuple[str, str, str, str]) -> Lines:
    """Full name, short name, identifiers and addresses of each person, in order; groups as CN."""
    full, short, identifier, address = tags
    for person in people:
        if (group := person.find("CollectiveName")) is not None:
            yield "CN", _text(group)
        else:
            family, initials, fore = _name(person)
            suffix = person.findtext("Suffix") or ""
            yield full, ", ".join(part for part in (family, fore, suffix) if part)
            yield short, " ".join(part for part in (family, initials, suffix) if part)
        for number in person.iterfind("Identifier"):
            yield identifier, f"{number.get('Source')}: {_text(number)}"
        for place in person.iterfind("AffiliationInfo/Affiliation"):
            yield address, _text(place)


def _name(person: etree._Element) -> tuple[str, str, str]:
    return tuple(_text(person.find(tag)) for tag in ("LastName", "Initials", "ForeName"))  # type: ignore[return-value]


def _starred(part: etree._Element) -> str:
    return ("*" if part.get("MajorTopicYN") == "Y" else "") + _text(part)


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _digits(date: etree._Element | None) -> str:
    """`20211105` from Year, Month, Day; "" for a date that is not there."""
    return "" if date is None else "".join(date.findtext(part) or "" for part in ("Year", "Month", "Day"))


def _journal_date(date: etree._Element | None) -> str:
    """DP as it was printed: `2021 Mar 13`, `2019 Winter`, or the free text of a MedlineDate."""
    if date is None:
        return ""
    said, year, season, month, day = (
        date.findtext(name) or "" for name in ("MedlineDate", "Year", "Season", "Month", "Day")
    )
    if month.isdecimal() and (number := month_number(month)):
        month = MONTHS[number - 1].title()
    return " ".join(part for part in (said, year, season, month, day.lstrip("0")) if part)


def moment(date: etree._Element | None) -> str:
    """`2021/03/16 06:52`; missing parts are the first of their kind, "" for a date that is not there."""
    if date is None:
        return ""
    year, month, day = (date.findtext(part) or "1" for part in ("Year", "Month", "Day"))
    hour, minute = (date.findtext(part) or "0" for part in ("Hour", "Minute"))
    return f"{year}/{month:0>2}/{day:0>2} {hour:0>2}:{minute:0>2}"
