"""What an answer of the E-utilities is worth: hits, a warning, an error, or a reason to ask again.

E-utilities report failures in many ways, often under HTTP 200: an ERROR element, a JSON error, a prolog
without a root, a body cut short, fewer ids than announced; and what stands between (portals, proxies,
caches) answers in their place. None of these may be read as "no records". `judge` is a pure function of the
question and the answer, so that it can be tested against recorded bodies. What is asked of the parts of an
answer that passes here is in `resift.pubmed.checks`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import StrEnum
from html import unescape

from lxml import etree

from resift.pubmed.checks import MOST_TAGS, flaw
from resift.pubmed.secrets import redact
from resift.pubmed.source import NO_ITEMS, Cause, Endpoint, Request
from resift.safe_xml import xml_parser


class Kind(StrEnum):
    """How an answer is to be treated."""

    HITS = "hits"  # an answer, also an honest zero
    WARNING = "warning"  # an answer, and the server says that it changed or left out part of the question
    ERROR = "error"  # the question cannot be answered; asking again will not help
    RETRY = "retry"  # a transient failure; the answer says nothing about the question


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is one line, safe to log: keys and addresses that bodies repeat are struck out.

    `retry_after`: seconds that the server asks to wait, if it does. `tries`: at most so many, 0 for as many
    as patience allows. `missing`: ids asked for and not in the answer. `doubtful`: usable, and so unlikely
    that it is believed only when it comes twice.
    """

    kind: Kind
    reason: str = ""
    cause: Cause = Cause.OTHER
    retry_after: float | None = None
    tries: int = 0
    missing: frozenset[str] = frozenset()
    doubtful: bool = False

    @property
    def usable(self) -> bool:
        return self.kind in (Kind.HITS, Kind.WARNING)


# Words of failures that pass by themselves. Seen in answers of NCBI and in what public clients look for.
TRANSIENT = re.compile(
    r"search backend failed|not supported: pubmed|txclient|\beof\b|proxy_stream|pubone|bad gateway"
    r"|cannot process id list|remote server|temporarily|unavailable|timed? ?out|failed to connect"
    r"|connection|internal (server )?error|try again|too many requests|service is busy|exception"
    # an outage of elink (2026), of a gateway, and of the viewer behind efetch (2024)
    r"|couldn't resolve|address table is empty|unable to open database|querymirgate|external viewer error"
    # none of our requests is without ids or a term: what carried it lost its body
    r"|id parameter is empty",
    re.IGNORECASE,
)
# Words of failures that stay, even where the sentence also holds words of the first kind.
LASTING = re.compile(
    r"cannot be larger than|can only retrieve the first|invalid db name|too many uids"
    r"|neither query_key nor id|empty (id list|term)|id list is empty|api key|invalid value and were omitted"
    # the query itself is refused
    r"|syntax|pars(e|ing)\b|bracket|parenthes[ie]s|unbalanced|malformed|quotation mark|unexpected (end|token)"
    r"|is not a valid|no field of pubmed|nothing to search|an operator|a tag without|cannot be read",
    re.IGNORECASE,
)
# A page or a client error is perhaps of the server itself and passes; more tries would only repeat it.
FEW_TRIES = 3
INCOMPLETE_TRIES = 2
LOST_HISTORY = re.compile(r"unable to obtain query|cannot (get|retrieve) history data", re.IGNORECASE)
# &nbsp; and its like: those of HTML, without the five of XML.
_NAMED = re.compile(rb"&(?!amp;|lt;|gt;|quot;|apos;|#)")
HTML = re.compile(
    rb"\A\s*(<!--.*?-->\s*)*(<!doctype html|<html|<head|<body|<script)", re.IGNORECASE | re.DOTALL
)
ERROR_LIST = ("PhraseNotFound", "FieldNotFound")


