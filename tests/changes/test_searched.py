"""What two runs searched, and what the earlier search would find today."""

from __future__ import annotations

from typing import Any

import pytest
from tests.changes.observed import HELD, NEW, OLD, PROTOCOL, observed, record

from resift.changes.searched import Searches, Today, moved_by_primary

TWO = PROTOCOL | {"strategies": PROTOCOL["strategies"] | {"two": {"query": "glioma[tiab]", "reason": "x"}}}


def test_a_query_is_the_same_by_its_words_and_not_by_its_name() -> None:
    renamed = {"strategies": {"uno": PROTOCOL["strategies"]["one"]}}
    searches = Searches(
        observed([HELD], day=OLD), observed([HELD], day=NEW, protocol=PROTOCOL | renamed), Today()
    )
    assert searches.same_query == {"one": "uno"}
    assert searches.still_found(HELD.record, "one")


def test_days_alone_make_no_other_translation() -> None:
    before = observed([HELD], day=OLD, translation="glioma AND 2000/01/01:2013/01/10[dp]")
    searches = Searches(
        before, observed([HELD], day=NEW, translation="glioma AND 2000/01/01:2014/01/10[dp]"), Today()
    )
    assert searches.same_translation == {"one": True}
    otherwise = observed([HELD], day=NEW, translation="gliomas AND 2000/01/01:2014/01/10[dp]")
    assert Searches(before, otherwise, Today()).same_translation == {"one": False}


def test_the_copy_of_today_is_the_later_run_s_or_what_was_asked_for_since() -> None:
    revised, gone = record(1, revised="2013-06-01"), record(2)
    searches = Searches(
        observed([HELD, gone], day=OLD), observed([revised], day=NEW), Today(records={gone.record: gone})
    )
    assert searches.copy_now(HELD.record) == revised
    assert searches.copy_now(gone.record) == gone
    assert searches.copy_now("pubmed:3") is None


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({}, []),
        ({"print_date": "1999-05-01", "year": 1999}, ["window"]),
        ({"languages": ("fre",)}, ["languages"]),
        ({"print_date": "1999-05-01", "year": 1999, "languages": ("fre",)}, ["window", "languages"]),
    ],
)
def test_the_limits_that_leave_a_record_out_today_are_named(
    changed: dict[str, Any], names: list[str]
) -> None:
    today = Today(records={"pubmed:2": record(2, **changed)})
    searches = Searches(observed([HELD, record(2)], day=OLD), observed([HELD], day=NEW), today)
    assert sorted(searches.outside("pubmed:2")) == sorted(names)
    # Within the limits the server has answered: it was sent the same words and does not find the record.
    assert searches.matches("pubmed:2", "one") is bool(names)


def test_a_record_as_it_was_matches_what_found_it_also_where_only_the_server_can_read_the_query() -> None:
    mapped = PROTOCOL | {
        "strategies": {"one": {"query": "brain tumour therapy", "primary": True, "reason": "x"}}
    }
    other = PROTOCOL | {"strategies": {"one": {"query": "glioma[tiab]", "primary": True, "reason": "x"}}}
    before = observed([record(2, "Late report")], day=OLD, protocol=mapped)
    searches = Searches(
        before, observed([], day=NEW, protocol=other), Today(records={"pubmed:2": record(2, "Late report")})
    )
    assert searches.matches("pubmed:2", "one") is True


def test_only_records_that_both_runs_hold_move_by_the_primary_strategy() -> None:
    new = record(2)
    before = observed([HELD], day=OLD, protocol=TWO, hits={HELD.record: ("two",)})
    now = observed([HELD, new], day=NEW, protocol=TWO)
    assert moved_by_primary(Searches(before, now, Today())) == [HELD.record]
    assert Searches(before, now, Today()).found_then(HELD.record, frozenset(["one"])) == frozenset()
