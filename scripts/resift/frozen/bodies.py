"""The byte shapes of E-utilities answers, as NCBI sends them.

Each function gives one body from plain values; recorded bodies of the live service are the model, with
its quirks (numbers as strings in JSON, a DOCTYPE name that differs from its root, a raw line break
inside a JSON string), since clients have learnt to live with those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from resift.pubmed.source import REMARK, Endpoint

XML = "text/xml; charset=UTF-8"
JSON = "application/json; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
# The members of ErrorList and WarningList by their JSON names; XML uses the values.
_LISTED = {
    "phrasesnotfound": "PhraseNotFound",
    "fieldsnotfound": "FieldNotFound",
    "phrasesignored": "PhraseIgnored",
    "quotedphrasesnotfound": "QuotedPhraseNotFound",
    "outputmessages": "OutputMessage",
}

_PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
_DTD = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/"
_DOCTYPES = {
    Endpoint.EINFO: f'eInfoResult PUBLIC "-//NLM//DTD einfo 20190110//EN" "{_DTD}20190110/einfo.dtd"',
    Endpoint.ESEARCH: f'eSearchResult PUBLIC "-//NLM//DTD esearch 20060628//EN" "{_DTD}20060628/esearch.dtd"',
    # The name differs from the root <eFetchResult>: so it is at NCBI.
    Endpoint.EFETCH: f'eEfetchResult PUBLIC "-//NLM//DTD efetch 20131226//EN" "{_DTD}20131226/efetch.dtd"',
    Endpoint.ESUMMARY: (
        f'eSummaryResult PUBLIC "-//NLM//DTD esummary v1 20041029//EN" "{_DTD}20041029/esummary-v1.dtd"'
    ),
    Endpoint.EPOST: f'ePostResult PUBLIC "-//NLM//DTD epost 20090526//EN" "{_DTD}20090526/epost.dtd"',
    Endpoint.ELINK: f'eLinkResult PUBLIC "-//NLM//DTD elink 20101123//EN" "{_DTD}20101123/elink.dtd"',
    Endpoint.ESPELL: (
        'eSpellResult PUBLIC "-//NLM//DTD eSpellResult, 23 November 2004//EN"'
        ' "https://www.ncbi.nlm.nih.gov/entrez/query/DTD/eSpell.dtd"'
    ),
}
_ROOTS = {
    Endpoint.EINFO: "eInfoResult",
    Endpoint.ESEARCH: "eSearchResult",
    Endpoint.EFETCH: "eFetchResult",
    Endpoint.ESUMMARY: "eSummaryResult",
    Endpoint.EPOST: "ePostResult",
    Endpoint.ELINK: "eLinkResult",
    Endpoint.ESPELL: "eSpellResult",
}
_RECORDS_DOCTYPE = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC'
    ' "-//NLM//DTD PubMedArticle, 1st January 2025//EN"'
    ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire."""

    body: bytes
    content_type: str = XML
    status: int = 200
    location: str = ""  # where a redirect leads


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of a search. `messages` are `(element name, text)` as in ErrorList and WarningList, `mapped`
    the TranslationSet as `(from, to)`; `remarks` are the frozen server's own, of no kind that NCBI has."""

    count: int
    retmax: int
    retstart: int
    ids: Sequence[str]
    translation: str
    messages: Sequence[tuple[str, str]] = field(default=())
    history: tuple[int, str] | None = None  # query key and WebEnv
    remarks: Sequence[str] = ()
    mapped: Sequence[tuple[str, str]] = ()


def document(endpoint: Endpoint, inside: str, *, remarks: Sequence[str] = ()) -> Reply:
    """An XML answer around `inside`, with the prolog and DOCTYPE of its endpoint.

    `remarks` follow the root as processing instructions, which no client of NCBI reads.
    """
    root = _ROOTS[endpoint]
    own = "".join(f"<?{REMARK} {text.replace('?>', '? >')}?>\n" for text in remarks)
    return Reply(f"{_PROLOG}<!DOCTYPE {_DOCTYPES[endpoint]}>\n<{root}>{inside}</{root}>\n{own}".encode())


def json_reply(endpoint: Endpoint, members: Mapping[str, Any]) -> Reply:
    header = {"type": endpoint.value, "version": "0.3"}
    text = json.dumps({"header": header, **members}, ensure_ascii=False, separators=(",", ":"))
    return Reply(text.encode(), JSON)


def error(endpoint: Endpoint, message: str, *, json_mode: bool = False, status: int = 200) -> Reply:
    """An ERROR as this endpoint words it."""
    if not json_mode or endpoint is Endpoint.EFETCH:
        if endpoint in (Endpoint.ECITMATCH, Endpoint.CITMATCH):
            return Reply(message.encode(), TEXT, status)
        reply = document(endpoint, f"\n\t<ERROR>{escape(message)}</ERROR>\n")
        return Reply(reply.body, XML, status)
    if endpoint is Endpoint.ESEARCH:
        reply = json_reply(endpoint, {"esearchresult": {"ERROR": message}})
        # NCBI leaves line breaks of the message as they are, which is not JSON.
        return Reply(reply.body.replace(b"\\n", b"\n"), JSON, status)
    name = "error" if endpoint is Endpoint.ESUMMARY else "ERROR"
    return Reply(json_reply(endpoint, {name: message}).body, JSON, status)