def judge(
    request: Request,
    http: int,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    *,
    key_sent: bool = False,
) -> Verdict:
    """The verdict on an answer to this request: usable only when it passed every check of its kind, its
    count and its ids. `key_sent`: an API key went with it, so that the server may be speaking of that. Header
    names are matched without regard to case."""
    lower = {name.lower(): value for name, value in (headers or {}).items()}
    retry_after = _retry_after(lower)
    text = body.strip()
    if http == 429:
        return Verdict(Kind.RETRY, "too many requests", Cause.RATE_LIMIT, retry_after)
    if http >= 500 or http == 408:
        return Verdict(Kind.RETRY, f"HTTP {http}", retry_after=retry_after)
    if 300 <= http < 400 and http != 304:
        return _redirected(http, lower.get("location", ""))
    if http >= 400:
        verdict = _client_error(request, http, text, key_sent=key_sent)
        return replace(verdict, retry_after=retry_after)
    if http != 200:
        return Verdict(Kind.RETRY, f"HTTP {http} instead of an answer")
    if not text:
        return Verdict(Kind.RETRY, "empty body")
    if text[:1] == b"{":  # every JSON answer is an object; a journal in a text answer may begin with [
        return _json_verdict(request, text, retry_after)
    if HTML.match(text):
        return _page(text)
    if text[:1] == b"<":
        return _xml_verdict(request, text)
    return _text_verdict(request, body)


def _redirected(http: int, location: str) -> Verdict:
    """No answer of the E-utilities is a redirection: a portal, a proxy, or the page for blocked clients."""
    if not location:
        return Verdict(Kind.RETRY, f"HTTP {http} without an address", Cause.DETOUR, tries=FEW_TRIES)
    shown = _clean(location.partition("?")[0])
    if re.match(r"(https?:)?//", location, re.IGNORECASE):
        blocked = "; NCBI blocks this client" if "misuse." in location else ""
        return Verdict(Kind.ERROR, f"sent on to {shown} (HTTP {http}){blocked}", Cause.DETOUR)
    return Verdict(Kind.RETRY, f"sent on to {shown} (HTTP {http})", Cause.DETOUR, tries=FEW_TRIES)


def _page(text: bytes, http: int = 200) -> Verdict:
    """A web page under a status that is not a failure of the server: a portal, a proxy, a notice."""
    shown = text[:20_000].decode("utf-8", "replace")
    title = re.search(r"<title[^>]*>(.*?)</title>", shown, re.IGNORECASE | re.DOTALL)
    refresh = re.search(r"url=['\"]?([^'\" >]+)", shown, re.IGNORECASE)
    linked = re.search(r"(?:href|action)=['\"](https?:[^'\"]+)", shown, re.IGNORECASE)
    words = " ".join(unescape(title[1] if title else _words(text[:2000])).split())
    reason = f"a web page instead of an answer: {_clean(words) or 'without words'}"
    if address := refresh or linked:
        reason += f" (it points to {_clean(address[1].partition('?')[0])})"
    if http != 200:
        reason += f" (HTTP {http})"
    if TRANSIENT.search(_words(text[:20_000])):
        return Verdict(Kind.RETRY, reason)
    return Verdict(Kind.RETRY, reason, Cause.DETOUR, tries=FEW_TRIES)


def _client_error(request: Request, http: int, text: bytes, *, key_sent: bool) -> Verdict:
    words = _words(text[:20_000])
    if key_sent and http in (400, 401, 403) and re.search(r"api[ -_]?key", words, re.IGNORECASE):
        return Verdict(Kind.ERROR, "the server does not accept the API key", Cause.BAD_KEY)
    if http == 407:
        return Verdict(Kind.ERROR, "the proxy asks for a user name and password (HTTP 407)", Cause.DETOUR)
    if http in (413, 414):
        return Verdict(Kind.ERROR, f"the request is too long for the server (HTTP {http})")
    if HTML.match(text):
        return _page(text, http)
    verdict = _said(words)
    if verdict.cause is Cause.NO_VALID_IDS:
        return _none_given(request, verdict.reason)
    if verdict.kind is Kind.RETRY or verdict.cause is not Cause.OTHER:
        return verdict
    reason = f"HTTP {http}: {_clean(words) or 'no explanation'}"
    if b"<ERROR>" in text or LASTING.search(words):
        return Verdict(Kind.ERROR, reason)
    return Verdict(Kind.RETRY, reason, tries=FEW_TRIES)


