"""The frozen PubMed behaves as the live service was seen to, byte shapes and silent habits included."""

from __future__ import annotations

import json
import re

import client_corpus as corpus
import pytest
from lxml import etree

from resift.frozen import pubmed
from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed
from resift.pubmed.answers import read_search, read_summaries
from resift.pubmed.source import Endpoint
from resift.safe_xml import xml_parser

from .conftest import ask, found

ASKED = (
    "cancer[tiab]", "pancreatic neoplasms", "smith j[au] OR jones[au]", "hypertension zzz", "the[ti]",
    "heart and lung[mh]", "2001:2015[dp] NOT humans[mh]", "english[la] AND last 9 years[dp]", "x[ir]",
)  # fmt: skip


SORTS = ("", "pub date", "author", "journal", "relevance", "colour")


def test_an_archive_searched_file_by_file_answers_as_one_held_in_memory(
    real: FrozenPubMed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(frozen: FrozenPubMed) -> list[bytes]:
        bodies = [ask(frozen, "esearch", term=term, sort=sort).body for term in ASKED for sort in SORTS]
        env = json.loads(ask(frozen, "epost", id="20301577,17284678,1", retmode="json").body)["epostresult"]
        web_env = env["webenv"]
        bodies.append(ask(frozen, "esearch", term=ASKED[0], WebEnv=web_env).body)
        for term in ("#1 AND #2", "#1 OR #2", "(#2 NOT #1) AND english[la]", "#2 NOT cancer[tiab]"):
            bodies.append(ask(frozen, "esearch", term=term, WebEnv=web_env).body)
        bodies.append(ask(frozen, "espell", term="pancraetic tumuor").body)
        return [*bodies, ask(frozen, "einfo").body]

    held, by_file = real.anew(), real.anew()
    monkeypatch.setattr(pubmed, "HELD", 0)
    del by_file._table  # as it is decided when it is first asked for
    assert answers(by_file) == answers(held)
    assert held._table is not None
    assert by_file._table is None


def test_no_more_than_9_999_ids_are_served(frozen: FrozenPubMed) -> None:
    everything = found(frozen, term=corpus.ALL, retmax=100_000)
    assert (everything["count"], everything["retmax"]) == ("12000", "9999")
    assert len(everything["idlist"]) == 9_999  # type: ignore[arg-type]
    assert "warninglist" not in everything  # cut silently


def test_a_page_across_the_edge_is_clamped_and_says_so(frozen: FrozenPubMed) -> None:
    page = found(frozen, term=corpus.ALL, retstart=9_990, retmax=10)
    assert (page["retmax"], len(page["idlist"])) == ("9", 9)  # type: ignore[arg-type]
    assert page["warninglist"] == {
        "phrasesignored": [],
        "quotedphrasesnotfound": [],
        "outputmessages": ["Restrictions achieved. start and count adjusted to 9990, 9"],
    }


def test_newest_records_come_first_and_paging_loses_nothing(frozen: FrozenPubMed) -> None:
    pages = [found(frozen, term=corpus.BOTH, retstart=n, retmax=2_000)["idlist"] for n in (0, 2_000, 4_000)]
    ids = [pmid for page in pages for pmid in page]  # type: ignore[attr-defined]
    assert len(ids) == len(set(ids)) == 6_000
    assert int(ids[0]) > int(ids[-1])


def test_what_is_approximated_is_said_where_no_client_of_pubmed_looks(real: FrozenPubMed) -> None:
    page = read_search(ask(real, "esearch", db="pubmed", term='"Neoplasms"[mh]').body)
    assert page.count > 0
    assert page.messages == ()
    assert any("without narrower headings" in text for text in page.remarks)
    reply = ask(real, "esearch", db="pubmed", term='"Neoplasms"[mh]', retmode="json")
    assert json.loads(reply.body)["resift"] == list(page.remarks)
    assert b"warninglist" not in reply.body


def pmids_of(reply: Reply) -> list[str]:
    root = etree.fromstring(reply.body, xml_parser())
    return [str(e.text) for e in root.iterfind("*/MedlineCitation/PMID")]


def test_fetched_records_follow_the_request_and_unknown_ones_are_left_out(frozen: FrozenPubMed) -> None:
    a, b, c = corpus.pmids()[:3]
    reply = ask(frozen, "efetch", db="pubmed", id=f"{c},000{a},99999998,{c},x,{b}")
    assert pmids_of(reply) == [c, a, b]
    assert pmids_of(ask(frozen, "efetch", db="pubmed", id=[a, b])) == [a, b]  # pymed repeats id=


@pytest.mark.parametrize(
    "odd",
    [
        {"rettype": "xml", "retmode": "text"},  # metapub
        {"rettype": "full", "retmode": "xml"},  # EDirect
        {"retmode": "html"},
        {"rettype": "medline", "retmode": "xml"},
        {},
    ],
)
def test_odd_pairs_of_clients_still_give_xml(odd: dict[str, str], frozen: FrozenPubMed) -> None:
    a = corpus.pmids()[0]
    assert pmids_of(ask(frozen, "efetch", db="pubmed", id=a, **odd)) == [a]


def test_text_forms_hold_the_same_records(frozen: FrozenPubMed) -> None:
    ids = corpus.pmids()[:3]
    assert ask(frozen, "efetch", id=",".join(ids), rettype="uilist").body.decode().split() == ids
    root = etree.fromstring(
        ask(frozen, "efetch", id=",".join(ids), rettype="uilist", retmode="xml").body,
        xml_parser(),
    )
    assert [e.text for e in root] == ids
    text = ask(frozen, "efetch", id=",".join(ids), rettype="abstract", retmode="text").body.decode()
    assert re.findall(r"PMID: (\d+)", text) == ids
    for rettype in ("uilist", "medline", "abstract"):
        reply = ask(frozen, "efetch", id=",".join(ids), rettype=rettype, retmode="text")
        assert reply.content_type.startswith("text/plain")
        assert reply.status == 200 and all(pmid in reply.body.decode() for pmid in ids)


def test_books_are_served_as_books(real: FrozenPubMed) -> None:
    reply = ask(real, "efetch", db="pubmed", id="20301577")
    assert b"<PubmedBookArticle>" in reply.body
    summary = read_summaries(ask(real, "esummary", id="20301577", version="2.0").body)
    assert summary["20301577"].document_type in ("book", "chapter")


def test_deleted_records_are_left_out_by_efetch_and_named_by_esummary(real: FrozenPubMed) -> None:
    gone = sorted(real._archive.deleted)
    assert len(gone) == 7  # the DeleteCitation of NLM's sample
    assert pmids_of(ask(real, "efetch", db="pubmed", id=",".join(gone))) == []
    summaries = read_summaries(ask(real, "esummary", id=",".join(gone), version="2.0").body)
    assert {s.error for s in summaries.values()} == {"cannot get document summary"}
    assert set(summaries) == set(gone)


@pytest.mark.parametrize("endpoint", list(Endpoint))
@pytest.mark.parametrize("retmode", ["xml", "json", ""])
def test_nothing_that_is_asked_raises(endpoint: Endpoint, retmode: str, frozen: FrozenPubMed) -> None:
    for params in (
        {},
        {"term": "]["},
        {"term": "#9", "WebEnv": "x"},
        {"id": "-1, ٣ ,1e9,99999999999999999999999"},
        {"id": "1", "retstart": "99999999", "retmax": "-5"},
        {"db": "nucleotide", "dbfrom": "gene"},
        {"WebEnv": "MCID_0", "query_key": "one"},
        {"bdata": "|||||||\r\r|"},
    ):
        pairs = [("retmode", retmode), *params.items()]
        assert frozen.answer(endpoint, pairs).status in (200, 400)
