"""The question that a recorded answer of the E-utilities answers, worked out from it by plain means."""

from __future__ import annotations

import re
from typing import Any

from resift.pubmed.source import Endpoint, Request


def texts(body: bytes, tag: str) -> list[str]:
    return [
        m.decode("utf-8") for m in re.findall(rb"<%s[^>]*>([^<]*)</%s>" % (tag.encode(), tag.encode()), body)
    ]


def own_pmids(body: bytes) -> list[str]:
    """The PMID of each record: the first in its element."""
    parts = re.split(rb"<(?:PubmedArticle|PubmedBookArticle)>", body)[1:]
    found = (re.search(rb"<PMID[^>]*>(\d+)<", part) for part in parts)
    return [match[1].decode() for match in found if match]


def question(endpoint: Endpoint, body: bytes) -> Request:
    """The question that a body answers, with the ids that it holds."""
    params: dict[str, Any] = {"db": "pubmed", "retmode": "json" if body[:1] == b"{" else "xml"}
    if endpoint is Endpoint.ESEARCH and b"<RetMax>" in body:
        params["retmax"] = texts(body, "RetMax")[0]
    if endpoint is Endpoint.ECITMATCH:
        lines = [line.split("|")[:6] for line in body.decode().split("\n") if "|" in line]
        params["bdata"] = "\r".join("|".join(cells) + "|" for cells in lines)
    ids = own_pmids(body) if endpoint is Endpoint.EFETCH else []
    if endpoint is Endpoint.ESUMMARY:
        ids = [uid.decode() for uid in re.findall(rb'<DocumentSummary uid="(\d+)"', body)]
        params |= {"version": "2.0"} if ids else {}
    if endpoint is Endpoint.ELINK and b"</IdList>" in body:
        ids = texts(body.split(b"</IdList>")[0], "Id")
    if ids:
        params["id"] = ids if endpoint is Endpoint.ELINK else ",".join(dict.fromkeys(ids))
    return Request.of(endpoint, **params)
