"""What a search finds or finds no more has one cause, ours before the source's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.changes.observed import HELD, NEW, OLD, PROTOCOL, causes, observed, record

from resift.changes.compare import changes_between
from resift.changes.searched import Searches, Today
from resift.records import Record
from resift.vocabulary import Cause, Change


@pytest.mark.parametrize(
    ("made", "cause"),
    [
        (record(2, entered="2013-06-01", print_date="2009-01-01"), Cause.ARRIVED_LATE),
        (record(2, entered="2013-06-01", print_date="2013-05-01"), Cause.NEW),
        (record(2, revised="2013-06-01"), Cause.REVISED),
        (record(2), Cause.UNEXPLAINED),
    ],
)  # fmt: skip
def test_what_the_source_did_when_we_changed_nothing(made: Record, cause: Cause) -> None:
    found = causes(observed([HELD], day=OLD), observed([HELD, made], day=NEW))
    assert found == {("pubmed:2", "gained"): cause}


def test_headings_added_later_and_a_translation_that_changed() -> None:
    protocol = PROTOCOL | {"strategies": {"one": {"query": "Glioma[mh]", "primary": True, "reason": "x"}}}
    indexed = record(2, "A tumour", mesh=("Glioma",), mesh_date="2013-03-01")
    before = observed([HELD], day=OLD, protocol=protocol)
    assert causes(before, observed([HELD, indexed], day=NEW, protocol=protocol)) == {
        ("pubmed:2", "gained"): Cause.MESH_ADDED_LATER
    }
    long_ago = record(2, "A tumour", mesh=("Glioma",))
    otherwise = observed([HELD, long_ago], day=NEW, protocol=protocol, translation="otherwise")
    assert causes(before, otherwise) == {("pubmed:2", "gained"): Cause.TRANSLATION_CHANGED}


def test_a_window_that_we_moved_is_ours_even_for_records_that_came_late() -> None:
    wider = PROTOCOL | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    later = record(2, print_date="2013-05-01", entered="2013-06-01")
    before = observed([HELD], day=OLD)
    assert causes(before, observed([HELD, later], day=NEW, protocol=wider)) == {
        ("pubmed:2", "gained"): Cause.WINDOW_CHANGED
    }
    # The earlier window would hold this one today: it came late, whatever we did to the window.
    late = record(3, entered="2013-06-01")
    assert causes(before, observed([HELD, late], day=NEW, protocol=wider)) == {
        ("pubmed:3", "gained"): Cause.ARRIVED_LATE
    }


def test_a_window_that_moves_by_itself_was_moved_by_nobody() -> None:
    protocol = PROTOCOL | {"window": {"from": "2000-01-01", "until": "today"}}
    before = observed([HELD], day=OLD, protocol=protocol)
    now = observed(
        [HELD, record(2, print_date="2013-05-01", entered="2013-06-01")], day=NEW, protocol=protocol
    )
    before = replace(before, run=replace(before.run, until=OLD))
    now = replace(now, run=replace(now.run, until=NEW))
    assert causes(before, now) == {("pubmed:2", "gained"): Cause.NEW}


def test_a_strategy_that_we_changed_names_fragment_and_terms() -> None:
    wider = PROTOCOL | {"fragments": {"tumour": "glioma[tiab] OR astrocytoma[tiab]"}}
    gained = record(2, "Surgery of astrocytoma")
    before = observed([HELD], day=OLD)
    (row,) = changes_between(Searches(before, observed([HELD, gained], day=NEW, protocol=wider), Today()))
    assert row.cause is Cause.STRATEGY_CHANGED
    assert "fragment tumour" in row.detail and "now astrocytoma[tiab]" in row.detail
    # Back again: the record is lost, and today's copy shows that the earlier strategy would still find it.
    lost = Today(records={"pubmed:2": gained})
    (row,) = changes_between(
        Searches(observed([HELD, gained], day=OLD, protocol=wider), observed([HELD], day=NEW), lost)
    )
    assert (row.change, row.cause) == (Change.LOST, Cause.STRATEGY_CHANGED)
    assert "no longer astrocytoma[tiab]" in row.detail


def test_what_is_lost_is_asked_for_today() -> None:
    both, one = observed([HELD, record(2)], day=OLD), observed([HELD], day=NEW)
    absent = Today(absent=frozenset(["pubmed:2"]))
    assert causes(both, one, absent) == {("pubmed:2", "lost"): Cause.DELETED_OR_MERGED}
    french = Today(records={"pubmed:2": record(2, languages=("fre",), revised="2013-04-01")})
    (row,) = changes_between(Searches(both, one, french))
    assert (row.cause, row.detail) == (Cause.REVISED, "was awaiting; language")
    same = Today(records={"pubmed:2": record(2)})
    assert causes(both, one, same) == {("pubmed:2", "lost"): Cause.UNEXPLAINED}


MAPPED = {"query": "brain tumour therapy", "primary": True, "reason": "made up"}


def test_a_window_is_moved_also_around_a_query_that_only_the_server_can_read() -> None:
    """The server found the record by the same words: what differs is the window, whatever the words mean."""
    mapped = PROTOCOL | {"strategies": {"one": MAPPED}}
    wider = mapped | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    edge = record(2, "Late report", print_date="2013-05-01")
    assert causes(
        observed([HELD], day=OLD, protocol=mapped), observed([HELD, edge], day=NEW, protocol=wider)
    ) == {("pubmed:2", "gained"): Cause.WINDOW_CHANGED}
    assert causes(
        observed([HELD, edge], day=OLD, protocol=wider),
        observed([HELD], day=NEW, protocol=mapped),
        Today(records={"pubmed:2": edge}),
    ) == {("pubmed:2", "lost"): Cause.WINDOW_CHANGED}


def test_a_record_that_left_a_query_we_kept_is_not_ours_though_the_window_moved() -> None:
    mapped = PROTOCOL | {"strategies": {"one": MAPPED}}
    wider = mapped | {"window": {"from": "2000-01-01", "until": "2013-12-31"}}
    was, is_ = record(2, "Late report"), record(2, "Another report", revised="2013-06-01")
    found = causes(
        observed([HELD, was], day=OLD, protocol=mapped),
        observed([HELD], day=NEW, protocol=wider),
        Today(records={"pubmed:2": is_}),
    )
    assert found[("pubmed:2", "lost")] is Cause.REVISED


def test_another_strategy_read_otherwise_is_not_the_cause() -> None:
    two = PROTOCOL | {
        "strategies": PROTOCOL["strategies"] | {"two": {"query": "glioma[tiab]", "reason": "x"}}
    }
    by_one = {"pubmed:1": ("one", "two"), "pubmed:2": ("one",)}
    before = observed([HELD], day=OLD, protocol=two)
    now = observed([HELD, record(2)], day=NEW, protocol=two, hits=by_one)
    said = dict(now.said) | {"two": replace(now.said["two"], translation="otherwise")}
    assert causes(before, replace(now, said=said)) == {("pubmed:2", "gained"): Cause.UNEXPLAINED}
    said = dict(now.said) | {"one": replace(now.said["one"], translation="otherwise")}
    assert causes(before, replace(now, said=said)) == {("pubmed:2", "gained"): Cause.TRANSLATION_CHANGED}
