"""`resift doctor` as a person calls it: a good server, one that is not there, a saved visit, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import client_corpus as corpus
import pytest

from resift.__main__ import main
from resift.frozen.serve import create_app, running
from resift.pubmed.pace import Pace

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(create_app(corpus.frozen(tmp_path_factory.getbasetemp()))) as url:
        yield url


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NCBI_API_KEY", raising=False)
    monkeypatch.setattr(Pace, "wait", lambda _: None)  # a server of one's own need not be spared


def test_a_visit_with_the_strategies_of_a_protocol(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "protocol.yaml").write_text(
        "id: visit\nreview: {citation: A review.}\nquestion: Does it work?\ndatabases: [PubMed]\n"
        "window: {from: 1995-01-01, until: 2012-12-31, field: dp}\nlanguages: [english]\n"
        "strategies:\n  plain: {query: 'neuroendocrine[tiab]', primary: true, provenance: stated, "
        "quote: neuroendocrine}\n"
        "  odd: {query: 'neuroendocrine OR xyzzyq', provenance: reconstructed, reason: a test}\n",
        encoding="utf-8",
    )
    config = tmp_path / "config.yaml"
    config.write_text(
        f"protocol: protocol.yaml\nsource: pubmed\neutils: {server}\nrequests_per_second: 1000\n"
        "contact: {email: test@example.org}\n",
        encoding="utf-8",
    )
    assert main(["doctor", "--config", str(config), "--save", "visit.json"]) == 0
    said = capsys.readouterr().out
    assert "all well" in said
    assert "strategy 'plain'" in said
    assert "accept_warnings of strategy 'odd'" in said
    assert "PhraseNotFound: xyzzyq" in said
    assert "test@example.org" not in (tmp_path / "visit.json").read_text(encoding="utf-8")
    assert main(["doctor", "--replay", "visit.json"]) == 0


def test_a_key_is_in_no_saved_answer(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "0123456789abcdefSECRET")
    assert main(["doctor", "--eutils", server, "--email", "a@b.example", "--save", "visit.json"]) == 0
    text = (tmp_path / "visit.json").read_text(encoding="utf-8")
    assert "SECRET" not in text
    assert json.loads(text)["keyless"] is True


def test_a_server_that_is_not_there_is_one_finding(capsys: pytest.CaptureFixture[str]) -> None:
    url = "http://127.0.0.1:9/entrez/eutils/"
    assert main(["doctor", "--eutils", url, "--email", "a@b.example"]) == 1
    said = capsys.readouterr().out
    assert said.count("failed ") == 1
    assert "no connection to 127.0.0.1" in said


def test_what_needs_no_network_is_checked_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--offline"]) == 0
    said = capsys.readouterr().out
    for name in ("Python", "Snakemake", "disk", "write permission", "cache folder", "locale"):
        assert name in said


def test_a_results_folder_that_is_a_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "results").write_text("", encoding="utf-8")
    assert main(["doctor", "--offline"]) == 1
    assert "results is a file" in capsys.readouterr().out


def test_an_archive_has_no_server_to_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(PROJECT)
    assert main(["doctor", "--config", "config/demo.yaml"]) == 1
    assert "there is no server to ask" in capsys.readouterr().err
