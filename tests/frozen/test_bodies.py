"""The byte shapes of answers, as NCBI sends them."""

from __future__ import annotations

import json
import re

import client_corpus as corpus
import pytest

from resift.frozen.bodies import Reply
from resift.frozen.pubmed import FrozenPubMed

from .conftest import BODIES, ask, found, needs_bodies, shape


@needs_bodies
def test_search_results_have_the_recorded_shape(frozen: FrozenPubMed) -> None:
    plain = ask(frozen, "esearch", db="pubmed", term=corpus.ALL).body
    assert shape(plain) == shape((BODIES / "biopython/esearch1.xml").read_bytes())
    with_history = ask(
        frozen, "esearch", db="pubmed", term=corpus.ALL, reldate=60, datetype="edat", usehistory="y"
    ).body
    recorded = (BODIES / "biopython/esearch2.xml").read_bytes()
    translation_set = rb"<TranslationSet>.*</TranslationSet>"
    assert shape(with_history) == shape(
        re.sub(translation_set, b"<TranslationSet/>", recorded, flags=re.DOTALL)
    )
    assert re.search(rb"<WebEnv>MCID_[0-9a-f]{24}</WebEnv>", with_history)
    nothing = ask(frozen, "esearch", db="pubmed", term="the[tiab] AND tumour[tiab]").body
    assert shape(nothing) == shape((BODIES / "biopython/esearch8.xml").read_bytes())


@needs_bodies
def test_errors_are_the_recorded_bytes(frozen: FrozenPubMed) -> None:
    def same(reply: Reply, name: str) -> bool:
        return reply.body.split() == (BODIES / name).read_bytes().split()

    measured = "measured-bodies/"
    past = ask(frozen, "esearch", db="pubmed", term=corpus.ALL, retstart=9999, retmode="json")
    assert (
        past.body == (BODIES / measured / "esearch_retstart9999.http200.invalid-json").read_bytes().rstrip()
    )
    with pytest.raises(ValueError, match="control character"):
        json.loads(past.body)
    assert same(ask(frozen, "epost", db="nothing", id=1), "biopython/epost2.xml")
    assert same(ask(frozen, "esummary", db="pubmed"), "biopython/esummary8.xml")
    invalid = ask(frozen, "efetch", db="pubmed", id="abc")
    assert (invalid.status, same(invalid, measured + "efetch_all-invalid-ids.http400.xml")) == (400, True)
    lost = ask(frozen, "efetch", db="pubmed", WebEnv="MCID_gone", query_key=1)
    assert same(lost, measured + "efetch_expired-webenv.xml")
    unknown = ask(frozen, "efetch", db="pubmed", id=99999998)
    assert (unknown.status, same(unknown, measured + "efetch_unknown-pmid.http200.empty-set.xml")) == (
        200,
        True,
    )
    many = ask(frozen, "esummary", db="pubmed", retmode="json", id=",".join(corpus.pmids()[:501]))
    assert json.loads(many.body) == json.loads(
        (BODIES / measured / "esummary_too-many-uids.http200.json").read_bytes()
    )


def test_count_alone_hides_the_messages(frozen: FrozenPubMed) -> None:
    assert found(frozen, term="the[tiab]", rettype="count") == {"count": "0"}


def test_bad_syntax_is_an_error_under_http_200(frozen: FrozenPubMed) -> None:
    reply = ask(frozen, "esearch", db="pubmed", term="((")
    assert reply.status == 200
    assert b"<ERROR>Search Backend failed: " in reply.body
