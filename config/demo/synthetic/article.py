"""One synthetic record and its PubMed XML.

Valid by NLM's DTD (https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd). The `UI` attributes that it
requires are empty: only the names are of use here.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

NOTICE = "Synthetic record written by a program for testing software; it describes no real study."


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A MeSH heading: `Liver Neoplasms` with `("secondary*", "surgery")`; `*` marks a major topic."""

    name: str
    qualifiers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Cited:
    """One entry of a reference list."""

    citation: str
    pmid: str = ""
    doi: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A CommentsCorrections entry, such as `RetractionIn`. A notice may be named without PMID."""

    kind: str
    source: str
    pmid: str = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """What one PubmedArticle says. `title` and the abstract's texts are XML, so they may hold `<i>`.

    `printed` and `electronic` are dates as in the element: `2012`, `2012 Oct`, `2012 Oct 3`,
    `2012 Winter`, or free text (`2012 Oct-Dec`), which becomes a MedlineDate. `entered`, `indexed` and
    `revised` are `YYYY-MM-DD`; "" leaves them out. `synthetic` is False for records that only repeat the
    citation of a real work.
    """

    pmid: str
    title: str
    journal: str
    printed: str
    abstract: tuple[tuple[str, str], ...] = ()
    authors: tuple[tuple[str, str, str], ...] = ()  # family name, given name, initials
    authors_complete: bool = True
    collective: str = ""
    abbreviation: str = ""
    electronic: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    languages: tuple[str, ...] = ("eng",)
    vernacular: str = ""
    types: tuple[str, ...] = ("Journal Article",)
    headings: tuple[Heading, ...] = ()
    substances: tuple[str, ...] = ()
    supplementary: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    other_abstract: tuple[str, str] | None = None  # language, text
    registry: str = ""  # NCT number
    affiliation: str = ""
    links: tuple[Link, ...] = ()
    cited: tuple[Cited, ...] = ()
    status: str = "MEDLINE"
    publication_status: str = "ppublish"
    entered: str = ""
    indexed: str = ""
    revised: str = ""
    synthetic: bool = True


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEASONS = ("Winter", "Spring", "Summer", "Fall", "Autumn")


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def _marked_up(parent: ET.Element, tag: str, xml: str, **attributes: str) -> ET.Element:
    """Add an element whose content is XML."""
    element = ET.fromstring(f"<{tag}>{xml}</{tag}>")
    for name, value in attributes.items():
        element.set(name, value)
    parent.append(element)
    return element


def _day(parent: ET.Element, tag: str, iso: str, **attributes: str) -> None:
    year, month, day = iso.split("-")
    element = _add(parent, tag, **attributes)
    _add(element, "Year", year)
    _add(element, "Month", month)
    _add(element, "Day", day)


def _printed(parent: ET.Element, date: str) -> None:
    """PubDate: Year with Month and Day or with Season, else MedlineDate."""
    element = _add(parent, "PubDate")
    parts = date.split(" ")
    plain = len(parts) <= 3 and parts[0].isdigit()
    if plain and len(parts) == 1:
        _add(element, "Year", parts[0])
    elif plain and parts[1] in MONTHS and all(part.isdigit() for part in parts[2:]):
        for tag, part in zip(("Year", "Month", "Day"), parts, strict=False):
            _add(element, tag, part)
    elif plain and len(parts) == 2 and parts[1] in SEASONS:
        _add(element, "Year", parts[0])
        _add(element, "Season", parts[1])
    else:
        _add(element, "MedlineDate", date)


def _authors(parent: ET.Element, article: Article) -> None:
    if not (article.authors or article.collective):
        return
    names = _add(parent, "AuthorList", CompleteYN="Y" if article.authors_complete else "N")
    for n, (family, given, initials) in enumerate(article.authors):
        author = _add(names, "Author", ValidYN="Y")
        _add(author, "LastName", family)
        if given:
            _add(author, "ForeName", given)
        _add(author, "Initials", initials)
        if article.affiliation and n == 0:
            _add(_add(author, "AffiliationInfo"), "Affiliation", article.affiliation)
    if article.collective:
        _add(_add(names, "Author", ValidYN="Y"), "CollectiveName", article.collective)


def _abstract(parent: ET.Element, article: Article) -> None:
    if not article.abstract:
        return
    abstract = _add(parent, "Abstract")
    for label, text in article.abstract:
        attributes = {"Label": label, "NlmCategory": label} if label else {}
        _marked_up(abstract, "AbstractText", text, **attributes)
    _add(abstract, "CopyrightInformation", NOTICE)


def _article(parent: ET.Element, article: Article) -> None:
    model = "Print-Electronic" if article.electronic else "Print"
    element = _add(parent, "Article", PubModel=model)
    journal = _add(element, "Journal")
    issue = _add(journal, "JournalIssue", CitedMedium="Internet" if article.electronic else "Print")
    if article.volume:
        _add(issue, "Volume", article.volume)
    if article.issue:
        _add(issue, "Issue", article.issue)
    _printed(issue, article.printed)
    _add(journal, "Title", article.journal)
    _add(journal, "ISOAbbreviation", article.abbreviation or article.journal)
    _marked_up(element, "ArticleTitle", article.title)
    if article.pages:
        _add(_add(element, "Pagination"), "MedlinePgn", article.pages)
    if article.doi:
        _add(element, "ELocationID", article.doi, EIdType="doi", ValidYN="Y")
    if not (article.doi or article.pages):  # the DTD wants one of them
        _add(element, "ELocationID", f"S{article.pmid}", EIdType="pii", ValidYN="Y")
    _abstract(element, article)
    _authors(element, article)
    for language in article.languages:
        _add(element, "Language", language)
    if article.registry:
        bank = _add(_add(element, "DataBankList", CompleteYN="Y"), "DataBank")
        _add(bank, "DataBankName", "ClinicalTrials.gov")
        _add(_add(bank, "AccessionNumberList"), "AccessionNumber", article.registry)
    types = _add(element, "PublicationTypeList")
    for name in article.types:
        _add(types, "PublicationType", name, UI="")
    if article.vernacular:
        _add(element, "VernacularTitle", article.vernacular)
    if article.electronic:
        year, month, day = article.electronic.split("-")
        date = _add(element, "ArticleDate", DateType="Electronic")
        _add(date, "Year", year)
        _add(date, "Month", month)
        _add(date, "Day", day)


def _headings(parent: ET.Element, headings: Iterable[Heading]) -> None:
    element = _add(parent, "MeshHeadingList")
    for heading in headings:
        one = _add(element, "MeshHeading")
        name = heading.name.rstrip("*")
        major = "Y" if heading.name.endswith("*") else "N"
        _add(one, "DescriptorName", name, UI="", MajorTopicYN=major)
        for qualifier in heading.qualifiers:
            major = "Y" if qualifier.endswith("*") else "N"
            _add(one, "QualifierName", qualifier.rstrip("*"), UI="", MajorTopicYN=major)


def _citation(parent: ET.Element, article: Article) -> None:
    element = _add(parent, "MedlineCitation", Status=article.status, Owner="NLM")
    _add(element, "PMID", article.pmid, Version="1")
    if article.indexed:
        _day(element, "DateCompleted", article.indexed)
    if article.revised:
        _day(element, "DateRevised", article.revised)
    _article(element, article)
    _add(_add(element, "MedlineJournalInfo"), "MedlineTA", article.abbreviation or article.journal)
    if article.substances:
        chemicals = _add(element, "ChemicalList")
        for name in article.substances:
            chemical = _add(chemicals, "Chemical")
            _add(chemical, "RegistryNumber", "0")
            _add(chemical, "NameOfSubstance", name, UI="")
    if article.supplementary:
        names = _add(element, "SupplMeshList")
        for name in article.supplementary:
            _add(names, "SupplMeshName", name, Type="Protocol", UI="")
    if article.links:
        links = _add(element, "CommentsCorrectionsList")
        for link in article.links:
            one = _add(links, "CommentsCorrections", RefType=link.kind)
            _add(one, "RefSource", link.source)
            if link.pmid:
                _add(one, "PMID", link.pmid, Version="1")
    if article.headings:
        _headings(element, article.headings)
    if article.other_abstract:
        language, text = article.other_abstract
        other = _add(element, "OtherAbstract", Type="Publisher", Language=language)
        _add(other, "AbstractText", text)
    keywords = (*article.keywords, *(("synthetic record",) if article.synthetic else ()))
    if keywords:
        words = _add(element, "KeywordList", Owner="NOTNLM")
        for word in keywords:
            _add(words, "Keyword", word, MajorTopicYN="N")


def _history(parent: ET.Element, article: Article) -> None:
    if not article.entered:
        return
    history = _add(parent, "History")
    _day(history, "PubMedPubDate", article.entered, PubStatus="entrez")
    _day(history, "PubMedPubDate", article.entered, PubStatus="pubmed")
    _day(history, "PubMedPubDate", article.indexed or article.entered, PubStatus="medline")


def _cited(parent: ET.Element, article: Article) -> None:
    if not article.cited:
        return
    references = _add(parent, "ReferenceList")
    for work in article.cited:
        one = _add(references, "Reference")
        _add(one, "Citation", work.citation)
        if work.pmid or work.doi:
            ids = _add(one, "ArticleIdList")
            if work.pmid:
                _add(ids, "ArticleId", work.pmid, IdType="pubmed")
            if work.doi:
                _add(ids, "ArticleId", work.doi, IdType="doi")


def article_element(article: Article) -> ET.Element:
    """The PubmedArticle element of one record."""
    element = ET.Element("PubmedArticle")
    _citation(element, article)
    data = _add(element, "PubmedData")
    _history(data, article)
    _add(data, "PublicationStatus", article.publication_status)
    ids = _add(data, "ArticleIdList")
    _add(ids, "ArticleId", article.pmid, IdType="pubmed")
    if article.doi:
        _add(ids, "ArticleId", article.doi, IdType="doi")
    _cited(data, article)
    return element


def book_element(article: Article) -> ET.Element:
    """A PubmedBookArticle: a chapter of a book, which has no MedlineCitation."""
    element = ET.Element("PubmedBookArticle")
    document = _add(element, "BookDocument")
    _add(document, "PMID", article.pmid, Version="1")
    ids = _add(document, "ArticleIdList")
    _add(ids, "ArticleId", f"NBK{article.pmid}", IdType="bookaccession")
    book = _add(document, "Book")
    _add(_add(book, "Publisher"), "PublisherName", "Synthetic Press")
    _add(book, "BookTitle", article.journal, book="synthetic")
    _printed(book, article.printed)
    _add(book, "Medium", "Internet")
    _marked_up(document, "ArticleTitle", article.title, book="synthetic", part="chapter1")
    for language in article.languages:
        _add(document, "Language", language)
    _authors(document, article)
    for name in article.types:
        _add(document, "PublicationType", name, UI="")
    _abstract(document, article)
    words = _add(document, "KeywordList", Owner="NOTNLM")
    _add(words, "Keyword", "synthetic record", MajorTopicYN="N")
    data = _add(element, "PubmedBookData")
    _history(data, article)
    _add(data, "PublicationStatus", article.publication_status)
    _add(_add(data, "ArticleIdList"), "ArticleId", article.pmid, IdType="pubmed")
    return element


def delete_element(pmids: Iterable[str]) -> ET.Element:
    """A DeleteCitation, as NLM's update files end with: records of earlier files that are withdrawn."""
    element = ET.Element("DeleteCitation")
    for pmid in pmids:
        _add(element, "PMID", pmid, Version="1")
    return element


def document(elements: Iterable[ET.Element], comment: str) -> bytes:
    """A whole PubmedArticleSet file, with a comment that says what it holds."""
    root = ET.Element("PubmedArticleSet")
    root.extend(elements)
    ET.indent(root, space="")
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN"'
        ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n'
        f"<!-- {comment} -->\n"
    )
    return (head + ET.tostring(root, encoding="unicode") + "\n").encode("utf-8")
