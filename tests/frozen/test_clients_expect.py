"""What other people's clients ask of the E-utilities and an early version of the frozen PubMed left out."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator

import client_corpus as corpus
import httpx
import pytest

from resift.frozen.pubmed import FrozenPubMed
from resift.frozen.serve import LONGEST_BODY, create_app, running
from resift.pubmed.answers import read_search

from .conftest import ask


@pytest.fixture(scope="module")
def server(frozen: FrozenPubMed) -> Iterator[str]:
    with running(create_app(frozen)) as url:
        yield url


def search(frozen: FrozenPubMed, **params: object) -> dict[str, object]:
    reply = ask(frozen, "esearch", db="pubmed", retmode="json", **params)
    result: dict[str, object] = json.loads(reply.body)["esearchresult"]
    return result


def test_date_limits_narrow_a_stored_set_without_a_term(frozen: FrozenPubMed) -> None:
    stored = search(frozen, term=corpus.BOTH, usehistory="y")
    limits = {"mindate": "2002", "maxdate": "2003", "datetype": "pdat"}
    direct = search(frozen, term=f"({corpus.BOTH}) AND 2002:2003[dp]", retmax=9999)
    by_key = search(frozen, WebEnv=stored["webenv"], query_key=stored["querykey"], retmax=9999, **limits)
    assert 0 < int(str(by_key["count"])) < int(str(stored["count"]))
    assert by_key["idlist"] == direct["idlist"]
    assert str(by_key["querytranslation"]).startswith("#1 AND 2002/01/01:2003/12/31")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("efilter") is None, reason="EDirect is not installed")
def test_edirect_searches_and_filters_without_complaint(server: str, frozen: FrozenPubMed) -> None:
    # EDirect posts a thousand PMIDs at a time, and asks three times more, with pauses, where a group of them
    # holds nothing within the dates: here are two groups, of which each holds some.
    command = (
        f"esearch -base {server} -db pubmed -query '({corpus.BOTH}) AND 2000:2003[dp]'"
        f" | efilter -base {server} -mindate 2002 -maxdate 2003 -datetype PDAT"
    )
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=300, check=False)
    wanted = search(frozen, term=f"({corpus.BOTH}) AND 2002:2003[dp]")["count"]
    assert f"<Count>{wanted}</Count>" in done.stdout, done.stdout + done.stderr
    assert "FAIL" not in done.stderr + done.stdout
    plain = subprocess.run(
        ["bash", "-c", f"esearch -base {server} -db pubmed -query neuroendocrine"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert f"<Count>{corpus.SIZE}</Count>" in plain.stdout
    assert "FAIL" not in plain.stderr + plain.stdout


def test_an_unknown_sort_is_said_and_relevance_is_remarked(frozen: FrozenPubMed) -> None:
    odd = search(frozen, term=corpus.BOTH, sort="colour")
    assert odd["warninglist"]["outputmessages"] == ["Unknown sort schema 'colour' ignored"]  # type: ignore[index]
    page = read_search(ask(frozen, "esearch", db="pubmed", term=corpus.BOTH, sort="relevance").body)
    assert page.messages == ()
    assert any("ranking" in text for text in page.remarks)
    for known in ("pub_date", "pub date", "Author", "first_author", "last_author", "JournalName", "title"):
        assert "warninglist" not in search(frozen, term=corpus.BOTH, sort=known), known


def test_an_empty_id_is_answered_as_ncbi_answers_it(frozen: FrozenPubMed) -> None:
    assert ask(frozen, "efetch", db="pubmed", id="").body == b"Supplied id parameter is empty.\n"
    assert ask(frozen, "efetch", db="pubmed").status == 400


def test_every_way_of_posting_is_read(server: str) -> None:
    form = {"db": "pubmed", "term": corpus.BOTH, "retmode": "json"}
    counts = {
        httpx.get(f"{server}esearch.fcgi", params=form).json()["esearchresult"]["count"],
        httpx.post(f"{server}esearch.fcgi", data=form).json()["esearchresult"]["count"],
        httpx.post(f"{server}esearch.fcgi", files={k: (None, v) for k, v in form.items()}).json()[
            "esearchresult"
        ]["count"],
        httpx.post(f"{server}esearch.fcgi?db=pubmed&retmode=json", data={"term": corpus.BOTH}).json()[
            "esearchresult"
        ]["count"],
    }
    assert len(counts) == 1


def test_a_body_past_the_limit_is_refused(server: str) -> None:
    answer = httpx.post(f"{server}esearch.fcgi", content=b"term=" + b"a" * LONGEST_BODY, timeout=30)
    assert answer.status_code == 413