def _none_given(request: Request, reason: str) -> Verdict:
    """The server says that none of the ids exists: an answer that leaves them all out."""
    asked = frozenset(pmid for value in request.every("id") for pmid in value.split(","))
    return Verdict(Kind.RETRY, reason, Cause.INCOMPLETE, tries=INCOMPLETE_TRIES, missing=asked)


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


def _xml_verdict(request: Request, text: bytes) -> Verdict:
    if text.count(b"<") > MOST_TAGS:
        return Verdict(Kind.ERROR, f"more than {MOST_TAGS:,} tags in one answer", Cause.TOO_LARGE)
    try:
        root = etree.fromstring(text, xml_parser(huge_tree=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        return Verdict(Kind.RETRY, f"XML cut short or broken: {_clean(str(error))}")
    if etree.QName(root).localname.lower() == "html":
        return _page(text)
    verdict = _element_verdict(request.endpoint, root)
    if verdict.usable and _NAMED.search(text) and next(root.iter(etree.Entity), None) is not None:
        return Verdict(Kind.RETRY, "an entity that XML does not know, so that text is lost")
    return _checked(request, verdict, text, root)


def _checked(request: Request, verdict: Verdict, text: bytes, root: etree._Element | None) -> Verdict:
    """What looks like an answer must also be the answer to what was asked."""
    if not verdict.usable:
        return verdict
    found = flaw(request, text, root)
    if found is None:
        return verdict
    if found.doubt:
        return replace(verdict, doubtful=True, reason=verdict.reason or found.reason)
    reason = _clean(found.reason)
    if found.missing:
        return Verdict(Kind.RETRY, reason, Cause.INCOMPLETE, tries=INCOMPLETE_TRIES, missing=found.missing)
    return Verdict(Kind.RETRY, reason)


def _element_verdict(endpoint: Endpoint, root: etree._Element) -> Verdict:
    if root.tag == "PubmedArticleSet":
        return Verdict(Kind.HITS)
    said = list(filter(None, map(_error_text, root.iter("ERROR"))))
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


def _error_text(element: etree._Element) -> str:
    """The words of an ERROR, also those behind an entity of HTML or a tag."""
    inside = [part for e in element.iterdescendants() for part in (e.text, e.tail)]
    return " ".join(unescape("".join(filter(None, [element.text, *inside]))).split())


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
    if any(n is not None and not re.fullmatch(r"[0-9]{1,9}", str(n)) for n in numbers.values()):
        return Verdict(Kind.RETRY, _clean(f"a search result with impossible numbers: {dict(numbers)}"))
    count, retmax, retstart = (
        None if numbers[name] is None else int(str(numbers[name])) for name in ("Count", "RetMax", "RetStart")
    )
    if count is None:
        return Verdict(Kind.RETRY, "a search result without a Count")
    # RetMax announces how many ids follow, so a shorter list lost some on the way.
    if retmax is not None and ids is not None:
        announced = min(retmax, max(0, count - (retstart or 0)))
        if ids != announced:
            return Verdict(Kind.RETRY, f"{ids} ids where {announced} were announced")
    serious = [f"{kind} {text}" for kind, text in listed if text != NO_ITEMS]
    return Verdict(Kind.WARNING, _clean("; ".join(serious))) if serious else Verdict(Kind.HITS)


def _json_verdict(request: Request, text: bytes, retry_after: float | None) -> Verdict:
    try:
        # NCBI puts raw newlines inside the strings of its error messages: not valid JSON, yet an answer.
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError):
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
    return _checked(request, Verdict(Kind.HITS), text, None)


def _text_verdict(request: Request, body: bytes) -> Verdict:
    text = body.strip()
    if request.endpoint is Endpoint.ECITMATCH and b"|" in text:
        return _checked(request, Verdict(Kind.HITS), body, None)
    verdict = _said(_words(text[:2000]))
    return Verdict(Kind.RETRY, f"not an answer: {verdict.reason}", verdict.cause)


def _words(text: bytes) -> str:
    return re.sub(r"<[^>]*>", " ", text.decode("utf-8", "replace"))


def _clean(message: str) -> str:
    shown = redact(message)
    return shown if len(shown) <= 200 else shown[:199] + "…"


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, 0 or more: a number, or the time until a date (RFC 9110)."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
        return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
