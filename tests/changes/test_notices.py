"""What is looked at in every run: notices on what is included, and what an earlier day could have shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.changes.observed import NEW, OLD, decided, observed, record

from resift.changes.notices import checked, notices
from resift.changes.searched import Today
from resift.pubmed.source import FetchAnswer
from resift.vocabulary import NoticeKind, State


class Library:
    """A source that holds notices, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def fetch(self, ids: Iterable[str]) -> Iterator[FetchAnswer]:
        wanted = sorted(ids)
        if not wanted:
            return
        self.asked.append(wanted)
        elements = {
            pmid: (
                f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal>'
                "<JournalIssue><PubDate><Year>2013</Year><Month>Mar</Month></PubDate></JournalIssue></Journal>"
                "<ArticleTitle>Notice</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
            ).encode()
            for pmid in wanted
        }
        yield FetchAnswer(elements)


def test_a_first_run_looks_at_everything_that_is_included_and_dates_the_notice() -> None:
    made = record(1, links=("RetractionIn:77", "ExpressionOfConcernIn:78", "CommentIn:79"))
    run = observed([made, record(2)], day=OLD, decisions=[decided(made, State.INCLUDED), decided(record(2))])
    library = Library()
    rows = notices(run, None, Today(), library)  # type: ignore[arg-type]
    assert [(row.kind, row.notice_pmid, row.notice_date) for row in rows] == [
        (NoticeKind.RETRACTED, "77", "2013-03"),
        (NoticeKind.CONCERN, "78", "2013-03"),
    ]
    assert library.asked == [["77", "78"]]
    assert not any(row.since_earlier for row in rows)


def test_an_inclusion_of_the_earlier_run_is_looked_at_though_no_longer_found() -> None:
    sound, questioned = record(1), record(1, links=("RetractionIn:77",), revised="2013-05-01")
    before = observed([sound], day=OLD, decisions=[decided(sound, State.INCLUDED)])
    now = observed([record(3)], day=NEW)
    assert "pubmed:1" in checked(now, before)
    today = Today(records={"pubmed:1": questioned})
    (row,) = notices(now, before, today, Library())  # type: ignore[arg-type]
    assert (row.before, row.now, row.since_earlier) == (State.INCLUDED, None, True)


def test_a_notice_on_a_duplicate_is_one_on_its_report_and_none_costs_no_request() -> None:
    kept = replace(record(5), record="embase:L5", source="embase", pmid="")
    twin = record(1, publication_types=("Journal Article", "Retracted Publication"))
    rows = [
        decided(kept, State.INCLUDED, group="embase:L5"),
        decided(twin, State.DUPLICATE, group="embase:L5"),
    ]
    library = Library()
    (row,) = notices(observed([kept, twin], day=OLD, decisions=rows), None, Today(), library)  # type: ignore[arg-type]
    assert (row.record, row.notice_pmid, row.now) == ("pubmed:1", "", State.INCLUDED)
    assert library.asked == []
