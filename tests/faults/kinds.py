"""The faults: what may happen to one answer between a server and its reader, by name.

Each kind takes the exchange as it would have gone and writes something else to the wire. They come from
what users of the E-utilities have reported, from what proxies and portals do, and from guesses at worse.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import re
import socket
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from resift.frozen.bodies import Reply
from resift.pubmed.source import Endpoint

MEMBER = re.compile(
    rb"<PubmedArticle>.*?</PubmedArticle>\n?|<LinkSet>.*?</LinkSet>\n?|(?<=\n)<Id>\d+</Id>\n?"
    rb"|<DocumentSummary .*?</DocumentSummary>\n?|(?<![^\n])[^\n<>]*\|[^\n<>]*\n",
    re.DOTALL,
)
PORTAL = (
    b"<!DOCTYPE html>\n<html><head><title>Sign in to Hotel Wi-Fi</title></head><body>Welcome</body></html>"
)
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass
class Exchange:
    """One request and the answer that a healthy server gives; `earlier` are answers that it gave before."""

    endpoint: Endpoint
    pairs: list[tuple[str, str]]
    reply: Reply
    connection: socket.socket
    earlier: list[tuple[Endpoint, Reply]] = field(default_factory=list)
    ask: Callable[[list[tuple[str, str]]], Reply] | None = None

    def asked(self, pairs: list[tuple[str, str]]) -> Reply:
        """What a healthy server says to other parameters."""
        return self.ask(pairs) if self.ask else self.reply

    def send(
        self, body: bytes | None = None, status: int = 200, *, length: int | str | None = None, **headers: str
    ) -> None:
        """A whole HTTP answer with a Content-Length, right unless another is given ("" for none)."""
        body = self.reply.body if body is None else body
        lines = [f"HTTP/1.1 {status} Said", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        if "Content_Type" not in headers:
            lines.append(f"Content-Type: {self.reply.content_type}")
        if length != "":
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def raw(self, data: bytes) -> None:
        self.connection.sendall(data)

    def chunked(self, *parts: bytes, end: bool = True) -> None:
        head = b"HTTP/1.1 200 Said\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.raw(head + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts))
        if end:
            self.raw(b"0\r\n\r\n")


Fault = Callable[[Exchange], None]
KINDS: dict[str, Fault] = {}


def kind(name: str) -> Callable[[Fault], Fault]:
    def keep(fault: Fault) -> Fault:
        KINDS[name] = fault
        return fault

    return keep


def body(name: str, change: Callable[[bytes], bytes]) -> None:
    """A fault of the body alone, under HTTP 200 and a matching Content-Length."""
    KINDS[name] = lambda x: x.send(change(x.reply.body))


def status(name: str, code: int, said: bytes = b"", **headers: str) -> None:
    KINDS[name] = lambda x: x.send(said, code, **headers)


def members(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    """A change of the list of records, ids, link sets, summaries or lines inside a body."""

    def changed(text: bytes) -> bytes:
        found = list(MEMBER.finditer(text))
        if not found:
            return text[: len(text) // 2]
        parts = change([match[0] for match in found])
        return text[: found[0].start()] + b"".join(parts) + text[found[-1].end() :]

    return changed


def other_ids(text: bytes) -> bytes:
    """The same answer about other PMIDs."""
    return re.sub(rb"\b7\d{6}\b", lambda match: b"3" + match[0][1:], text)


def retold(name: str) -> Callable[[bytes], bytes]:
    """The first number of an element replaced."""

    def change(text: bytes, value: bytes = name.encode()) -> bytes:
        element, _, new = value.partition(b"=")
        pattern = rb"<" + element + rb">[^<]*</" + element + rb">"
        swapped, n = re.subn(pattern, b"<" + element + b">" + new + b"</" + element + b">", text, count=1)
        return swapped if n else text[: len(text) // 2]

    return change


def renumbered(element: bytes, by: int) -> Callable[[bytes], bytes]:
    """An element's number made larger or smaller."""

    def change(text: bytes) -> bytes:
        pattern = rb"<" + element + rb">(\d+)<"
        if not re.search(pattern, text):
            return b""
        return re.sub(pattern, lambda m: b"<" + element + b">%d<" % (int(m[1]) + by), text)

    return change


