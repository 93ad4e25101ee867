"""What the bodies of answers say, as recorded."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.pubmed.answers import read_build, read_links, read_matches, read_records, read_search

BODIES = Path(__file__).resolve().parents[3] / "shared" / "data" / "eutils"


pytestmark = pytest.mark.skipif(
    not BODIES.is_dir(), reason="the recorded E-utilities bodies are not beside the project (../shared)"
)


M = "measured-bodies/"


def test_date_limit_shows_in_the_translation() -> None:
    page = read_search((BODIES / "biopython/esearch2.xml").read_bytes())
    assert page.count == 42249
    assert len(page.ids) == 100
    assert page.translation.endswith("AND 2025/09/27:2025/11/26[Date - Entry]")
    assert page.translation_set[0][0] == "cancer"


def test_messages_of_a_search_are_verbatim() -> None:
    page = read_search((BODIES / "biopython/esearch8.xml").read_bytes())
    assert page.messages == (("PhraseNotFound", "abcXYZ"), ("OutputMessage", "No items found."))


def test_a_book_is_a_record() -> None:
    records = read_records((BODIES / "metapub/sample_article_20301577.xml").read_bytes())
    assert (tuple(records.elements), records.books) == (("20301577",), ("20301577",))


def test_elements_are_the_bytes_received() -> None:
    body = (BODIES / "biopython/pubmed1.xml").read_bytes()
    records = read_records(body)
    assert tuple(records.elements) == ("12091962", "9997")
    assert all(raw in body for raw in records.elements.values())


def test_mixed_link_sets_are_refused() -> None:
    from resift.pubmed.source import AnswerError

    with pytest.raises(AnswerError, match="mixed"):
        read_links((BODIES / "biopython/elink3.xml").read_bytes(), "pubmed_pubmed")


def test_links_are_read_by_name() -> None:
    links = read_links((BODIES / "biopython/elink1.xml").read_bytes(), "pubmed_pubmed_reviews")
    assert links == {"9298984": ("9298984",)}


def test_citation_matches_are_read_by_key() -> None:
    said = read_matches((BODIES / M / "ecitmatch_two-found.txt").read_bytes())
    assert said == {"Art1": "2014248", "Art2": "3026048"}


def test_database_build_is_read() -> None:
    assert read_build((BODIES / "biopython/einfo2.xml").read_bytes()) == "Build-2025.11.27.06.33"
