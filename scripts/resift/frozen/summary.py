"""esummary over records: version 1 (DocSum), version 2.0 (DocumentSummary) and JSON.

Every member that NCBI sends is there, in its order. What an archive cannot know (citation counts) is
empty, so that clients which reach for it find the shape they know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from resift.formats.nbib import date_words, publication_date
from resift.frozen.bodies import Reply, document, json_reply
from resift.frozen.details import Details
from resift.pubmed.source import Endpoint
from resift.records import Record
from resift.text.fold import fold
from resift.text.languages import name as language_name

NO_SUMMARY = "cannot get document summary"
JSON_LIMIT = 500
TOO_MANY = f"Too many UIDs in request. Maximum number of UIDs is {JSON_LIMIT} for JSON format output."
# IdTypeN and PubStatus as numbers, as recorded answers have them.
_ID_NUMBERS = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5}
_OTHER_ID = 8
_PUB_STATUS = {"epublish": "3", "ppublish": "4", "aheadofprint": "10"}
# A book's members, empty for an article; NCBI sends them for every record.
_OF_BOOKS = (
    "Medium", "Edition", "PublisherLocation", "PublisherName", "SrcDate", "ReportNumber",
    "AvailableFromURL", "LocationLabel",
)  # fmt: skip
_STATUS = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "In-Process": "PubMed - in process",
    "In-Data-Review": "PubMed - in process",
    "Publisher": "PubMed - as supplied by publisher",
}


# A record, and what its element says beyond it.
Held = tuple[Record, Details]


def summaries_v1(ids: Sequence[str], records: Mapping[str, Held]) -> Reply:
    """DocSum for each id that is held, an ERROR for each other."""
    parts = []
    for pmid in ids:
        if pmid in records:
            parts.append(_text(_doc_sum(*records[pmid])))
        else:
            parts.append(f"\t<ERROR>UID={pmid}: {NO_SUMMARY}</ERROR>")
    return document(Endpoint.ESUMMARY, "\n" + "\n\n".join(parts) + "\n")


def summaries_v2(ids: Sequence[str], records: Mapping[str, Held], build: str) -> Reply:
    """A DocumentSummary for each id, with an error inside for those that are not held."""
    found = etree.Element("DocumentSummarySet", status="OK")
    etree.SubElement(found, "DbBuild").text = build
    for pmid in ids:
        summary = etree.SubElement(found, "DocumentSummary", uid=pmid)
        if pmid in records:
            for name, value in _members(*records[pmid]).items():
                _add(summary, name, value)
        else:
            etree.SubElement(summary, "error").text = NO_SUMMARY
    body = document(Endpoint.ESUMMARY, "\n" + _text(found)).body
    version = b'"-//NLM//DTD esummary pubmed 20250426//EN"'
    return Reply(
        body.replace(b'"-//NLM//DTD esummary v1 20041029//EN"', version).replace(
            b"20041029/esummary-v1.dtd", b"20250426/esummary_pubmed.dtd"
        )
    )


def summaries_json(ids: Sequence[str], records: Mapping[str, Held]) -> Reply:
    result: dict[str, Any] = {"uids": list(ids)}
    for pmid in ids:
        if pmid in records:
            members = {name.lower(): _lower(value) for name, value in _members(*records[pmid]).items()}
            result[pmid] = {"uid": pmid, **members}
        else:
            result[pmid] = {"uid": pmid, "error": NO_SUMMARY}
    return json_reply(Endpoint.ESUMMARY, {"result": result})


def _members(record: Record, more: Details) -> dict[str, Any]:
    """The members of a DocumentSummary in NCBI's order; lists hold mappings or `(member name, text)`."""
    book = record.type != "article"
    identifiers = more.identifiers or (("pubmed", record.pmid),)
    status = more.status or ("ppublish" if record.print_date else "epublish")
    empty: dict[str, Any] = dict.fromkeys(_OF_BOOKS, "")
    empty |= {"PublisherLocation": more.publisher_place, "PublisherName": more.publisher}
    return {
        "PubDate": publication_date(record),
        "EPubDate": date_words(record.electronic_date),
        "Source": record.journal_abbreviation or record.journal,
        "Authors": [
            {"Name": name, "AuthType": kind, "ClusterID": ""}
            for kind, names in (("Author", record.authors), ("CollectiveName", record.collective_authors))
            for name in names
        ],
        "LastAuthor": record.authors[-1] if record.authors else "",
        "Title": record.title,
        "SortTitle": fold(record.title),
        "Volume": record.volume,
        "Issue": record.issue,
        "Pages": record.pages,
        "Lang": [("string", language) for language in record.languages],
        "NlmUniqueID": more.nlm_id,
        "ISSN": more.issn,
        "ESSN": more.essn,
        "PubType": [("flag", kind) for kind in record.publication_types],
        "RecordStatus": _STATUS.get(record.status, "PubMed"),
        "PubStatus": _PUB_STATUS.get(status, ""),
        "ArticleIds": [
            {"IdType": kind, "IdTypeN": _ID_NUMBERS.get(kind, _OTHER_ID), "Value": value}
            for kind, value in identifiers
        ],
        "History": [{"PubStatus": kind, "Date": date} for kind, date in more.history],
        "References": [
            {"RefSource": source, "RefType": _spaced(kind), "PMID": pmid, "Note": ""}
            for kind, source, pmid in more.references
        ],
        "Attributes": [("flag", "Has Abstract")] if record.abstract else [],
        "PmcRefCount": "",
        "FullJournalName": record.journal,
        "ELocationID": f"doi: {record.doi}" if record.doi else "",
        "DocType": ("chapter" if record.type == "chapter" else "book") if book else "citation",
        "SrcContribList": [],
        "BookTitle": record.journal if book else "",
        **empty,
        "DocContribList": [],
        "DocDate": "",
        "BookName": "",
        "Chapter": "",
        "SortPubDate": _moment(record.print_date or record.electronic_date or str(record.year or "")),
        "SortFirstAuthor": record.authors[0] if record.authors else "",
        "VernacularTitle": record.vernacular_title,
    }


