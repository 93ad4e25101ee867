"""Fetching records: every id returned, or known to be absent on the server's own evidence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.pubmed.test_entrez import Made, article

from resift.errors import SourceError
from resift.pubmed.entrez import Entrez
from resift.pubmed.source import (
    AnswerError,
    Cause,
    FetchAnswer,
    MissKind,
    UnfinishedError,
)
from resift.pubmed.tape import Tape


def settled(answers: Iterable[FetchAnswer]) -> tuple[list[str], dict[str, MissKind]]:
    returned: list[str] = []
    misses: dict[str, MissKind] = {}
    for answer in answers:
        returned.extend(answer.elements)
        misses |= {miss.pmid: miss.kind for miss in answer.misses}
    return returned, misses


def test_records_come_in_batches_of_500_as_they_were_received() -> None:
    made = Made(range(1, 1_201))
    answers = list(Entrez(made).fetch(map(str, range(1, 1_201))))
    assert [len(answer.elements) for answer in answers] == [500, 500, 200]
    assert answers[0].elements["7"] == article("7")
    assert made.asked == {"efetch": 3}


def test_an_empty_list_asks_nothing() -> None:
    made = Made([])
    assert list(Entrez(made).fetch([])) == []
    assert not made.asked


def test_a_batch_is_halved_down_to_the_guilty_record_which_leaves_the_fetch_unfinished() -> None:
    made = Made(range(1, 1_001))
    made.broken = lambda ids: "333" in ids
    returned = []
    with pytest.raises(
        UnfinishedError, match="PMID 333 could not be fetched: efetch: HTTP 500; run the same"
    ):
        for answer in Entrez(made).fetch(map(str, range(1, 1_001))):
            returned.extend(answer.elements)
    assert sorted(returned, key=int) == [str(p) for p in range(1, 1_001) if p != 333]
    assert made.asked["efetch"] <= 2 + 2 * 9  # two batches, then two halves nine times


def test_a_server_that_fails_for_everything_stops_the_run() -> None:
    made = Made(range(1, 1_001))
    made.broken = lambda ids: True
    with pytest.raises(SourceError, match="HTTP 500"):
        list(Entrez(made).fetch(map(str, range(1, 1_001))))
    assert made.asked["efetch"] < 60


def test_every_requested_record_is_returned_or_shown_to_be_absent(tmp_path: Path) -> None:
    """The answers that show it are kept: both asked beside a record that came."""
    made = Made([*range(1, 700), 900])
    tape = Tape(tmp_path, made)
    answers = list(Entrez(tape).fetch(map(str, [*range(1, 700), 750])))
    returned, misses = settled(answers)
    assert sorted(returned, key=int) == [str(p) for p in range(1, 700)]
    assert misses == {"750": MissKind.DELETED}
    requested = [
        pmid for answer in answers for pmid in (*answer.elements, *(miss.pmid for miss in answer.misses))
    ]
    assert len(requested) == len(set(requested)) == 700
    evidence = [row.parameters for row in tape.rows() if '"501,750"' in row.parameters]
    assert len(evidence) == 2
    assert settled(Entrez(Tape(tmp_path)).fetch(map(str, [*range(1, 700), 750]))) == (returned, misses)


def test_a_record_under_another_number_is_not_taken_for_the_one_asked_for(tmp_path: Path) -> None:
    made = Made(range(1, 11))
    made.merged = {"800": "9"}
    with pytest.raises(SourceError, match="800"):
        list(Entrez(Tape(tmp_path, made)).fetch(["1", "2", "800"]))


def test_a_record_left_out_once_is_asked_for_again(tmp_path: Path) -> None:
    made = Made(range(1, 1_001))
    left_out: set[str] = set()

    def omitted(pmid: str) -> bool:
        first = int(pmid) % 100 == 0 and pmid not in left_out
        left_out.add(pmid)
        return first

    made.omitted = omitted
    returned, misses = settled(Entrez(Tape(tmp_path, made)).fetch(map(str, range(1, 1_001))))
    assert len(returned) == len(set(returned)) == 1_000
    assert not misses
    assert made.asked == {"efetch": 4}


def test_a_record_that_the_server_knows_and_never_delivers_leaves_the_fetch_unfinished(
    tmp_path: Path,
) -> None:
    made = Made(range(1, 11))
    made.omitted = lambda pmid: pmid == "4"
    with pytest.raises(UnfinishedError, match="PMID 4 could not be fetched: esummary knows the record"):
        list(Entrez(Tape(tmp_path, made)).fetch(map(str, range(1, 11))))
    made.omitted = lambda pmid: False
    returned, misses = settled(Entrez(Tape(tmp_path, made)).fetch(map(str, range(1, 11))))
    assert (len(returned), misses) == (10, {})


def test_an_empty_set_is_never_read_as_no_records(tmp_path: Path) -> None:
    """Not even when every id is asked for alone: nothing shows that the server answers at all."""
    made = Made(range(1, 11))
    made.omitted = lambda pmid: True
    with pytest.raises(SourceError):
        list(Entrez(Tape(tmp_path, made)).fetch(["1", "2", "3"]))
    made.omitted = lambda pmid: False
    assert len(settled(Entrez(Tape(tmp_path, made)).fetch(["1", "2", "3"]))[0]) == 3


def test_where_nothing_came_the_server_is_asked_for_a_record_that_it_has(tmp_path: Path) -> None:
    returned, misses = settled(Entrez(Tape(tmp_path, Made(range(1, 11)))).fetch(["50", "60"]))
    assert returned == []
    assert misses == {"50": MissKind.DELETED, "60": MissKind.DELETED}


def test_esummary_that_has_nothing_for_anyone_is_no_evidence(tmp_path: Path) -> None:
    made = Made(range(1, 11))
    made.silent = True
    with pytest.raises(SourceError, match="contradicts itself"):
        list(Entrez(Tape(tmp_path, made)).fetch(["1", "50"]))


def test_a_bad_key_is_not_searched_for_by_halving() -> None:
    made = Made([1, 2])

    def refuse(ids: list[str]) -> bool:
        raise AnswerError("the server does not accept the API key", cause=Cause.BAD_KEY)

    made.broken = refuse
    with pytest.raises(AnswerError, match="API key"):
        list(Entrez(made).fetch(["1", "2"]))
    assert made.asked["efetch"] == 1
