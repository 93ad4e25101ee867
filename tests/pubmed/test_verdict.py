"""Recorded bodies, read as their README says: hits, warning, error or retry."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.pubmed.questions import question

from resift.pubmed.source import Cause, Endpoint, Request
from resift.pubmed.verdict import Kind, judge

BODIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "eutils"


pytestmark = pytest.mark.skipif(
    not BODIES.is_dir(), reason="the recorded E-utilities bodies are not beside the project (../shared)"
)


HITS, WARNING, ERROR, RETRY = Kind.HITS, Kind.WARNING, Kind.ERROR, Kind.RETRY


M = "measured-bodies/"


SEARCH = Request.of(Endpoint.ESEARCH, db="pubmed", term="x")


def kind_of(endpoint: str, http: int, body: bytes) -> Kind:
    return judge(question(Endpoint(endpoint), body), http, body).kind


# An answer to a question that the client does not ask (several records in one set of links, a list of
# databases) is asked for again, and never read.
CASES = [
    ("biopython/einfo1.xml", "einfo", 200, RETRY),
    ("biopython/einfo2.xml", "einfo", 200, HITS),
    ("biopython/epost1.xml", "epost", 200, HITS),
    ("biopython/epost2.xml", "epost", 200, ERROR),
    ("biopython/esearch1.xml", "esearch", 200, HITS),
    ("biopython/esearch2.xml", "esearch", 200, HITS),
    ("biopython/esearch8.xml", "esearch", 200, WARNING),
    ("biopython/espell.xml", "espell", 200, HITS),
    ("biopython/esummary1.xml", "esummary", 200, HITS),
    ("biopython/esummary8.xml", "esummary", 200, ERROR),
    ("biopython/elink1.xml", "elink", 200, HITS),
    ("biopython/elink3.xml", "elink", 200, RETRY),
    ("biopython/elink5.xml", "elink", 200, RETRY),
    ("biopython/elink7.xml", "elink", 200, RETRY),
    ("biopython/pubmed1.xml", "efetch", 200, HITS),
    ("biopython/pubmed2.xml", "efetch", 200, HITS),
    ("biopython/pubmed4.xml", "efetch", 200, HITS),
    ("biopython/pubmed6.xml", "efetch", 200, HITS),
    ("metapub/sample_related_pmids_result.xml", "elink", 200, HITS),
    ("metapub/sample_article_20301577.xml", "efetch", 200, HITS),
    ("metapub/sample_article_23435529.xml", "efetch", 200, HITS),
    ("pubmedpy/efetch.xml", "efetch", 200, HITS),
    ("pubmedpy/esummary.xml", "esummary", 200, HITS),
    ("reciter/28356292.xml", "efetch", 200, HITS),
    ("reciter/31482638.xml", "efetch", 200, HITS),
    ("reciter/32025781.xml", "efetch", 200, HITS),
    ("edirect-esample/es_article.xml", "efetch", 200, RETRY),
    ("edirect-esample/es_book.xml", "efetch", 200, HITS),
    ("edirect-esample/es_docsum.xml", "esummary", 200, RETRY),
    (M + "any_429.body.json", "esearch", 429, RETRY),
    (M + "any_429.body.json", "efetch", 200, RETRY),  # some public code guards against it under 200
    (M + "ecitmatch_two-found.txt", "ecitmatch", 200, HITS),
    (M + "efetch_all-invalid-ids.http400.xml", "efetch", 400, RETRY),
    (M + "efetch_expired-webenv.xml", "efetch", 200, ERROR),
    (M + "efetch_expired-webenv.xml", "efetch", 400, ERROR),
    (M + "efetch_unknown-pmid.http200.empty-set.xml", "efetch", 200, HITS),
    (M + "elink_prolog-only.http200.xml", "elink", 200, RETRY),
    (M + "esearch_expired-webenv.http200.json", "esearch", 200, ERROR),
    (M + "esearch_legit-zero_1804[dp].json", "esearch", 200, HITS),
    (M + "esearch_mesh-not-found_quotedphrase.json", "esearch", 200, HITS),
    (M + "esearch_restrictions-achieved_retstart9990_retmax10.json", "esearch", 200, HITS),
    (M + "esearch_retstart9999.http200.invalid-json", "esearch", 200, ERROR),
    (M + "esearch_rettype-count_hides-warning.json", "esearch", 200, HITS),
    (M + "esearch_stopword_the[tiab].json", "esearch", 200, HITS),
    (M + "esearch_tag-on-group_ignored.json", "esearch", 200, HITS),
    (M + "esearch_term-dropped-in-OR_with-hits.json", "esearch", 200, HITS),
    (M + "esearch_unknown-field-tag_asthma[foo].json", "esearch", 200, HITS),
    (M + "esummary_too-many-uids.http200.json", "esummary", 200, ERROR),
]


@pytest.mark.parametrize(("name", "endpoint", "http", "kind"), CASES)
def test_recorded_body_is_read_as_its_readme_says(name: str, endpoint: str, http: int, kind: Kind) -> None:
    body = (BODIES / name).read_bytes()
    assert kind_of(endpoint, http, body) is kind


def test_every_recorded_body_is_in_the_table() -> None:
    listed = {name for name, *_ in CASES}
    held = {
        str(path.relative_to(BODIES))
        for path in BODIES.rglob("*")
        if path.is_file() and path.suffix in (".xml", ".json", ".txt", ".invalid-json")
    }
    assert held - listed <= {M + "any_429.headers.txt"}


@pytest.mark.parametrize(("cassette", "kind"), [("efetch", HITS), ("einfo_dblist", RETRY), ("elink", HITS)])
def test_recorded_exchanges_with_headers_are_answers(cassette: str, kind: Kind) -> None:
    path = BODIES / "biocommons-eutils-cassettes" / f"test_{cassette}.yaml"
    for exchange in yaml.safe_load(path.read_text())["interactions"]:
        response = exchange["response"]
        endpoint = Endpoint(exchange["request"]["uri"].rsplit("/", 1)[1].partition(".")[0])
        headers = {name: values[0] for name, values in response["headers"].items()}
        body = response["body"]["string"].encode("utf-8")
        verdict = judge(question(endpoint, body), response["status"]["code"], body, headers)
        assert verdict.kind is kind


def test_rate_limit_says_how_long_to_wait_and_hides_the_key() -> None:
    lines = (BODIES / M / "any_429.headers.txt").read_text().splitlines()
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    verdict = judge(SEARCH, 429, (BODIES / M / "any_429.body.json").read_bytes(), headers)
    assert (verdict.cause, verdict.retry_after) == (Cause.RATE_LIMIT, 2.0)
    assert "203.0.113.7" not in verdict.reason


def test_expired_history_is_told_apart_from_a_broken_backend() -> None:
    body = (BODIES / M / "efetch_expired-webenv.xml").read_bytes()
    assert judge(question(Endpoint.EFETCH, body), 200, body).cause is Cause.LOST_HISTORY


# Bodies that pubmed clients describe in public without recording them whole.
DESCRIBED = [
    ("esearch", 200, b"", RETRY),
    ("efetch", 200, b"  \n", RETRY),
    ("efetch", 500, b"<html>Internal Server Error</html>", RETRY),
    ("efetch", 502, b"", RETRY),
    ("efetch", 503, b"busy", RETRY),
    ("efetch", 200, b"<!DOCTYPE html><html><body>Service unavailable</body></html>", RETRY),
    ("efetch", 200, b"<PubmedArticleSet><PubmedArticle><MedlineCit", RETRY),
    ("esearch", 200, b'{"esearchresult":{"count":"5","idl', RETRY),
    ("esearch", 200, b"<eSearchResult><ERROR>Search Backend failed: null</ERROR></eSearchResult>", RETRY),
    (
        "esearch",
        200,
        b"<eSearchResult><ERROR>Database is not supported: pubmed</ERROR></eSearchResult>",
        RETRY,
    ),
    ("efetch", 400, b"<eFetchResult><ERROR>Error: proxy_stream()</ERROR></eFetchResult>", RETRY),
    (
        "efetch",
        400,
        b"<eFetchResult><ERROR>Failed to connect to PubOne service</ERROR></eFetchResult>",
        RETRY,
    ),
    ("efetch", 400, b"<eFetchResult><ERROR>&lt;h1>502 Bad Gateway&lt;/h1></ERROR></eFetchResult>", RETRY),
    ("elink", 200, b'{"ERROR":"TXCLIENT CException: read failed: EOF"}', RETRY),
    ("efetch", 200, b"<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>", RETRY),
    ("efetch", 200, b"Error reading from remote server", RETRY),
    ("efetch", 200, b"Resource temporarily unavailable", RETRY),
    ("esearch", 200, b"The server is temporarily unable to service your request", RETRY),
    ("esearch", 414, b"Request-URI Too Long", ERROR),
    ("esearch", 400, b'{"error":"API key invalid","api-key":"sesame","type":"api-key"}', ERROR),
    ("epost", 200, b"<ePostResult><ERROR>Empty ID list; Nothing to store</ERROR></ePostResult>", ERROR),
    ("efetch", 200, b"PMID- 12345\nOWN - NLM\n", RETRY),
    ("efetch", 200, b"12345\n67890\n", RETRY),
    (
        "esearch",
        200,
        b"<eSearchResult><Count>3</Count><RetMax>3</RetMax><RetStart>0</RetStart>"
        b"<IdList><Id>1</Id><Id>2</Id></IdList></eSearchResult>",
        RETRY,  # one id promised never arrived
    ),
    (
        "esummary",
        200,
        b'<eSummaryResult><DocumentSummarySet status="OK"><DocumentSummary uid="1">'
        b"<error>cannot get document summary</error></DocumentSummary></DocumentSummarySet></eSummaryResult>",
        WARNING,
    ),
]


@pytest.mark.parametrize(("endpoint", "http", "body", "kind"), DESCRIBED)
def test_described_failure_is_never_read_as_no_records(
    endpoint: str, http: int, body: bytes, kind: Kind
) -> None:
    assert kind_of(endpoint, http, body) is kind


def test_a_body_cut_anywhere_is_never_an_answer() -> None:
    body = (BODIES / "biopython/pubmed1.xml").read_bytes().rstrip()
    request = question(Endpoint.EFETCH, body)
    for length in range(0, len(body), 97):
        assert judge(request, 200, body[:length]).kind is RETRY, length
    assert judge(request, 200, body).kind is HITS


def test_a_search_result_cut_anywhere_is_never_an_answer() -> None:
    body = (BODIES / "biopython/esearch1.xml").read_bytes().rstrip()
    request = question(Endpoint.ESEARCH, body)
    for length in range(len(body)):
        assert judge(request, 200, body[:length]).kind is RETRY, length
    assert judge(request, 200, body).kind is HITS


def test_an_entity_bomb_is_not_expanded() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        b'<!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<eSearchResult><Count>0</Count><IdList/><ErrorList><PhraseNotFound>&b;&f;</PhraseNotFound>"
        b"</ErrorList></eSearchResult>"
    )
    verdict = judge(SEARCH, 200, bomb)
    assert "aaaa" not in verdict.reason
    assert "root" not in verdict.reason


def test_a_text_answer_that_begins_with_a_bracket_is_no_json() -> None:
    body = b"[Abstract] Ann Oncol|2010|21||Yao JC|c0|NOT_FOUND\n"
    assert judge(question(Endpoint.ECITMATCH, body), 200, body).usable


def test_a_search_result_in_json_is_no_answer_to_a_client_that_asks_for_xml() -> None:
    body = b'{"esearchresult":{"count":"3","retmax":"3","retstart":"0","idlist":["1","2"]}}'
    verdict = judge(SEARCH, 200, body)
    assert verdict.kind is RETRY and "XML was asked for" in verdict.reason
