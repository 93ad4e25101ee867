"""Questions and answers of any source: a question has one name, and an answer hides no message."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from counting import efetch
from hypothesis import given
from hypothesis import strategies as st

from resift.errors import SourceError
from resift.pubmed.source import (
    NO_ITEMS,
    Endpoint,
    Request,
    SearchAnswer,
    is_accepted,
    recorded_translation,
    site_link,
    sorted_ids,
)

ANSWER = SearchAnswer(
    query="x", count=0, ids=(), translation="", translation_set=(), errors=(), warnings=(), slices=(), utc="",
    database_build="", requests=(),
)  # fmt: skip


def test_a_request_is_named_by_its_question_and_not_by_who_asks() -> None:
    assert efetch(1) == Request.of(Endpoint.EFETCH, retmode="xml", id="1", db="pubmed")
    assert efetch(1).sha256 != efetch(2).sha256
    with pytest.raises(ValueError, match="api_key"):
        Request.of(Endpoint.EFETCH, id="1", api_key="secret")


@given(st.dictionaries(st.sampled_from("abcdefg"), st.text(max_size=5)))
def test_the_name_of_a_request_hangs_on_its_parameters_alone(params: dict[str, str]) -> None:
    names = {
        Request.of(Endpoint.ESEARCH, **params).sha256,
        Request.of(Endpoint.ESEARCH, **dict(reversed(params.items()))).sha256,
    }
    assert len(names) == 1


def test_repeated_ids_keep_their_order() -> None:
    one = Request.of(Endpoint.ELINK, db="pubmed", id=["2", "1"])
    assert [value for name, value in one.params if name == "id"] == ["2", "1"]


def test_how_a_question_is_put_is_no_part_of_it() -> None:
    plain = efetch(1)
    put = plain.asked(absent=["1"], fresh=True, tries=3)
    assert put == plain and put.sha256 == plain.sha256 and hash(put) == hash(plain)
    assert (put.asking.absent, put.asking.fresh, put.asking.tries) == (frozenset(["1"]), True, 3)
    assert put.asked(tries=5).asking.fresh  # what is not named stays as it was
    assert plain.asking.tries == 0


@pytest.mark.parametrize("params", [(("b", "1"), ("a", "1")), (("email", "a@b.example"),)])
def test_parameters_out_of_order_or_of_the_asker_make_no_request(params: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(ValueError, match="sorted and without"):
        Request(Endpoint.ESEARCH, params)


def test_the_citation_matcher_stands_at_an_address_of_its_own() -> None:
    assert Endpoint.ESEARCH.path == "esearch.fcgi"
    assert Endpoint.ECITMATCH.path == "ecitmatch.cgi"
    assert Endpoint.CITMATCH.path == ""


@pytest.mark.parametrize("accepted", ["PhraseNotFound", "zzz[tiab]", "PhraseNotFound: zzz[tiab]"])
def test_a_message_is_accepted_by_kind_text_or_both_and_by_no_part_of_them(accepted: str) -> None:
    assert is_accepted("PhraseNotFound", "zzz[tiab]", [accepted])
    assert not is_accepted("PhraseIgnored", "zzz", [accepted])


def test_no_items_found_stops_nothing_and_every_other_message_does() -> None:
    said = replace(
        ANSWER,
        errors=(("FieldNotFound", "foo"),),
        warnings=(("OutputMessage", NO_ITEMS), ("PhraseIgnored", "the")),
    )
    assert said.unaccepted() == (("FieldNotFound", "foo"), ("PhraseIgnored", "the"))
    assert said.unaccepted(["foo", "PhraseIgnored"]) == ()


def test_what_the_server_did_with_a_query_is_replayed_by_kind() -> None:
    said = replace(
        ANSWER,
        translation='"x"[tiab]',
        translation_set=(("x", '"x"[tiab]'),),
        errors=(("PhraseNotFound", "a"), ("PhraseNotFound", "b")),
        warnings=(("PhraseIgnored", "the"), ("QuotedPhraseNotFound", '"c d"'), ("OutputMessage", NO_ITEMS)),
    )
    replayed = recorded_translation(said)
    assert (replayed.query_translation, replayed.translations) == ('"x"[tiab]', (("x", '"x"[tiab]'),))
    assert (replayed.phrases_not_found, replayed.phrases_ignored) == (("a", "b"), ("the",))
    assert replayed.quoted_phrases_not_found == ('"c d"',)


@given(st.lists(st.integers(1, 10**9), max_size=20))
def test_ids_are_sorted_as_numbers_each_once(pmids: list[int]) -> None:
    written = [f"{pmid:09d}" for pmid in pmids] + [str(pmid) for pmid in pmids]
    assert sorted_ids(written) == tuple(map(str, sorted(set(pmids))))


def test_an_id_that_is_no_number_is_refused() -> None:
    with pytest.raises(SourceError, match="not a PMID"):
        sorted_ids(["12", "PMC12"])


def test_the_link_opens_the_same_search() -> None:
    query = '("pancreas"[mh] OR a+b[ti]) AND 1995:2012[dp]'
    assert parse_qs(urlsplit(site_link(query)).query)["term"] == [query]
