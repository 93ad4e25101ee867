"""The exit code of a run: the first that applies, and only against an earlier run."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from resift.runs.outcome import ExitCode, exit_code, included_affected, to_screen
from resift.tables import ChangeRow, DecisionRow, NoticeRow
from resift.vocabulary import Box, Cause, Change, ChangedIn, Lane, NoticeKind, Retracted, State


def row(record: str, state: State, automated: str = "") -> DecisionRow:
    return DecisionRow(
        record=record, pmid="", doi="", year=None, title="", lane=Lane.DATABASES, source="pubmed",
        found_by=(), first_seen="", group=record, study=record, state=state, box=Box.AWAITING,
        decided_by="", criterion="", reason="", automated_outcome=automated, human_outcomes="", flips_if="",
        topics=(), retracted=Retracted.NO, text_sha256="", criteria_version="",
    )  # fmt: skip


def changed(record: str, change: Change, lane: ChangedIn = ChangedIn.DATABASES) -> ChangeRow:
    return ChangeRow(record=record, lane=lane, change=change, cause=Cause.NEW, detail="")


NOTICE = NoticeRow(
    record="pubmed:1", pmid="1", title="", kind=NoticeKind.CONCERN, notice_pmid="2", notice_date="2020",
    before=State.INCLUDED, now=State.INCLUDED, since_earlier=True,
)  # fmt: skip


@pytest.mark.parametrize("facts", list(itertools.product([False, True], repeat=5)))
def test_the_first_code_that_applies(facts: tuple[bool, ...]) -> None:
    down, compared, odd, affected, waiting = facts
    code = exit_code(unavailable=down, compared=compared, anomalies=odd, affected=affected, to_screen=waiting)
    if down:
        assert code == 40
    elif not compared:
        assert code == 0
    else:
        assert code == (30 if odd else 20 if affected else 10 if waiting else 0)


@pytest.mark.parametrize(
    ("before", "now", "change", "affected"),
    [
        (State.INCLUDED, None, Change.LOST, True),
        (None, State.INCLUDED, Change.GAINED, True),
        (State.INCLUDED, State.EXCLUDED_FULL_TEXT, Change.RE_DECIDED, True),
        (State.INCLUDED, State.INCLUDED, Change.RE_DECIDED, False),
        (State.INCLUDED, State.INCLUDED, Change.RETRACTED, True),
        (State.INCLUDED, State.INCLUDED, Change.REVISED, False),
        (State.EXCLUDED, None, Change.LOST, False),
        (State.ELIGIBLE, State.ELIGIBLE, Change.RETRACTED, False),
    ],
)
def test_what_affects_the_included_set(
    before: State | None, now: State | None, change: Change, affected: bool
) -> None:
    was = {"pubmed:1": row("pubmed:1", before)} if before else {}
    is_ = {"pubmed:1": row("pubmed:1", now)} if now else {}
    assert bool(included_affected([changed("pubmed:1", change)], [], was, is_)) is affected


@pytest.mark.parametrize(
    ("before", "now", "change", "waits"),
    [
        (None, row("pubmed:1", State.AWAITING), Change.GAINED, True),
        (None, row("pubmed:1", State.ELIGIBLE), Change.GAINED, True),
        (None, row("pubmed:1", State.EXCLUDED), Change.GAINED, False),
        (None, row("pubmed:1", State.DUPLICATE), Change.GAINED, False),
        (row("pubmed:1", State.EXCLUDED), row("pubmed:1", State.AWAITING), Change.RE_DECIDED, True),
        (row("pubmed:1", State.AWAITING), row("pubmed:1", State.AWAITING), Change.RE_DECIDED, False),
        (row("pubmed:1", State.EXCLUDED, "a"), row("pubmed:1", State.EXCLUDED, "b"), Change.REVISED, True),
        (row("pubmed:1", State.AWAITING, "a"), row("pubmed:1", State.AWAITING, "a"), Change.REVISED, False),
        (row("pubmed:1", State.AWAITING), None, Change.LOST, False),
    ],
)
def test_what_calls_somebody_to_screen(
    before: DecisionRow | None, now: DecisionRow | None, change: Change, waits: bool
) -> None:
    was = {"pubmed:1": before} if before else {}
    is_ = {"pubmed:1": now} if now else {}
    assert bool(to_screen([changed("pubmed:1", change)], [], was, is_)) is waits


def test_a_notice_counts_once_and_only_where_it_matters() -> None:
    assert included_affected([], [NOTICE], {}, {}) == ("pubmed:1",)
    assert not included_affected([], [replace(NOTICE, since_earlier=False)], {}, {})
    eligible = replace(NOTICE, before=State.ELIGIBLE, now=State.ELIGIBLE)
    assert not included_affected([], [eligible], {}, {})
    assert to_screen([], [eligible], {}, {}) == ("pubmed:1",)


def test_known_items_call_nobody() -> None:
    only = [changed("A 2009", Change.GAINED, ChangedIn.KNOWN_ITEMS)]
    assert not included_affected(only, [], {}, {})
    assert not to_screen(only, [], {}, {"A 2009": row("A 2009", State.AWAITING)})


def test_codes_are_those_of_the_documentation() -> None:
    from pathlib import Path

    text = (Path(__file__).resolve().parents[2] / "docs/schedule.md").read_text(encoding="utf-8")
    assert all(f"| {code.value} | " in text for code in ExitCode)
    assert all(f"| `{cause}` | " in text for cause in Cause)
