"""`resift doctor` against servers that answer over HTTP: a good one, and ones with a habit of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import client_corpus as corpus
import pytest
from tests.doctor.test_server import DEVIATIONS

from resift.__main__ import main
from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import create_app, running
from resift.pubmed.pace import Pace
from resift.pubmed.source import ASKER, Endpoint, Request


class Deviating:
    """The frozen PubMed with habits of its own (`DEVIATIONS`), or sending everybody away."""

    def __init__(self, frozen: FrozenPubMed, *names: str, blocked: str = "") -> None:
        self.frozen, self.blocked = frozen, blocked
        self.spoils = [DEVIATIONS[name] for name in names]

    def answer(self, endpoint: Endpoint, pairs: list[tuple[str, str]]) -> Reply:
        if self.blocked:
            return Reply(b"", "text/html", 302, self.blocked)
        reply = self.frozen.answer(endpoint, pairs)
        asked = Request.of(endpoint, **{name: value for name, value in pairs if name not in ASKER})
        for of, spoil in self.spoils:
            if of is endpoint:
                reply = replace(reply, body=spoil(asked, reply.body))
        return reply


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


TOGETHER = [
    ("an honest zero", "the window of 9,999", "500 records", "evidence for a missing record"),
    ("an honest zero ", "slices add up", "500 records ", "reference lists of 50"),
    ("a dropped phrase is told", "an unknown id is left out", "citations by their place"),
    ("connection and database",),
]


def test_every_deviation_is_shown_over_http() -> None:
    assert {name for names in TOGETHER for name in names} == set(DEVIATIONS)


@pytest.mark.parametrize("names", TOGETHER)
def test_deviations_over_http_are_found_and_named(
    names: tuple[str, ...], frozen: FrozenPubMed, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = visit(Deviating(frozen, *names), capsys)
    assert code == 1
    found = said.rsplit("not as it should be: ", 1)[1].splitlines()[0]
    # Ids that are lost leave fewer to ask about: what rests on them is not as it should be either.
    assert {name.strip() for name in names} <= set(found.split("; "))