def search_xml(page: FoundPage) -> Reply:
    history = (
        f"<QueryKey>{page.history[0]}</QueryKey><WebEnv>{page.history[1]}</WebEnv>" if page.history else ""
    )
    ids = "\n".join(f"<Id>{pmid}</Id>" for pmid in page.ids)
    id_list = f"<IdList>\n{ids}\n</IdList>" if ids else "<IdList/>"
    lists = ""
    for part, kinds in (
        ("ErrorList", tuple(_LISTED.values())[:2]),
        ("WarningList", tuple(_LISTED.values())[2:]),
    ):
        members = [(kind, text) for kind in kinds for said, text in page.messages if said == kind]
        if members:
            inside = "".join(f"<{kind}>{escape(text)}</{kind}>" for kind, text in members)
            lists += f"<{part}>{inside}</{part}>"
    mapped = "".join(
        f"<Translation>     <From>{escape(said)}</From>     <To>{escape(searched)}</To>    </Translation>"
        for said, searched in page.mapped
    )
    return document(
        Endpoint.ESEARCH,
        f"<Count>{page.count}</Count><RetMax>{page.retmax}</RetMax><RetStart>{page.retstart}</RetStart>"
        f"{history}{id_list}{_element('TranslationSet', mapped)}"
        f"<QueryTranslation>{escape(page.translation)}</QueryTranslation>{lists}",
        remarks=page.remarks,
    )


def search_json(page: FoundPage) -> Reply:
    result: dict[str, Any] = {
        "count": str(page.count),
        "retmax": str(page.retmax),
        "retstart": str(page.retstart),
    }
    if page.history:
        result |= {"querykey": str(page.history[0]), "webenv": page.history[1]}
    result |= {
        "idlist": list(page.ids),
        "translationset": [{"from": said, "to": searched} for said, searched in page.mapped],
        "querytranslation": page.translation,
    }
    for part, names in (("errorlist", tuple(_LISTED)[:2]), ("warninglist", tuple(_LISTED)[2:])):
        members = {name: [text for kind, text in page.messages if kind == _LISTED[name]] for name in names}
        if any(members.values()):  # a list appears only when it says something, then with all its members
            result[part] = members
    own = {REMARK: list(page.remarks)} if page.remarks else {}
    return json_reply(Endpoint.ESEARCH, {"esearchresult": result, **own})


def count_only(count: int, *, json_mode: bool) -> Reply:
    """rettype=count leaves all messages out."""
    if json_mode:
        return json_reply(Endpoint.ESEARCH, {"esearchresult": {"count": str(count)}})
    return document(Endpoint.ESEARCH, f"\n\t<Count>{count}</Count>\n")


# Left out of the DTD since 2018, and of what efetch delivers: clients that validate refuse a record with it.
_DATE_CREATED = re.compile(rb"<DateCreated>.*?</DateCreated>\s*", re.DOTALL)


def record_set(elements: Sequence[bytes]) -> Reply:
    """efetch as XML. Elements of older files lose what the named DTD no longer allows (NLM's revision notes
    in pubmed_180101.dtd: "Deleted DateCreated"); all else is as received."""
    served = [_DATE_CREATED.sub(b"", element) for element in elements]
    inside = b"\n" + b"\n".join(served) if served else b""
    body = _RECORDS_DOCTYPE.encode() + b"<PubmedArticleSet>" + inside + b"</PubmedArticleSet>\n"
    return Reply(body)


def id_list_xml(ids: Sequence[str]) -> Reply:
    """efetch with rettype=uilist&retmode=xml."""
    doctype = (
        '<!DOCTYPE IdList PUBLIC "-//NCBI//NCBI Entrez IdList/EN"'
        ' "https://www.ncbi.nlm.nih.gov/entrez/query/DTD/uilist.dtd">'
    )
    inside = "".join(f"\t<Id>{pmid}</Id>\n" for pmid in ids)
    return Reply(f'<?xml version="1.0" ?>\n{doctype}\n<IdList>\n{inside}</IdList>\n'.encode())


def posted(query_key: int, web_env: str, *, omitted: bool, json_mode: bool) -> Reply:
    said = "Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615"
    if json_mode:
        members: dict[str, Any] = {"querykey": str(query_key), "webenv": web_env}
        return json_reply(Endpoint.EPOST, {"epostresult": members | ({"ERROR": said} if omitted else {})})
    warning = f"\t<ERROR>{said}</ERROR>\n" if omitted else ""
    return document(
        Endpoint.EPOST, f"\n\t<QueryKey>{query_key}</QueryKey>\n\t<WebEnv>{web_env}</WebEnv>\n{warning}"
    )


def spelling(query: str, pieces: Sequence[tuple[str, str]]) -> Reply:
    """espell: `pieces` are the query in parts, each with its correction or ""."""
    changed = any(correction for _, correction in pieces)
    corrected = "".join(correction or said for said, correction in pieces) if changed else ""
    spelled = "".join(
        f"<Replaced>{escape(correction)}</Replaced>" if correction else f"<Original>{escape(said)}</Original>"
        for said, correction in (pieces if changed else ())
    )
    if changed and pieces[0][1]:  # NCBI begins with an empty Original
        spelled = f"<Original></Original>{spelled}"
    return document(
        Endpoint.ESPELL,
        f"\n\t<Database>pubmed</Database>\n\t<Query>{escape(query)}</Query>"
        f"\n\t{_element('CorrectedQuery', escape(corrected))}"
        f"\n\t{_element('SpelledQuery', spelled)}\n\t<ERROR/>\n",
    )


def _element(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"
