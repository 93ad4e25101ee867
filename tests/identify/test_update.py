"""An update fetches what is not held or was revised, and never keeps a text that the source has changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pubmed_history import HEADING, TERM, Paper, Tree, write_step
from schedule import Month, observe_month

from resift.pubmed.source import Answer, Endpoint, Request, Transport
from resift.pubmed.tape import Tape
from resift.vocabulary import Cause, Change

THEN, LAST, SINCE = dt.date(2020, 1, 9), dt.date(2020, 1, 31), dt.date(2020, 2, 20)


def paper(n: int, *, revised: dt.date = THEN, mesh: tuple[str, ...] = ("Humans",)) -> Paper:
    return Paper(
        30_000_000 + n, f"Outcome in {TERM} number {n}", THEN, THEN, revised, mesh=mesh, mesh_date=THEN
    )


# The newest record says how far the archive goes; the search does not find it.
NEWEST = replace(paper(99, revised=LAST), title="Something else", mesh=(), entered=LAST)


FIRST = [paper(1), paper(2), paper(3, mesh=(HEADING,)), NEWEST]


@dataclass
class Schedule:
    """Months made by hand, each compared with the one before."""

    folder: Path

    def run(
        self,
        *steps: list[Paper],
        trees: tuple[Tree, ...] = (),
        around: Callable[[Transport], Transport] = lambda t: t,
        refetch_after: int | None = None,
    ) -> list[Month]:
        months: list[Month] = []
        for n, papers in enumerate(steps):
            write_step(self.folder / "history", n, papers, [], trees[n] if trees else Tree())
            months.append(
                observe_month(
                    self.folder / "history", self.folder / "runs", n, months[-1] if months else None,
                    around=around, refetch_after=refetch_after,
                )
            )  # fmt: skip
        return months


@pytest.fixture
def schedule(tmp_path: Path) -> Schedule:
    (tmp_path / "history").mkdir()
    return Schedule(tmp_path)


def numbers(month: Month) -> list[int]:
    return sorted(int(pmid) - 30_000_000 for pmid in month.fetched)


def test_nothing_new_is_three_requests_and_no_record(schedule: Schedule) -> None:
    first, second = schedule.run(FIRST, [])
    assert numbers(first) == [1, 2, 3]
    assert numbers(second) == [] and second.changes == []
    assert [r.endpoint for r in second.requests] == [Endpoint.ESEARCH, Endpoint.EINFO, Endpoint.ESEARCH]
    assert second.observation.records == first.observation.records


def test_what_is_new_or_revised_is_fetched_and_nothing_else(schedule: Schedule) -> None:
    changed = replace(paper(2, revised=SINCE), title=f"Corrected: {TERM}")
    _, second, third = schedule.run(FIRST, [changed, replace(paper(4, revised=SINCE), entered=SINCE)], [])
    assert numbers(second) == [2, 4]
    assert {(row.record, row.change) for row in second.changes} == {
        ("pubmed:30000002", Change.REVISED), ("pubmed:30000004", Change.GAINED)
    }  # fmt: skip
    # Revised on the last day that the earlier run was shown: it may have come since.
    assert numbers(third) == [2, 4] and third.changes == []


def test_each_run_rests_on_its_own_tape(schedule: Schedule) -> None:
    *_, third = schedule.run(FIRST, [paper(4, revised=SINCE)], [NEWEST])
    rows = [row for row in Tape(third.folder / "raw").rows() if row.endpoint == Endpoint.EFETCH]
    assert "run-00" in {row.from_run for row in rows}
    texts = b"".join(Tape(third.folder / "raw").send(row.asked).body for row in rows)
    for record in third.observation.records.values():
        assert record.title.encode() in texts


def test_a_heading_renamed_without_a_date_is_fetched(schedule: Schedule) -> None:
    later = Tree()
    later.numbers["Gliomas"] = later.numbers.pop(HEADING)
    renamed = replace(FIRST[2], mesh=("Gliomas",))
    _, second = schedule.run(FIRST, [renamed], trees=(Tree(), later))
    assert numbers(second) == [3]
    (row,) = second.changes
    assert (row.record, row.cause) == ("pubmed:30000003", Cause.VOCABULARY_CHANGED)


def test_a_change_without_a_date_shows_when_everything_is_fetched(schedule: Schedule) -> None:
    changed = replace(FIRST[0], title=f"Corrected: {TERM}")
    _, second = schedule.run(FIRST, [changed], refetch_after=0)
    assert numbers(second) == [1, 2, 3]
    assert [row.record for row in second.changes] == ["pubmed:30000001"]


def test_a_damaged_answer_of_the_earlier_run_is_fetched_again(schedule: Schedule) -> None:
    (first,) = schedule.run(FIRST)
    (row,) = [r for r in Tape(first.folder / "raw").rows() if r.endpoint == Endpoint.EFETCH]
    (first.folder / "raw" / f"{row.request}.gz").write_bytes(b"torn")
    write_step(schedule.folder / "history", 1, [], [], Tree())
    second = observe_month(schedule.folder / "history", schedule.folder / "runs", 1, first)
    assert numbers(second) == [1, 2, 3] and second.changes == []


def test_a_run_says_what_it_fetched_and_what_it_took_over_from_which_run(schedule: Schedule) -> None:
    first, second, third = schedule.run(FIRST, [paper(4, revised=SINCE)], [NEWEST], refetch_after=30)
    own = second.observation.run
    begun = replace(own, compare_with="results/run-00")
    said = second.received.in_words(begun)
    assert said.startswith("1 record fetched, 3 taken over as received by run run-00 3: ")
    assert "not modified since run run-00" in said and "more than 30 days later" in said
    assert first.received.in_words(first.observation.run) == ""
    assert dict(third.received.taken_over) == {"run-00": 3}  # the run that received them, not the last holder
    assert third.received.fetched == 1  # revised on the last day that the earlier run was shown
    nothing = replace(second.received, taken_over={})
    assert "none taken over" in nothing.in_words(begun)


class Spoiling:
    """A server that reads the question for what was modified in a way of its own."""

    def __init__(self, carried: Transport, how: Callable[[Request, Answer], Answer]) -> None:
        self._carried, self._how = carried, how

    def send(self, request: Request) -> Answer:
        answer = self._carried.send(request)
        return self._how(request, answer) if "[mdat]" in request.get("term") else answer


def undated(_: Request, answer: Answer) -> Answer:
    """The tag was dropped without a word."""
    return replace(answer, body=re.sub(rb"\[Date - Modification\]", b"[All Fields]", answer.body))


def refused(_: Request, answer: Answer) -> Answer:
    body = b"<eSearchResult><ERROR>Search Backend failed: bad syntax</ERROR></eSearchResult>"
    return replace(answer, body=body)


def one_left_out(_: Request, answer: Answer) -> Answer:
    body = re.sub(rb"<Id>30000001</Id>", b"", answer.body)
    body = re.sub(rb"<(Count|RetMax)>3<", rb"<\1>2<", body)
    return replace(answer, body=body)


@pytest.mark.parametrize(("how", "wanted"), [(undated, [1, 2, 3]), (refused, [1, 2, 3]), (one_left_out, [1])])
def test_what_the_server_does_not_vouch_for_is_fetched(
    schedule: Schedule, how: Callable[[Request, Answer], Answer], wanted: list[int]
) -> None:
    _, second = schedule.run(FIRST, [], around=lambda carried: Spoiling(carried, how))
    assert numbers(second) == wanted


def test_a_record_without_a_date_of_revision_is_fetched_every_time(schedule: Schedule) -> None:
    _, second = schedule.run(FIRST, [], around=Undated)
    assert numbers(second) == [1, 2, 3]


class Undated:
    """A server whose records bear no date of revision, and whose index calls none of them modified."""

    def __init__(self, carried: Transport) -> None:
        self._carried = carried

    def send(self, request: Request) -> Answer:
        answer = self._carried.send(request)
        if request.endpoint is Endpoint.EFETCH:
            body = re.sub(rb"<DateRevised>.*?</DateRevised>", b"", answer.body)
            return replace(answer, body=body)
        return answer
