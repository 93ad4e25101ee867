"""`resift doctor` against servers that answer over HTTP: a good one, and ones with a habit of their own."""

from __future__ import annotations

from pathlib import Path

import client_corpus as corpus
import pytest

from resift.__main__ import main
from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import create_app, running
from resift.pubmed.pace import Pace
from resift.pubmed.source import Endpoint


class Deviating:
    """The frozen PubMed with other bytes in some answers, or another answer altogether."""

    def __init__(self, frozen: FrozenPubMed, old: bytes = b"", new: bytes = b"", blocked: str = "") -> None:
        self.frozen, self.old, self.new, self.blocked = frozen, old, new, blocked

    def answer(self, endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Reply:
        if self.blocked:
            return Reply(b"", "text/html", 302, self.blocked)
        reply = self.frozen.answer(endpoint, pairs)
        if not self.old:
            return reply
        return Reply(reply.body.replace(self.old, self.new), reply.content_type, reply.status, reply.location)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> FrozenPubMed:
    return corpus.frozen(tmp_path_factory.getbasetemp())


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    monkeypatch.setattr(Pace, "wait", lambda _: None)  # a server of one's own need not be spared


def visit(server: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with running(create_app(server)) as url:  # type: ignore[arg-type]
        matcher = url.replace("/entrez/eutils/", "/api/citmatch/")
        options = ["--eutils", url, "--citation-matcher", matcher, "--email", "a@b.example"]
        code = main(["doctor", *options, "--save", "visit.json"])
    said = capsys.readouterr().out
    assert main(["doctor", "--replay", "visit.json"]) == code  # judged again without a server
    assert ("citations as raw text" in capsys.readouterr().out) == ("citations as raw text" in said)
    return code, said


def test_a_good_server_is_good_with_its_citation_matcher(
    frozen: FrozenPubMed, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = visit(Deviating(frozen), capsys)
    assert (code, "all well" in said) == (0, True)
    assert "ok        citations as raw text" in said


def test_a_blocked_machine_is_told_so_once(frozen: FrozenPubMed, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = visit(Deviating(frozen, blocked="https://misuse.ncbi.nlm.nih.gov/error/abuse.shtml"), capsys)
    assert code == 1
    assert said.count("failed ") == 1
    assert "NCBI blocks this client" in said


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (b"pubmed_250101.dtd", b"pubmed_150101.dtd", "500 records"),
        (b"<OutputMessage>No items found.</OutputMessage>", b"", "an honest zero"),
        (b"cannot get document summary", b"", "evidence for a missing record"),
        (b"<DbBuild>", b"<DbBuilt>", "connection and database"),
    ],
)
def test_a_deviation_over_http_is_named(
    old: bytes, new: bytes, name: str, frozen: FrozenPubMed, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = visit(Deviating(frozen, old, new), capsys)
    assert code == 1
    assert name in said.rsplit("not as it should be: ", 1)[1]
