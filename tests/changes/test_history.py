"""The ledger over a made-up history in which the true cause of every change is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from pubmed_history import Truth, write_history
from schedule import Month, confusion, observe_month, printed, share_right

from resift.changes.anomalies import Planned, anomalies
from resift.changes.between import searches_of
from resift.changes.searched import Today
from resift.errors import SourceError
from resift.pubmed.source import Answer, Request, Transport
from resift.vocabulary import Cause, Change

STEPS, SIZE = 7, 80


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Truth], list[Month]]:
    """The history's folder, its truth, and a schedule of one run a month over it."""
    base = tmp_path_factory.mktemp("history")
    truth = write_history(base / "history", steps=STEPS, size=SIZE)
    months: list[Month] = []
    for step in range(STEPS):
        months.append(observe_month(base / "history", base / "runs", step, months[-1] if months else None))
    return base, truth, months


def test_the_true_cause_of_every_change_is_named(made: tuple[Path, list[Truth], list[Month]]) -> None:
    _, truth, months = made
    table = confusion(truth, months)
    assert share_right(table) >= 0.99, printed(table)
    assert not [pair for pair in table if "not listed" in pair or "not in the log" in pair], printed(table)
    named = {cause for _, cause in table}
    wanted = (
        Cause.NEW, Cause.ARRIVED_LATE, Cause.MESH_ADDED_LATER, Cause.REVISED, Cause.VOCABULARY_CHANGED,
        Cause.DELETED_OR_MERGED,
    )  # fmt: skip
    assert named == {cause.value for cause in wanted}


def test_every_kind_of_change_occurs_and_some_records_have_two_causes(
    made: tuple[Path, list[Truth], list[Month]],
) -> None:
    _, truth, months = made
    listed = {row.change for month in months for row in month.changes}
    assert {Change.GAINED, Change.LOST, Change.REVISED, Change.RETRACTED, Change.CONCERN} <= listed
    assert sum(t.also is not None for t in truth) >= 3


def test_a_record_has_one_row_for_each_kind_of_change(
    made: tuple[Path, list[Truth], list[Month]],
) -> None:
    for month in made[2]:
        keys = [(row.record, row.lane, row.change) for row in month.changes]
        assert len(keys) == len(set(keys))
        assert all(row.cause is not Cause.UNEXPLAINED for row in month.changes)


class Broken:
    """A transport that fails once, at its n-th request."""

    def __init__(self, carried: Transport, at: int) -> None:
        self._carried, self._at, self.sent = carried, at, 0

    def send(self, request: Request) -> Answer:
        self.sent += 1
        if self.sent == self._at:
            raise SourceError("the line went dead")
        return self._carried.send(request)


@pytest.mark.parametrize("at", [2, 4])
def test_a_run_interrupted_anywhere_ends_the_same_and_asks_nothing_twice(
    made: tuple[Path, list[Truth], list[Month]], tmp_path: Path, at: int
) -> None:
    base, _, months = made
    with pytest.raises(SourceError, match="dead"):
        observe_month(
            base / "history", tmp_path, 3, months[2], cache=base / "runs" / "cache",
            around=lambda carried: Broken(carried, at),
        )  # fmt: skip
    again = observe_month(base / "history", tmp_path, 3, months[2], cache=base / "runs" / "cache")
    assert again.changes == months[3].changes
    assert len(again.requests) == len(months[3].requests) - (at - 1)


def test_a_second_run_with_nothing_new_lists_nothing_and_asks_little(
    made: tuple[Path, list[Truth], list[Month]], tmp_path: Path
) -> None:
    base, _, months = made
    again = observe_month(base / "history", tmp_path, 3, months[3], cache=base / "runs" / "cache")
    assert again.changes == []
    assert len(again.requests) <= len(again.observation.strategies) + 3


def test_a_fall_is_anomalous_and_what_we_changed_is_not(
    made: tuple[Path, list[Truth], list[Month]],
) -> None:
    months = made[2]
    backwards = searches_of(months[5].observation, months[1].observation, Today())
    (fell,) = anomalies(backwards, Planned())
    assert fell.strategy == "only"
    assert "fell from" in fell.why
    assert not anomalies(backwards, Planned(fall=90))
    forwards = searches_of(months[0].observation, months[6].observation, Today())
    assert "rose from" in anomalies(forwards, Planned(rise=1))[0].why
    assert not anomalies(forwards, Planned(rise=400))
