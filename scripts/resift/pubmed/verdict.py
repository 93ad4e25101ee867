"""What an answer of the E-utilities is worth: hits, a warning, an error, or a reason to ask again.

E-utilities report failures in many ways, often under HTTP 200: an ERROR element, a JSON error, a prolog
without a root, a body cut short, fewer ids than announced. None of these may be read as "no records".
`classify` is a pure function of the answer alone, so that it can be tested against recorded bodies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lxml import etree

from resift.pubmed.source import NO_ITEMS, Cause, Endpoint


class Kind(StrEnum):
    """How an answer is to be treated."""

    HITS = "hits"  # an answer, also an honest zero
    WARNING = "warning"  # an answer, and the server says that it changed or left out part of the question
    ERROR = "error"  # the question cannot be answered; asking again will not help
    RETRY = "retry"  # a transient failure; the answer says nothing about the question


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is one line, safe to log: keys and addresses that bodies repeat are struck out.

    `retry_after`: seconds that the server asks to wait, if it does.
    """

    kind: Kind
    reason: str = ""
    cause: Cause = Cause.OTHER
    retry_after: float | None = None

    @property
    def usable(self) -> bool:
        return self.kind in (Kind.HITS, Kind.WARNING)


# Words of failures that pass by themselves. Seen in answers of NCBI and in what public clients look for.
TRANSIENT = re.compile(
    r"search backend failed|not supported: pubmed|txclient|\beof\b|proxy_stream|pubone|bad gateway"
    r"|cannot process id list|remote server|temporarily|unavailable|timed? ?out|failed to connect"
    r"|connection|internal (server )?error|try again|too many requests|service is busy|exception",
    re.IGNORECASE,
)
# Words of failures that stay, even where the sentence also holds words of the first kind.
LASTING = re.compile(
    r"cannot be larger than|can only retrieve the first|invalid db name|too many uids"
    r"|neither query_key nor id|empty (id list|term)|id list is empty|api key|invalid value and were omitted",
    re.IGNORECASE,
)
LOST_HISTORY = re.compile(r"unable to obtain query|cannot (get|retrieve) history data", re.IGNORECASE)
SECRET = re.compile(r"(api[-_ ]?key[\"']?\s*[=:]\s*[\"']?)[^\"'&\s,<>}]+", re.IGNORECASE)
ADDRESS = re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b")
HTML = re.compile(rb"\A\s*(<!doctype html|<html)", re.IGNORECASE)

# The members of ErrorList and WarningList by their JSON names; XML uses the values.
LISTED = {
    "phrasesnotfound": "PhraseNotFound",
    "fieldsnotfound": "FieldNotFound",
    "phrasesignored": "PhraseIgnored",
    "quotedphrasesnotfound": "QuotedPhraseNotFound",
    "outputmessages": "OutputMessage",
}
ERROR_LIST = ("PhraseNotFound", "FieldNotFound")


def classify(endpoint: Endpoint, http: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """The verdict on one answer. Header names are matched without regard to case."""
    retry_after = _retry_after({name.lower(): value for name, value in headers.items()})
    text = body.strip()
    if http == 429:
        return Verdict(Kind.RETRY, "too many requests", Cause.RATE_LIMIT, retry_after)
    if http >= 500 or http == 408:
        return Verdict(Kind.RETRY, f"HTTP {http}", retry_after=retry_after)
    if http >= 400:
        return _client_error(http, text)
    if http != 200:
        return Verdict(Kind.ERROR, f"HTTP {http} instead of an answer")
    if not text:
        return Verdict(Kind.RETRY, "empty body")
    if text[:1] == b"{":  # every JSON answer is an object; a journal in a text answer may begin with [
        return _json_verdict(text, retry_after)
    if HTML.match(text):
        return Verdict(Kind.RETRY, f"a web page instead of an answer: {_clean(_words(text))}")
    if text[:1] == b"<":
        return _xml_verdict(endpoint, text)
    return _text_verdict(endpoint, text)


def parser() -> etree.XMLParser:
    """The only way bodies are parsed: no entities, no DTD, no network."""
    return etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)


def redact(text: str) -> str:
    """One line without API keys and addresses, which several NCBI errors repeat to the caller."""
    return ADDRESS.sub("***", SECRET.sub(r"\1***", " ".join(text.split())))


def _client_error(http: int, text: bytes) -> Verdict:
    words = _words(text)
    if http == 400 and re.search(r"api[ -_]?key", words, re.IGNORECASE):
        return Verdict(Kind.ERROR, "the server does not accept the API key", Cause.BAD_KEY)
    if http == 414:
        return Verdict(Kind.ERROR, "the request is too long for its URL")
    verdict = _said(words)
    if verdict.kind is Kind.RETRY or verdict.cause is not Cause.OTHER:
        return verdict
    return Verdict(Kind.ERROR, f"HTTP {http}: {_clean(words) or 'no explanation'}")


def _said(message: str) -> Verdict:
    """The verdict on the text of an ERROR."""
    shown = _clean(message)
    if re.search(r"rate limit exceeded", message, re.IGNORECASE):
        return Verdict(Kind.RETRY, "too many requests", Cause.RATE_LIMIT)
    if LOST_HISTORY.search(message):
        return Verdict(Kind.ERROR, shown, Cause.LOST_HISTORY)
    if re.search(r"id list is empty", message, re.IGNORECASE):
        return Verdict(Kind.ERROR, shown, Cause.NO_VALID_IDS)
    if not LASTING.search(message) and TRANSIENT.search(message):
        return Verdict(Kind.RETRY, shown)
    return Verdict(Kind.ERROR, shown)


