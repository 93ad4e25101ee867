"""PRISMA-LSR: filled from the chain of runs, declared by a person, else MISSING."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report.run_folder import make_run

from resift.prisma.lsr import LivingFacts, Preceding, changes_in_words, prisma_lsr
from resift.prisma.statements import PRISMA_LSR
from resift.report.data import load
from resift.tables import ChangeRow, HistoryRow, LivingItem
from resift.vocabulary import Cause, Change, ChangedIn, State, Status


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> LivingFacts:
    """A first run of which nobody says that it is living."""
    return load(make_run(tmp_path_factory.mktemp("lsr"), 20)).living


def ran(name: str) -> HistoryRow:
    return HistoryRow(
        run=name, started="2026-01-02T03:04:05Z", until="open", records=5, new=0, awaiting=0, included=0,
        exit_code=0,
    )  # fmt: skip


def changed(change: Change, cause: Cause, lane: ChangedIn = ChangedIn.DATABASES) -> ChangeRow:
    return ChangeRow(record="pubmed:1", lane=lane, change=change, cause=cause, detail="")


def later(
    first: LivingFacts, *methods: str, declared: dict[str, Any] | None = None, **facts: Any
) -> LivingFacts:
    """The third run of its chain, which searches and screens otherwise as `methods` say."""
    protocol = dict(first.run.protocol)
    if declared is not None:
        protocol["declared"] = {"prisma_lsr": declared}
    given: dict[str, Any] = {
        "history": [ran("a"), ran("b")],
        "preceding": Preceding(decisions=first.decisions, methods_changed=methods),
        **facts,
    }
    return replace(first, run=replace(first.run, compare_with="results/b", protocol=protocol), **given)


def row(facts: LivingFacts, item: str) -> LivingItem:
    return next(row for row in prisma_lsr(facts) if row.item == item)


def test_a_first_run_has_no_items_unless_its_protocol_says_that_it_is_living(first: LivingFacts) -> None:
    assert prisma_lsr(first) == []
    living = replace(
        first, run=replace(first.run, protocol={**first.run.protocol, "declared": {"prisma_lsr": {}}})
    )
    rows = prisma_lsr(living)
    assert [row.item for row in rows] == [item.number for item in PRISMA_LSR]
    assert rows[0].done == "Run 1 of its chain"
    assert {row.item for row in rows if row.status is Status.MISSING} == {"trigger", "L1", "L4"}


def test_the_place_in_the_chain_is_the_version_and_links_to_the_one_before(first: LivingFacts) -> None:
    version, preceding = prisma_lsr(later(first))[:2]
    assert (version.done, version.status) == ("Run 3 of its chain, after a, b", Status.AUTO)
    assert preceding.done.startswith("Run b") and preceding.status is Status.PARTIAL
    told = later(first, declared={"version": "2.1", "preceding": "AB et al. 2025"})
    assert row(told, "version").done.startswith("2.1. Run 3 of its chain")
    assert (row(told, "preceding").done, row(told, "preceding").status) == (
        "Run b: AB et al. 2025",
        Status.DECLARED,
    )


def test_a_version_published_without_a_run_is_cited_in_the_words_given(first: LivingFacts) -> None:
    declared = {"prisma_lsr": {"preceding": "AB et al. 2025"}}
    living = replace(first, run=replace(first.run, protocol={**first.run.protocol, "declared": declared}))
    assert row(living, "preceding").done == "AB et al. 2025"


def test_a_chain_that_was_not_written_down_is_not_counted(first: LivingFacts) -> None:
    version = row(later(first, history=[]), "version")
    assert version.status is Status.PARTIAL and "Run 2 or later" in version.done


@pytest.mark.parametrize(
    ("declared", "status", "shown"),
    [
        ({}, Status.MISSING, "Search: MISSING. Other steps: MISSING. End of the living mode: MISSING"),
        ({"search": "monthly", "end": "none"}, Status.PARTIAL, "Search: monthly. Other steps: MISSING"),
        (
            {"search": "monthly", "other_steps": "within 2 weeks", "end": "none"},
            Status.DECLARED,
            "End of the living mode: none, as declared",
        ),
    ],
)
def test_the_living_mode_is_what_a_person_declares_of_each_of_its_parts(
    first: LivingFacts, declared: dict[str, str], status: Status, shown: str
) -> None:
    item = row(later(first, declared={"L1": declared}), "L1")
    assert item.status is status and shown in item.done


@pytest.mark.parametrize("item", ["trigger", "L4"])
def test_only_a_person_knows_the_trigger_and_the_roles(first: LivingFacts, item: str) -> None:
    assert row(later(first), item).status is Status.MISSING
    assert row(later(first, declared={item: "none"}), item).status is Status.EXPLICIT_NONE
    told = row(later(first, declared={item: "AB searched,\n CD screened"}), item)
    assert (told.done, told.status) == ("AB searched, CD screened", Status.DECLARED)


def test_changed_methods_need_a_reason_also_where_no_record_moved(first: LivingFacts) -> None:
    assert row(later(first), "L2").status is Status.AUTO
    assert row(later(first), "L2").done == "Search and screening since run b: no change"
    silent = row(later(first, "strategy 'wide' was changed"), "L2")
    assert silent.status is Status.PARTIAL and "'wide' was changed" in silent.done
    told = later(
        first,
        "strategy 'wide' was changed",
        declared={"L2": "A term was missing"},
        changes=[
            changed(Change.GAINED, Cause.STRATEGY_CHANGED),
            changed(Change.GAINED, Cause.NEW),
            changed(Change.GAINED, Cause.WINDOW_CHANGED, ChangedIn.KNOWN_ITEMS),
        ],
    )
    assert row(told, "L2").status is Status.DECLARED
    assert "strategy changed 1, criteria changed 0, window changed 0" in row(told, "L2").done
    assert row(told, "L2").done.endswith("Declared: A term was missing")


def test_a_change_that_the_run_shows_and_a_person_denies_stays_open(first: LivingFacts) -> None:
    denied = row(later(first, "strategy 'wide' was changed", declared={"L2": "none"}), "L2")
    assert denied.status is Status.PARTIAL
    assert "'wide' was changed" in denied.done and "no change, as declared" in denied.done


def test_changed_results_are_counted_by_cause_and_in_the_included_set(first: LivingFacts) -> None:
    held = [r for r in first.decisions if r.state is State.INCLUDED]
    other = next(r for r in first.decisions if r.state is State.EXCLUDED)
    assert held
    before = [
        replace(r, state=State.EXCLUDED)
        if r is held[0]
        else replace(r, state=State.INCLUDED)
        if r is other
        else r
        for r in first.decisions
    ]
    rows = [changed(Change.GAINED, Cause.NEW), changed(Change.GAINED, Cause.ARRIVED_LATE)]
    item = row(later(first, changes=rows, preceding=Preceding(decisions=before, methods_changed=())), "L3")
    assert "2 gained (arrived late 1, new 1)" in item.done
    assert f"{len(held)} now (1 came, 1 went)" in item.done and item.status is Status.AUTO


def test_a_report_that_another_of_its_records_stands_for_neither_came_nor_went(first: LivingFacts) -> None:
    one = next(r for r in first.decisions if r.state is State.INCLUDED)
    then = replace(one, record="pubmed:999")
    now = [*first.decisions, replace(one, record="pubmed:999", state=State.DUPLICATE)]
    before = [then if r is one else r for r in first.decisions]
    facts = later(first, decisions=now, preceding=Preceding(decisions=before, methods_changed=()))
    assert "(0 came, 0 went)" in row(facts, "L3").done


def test_without_the_earlier_folder_nothing_is_said_to_be_unchanged(first: LivingFacts) -> None:
    gone = later(first, preceding=None)
    assert [row(gone, item).status for item in ("L2", "L3")] == [Status.PARTIAL, Status.PARTIAL]
    assert "no longer at hand" in row(gone, "L2").done and "no longer at hand" in row(gone, "L3").done


def test_changes_are_told_by_kind_with_their_causes() -> None:
    rows = [changed(Change.LOST, Cause.DELETED_OR_MERGED), changed(Change.RE_DECIDED, Cause.PERSON_DECIDED)]
    assert changes_in_words(rows) == ["1 lost (deleted or merged 1)", "1 re-decided (person decided 1)"]


def test_the_earlier_run_is_read_from_its_folder(tmp_path: Path) -> None:
    make_run(tmp_path / "earlier", 20)
    folder = make_run(tmp_path / "now", 20, changes={"languages": ["english", "german"]})
    earlier = str(tmp_path / "earlier/results/fixture-run")
    text = (folder / "run.yaml").read_text(encoding="utf-8")
    (folder / "run.yaml").write_text(
        text.replace("compare_with: none", f"compare_with: {earlier}"), encoding="utf-8"
    )
    item = row(load(folder).living, "L2")
    assert item.status is Status.PARTIAL
    assert "languages: english[la], now (english[la] OR german[la])" in item.done