def _doc_sum(record: Record, more: Details) -> etree._Element:
    """Version 1: a flat list of typed items."""
    members = _members(record, more)
    place = record.volume + (f"({record.issue})" if record.issue else "")
    place = ":".join(part for part in (place, record.pages) if part)
    rows: list[tuple[str, str, Any]] = [
        ("PubDate", "Date", members["PubDate"]),
        ("EPubDate", "Date", members["EPubDate"]),
        ("Source", "String", members["Source"]),
        ("AuthorList", "List", [("Author", "String", a["Name"]) for a in members["Authors"]]),
        ("LastAuthor", "String", members["LastAuthor"]),
        ("Title", "String", record.title),
        ("Volume", "String", record.volume),
        ("Issue", "String", record.issue),
        ("Pages", "String", record.pages),
        ("LangList", "List", [("Lang", "String", language_name(code)) for code in record.languages]),
        ("NlmUniqueID", "String", more.nlm_id),
        ("ISSN", "String", more.issn),
        ("ESSN", "String", more.essn),
        ("PubTypeList", "List", [("PubType", "String", kind) for kind in record.publication_types]),
        ("RecordStatus", "String", members["RecordStatus"]),
        ("PubStatus", "String", _pub_status(record, more)),
        ("ArticleIds", "List", [(i["IdType"], "String", i["Value"]) for i in members["ArticleIds"]]),
        *([("DOI", "String", record.doi)] if record.doi else []),
        ("History", "List", [(h["PubStatus"], "Date", h["Date"]) for h in members["History"]]),
        ("References", "List", [(_spaced(k), "String", source) for k, source, _ in more.references]),
        ("HasAbstract", "Integer", "1" if record.abstract else "0"),
        ("PmcRefCount", "Integer", "0"),
        ("FullJournalName", "String", record.journal),
        ("ELocationID", "String", members["ELocationID"]),
        ("SO", "String", ";".join(part for part in (members["PubDate"], place) if part)),
    ]
    found = etree.Element("DocSum")
    etree.SubElement(found, "Id").text = record.pmid
    for name, kind, value in rows:
        item = etree.SubElement(found, "Item", Name=name, Type=kind)
        if isinstance(value, str):
            item.text = value
        else:
            for inner, inner_kind, text in value:
                etree.SubElement(item, "Item", Name=inner, Type=inner_kind).text = text
    return found


_ITEM_NAMES = {
    "Authors": "Author",
    "ArticleIds": "ArticleId",
    "History": "PubMedPubDate",
    "References": "Reference",
}


def _add(parent: etree._Element, name: str, value: Any) -> None:
    element = etree.SubElement(parent, name)
    if not isinstance(value, list):
        element.text = str(value) or None
        return
    for item in value:
        if isinstance(item, dict):
            inner = etree.SubElement(element, _ITEM_NAMES[name])
            for key, text in item.items():
                etree.SubElement(inner, key).text = str(text) or None
        else:
            etree.SubElement(element, item[0]).text = item[1]


def _lower(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        {key.lower(): text for key, text in item.items()} if isinstance(item, dict) else item[1]
        for item in value
    ]


def _text(element: etree._Element) -> str:
    etree.indent(element, space="\t")
    return etree.tostring(element, encoding="unicode")


def _pub_status(record: Record, more: Details) -> str:
    """In words, as version 1 has it: a printed paper that was online before bears both."""
    if more.status == "ppublish" and record.electronic_date:
        return "ppublish+epublish"
    return more.status or ("ppublish" if record.print_date else "epublish")


def _spaced(kind: str) -> str:
    """`CommentIn` as `Comment in`, as summaries word it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind).capitalize()


def _moment(date: str) -> str:
    """`2016-04-21` as `2016/04/21 00:00`; missing parts are the first of their kind."""
    if not date:
        return ""
    day, _, clock = date.replace("T", " ").partition(" ")
    parts = (*day.split("-"), "01", "01")[:3]
    return f"{'/'.join(parts)} {clock or '00:00'}"