def _xml_verdict(endpoint: Endpoint, text: bytes) -> Verdict:
    try:
        root = etree.fromstring(text, parser())
    except etree.XMLSyntaxError as error:
        return Verdict(Kind.RETRY, f"XML cut short or broken: {_clean(str(error))}")
    if str(root.tag).lower() == "html":
        return Verdict(Kind.RETRY, f"a web page instead of an answer: {_clean(_words(text))}")
    if root.tag == "PubmedArticleSet":
        return Verdict(Kind.HITS)
    said = [e.text.strip() for e in root.iter("ERROR") if e.text and e.text.strip()]
    if root.tag == "ePostResult" and root.find("QueryKey") is not None:
        omitted = said or [e.text or "" for e in root.iter("InvalidIdList")]
        return (
            Verdict(Kind.WARNING, _clean(omitted[0] or "some ids were omitted"))
            if omitted
            else Verdict(Kind.HITS)
        )
    if said:
        return _said(said[0])
    if endpoint is Endpoint.ESEARCH:
        return _esearch_verdict(root)
    if root.tag == "eFetchResult":
        return Verdict(Kind.ERROR, "an error without explanation")
    refused = [e.getparent() for e in root.iter("error")]
    if refused:
        return Verdict(Kind.WARNING, f"{len(refused)} ids without a summary")
    return Verdict(Kind.HITS)


def _esearch_verdict(root: etree._Element) -> Verdict:
    if root.tag != "eSearchResult":
        return Verdict(Kind.RETRY, f"<{root.tag}> instead of a search result")
    numbers = {name: root.findtext(name) for name in ("Count", "RetMax", "RetStart")}
    id_list = root.find("IdList")
    ids = None if id_list is None else len(id_list)
    listed = [
        (str(e.tag), e.text or "")
        for part in ("ErrorList", "WarningList")
        for e in root.iterfind(f"{part}/*")
    ]
    return _search_verdict(numbers, ids, listed)


def _search_verdict(
    numbers: Mapping[str, str | None], ids: int | None, listed: list[tuple[str, str]]
) -> Verdict:
    try:
        count, retmax, retstart = (
            None if numbers[name] is None else int(str(numbers[name]))
            for name in ("Count", "RetMax", "RetStart")
        )
    except ValueError:
        return Verdict(Kind.RETRY, f"a search result with impossible numbers: {dict(numbers)}")
    if count is None:
        return Verdict(Kind.RETRY, "a search result without a Count")
    # RetMax announces how many ids follow, so a shorter list lost some on the way.
    if retmax is not None and ids is not None:
        announced = min(retmax, max(0, count - (retstart or 0)))
        if ids != announced:
            return Verdict(Kind.RETRY, f"{ids} ids where {announced} were announced")
    serious = [f"{kind} {text}" for kind, text in listed if text != NO_ITEMS]
    return Verdict(Kind.WARNING, _clean("; ".join(serious))) if serious else Verdict(Kind.HITS)


def _json_verdict(text: bytes, retry_after: float | None) -> Verdict:
    try:
        # NCBI puts raw newlines inside the strings of its error messages: not valid JSON, yet an answer.
        data = json.loads(text, strict=False)
    except ValueError:
        return Verdict(Kind.RETRY, "JSON cut short or broken")
    if not isinstance(data, dict):
        return Verdict(Kind.ERROR, "JSON of an unknown shape")
    result = data.get("esearchresult")
    for holder in (data, result):
        if isinstance(holder, dict):
            said = next((holder[key] for key in ("ERROR", "error") if holder.get(key)), None)
            if said:
                verdict = _said(str(said))
                if verdict.cause is Cause.RATE_LIMIT:
                    return Verdict(Kind.RETRY, verdict.reason, Cause.RATE_LIMIT, retry_after)
                return verdict
    if not isinstance(result, dict):
        return Verdict(Kind.HITS)
    listed = listed_messages(result)
    idlist = result.get("idlist")
    numbers = {
        "Count": result.get("count"),
        "RetMax": result.get("retmax"),
        "RetStart": result.get("retstart"),
    }
    return _search_verdict(numbers, len(idlist) if isinstance(idlist, list) else None, listed)


def listed_messages(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The members of errorlist and warninglist of a JSON search result as `(kind, text)`, kinds as in XML."""
    return [
        (kind, str(text))
        for part in ("errorlist", "warninglist")
        for name, kind in LISTED.items()
        for text in (result.get(part) or {}).get(name) or []
    ]


def _text_verdict(endpoint: Endpoint, text: bytes) -> Verdict:
    if endpoint is Endpoint.ECITMATCH and b"|" in text:
        return Verdict(Kind.HITS)
    words = _words(text[:2000])
    # MEDLINE text, a list of PMIDs, or citations numbered from 1.
    if endpoint is Endpoint.EFETCH and re.match(r"PMID- |\d", words):
        return Verdict(Kind.HITS)
    verdict = _said(words)
    return verdict if verdict.kind is Kind.RETRY else Verdict(Kind.ERROR, f"not an answer: {verdict.reason}")


def _words(text: bytes) -> str:
    return re.sub(r"<[^>]*>", " ", text.decode("utf-8", "replace"))


def _clean(message: str) -> str:
    shown = redact(message)
    return shown if len(shown) <= 200 else shown[:199] + "…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait. NCBI sends seconds; the date form of RFC 9110 would need a clock and is left out."""
    value = headers.get("retry-after", "").strip()
    return float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else None
