"""Reading the bodies of E-utilities answers. Pure functions of bytes; every body goes through one parser.

A body that passed `judge` is an answer; what is read here may still surprise (an unexpected root, mixed
link sets), and is then an `AnswerError`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from resift.errors import FormatError
from resift.files import sha256_text
from resift.pubmed.elements import ElementKind, split_set
from resift.pubmed.secrets import safe_line
from resift.pubmed.source import REMARK, AnswerError, CitationMatch, CitationQuery, MatchOutcome
from resift.safe_xml import xml_parser
from resift.text.dates import as_iso_date


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One esearch answer. `messages` are `(element name, text)` of ErrorList and WarningList, verbatim but
    for characters that no terminal should get. `remarks` are what resift's own engine says of itself,
    in processing instructions: whatever a server writes into its messages stays a message."""

    count: int
    ids: tuple[str, ...]
    translation: str
    translation_set: tuple[tuple[str, str], ...]
    messages: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordSet:
    """One efetch answer: each element as received, by PMID in order of arrival; `books` among them.
    `deleted`: ids that it names in a DeleteCitation."""

    elements: Mapping[str, bytes]
    books: tuple[str, ...]
    deleted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Summary:
    """What esummary (version 2.0) says of one id: `error` is "" where there is a summary."""

    document_type: str
    error: str


def read_search(body: bytes) -> SearchPage:
    root = _root(body, "eSearchResult")
    return SearchPage(
        int(root.findtext("Count") or "0"),
        tuple(e.text or "" for e in root.iterfind("IdList/Id")),
        safe_line(root.findtext("QueryTranslation") or ""),
        tuple(
            (safe_line(e.findtext("From") or ""), safe_line(e.findtext("To") or ""))
            for e in root.iterfind("TranslationSet/Translation")
        ),
        tuple(
            (str(e.tag), safe_line(e.text or ""))
            for part in ("ErrorList", "WarningList")
            for e in root.iterfind(f"{part}/*")
        ),
        tuple(e.text or "" for e in root.itersiblings() if getattr(e, "target", "") == REMARK),
    )


def read_records(body: bytes) -> RecordSet:
    """Each record as the bytes that were received, so that its hash can be compared years later.

    The error that answers a list of unknown ids only has no records.
    """
    if b"<eFetchResult>" in body and _root(body, "eFetchResult").find("ERROR") is not None:
        return RecordSet({}, ())
    root = _root(body, "PubmedArticleSet")
    pmids = [
        e.findtext("BookDocument/PMID" if e.tag == "PubmedBookArticle" else "MedlineCitation/PMID")
        for e in root.iterchildren("PubmedArticle", "PubmedBookArticle")
    ]
    try:
        raw = [e for e in split_set(body) if e.kind is not ElementKind.DELETION] if pmids else []
    except FormatError as error:
        raise AnswerError(f"efetch: {error}") from None
    if len(raw) != len(pmids) or None in pmids:
        raise AnswerError("efetch: a record without a PMID")
    elements: dict[str, bytes] = {}
    books = []
    for pmid, element in zip(pmids, raw, strict=True):
        name = str(pmid).strip()
        elements.setdefault(name, element.raw)
        if element.kind is ElementKind.BOOK:
            books.append(name)
    deleted = frozenset((e.text or "").strip() for e in root.iterfind("DeleteCitation/PMID"))
    return RecordSet(elements, tuple(dict.fromkeys(books)), deleted)


def read_summaries(body: bytes) -> dict[str, Summary]:
    """By PMID. esummary 2.0 is the one call that answers for every id, also for unknown ones."""
    root = _root(body, "eSummaryResult")
    return {
        e.get("uid", ""): Summary((e.findtext("DocType") or "").lower(), safe_line(e.findtext("error") or ""))
        for e in root.iter("DocumentSummary")
    }


def read_links(body: bytes, link_name: str) -> dict[str, tuple[str, ...]]:
    """PMIDs linked from each id. One LinkSet for each, else nobody could tell whose links they are."""
    links: dict[str, tuple[str, ...]] = {}
    for link_set in _root(body, "eLinkResult").iterfind("LinkSet"):
        about = [e.text or "" for e in link_set.iterfind("IdList/Id")]
        if len(about) > 1:
            raise AnswerError(f"elink: the links of {len(about)} records are mixed in one answer")
        if about:
            links[about[0]] = tuple(
                dict.fromkeys(
                    e.text or ""
                    for link_db in link_set.iterfind("LinkSetDb")
                    if link_db.findtext("LinkName") == link_name
                    for e in link_db.iterfind("Link/Id")
                )
            )
    return links


def read_build(body: bytes) -> str:
    """DbBuild, the name of the state of the database."""
    return _root(body, "eInfoResult").findtext("DbInfo/DbBuild") or ""


def read_updated(body: bytes) -> str:
    """The day of the database's last update (ISO), "" where it does not say."""
    text = _root(body, "eInfoResult").findtext("DbInfo/LastUpdate") or ""
    return as_iso_date(text)


def line_key(citation: CitationQuery) -> str:
    """A name for what a citation asks, so that the answer to another line cannot pass for its own."""
    return "r" + sha256_text(citation_line("", citation))[:12]


def citation_line(key: str, citation: CitationQuery) -> str:
    """`journal|year|volume|first page|author|key|` (NBK25499, ECitMatch)."""
    parts = (citation.journal, citation.year, citation.volume, citation.first_page, citation.author, key)
    return "|".join(" ".join(part.replace("|", " ").split()) for part in parts) + "|"


def read_matches(body: bytes) -> dict[str, str]:
    """What ecitmatch appended to each line, by the key of the line. Lines may be missing."""
    said = {}
    for line in body.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
        cells = line.strip().split("|")
        if len(cells) >= 7:
            said[cells[5].strip()] = safe_line("|".join(cells[6:]).strip(" |"))
    return said


def citation_match(key: str, said: str | None) -> CitationMatch:
    """The outcome that ecitmatch's words mean: a PMID, NOT_FOUND..., AMBIGUOUS... or a list, or no line."""
    if said is None:
        return CitationMatch(key, MatchOutcome.DROPPED)
    if said.isdecimal():
        return CitationMatch(key, MatchOutcome.FOUND, str(int(said)), said)
    if not said or said.upper().startswith("NOT_FOUND"):
        return CitationMatch(key, MatchOutcome.NOT_FOUND, said=said)
    return CitationMatch(key, MatchOutcome.AMBIGUOUS, said=said)


def read_candidates(body: bytes) -> tuple[str, ...]:
    """The PMIDs in an answer of the citation matcher, in its order."""
    return tuple(str(found["pubmed"]) for found in json.loads(body)["result"].get("uids", ()))


def _root(body: bytes, tag: str) -> etree._Element:
    try:
        root = etree.fromstring(body.strip(), xml_parser(huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise AnswerError(f"an answer is not XML: {error}") from None
    if root.tag != tag:
        raise AnswerError(f"<{root.tag}> where <{tag}> was expected")
    return root
