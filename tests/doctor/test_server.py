"""The doctor finds a good server good, and names each way in which another one differs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import client_corpus as corpus
import pytest

from resift.doctor.exchange import Exchange, Recorded, Visit, save
from resift.doctor.finding import Finding, Verdict, printed
from resift.doctor.server import questions, strategy_finding
from resift.errors import FormatError
from resift.frozen.pubmed import FrozenPubMed
from resift.pubmed.source import Answer, Endpoint, Request, UnreachableError

Spoil = Callable[[Request, bytes], bytes]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


class Other:
    """The frozen PubMed under the name of a live one, with one habit changed."""

    def __init__(
        self, frozen: FrozenPubMed, endpoint: Endpoint | None = None, spoil: Spoil | None = None
    ) -> None:
        self.frozen, self.endpoint, self.spoil = frozen, endpoint, spoil
        self.asked: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.asked.append(request)
        answer = self.frozen.send(request)
        if self.spoil is not None and request.endpoint is self.endpoint:
            return Answer(self.spoil(request, answer.body), answer.http, answer.utc)
        return answer


def unsound(transport: object, headers: dict[str, str] | None = None) -> dict[str, Finding]:
    visit = Visit(transport, lambda: headers or {})  # type: ignore[arg-type]
    return {f.name: f for f in questions(visit) if not f.sound}


def test_the_frozen_pubmed_is_good_in_at_most_fifteen_requests(frozen: FrozenPubMed) -> None:
    other = Other(frozen)
    assert unsound(other) == {}
    assert len(other.asked) <= 15


def drop_last_id(request: Request, body: bytes) -> bytes:
    return re.sub(rb"<Id>\d+</Id>\s*</IdList>", b"</IdList>", body)


def drop_last_record(request: Request, body: bytes) -> bytes:
    return body[: body.rindex(b"<PubmedArticle>")] + b"</PubmedArticleSet>"


def _long(request: Request) -> int:
    """How much of the stray record to leave out: all of it for more than two ids."""
    return 0 if request.get("id").count(",") == 1 else len(STRAY)


def count_plus(n: int, where: str) -> Spoil:
    def spoil(request: Request, body: bytes) -> bytes:
        if where not in request.get("term"):
            return body
        return re.sub(rb"<Count>(\d+)</Count>", lambda m: b"<Count>%d</Count>" % (int(m[1]) + n), body)

    return spoil


def without(pattern: bytes) -> Spoil:
    return lambda request, body: re.sub(pattern, b"", body, flags=re.DOTALL)


IGNORED = b"<WarningList><PhraseIgnored>zyxwv</PhraseIgnored></WarningList>"
STRAY = b"<PubmedArticle><MedlineCitation><PMID>99999999</PMID><Article/></MedlineCitation></PubmedArticle>"
DEVIATIONS = {
    "an honest zero": (Endpoint.ESEARCH, without(rb"<WarningList>.*?</WarningList>")),
    "an honest zero ": (Endpoint.ESEARCH, count_plus(7, "1804")),
    "the window of 9,999": (Endpoint.ESEARCH, drop_last_id),
    "slices add up": (Endpoint.ESEARCH, count_plus(2_000, "AND 1:")),
    "a dropped phrase is told": (
        Endpoint.ESEARCH,
        lambda r, b: b.replace(b"</eSearchResult>", IGNORED + b"</eSearchResult>"),
    ),
    "500 records": (Endpoint.EFETCH, drop_last_record),
    "500 records ": (Endpoint.EFETCH, lambda r, b: b.replace(b"pubmed_250101.dtd", b"pubmed_150101.dtd")),
    "an unknown id is left out": (
        Endpoint.EFETCH,
        lambda r, b: b.replace(b"</PubmedArticleSet>", (STRAY + b"</PubmedArticleSet>")[_long(r) :]),
    ),
    "evidence for a missing record": (Endpoint.ESUMMARY, without(rb"<error>.*?</error>")),
    "reference lists of 50": (
        Endpoint.ELINK,
        lambda r, b: re.sub(rb"</LinkSet>\s*<LinkSet>", b"", b),
    ),
    "citations by their place": (Endpoint.ECITMATCH, lambda r, b: b.splitlines()[0] + b"\n"),
    "connection and database": (Endpoint.EINFO, without(rb"<DbBuild>.*?</DbBuild>")),
}  # fmt: skip


@pytest.mark.parametrize("name", DEVIATIONS)
def test_a_deviation_is_found_and_named(name: str, frozen: FrozenPubMed) -> None:
    endpoint, spoil = DEVIATIONS[name]
    found = unsound(Other(frozen, endpoint, spoil))
    assert name.strip() in found
    finding = found[name.strip()]
    assert finding.verdict in (Verdict.DIFFERENT, Verdict.FAILED)
    text = printed([finding])
    assert "expected" in text and finding.why in text


def test_another_limit_of_requests_is_told(frozen: FrozenPubMed) -> None:
    live = Other(frozen, Endpoint.EINFO, lambda r, b: b.replace(b"Build-frozen-", b"Build-2026.01."))
    assert "connection and database" in unsound(live, {"x-ratelimit-limit": "1"})
    assert "connection and database" not in unsound(live, {"x-ratelimit-limit": "3"})


def test_a_blocked_machine_gets_one_line_for_each_question_and_no_traceback(frozen: FrozenPubMed) -> None:
    class Blocked:
        def send(self, request: Request) -> Answer:
            raise UnreachableError(
                "redirected to misuse.ncbi.nlm.nih.gov", where="https://eutils.ncbi.nlm.nih.gov/"
            )

    findings = list(questions(Visit(Blocked())))
    assert findings[0].verdict is Verdict.FAILED
    assert all("misuse.ncbi.nlm.nih.gov" in f.came for f in findings)
    assert len(findings) == 1, "a server that is not reached is asked once"


def test_all_messages_of_a_strategy_come_at_once(frozen: FrozenPubMed) -> None:
    finding, messages = strategy_finding(
        Visit(Other(frozen)), "literal", "xyzzyq OR qwrtpl OR neuroendocrine"
    )
    assert messages == ["PhraseNotFound: xyzzyq", "PhraseNotFound: qwrtpl"]
    assert finding.verdict is Verdict.NOTE
    assert f"{corpus.SIZE:,} records" in finding.came


def test_a_saved_visit_gives_the_same_findings(frozen: FrozenPubMed, tmp_path: Path) -> None:
    visit = Visit(Other(frozen, Endpoint.EFETCH, DEVIATIONS["500 records"][1]))
    findings = list(questions(visit))
    save(tmp_path / "visit.json", visit.exchanges, server="http://127.0.0.1/")
    again = list(questions(Recorded(tmp_path / "visit.json")))
    assert [(f.name, f.verdict) for f in again] == [(f.name, f.verdict) for f in findings]
    assert "api_key" not in (tmp_path / "visit.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{}", '{"format": "x"}', "[1]"])
def test_a_file_that_is_no_visit_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match="resift doctor --save"):
        Recorded(path)


def test_a_large_body_is_packed_and_comes_back(tmp_path: Path) -> None:
    request = Request.of(Endpoint.EINFO, db="pubmed")
    exchange = Exchange(request, Answer(b"x" * 50_000 + b"\xff", 200, "2026-01-01T00:00:00Z"), "", 1.5, {})
    save(tmp_path / "v.json", [exchange], server="s")
    assert Recorded(tmp_path / "v.json").ask(request).body == exchange.body
    assert len(json.dumps(json.loads((tmp_path / "v.json").read_text()))) < 2_000
