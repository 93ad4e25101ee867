"""Old queries over today's records without a server: found, not found, or not to be told."""

from __future__ import annotations

from resift.changes.offline import Offline, all_terms, terms_of
from resift.query.translation import RecordedTranslation
from resift.records import Record

REFUSED = "gastrinoma[ti] OR " * 10_001
"""Longer than any search: no reader takes it."""
HERE = Offline(
    [
        Record(record="pubmed:1", source="pubmed", title="Gastrinoma of the liver", status="MEDLINE"),
        Record(record="pubmed:2", source="pubmed", title="Insulinoma", mesh=("Liver",), status="MEDLINE"),
    ]
)


def test_a_query_finds_or_does_not_find_a_record_that_is_here() -> None:
    assert HERE.finds("gastrinoma[ti]", "pubmed:1") is True
    assert HERE.finds("gastrinoma[ti]", "pubmed:2") is False
    assert HERE.finds("gastrinoma[ti]", "pubmed:3") is None
    assert HERE.finds("", "pubmed:3") is True  # no query: nothing is asked of a record


def test_what_cannot_be_read_or_decided_is_none_and_never_no() -> None:
    assert HERE.finds(REFUSED, "pubmed:1") is None
    assert HERE.finds("nosuchthing[Filter]", "pubmed:1") is None


def test_without_headings_only_words_find() -> None:
    assert HERE.finds("liver[mh]", "pubmed:2") is True
    assert HERE.without_headings.finds("liver[mh]", "pubmed:2") is not True
    assert HERE.without_headings.finds("insulinoma[ti]", "pubmed:2") is True


def test_the_terms_that_a_record_holds_are_as_they_are_written() -> None:
    query = "(gastrinoma[ti]  OR insulinoma[ti]) AND liver[tiab]"
    assert HERE.terms(query, "pubmed:1") == {"gastrinoma[ti]", "liver[tiab]"}
    assert HERE.terms(query, "pubmed:3") == HERE.terms(REFUSED, "pubmed:1") == frozenset()
    assert terms_of(query) == {"gastrinoma[ti]", "insulinoma[ti]", "liver[tiab]"}
    assert all_terms({"one": "a1[ti]", "two": "b1[ti] OR a1[ti]", "bad": REFUSED}) == {"a1[ti]", "b1[ti]"}


def test_an_answer_is_kept_apart_by_how_the_server_read_the_query() -> None:
    """One text was read in two ways in two runs; the first answer must not stand for the second."""
    query = "gastrinoma[ti] AND liverish"
    dropped = RecordedTranslation(phrases_ignored=("liverish",))
    assert HERE.finds(query, "pubmed:1", recorded=dropped) is True
    assert HERE.finds(query, "pubmed:1") is False
