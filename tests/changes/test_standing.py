"""What is looked at in every run: notices on what is included, and what an earlier day could have shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.changes.test_causes import NEW, OLD, PROTOCOL, decided, observed, record

from resift.changes.as_of import as_of, days_of, errors
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


def test_an_earlier_day_at_two_levels_for_both_ends_of_an_interval() -> None:
    protocol = PROTOCOL | {
        "strategies": {"one": {"query": "glioma[tiab] OR Glioma[mh]", "primary": True, "reason": "x"}},
        "reported": {"search_between": ["2010-12", "2011-03-31"]},
    }
    run = observed(
        [
            record(1),
            record(2, entered="2011-02-01"),
            record(3, "A tumour", mesh=("Glioma",), mesh_date="2011-01-15", revised="2014-01-01"),
            record(4, entered=""),
        ],
        day=OLD,
        protocol=protocol,
    )
    assert days_of(run.run, run.protocol) == ("2010-12-31", "2011-03-31")
    first, second = as_of(run, None)
    assert (first.now, first.level_1, first.level_2, first.without_entry_date) == (4, 2, 1, 1)
    assert (second.level_1, second.level_2, first.revised_since) == (3, 3, 1)
    assert any("1 records" in size for _, _, size in errors([first]))
