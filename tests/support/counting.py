"""A transport for tests that counts what it is asked and answers each efetch with a set naming its ids."""

from __future__ import annotations

from pathlib import Path

from resift.pubmed.source import Answer, Endpoint, Request


class Counting:
    """`asked` holds the requests in order; with a file, the ids of each are added to it as well."""

    def __init__(self, file: Path | None = None, *, http: int = 200, body: bytes = b"") -> None:
        self.asked: list[str] = []
        self.file = file
        self.http = http
        self.body = body

    def send(self, request: Request) -> Answer:
        self.asked.append(request.sha256)
        if self.file is not None:
            with self.file.open("a") as file:
                file.write(request.get("id") + "\n")
        pmid = f"<PMID>{request.get('id')}</PMID>"
        record = f"<PubmedArticle><MedlineCitation>{pmid}<Article/></MedlineCitation></PubmedArticle>"
        body = self.body or f"<PubmedArticleSet>{record}</PubmedArticleSet>".encode()
        return Answer(body, self.http, "2026-01-02T03:04:05Z")


def efetch(pmid: object) -> Request:
    return Request.of(Endpoint.EFETCH, db="pubmed", id=str(pmid), retmode="xml")