def told(element: str, words: str) -> bytes:
    return f"<{element}><ERROR>{words}</ERROR></{element}>".encode()


# -- status ------------------------------------------------------------------------------------------------

for code in (204, 205, 304):
    status(str(code), code)
for code in (206, 400, 401, 403, 404, 405, 408, 409, 410, 413, 414):
    status(str(code), code, b"refused")
for code in (500, 501, 502, 503, 504, 520):
    status(str(code), code, PAGE)
status("206 with half", 206, b"<PubmedArticleSet>")
status(
    "429",
    429,
    b'{"error":"API rate limit exceeded","api-key":"10.0.0.1","count":"4","limit":"3"}',
    Retry_After="1",
)
status("429 without Retry-After", 429, b"{}")
status("429 asking for a year", 429, b"{}", Retry_After="31536000")
status("503 with a date", 503, PAGE, Retry_After="Fri, 31 Dec 2100 23:59:59 GMT")
status("503 with a past date", 503, PAGE, Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")
status("503 with nonsense", 503, PAGE, Retry_After="-1e999")
status("302 to a portal", 302, b"", Location="http://portal.example/login")
status("301 to itself", 301, b"", Location="/entrez/eutils/")
status("302 without an address", 302, b"")
status("302 to the blocked page", 302, b"", Location="https://misuse.ncbi.nlm.nih.gov/error/abuse.shtml")
status("307 to https", 307, b"", Location="https://127.0.0.1:1/entrez/eutils/")
status("403 page", 403, PORTAL, Content_Type="text/html")
status("400 proxy_stream", 400, b"<eFetchResult><ERROR>Error: proxy_stream()</ERROR></eFetchResult>")
status("400 about a key", 400, b'{"error":"API key invalid","api-key":"nobody"}')
status(
    "400 no ids",
    400,
    b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>",
)
status("407 proxy", 407, b"Proxy Authentication Required", Proxy_Authenticate="Basic")

# -- bodies under 200 --------------------------------------------------------------------------------------

body("empty body", lambda text: b"")
body("blank body", lambda text: b" \n\n")
body("half", lambda text: text[: len(text) // 2])
body("without its last byte", lambda text: text.rstrip()[:-1])
body("without its first byte", lambda text: text[1:])
body(
    "prolog only",
    lambda text: text[: text.find(b"<", text.find(b"<!DOCTYPE") + 1)] if b"<!DOCTYPE" in text else b"",
)
body("an object", lambda text: b"{}")
body("a list", lambda text: b"[]")
body("null", lambda text: b"null")
body("half an object", lambda text: b'{"esearchresult":{"count":"5","idl')
body("an error object", lambda text: b'{"ERROR":"TXCLIENT CException: read failed: EOF"}')
body("a rate limit object", lambda text: b'{"error":"API rate limit exceeded","api-key":"10.0.0.1"}')
body("portal page", lambda text: PORTAL)
body(
    "portal page with refresh",
    lambda text: (
        b'<html><head><meta http-equiv="refresh" content="0; url=http://portal.example/"></head></html>'
    ),
)
body(
    "xhtml page",
    lambda text: b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">hello</html>',
)
body(
    "maintenance page",
    lambda text: b"<!DOCTYPE html><html><body>Service temporarily unavailable</body></html>",
)
body("plain words", lambda text: b"Error reading from remote server")
body("a number", lambda text: b"0\n")
body("empty id", lambda text: b"Supplied id parameter is empty.\n")
body(
    "exLinkSrv2",
    lambda text: (
        b"<eLinkResult><ERROR>Couldn't resolve #exLinkSrv2, the address table is empty.</ERROR></eLinkResult>"
    ),
)
body("QueryMiRGate", lambda text: b"unable to open database file received in QueryMiRGate for URL")
body("external viewer", lambda text: b"External viewer error: Empty Response (Timeout)")
body(
    "backend failed",
    lambda text: told("eSearchResult", "Search Backend failed: Database is not supported: pubmed"),
)
body("syntax refused", lambda text: told("eSearchResult", "Search Backend failed: syntax error near ("))
body("lost history", lambda text: b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>")
body("empty ERROR", lambda text: b"<eFetchResult><ERROR/></eFetchResult>")
body("empty set", lambda text: b'<?xml version="1.0" ?>\n<PubmedArticleSet></PubmedArticleSet>\n')
body(
    "empty result",
    lambda text: (
        b"<eSearchResult><Count>0</Count><RetMax>0</RetMax><RetStart>0</RetStart><IdList/></eSearchResult>"
    ),
)
body("another root", lambda text: b"<eInfoResult><DbList><DbName>pubmed</DbName></DbList></eInfoResult>")
body("an unknown root", lambda text: b"<response><status>ok</status></response>")
body("a summary instead", lambda text: b'<eSummaryResult><DocumentSummarySet status="OK"/></eSummaryResult>')
body("BOM", lambda text: b"\xef\xbb\xbf" + text)
body("UTF-16", lambda text: text.decode().encode("utf-16"))
body(
    "declared latin-1",
    lambda text: (
        re.sub(rb"<\?xml[^>]*\?>", b'<?xml version="1.0" encoding="ISO-8859-1"?>', text)
        if b"<?xml" in text
        else text[:-1]
    ),
)
body(
    "a latin-1 byte",
    lambda text: (
        text.replace(b"e", b"\xe9", 1) if not text.startswith(b"<") else text.replace(b"</", b"\xe9</", 1)
    ),
)
body("a NUL", lambda text: text[: len(text) // 2] + b"\0" + text[len(text) // 2 :])
body("an escape sequence", lambda text: text[: len(text) // 2] + b"\x1b[2J" + text[len(text) // 2 :])
body("two answers", lambda text: text + text)
body("something after the end", lambda text: text + b"<!-- injected --><script>alert(1)</script>")
body("one member gone", members(lambda m: m[:-1]))
body("first member gone", members(lambda m: m[1:]))
body("half the members gone", members(lambda m: m[: len(m) // 2]))
body("all members gone", members(lambda m: []))
body("one member twice", members(lambda m: [*m, m[-1]]))
body("one member for another", members(lambda m: [*m[:-1], other_ids(m[-1])]))
body("one member more", members(lambda m: [*m, other_ids(m[-1])]))
body("other ids", other_ids)
body("ids with leading zeros", lambda text: re.sub(rb"\b7(\d{6})\b", rb"007\1", text))
body(
    "ids with spaces",
    lambda text: re.sub(rb">7(\d{6})<", rb"> 7\1 <", text) if b">7" in text else text.replace(b"|", b" "),
)
body("ids with letters", lambda text: re.sub(rb"\b7(\d{6})\b", rb"7\1x", text))
body("ids negative", lambda text: re.sub(rb"\b7(\d{6})\b", rb"-7\1", text))
body("ids too long", lambda text: re.sub(rb"\b7(\d{6})\b", rb"7\g<1>00000000000000000000", text))
body("ids empty", lambda text: re.sub(rb">7\d{6}<", b"><", text) if b">7" in text else b"\n")
body(
    "no IdList",
    lambda text: (
        re.sub(rb"<IdList>.*?</IdList>|<IdList/>", b"", text, flags=re.DOTALL)
        if b"IdList" in text
        else text[:40]
    ),
)
for count in ("0", "1", "-1", "many", "", "1e3", "9" * 60, "99999999", "3000000", "１２"):
    body(f"Count {count[:12] or 'empty'}", retold(f"Count={count}"))
body("Count one more", renumbered(b"Count", 1))
body("Count one less", renumbered(b"Count", -1))
body("RetMax one more", renumbered(b"RetMax", 1))
body("RetStart elsewhere", renumbered(b"RetStart", 500))
body("no Count", lambda text: re.sub(rb"<Count>\d+</Count>", b"", text))
body(
    "a tag renamed",
    lambda text: text.replace(b"<PMID", b"<PM1D").replace(b"</PMID", b"</PM1D").replace(b"<Id>", b"<1d>"),
)
body(
    "links mixed",
    lambda text: text.replace(b"</LinkSet>\n\t<LinkSet>", b"") if b"<LinkSet>" in text else b"{}",
)
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
body("entity bomb", lambda text: BOMB + b"<PubmedArticleSet>&b;</PubmedArticleSet>")
body("nested deep", lambda text: b"<a>" * 100_000)
body("unlisted", lambda text: json.dumps({"esearchresult": {"count": "1", "idlist": ["1"]}}).encode())


# -- what other requests were answered -----------------------------------------------------------------------


@kind("another endpoint's answer")
def _another(x: Exchange) -> None:
    found = [reply for endpoint, reply in x.earlier if endpoint is not x.endpoint]
    x.send(found[-1].body if found else b"")


@kind("the answer before")
def _stale(x: Exchange) -> None:
    """As a cache gives that does not look at the body of a POST."""
    found = [reply for endpoint, reply in x.earlier if endpoint is x.endpoint and reply.body != x.reply.body]
    x.send(found[-1].body if found else b"")


@kind("the first answer")
def _first(x: Exchange) -> None:
    """As a cache gives that knows an answer by its address alone."""
    found = [reply for endpoint, reply in x.earlier if endpoint is x.endpoint]
    x.send(found[0].body if found else x.reply.body)


# -- the wire ------------------------------------------------------------------------------------------------


@kind("closed before a byte")
def _closed(x: Exchange) -> None:
    x.connection.close()


@kind("reset")
def _reset(x: Exchange) -> None:
    x.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    x.connection.close()


@kind("reset in the body")
def _reset_in_body(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(x.reply.body))
    x.raw(x.reply.body[: len(x.reply.body) // 2])
    _reset(x)


@kind("closed in the body")
def _closed_in_body(x: Exchange) -> None:
    x.send(x.reply.body[: len(x.reply.body) // 2], length=len(x.reply.body))


@kind("body longer than told")
def _longer(x: Exchange) -> None:
    x.send(x.reply.body, length=max(1, len(x.reply.body) - 20))


@kind("no length, half a body")
def _no_length(x: Exchange) -> None:
    x.send(x.reply.body[: len(x.reply.body) // 2], length="")


@kind("chunks that stop")
def _chunks_stop(x: Exchange) -> None:
    x.chunked(x.reply.body[:1000], x.reply.body[1000:2000], end=False)


@kind("a chunk of nonsense")
def _chunk_nonsense(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n")


@kind("chunks that end early")
def _chunks_early(x: Exchange) -> None:
    x.chunked(x.reply.body[: len(x.reply.body) // 2])


@kind("two lengths")
def _two_lengths(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n123456789")


@kind("a length of 6,000 digits")
def _endless_length(x: Exchange) -> None:
    x.send(x.reply.body, length="9" * 6000)


@kind("a negative length")
def _negative_length(x: Exchange) -> None:
    x.send(x.reply.body, length=-5)


@kind("a header without end")
def _endless_header(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 300_000)


@kind("no HTTP")
def _no_http(x: Exchange) -> None:
    x.raw(b"220 smtp.example ESMTP ready\r\n")


@kind("status of words")
def _status_of_words(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 OK fine\r\n\r\n")


@kind("silence")
def _silence(x: Exchange) -> None:
    time.sleep(0.5)


@kind("a trickle")
def _trickle(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(20):
        x.raw(b" ")
        time.sleep(0.05)


@kind("gzip")
def _gzip(x: Exchange) -> None:
    x.send(gzip.compress(x.reply.body), Content_Encoding="gzip")


@kind("gzip without saying so")
def _gzip_silent(x: Exchange) -> None:
    x.send(gzip.compress(x.reply.body))


@kind("gzip that is none")
def _gzip_lie(x: Exchange) -> None:
    x.send(x.reply.body, Content_Encoding="gzip")


@kind("gzip cut")
def _gzip_cut(x: Exchange) -> None:
    packed = gzip.compress(x.reply.body)
    x.send(packed[: len(packed) // 2], Content_Encoding="gzip")


@kind("gzip with a wrong sum")
def _gzip_sum(x: Exchange) -> None:
    packed = bytearray(gzip.compress(x.reply.body))
    packed[-5] ^= 0xFF
    x.send(bytes(packed), Content_Encoding="gzip")


@kind("deflate")
def _deflate(x: Exchange) -> None:
    x.send(zlib.compress(x.reply.body), Content_Encoding="deflate")


@kind("an unknown encoding")
def _unknown_encoding(x: Exchange) -> None:
    x.send(bytes(255 - byte for byte in x.reply.body), Content_Encoding="x-secret")


@kind("a header of another charset")
def _charset(x: Exchange) -> None:
    x.send(x.reply.body, Content_Type="text/xml; charset=utf-16")


# -- others that nobody told of ------------------------------------------------------------------------------


def within(element: bytes, put: bytes) -> Callable[[bytes], bytes]:
    """Something put before the end of the root, which stays well-formed."""

    def change(text: bytes) -> bytes:
        at = text.rstrip().rfind(b"</")
        return text[:at] + b"<" + element + b">" + put + b"</" + element + b">" + text[at:] if at > 0 else put

    return change


def swapped(text: bytes) -> bytes:
    """Two records under each other's PMID."""
    found = re.findall(rb'<PMID Version="\d+">(\d+)<', text)
    if len(found) < 2:
        return other_ids(text)
    one, two = (b">" + pmid + b"</PMID>" for pmid in found[:2])
    return text.replace(one, b"\0").replace(two, one).replace(b"\0", two)


body("an ERROR in a good set", within(b"ERROR", b"Unable to retrieve the rest"))
body("an OutputMessage in a good set", within(b"OutputMessage", b"PubMed is busy"))
body("an expired WebEnv", lambda text: told("eFetchResult", "Cannot retrieve query: WebEnv has expired"))
body(
    "entities in an error",
    lambda text: told("eSearchResult", "&lt;b&gt;read failed&lt;/b&gt; &amp;amp; &#27;[2J"),
)
body("HTML entities", lambda text: text.replace(b"</", b"&nbsp;</", 1) if b"</" in text else b"&nbsp;" + text)
body(
    "PMC's answer",
    lambda text: b"<pmc-articleset>" + b"".join(re.findall(rb"<PMID.*?</PMID>", text)) + b"</pmc-articleset>",
)
body(
    "links into PMC",
    lambda text: (
        text.replace(b"<DbTo>pubmed<", b"<DbTo>pmc<").replace(b"pubmed_pubmed_refs", b"pubmed_pmc_refs")
        if b"DbTo" in text
        else b""
    ),
)
body(
    "ids of another database",
    lambda text: (
        re.sub(rb"<DbFrom>pubmed<|<DbName>pubmed<", b"<DbName>gene<", text) if b"<Db" in text else b""
    ),
)
body(
    "no links",
    lambda text: (
        re.sub(rb"<LinkSetDb>.*?</LinkSetDb>", b"", text, flags=re.DOTALL) if b"<LinkSetDb>" in text else b""
    ),
)
body("the other way round", members(lambda m: m[::-1]))
body(
    "one member twice, with another text",
    members(lambda m: [*m, m[-1].replace(b"e", b"i").replace(b"<Id>", b"<Id>")]),
)
body("records under each other's PMID", swapped)
body(
    "records of bare bones",
    lambda text: (
        re.sub(rb"<Article .*?</Article>", b"", text, flags=re.DOTALL) if b"<Article " in text else b"{}"
    ),
)
body(
    "records within records",
    lambda text: (
        text.replace(b"</PubmedArticle>\n<PubmedArticle>", b"<PubmedArticle>").replace(
            b"</PubmedArticle>\n</", b"</PubmedArticle></PubmedArticle></"
        )
        if text.count(b"<PubmedArticle>") > 1
        else b"{}"
    ),
)
body(
    "all of them deleted",
    lambda text: re.sub(
        rb"<PubmedArticle>.*</PubmedArticle>",
        lambda found: (
            b"<DeleteCitation>" + b"".join(re.findall(rb"<PMID.*?</PMID>", found[0])) + b"</DeleteCitation>"
        ),
        text,
        flags=re.DOTALL,
    ),
)
body("a comment within an id", lambda text: re.sub(rb">(\d{3})(\d{4,5})<", rb">\1<!-- -->\2<", text))
body("an instruction within an id", lambda text: re.sub(rb">(\d{3})(\d{4,5})<", rb">\1<?x y?>\2<", text))
body("ids in CDATA", lambda text: re.sub(rb"<Id>(\d{7,8})<", rb"<Id><![CDATA[\1]]><", text))
body("ids in quotation marks", lambda text: re.sub(rb">(\d{7,8})<", rb">'\1'<", text))
body(
    "a namespace",
    lambda text: re.sub(rb"<([A-Za-z]\w+)>", rb'<\1 xmlns="http://example.org/">', text, count=1),
)
body("tags in small letters", lambda text: re.sub(rb"</?\w+", lambda m: m[0].lower(), text))
body("a DTD of another year", lambda text: text.replace(b"190101", b"290101").replace(b"2019", b"2029"))
body(
    "UTF-16 that says so",
    lambda text: (
        re.sub(rb"<\?xml[^>]*\?>", b'<?xml version="1.0" encoding="UTF-16"?>', text).decode().encode("utf-16")
    ),
)
body("two prologs", lambda text: b'<?xml version="1.0"?>\n' + text)
body("line ends of Windows", lambda text: text.replace(b"\n", b"\r\n"))
body("Count with a comma", lambda text: re.sub(rb"<Count>(\d+)<", rb"<Count>1,\1<", text))
body(
    "a page lowered",
    lambda text: members(lambda m: m[: len(m) // 2])(
        re.sub(rb"<RetMax>\d+<", b"<RetMax>%d<" % (len(MEMBER.findall(text)) // 2), text)
    ),
)
body(
    "JSON with a key twice",
    lambda text: (
        text.replace(b'"count":', b'"count":0,"uids":[],"count":', 1)
        if text.startswith(b"{")
        else b'{"result":{"count":1,"count":0}}'
    ),
)
status("429 with a past date", 429, b"{}", Retry_After="Fri, 31 Dec 1999 23:59:59 GMT")
status("429 a century ahead", 429, b"{}", Retry_After="Fri, 31 Dec 2126 23:59:59 GMT")
status("429 of six thousand digits", 429, b"{}", Retry_After="9" * 6000)
status("308 to itself", 308, b"", Location="?")
status("302 to a file", 302, b"", Location="file:///etc/passwd")
status("302 with an escape sequence", 302, b"", Location="http://x/\x1b[2J")
status("511", 511, PORTAL, Content_Type="text/html")
status("599", 599, PAGE)


# Wrong and in agreement with themselves: told from right answers only while they pass.
AGREEING = frozenset({"no links", "parameters cut"})


def asked_without(name: str, change: Callable[[tuple[str, str]], list[tuple[str, str]]]) -> None:
    """The answer to parameters that something on the way has changed."""
    KINDS[name] = lambda x: x.send(x.asked([one for pair in x.pairs for one in change(pair)]).body)


asked_without("parameters stripped", lambda pair: [])
asked_without("retmax stripped", lambda pair: [] if pair[0] in ("retmax", "rettype", "cmd") else [pair])
asked_without("parameters cut", lambda pair: [(pair[0], pair[1][:30])])
asked_without("parameters in small letters", lambda pair: [(pair[0], pair[1].lower())])
asked_without(
    "the first id alone", lambda pair: [(pair[0], pair[1].split(",")[0])] if pair[0] == "id" else [pair]
)


@kind("206 with its range")
def _partial(x: Exchange) -> None:
    half = x.reply.body[: len(x.reply.body) // 2]
    x.send(half, 206, Content_Range=f"bytes 0-{len(half) - 1}/{len(x.reply.body)}")


@kind("headers in odd case")
def _odd_case(x: Exchange) -> None:
    packed = gzip.compress(x.reply.body)
    x.raw(b"HTTP/1.1 200 ok\r\ncONTENT-eNCODING: GZip\r\ncontent-LENGTH: %d\r\n\r\n" % len(packed) + packed)


@kind("100 Continue first")
def _continue(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n")
    x.send()


@kind("HTTP/1.0 without a length")
def _old(x: Exchange) -> None:
    x.raw(b"HTTP/1.0 200 OK\r\n\r\n" + x.reply.body)


@kind("a body alone")
def _body_alone(x: Exchange) -> None:
    x.raw(x.reply.body)


@kind("another answer behind")
def _behind(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(x.reply.body) + x.reply.body)
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


@kind("chunks without end")
def _chunks_endless(x: Exchange) -> None:
    x.chunked(x.reply.body, end=False)
    with contextlib.suppress(OSError):
        for _ in range(200):
            x.raw(b"10000\r\n" + b" " * 65536 + b"\r\n")
            time.sleep(0.005)


@kind("a drip")
def _drip(x: Exchange) -> None:
    x.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(x.reply.body))
    with contextlib.suppress(OSError):
        for byte in x.reply.body[:100]:
            x.raw(bytes([byte]))
            time.sleep(0.02)


@kind("a thousand headers")
def _headers(x: Exchange) -> None:
    x.send(**{f"X_{n}": "a" * 50 for n in range(1000)})


@kind("gzip cut, filled to its length")
def _gzip_filled(x: Exchange) -> None:
    packed = gzip.compress(x.reply.body)
    x.send(packed[: len(packed) // 2].ljust(len(packed), b"\0"), Content_Encoding="gzip")


@kind("gzip in two members")
def _gzip_members(x: Exchange) -> None:
    middle = len(x.reply.body) // 2
    parts = (x.reply.body[:middle], x.reply.body[middle:])
    x.send(b"".join(gzip.compress(part) for part in parts), Content_Encoding="gzip")


@kind("gzip twice")
def _gzip_twice(x: Exchange) -> None:
    x.send(gzip.compress(gzip.compress(x.reply.body)), Content_Encoding="gzip")


@kind("gzip bomb")
def _gzip_bomb(x: Exchange) -> None:
    x.send(_bomb(), Content_Encoding="gzip")


@functools.cache
def _bomb() -> bytes:
    """Some 100 kB that unpack to 100 MB."""
    return gzip.compress(bytes(100 << 20))


@kind("identity")
def _identity(x: Exchange) -> None:
    x.send(Content_Encoding="identity")


@kind("brotli")
def _brotli(x: Exchange) -> None:
    x.send(x.reply.body, Content_Encoding="br")


@kind("a picture")
def _picture(x: Exchange) -> None:
    x.send(b"\x89PNG\r\n\x1a\n" + bytes(100), Content_Type="image/png")
