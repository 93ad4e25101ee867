"""What a DocumentSummary says beyond a `Record`: read from the XML element as it was received."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from resift.frozen.medline import PARSER, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """`identifiers` and `history` are `(kind, value)` in the record's own order; `status` is the
    PublicationStatus (`ppublish`); `references` are `(RefType, RefSource, PMID)`."""

    nlm_id: str = ""
    issn: str = ""
    essn: str = ""
    status: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    history: tuple[tuple[str, str], ...] = ()
    references: tuple[tuple[str, str, str], ...] = ()
    publisher: str = ""
    publisher_place: str = ""


def details(element: bytes) -> Details:
    """The details of one PubmedArticle or PubmedBookArticle."""
    root = etree.fromstring(element, PARSER)
    issn = {e.get("IssnType"): e.text or "" for e in root.iterfind("MedlineCitation/Article/Journal/ISSN")}
    linking = root.findtext("MedlineCitation/MedlineJournalInfo/ISSNLinking") or ""
    data = root.find("PubmedData") if root.find("PubmedData") is not None else root.find("PubmedBookData")
    ids = root.iterfind("BookDocument/ArticleIdList/ArticleId")
    if data is not None and data.find("ArticleIdList") is not None:
        ids = data.iterfind("ArticleIdList/ArticleId")
    dates = () if data is None else data.iterfind("History/PubMedPubDate")
    return Details(
        nlm_id=root.findtext("MedlineCitation/MedlineJournalInfo/NlmUniqueID") or "",
        issn=issn.get("Print") or (linking if linking != issn.get("Electronic") else ""),
        essn=issn.get("Electronic", ""),
        status=(data.findtext("PublicationStatus") or "") if data is not None else "",
        identifiers=tuple((e.get("IdType", ""), (e.text or "").strip()) for e in ids),
        history=tuple((e.get("PubStatus", ""), moment(e)) for e in dates),
        references=tuple(
            (e.get("RefType", ""), e.findtext("RefSource") or "", e.findtext("PMID") or "")
            for e in root.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections")
        ),
        publisher=root.findtext("BookDocument/Book/Publisher/PublisherName") or "",
        publisher_place=root.findtext("BookDocument/Book/Publisher/PublisherLocation") or "",
    )
