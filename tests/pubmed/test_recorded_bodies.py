"""Every recorded answer of the real service goes through our client over HTTP, and nothing is misread.

Each body is served as it was recorded, under its status, to the call of our client that asks such a question.
What must come is worked out from the body here by plain means, or is the failure that its README names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.pubmed.questions import own_pmids, question, texts
from tests.pubmed.test_verdict import BODIES, CASES, ERROR, RETRY

from resift.errors import SourceError
from resift.frozen.bodies import Reply
from resift.frozen.serve import create_app, running
from resift.pubmed.answers import (
    read_build,
    read_links,
    read_matches,
    read_records,
    read_search,
    read_summaries,
)
from resift.pubmed.source import AnswerError, Endpoint, IncompleteError
from resift.pubmed.tape import Tape
from resift.pubmed.transport import HttpTransport, Patience
from resift.pubmed.xml import parse_element

pytestmark = pytest.mark.skipif(
    not BODIES.is_dir(), reason="the recorded bodies are not beside the project (../shared)"
)


@dataclass
class Playing:
    """A server that gives one recorded body to whatever it is asked."""

    body: bytes = b""
    status: int = 200

    def answer(self, _endpoint: Endpoint, _pairs: list[tuple[str, str]]) -> Reply:
        kind = "application/json" if self.body[:1] == b"{" else "text/xml; charset=UTF-8"
        return Reply(self.body, kind, self.status)


def searched(body: bytes) -> None:
    page = read_search(body)
    assert page.count == int(texts(body, "Count")[0])
    assert (
        list(page.ids) == texts(body.split(b"<IdList>")[1].split(b"</IdList>")[0], "Id")
        if b"<IdList>" in body
        else True
    )
    assert page.translation == (texts(body, "QueryTranslation") or [""])[0].replace("&quot;", '"')
    wanted = [
        t
        for tag in ("PhraseNotFound", "OutputMessage", "QuotedPhraseNotFound", "PhraseIgnored")
        for t in texts(body, tag)
    ]
    assert sorted(text for _, text in page.messages) == sorted(wanted)


def fetched(body: bytes) -> None:
    records = read_records(body)
    assert list(records.elements) == own_pmids(body)
    for pmid, raw in records.elements.items():
        assert raw in body
        record = parse_element(raw)
        assert record.pmid == pmid and record.title


def summed_up(body: bytes) -> None:
    wanted = re.findall(rb'<DocumentSummary uid="(\d+)"', body)
    assert list(read_summaries(body)) == [uid.decode() for uid in wanted]


def linked(body: bytes) -> None:
    if len(re.findall(rb"<LinkSet>", body)) == 1 and body.split(b"</IdList>")[0].count(b"<Id>") > 1:
        with pytest.raises(AnswerError, match="mixed"):
            read_links(body, "pubmed_pubmed")
        return
    for name in set(texts(body, "LinkName")) or {"pubmed_pubmed"}:
        # A LinkSetDb that says only that links are there (acheck) has none of its own.
        there = [p for p in body.split(b"<LinkSetDb>")[1:] if b"<LinkName>%s<" % name.encode() in p]
        ids = [i for part in there for i in texts(part.split(b"</LinkSetDb>")[0], "Id")]
        found = [pmid for links in read_links(body, name).values() for pmid in links]
        assert found == list(dict.fromkeys(ids))


def informed(body: bytes) -> None:
    assert read_build(body) == (texts(body, "DbBuild") or [""])[0]


def matched(body: bytes) -> None:
    lines = [line for line in body.decode().replace("\r", "\n").split("\n") if line.count("|") >= 6]
    assert list(read_matches(body).values()) == [
        line.rsplit("|", 1)[1] or line.split("|")[6] for line in lines
    ]


READERS: dict[str, Callable[[bytes], None]] = {
    "esearch": searched, "efetch": fetched, "esummary": summed_up, "elink": linked, "einfo": informed,
    "ecitmatch": matched,
}  # fmt: skip


# Answers to questions that our client does not ask, and what it says of them.
NOT_OURS = {
    "biopython/einfo1.xml": "no description of the database",  # the list of all databases
    "test_einfo_dblist.yaml": "no description of the database",
    "biopython/elink3.xml": "not about one record",  # two ids in one comma list
    "biopython/elink5.xml": "not about one record",  # cmd=prlinks
    "biopython/elink7.xml": "not about one record",  # cmd=acheck
    "edirect-esample/es_article.xml": "where records were asked for",  # EDirect's own form, without a set
    "edirect-esample/es_docsum.xml": "where summaries were asked for",
}


def test_every_recorded_body_is_read_whole_or_refused_in_words(tmp_path: Path) -> None:
    playing, read, refused = Playing(), [], []
    with running(create_app(playing)) as url:  # type: ignore[arg-type]
        for n, (name, of, status, kind) in enumerate(every_body()):
            endpoint = Endpoint(of)
            playing.body, playing.status = name[1], status
            http = HttpTransport(
                url, email="a@b.example", tool="resift", pace_file=tmp_path / "pace", per_second=1000, key="",
                patience=Patience(tries=2, first_pause=0.0, longest_pause=0.0), sleep=lambda _: None,
            )  # fmt: skip
            tape = Tape(tmp_path / f"tape-{n}", http)
            asked = question(endpoint, playing.body)
            try:
                body = tape.send(asked).body
            except (SourceError, IncompleteError) as error:
                refused.append(name[0])
                assert kind in (ERROR, RETRY) or name[0] in NOT_OURS, (name[0], str(error))
                assert NOT_OURS.get(name[0], "") in str(error)
                assert str(error) and "\n" not in str(error)
                assert Tape(tmp_path / f"tape-{n}").find(asked) is None
                continue
            assert kind not in (ERROR, RETRY), name[0]
            assert body == playing.body == Tape(tmp_path / f"tape-{n}").send(asked).body
            if asked.get("retmode") == "xml" and of in READERS:
                READERS[of](body)
            read.append(name[0])
    assert NOT_OURS.keys() <= set(refused)
    assert len(read) >= 35 and len(refused) >= 15


def every_body() -> list[tuple[tuple[str, bytes], str, int, object]]:
    """All bodies: the files, and the exchanges of the cassettes."""
    found: list[tuple[tuple[str, bytes], str, int, object]] = [
        ((name, (BODIES / name).read_bytes()), of, status, kind) for name, of, status, kind in CASES
    ]
    for path in sorted((BODIES / "biocommons-eutils-cassettes").glob("*.yaml")):
        for exchange in yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]:
            of = exchange["request"]["uri"].rsplit("/", 1)[1].partition(".")[0]
            body = exchange["response"]["body"]["string"]
            raw = body.encode("utf-8") if isinstance(body, str) else body
            found.append(((path.name, raw), of, exchange["response"]["status"]["code"], "answer"))
    return found
