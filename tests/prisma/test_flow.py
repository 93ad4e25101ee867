"""Every number is a set: identities hold for any decisions, and a broken one names the records."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.documents import sha256_of_ids
from resift.prisma.flow import build, document, view
from resift.prisma.identities import check
from resift.prisma.model import FULL_TEXT_BOXES, INCLUDED_BOXES, FlowRow, Place
from resift.rows import document_text
from resift.vocabulary import Box, Column, FullText, Lane, State

DATABASES = Place(Column.DATABASES, Box.IDENTIFIED_DATABASES)


OTHERS = Place(Column.OTHER, Box.IDENTIFIED_OTHER)


ENDS = [
    (State.EXCLUDED, Box.EXCLUDED),
    (State.AWAITING, Box.AWAITING),
    (State.REMOVED, Box.MARKED_INELIGIBLE),
    (State.REMOVED, Box.REMOVED_OTHERWISE),
    (State.ELIGIBLE, Box.NOT_YET_ASSESSED),
    (State.NOT_RETRIEVED, Box.NOT_RETRIEVED),
    (State.EXCLUDED_FULL_TEXT, Box.EXCLUDED_FULL_TEXT),
    (State.AWAITING, Box.AWAITING_CLASSIFICATION),
    (State.INCLUDED, Box.INCLUDED_REPORTS),
]


def at(box: Box, lane: Column = Column.DATABASES) -> Place:
    return Place(lane, box)


def row(
    number: int, *, state: State = State.ELIGIBLE, box: Box = Box.NOT_YET_ASSESSED, **more: object
) -> FlowRow:
    values: dict[str, object] = {
        "record": f"pubmed:{number}",
        "lane": Lane.DATABASES,
        "origin": "PubMed",
        "group": f"pubmed:{number}",
        "kept": True,
        "found_by": ("a",),
        "study": f"pubmed:{number}",
        "decided_by": "rules",
        **more,
    }
    return FlowRow(state=state, box=box, **values)  # type: ignore[arg-type]


@st.composite
def runs(draw: st.DrawFn) -> list[FlowRow]:
    """Any run: reports of one to three records in either lane, any end, found by any strategies."""
    rows: list[FlowRow] = []
    for number in range(draw(st.integers(0, 12))):
        state, box = draw(st.sampled_from(ENDS))
        group = f"pubmed:{number * 10}"
        decided_by = draw(st.sampled_from(["rules", "AB"]))
        for member in range(draw(st.integers(1, 3))):
            strategies = tuple(sorted(draw(st.sets(st.sampled_from("ab"), min_size=1))))
            rows.append(
                row(
                    number * 10 + member,
                    state=state,
                    box=box,
                    group=group,
                    study=group,
                    kept=member == 0,
                    found_by=strategies,
                    decided_by=decided_by,
                )
            )
        if draw(st.booleans()):
            rows.append(
                row(
                    number * 10 + 9,
                    record=f"references:{number}",
                    lane=Lane.OTHER,
                    origin="citation searching",
                    state=state,
                    box=box,
                    group=group if draw(st.booleans()) else f"references:{number}",
                    found_by=(group,),
                )
            )
    return rows


def identities_hold_for_every_strategy_and_for_the_union(rows: list[FlowRow]) -> None:
    for name in ("a", "b", None):
        for full_text in (True, False):
            placed = view(rows, name)
            flow = build(placed, full_text=full_text)
            check({str(name): flow})
            assert {p.row.record for p in placed} == set(flow.boxes[DATABASES]) | set(flow.boxes[OTHERS])


def a_strategy_counts_each_of_its_reports_once(rows: list[FlowRow]) -> None:
    flow = build(view(rows, "a"), full_text=True)
    reports = {r.group for r in rows if r.lane is Lane.DATABASES and "a" in r.found_by}
    assert len(flow.boxes[DATABASES]) - len(flow.boxes[at(Box.DUPLICATES_REMOVED)]) == len(reports)


def the_order_of_rows_does_not_show(rows: list[FlowRow], shuffled: list[FlowRow]) -> None:
    def drawn(some: list[FlowRow]) -> str:
        flows = {"a": build(view(some, "a"), full_text=True)}
        return document_text(document(flows, primary="a", full_text=True, role="screener", footnotes=[]))

    assert drawn(rows) == drawn(shuffled)


@given(runs(), st.randoms(use_true_random=False))
def test_whatever_the_rows(rows: list[FlowRow], random: object) -> None:
    """Most of the time goes into drawing the rows of a run: each is drawn once for all that must hold."""
    identities_hold_for_every_strategy_and_for_the_union(rows)
    a_strategy_counts_each_of_its_reports_once(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    the_order_of_rows_does_not_show(rows, shuffled)


def test_a_report_is_counted_by_the_record_that_the_strategy_found() -> None:
    rows = [row(1, found_by=("a",), group="g"), row(2, found_by=("b",), group="g", kept=False)]
    assert build(view(rows, "b"), full_text=True).boxes[at(Box.ELIGIBLE)] == ("pubmed:2",)
    assert build(view(rows, None), full_text=True).boxes[at(Box.DUPLICATES_REMOVED)] == ("pubmed:2",)


def test_what_other_methods_found_is_already_known_only_where_the_strategy_found_it() -> None:
    rows = [
        row(1, found_by=("b",)),
        row(2, found_by=("a", "b")),
        row(3, record="references:1", lane=Lane.OTHER, origin="c", group="pubmed:1", found_by=("pubmed:2",)),
    ]
    assert build(view(rows, "b"), full_text=True).boxes[at(Box.ALREADY_KNOWN, Column.OTHER)] == (
        "references:1",
    )
    assert build(view(rows, "a"), full_text=True).boxes[at(Box.ELIGIBLE, Column.OTHER)] == ("references:1",)


def test_steps_not_undertaken_have_no_number() -> None:
    flow = build(view([row(1, box=Box.ELIGIBLE)], "a"), full_text=False)
    made = document({"a": flow}, primary="a", full_text=False, role="screener", footnotes=[])
    for place in (*(at(box) for box in FULL_TEXT_BOXES), *(at(box, Column.BOTH) for box in INCLUDED_BOXES)):
        box = made.find(place.box, place.lane)
        assert box is not None
        assert (box.n, box.shown) == (None, "not undertaken")
    assert made.number(Box.IDENTIFIED_REGISTERS) == 0


def test_rules_and_people_are_told_apart() -> None:
    rows = [
        row(1, state=State.EXCLUDED, box=Box.EXCLUDED),
        row(2, state=State.EXCLUDED, box=Box.EXCLUDED, decided_by="AB"),
    ]
    flow = build(view(rows, "a"), full_text=True)
    assert flow.boxes[at(Box.EXCLUDED_BY_AUTOMATION)] == ("pubmed:1",)
    assert flow.boxes[at(Box.EXCLUDED_BY_HUMAN)] == ("pubmed:2",)


def test_the_hash_of_a_box_does_not_depend_on_order() -> None:
    assert sha256_of_ids(["pubmed:10", "pubmed:9"]) == sha256_of_ids(["pubmed:9", "pubmed:10"])
    assert replace(row(1), box=Box.EXCLUDED) != row(1)


@pytest.mark.parametrize("full_text", [True, False])
def test_a_document_says_what_was_undertaken_and_what_is_in_each_box(full_text: bool) -> None:
    placed = view([row(1), row(2, state=State.EXCLUDED, box=Box.EXCLUDED)], "a")
    flow = build(placed, full_text=full_text)
    made = document({"a": flow}, primary="a", full_text=full_text, role="screener", footnotes=["told"])
    assert made.full_text is (FullText.ASSESSED if full_text else FullText.NOT_UNDERTAKEN)
    assert (made.reference_lists.available, made.reference_lists.seeds, made.footnotes) == (0, 0, ("told",))
    for box in made.boxes:
        there = box.records
        counted = Place(box.lane, box.box) in flow.boxes
        assert box.n == (len(there) if counted else None)
        assert box.sha256 == (sha256_of_ids(there) if counted else None)
    (excluded,) = (box for box in made.boxes if (box.lane, box.box) == (Column.DATABASES, Box.EXCLUDED))
    assert excluded.records == ("pubmed:2",)


def test_a_box_is_made_of_its_reasons_each_in_the_words_of_its_criterion() -> None:
    out = {"state": State.EXCLUDED, "box": Box.EXCLUDED}
    rows = [
        row(1, **out, criterion_label="Not in English", reason="language"),
        row(2, **out, reason="animals"),
        row(3),
    ]
    flow = build(view(rows, "a"), full_text=True)
    assert flow.parts[at(Box.EXCLUDED)] == {"Not in English": ("pubmed:1",), "animals": ("pubmed:2",)}


def test_a_strategy_counts_what_its_own_seeds_cite_and_what_was_found_by_hand() -> None:
    cited = {"lane": Lane.OTHER, "origin": "citation searching"}
    rows = [
        row(1, found_by=("a",)),
        row(2, found_by=("b",)),
        row(3, **cited, found_by=("pubmed:1",)),
        row(4, **cited, found_by=("pubmed:2",)),
        row(5, **cited, found_by=()),
    ]
    found = {one.row.record for one in view(rows, "a")}
    assert found == {"pubmed:1", "pubmed:3", "pubmed:5"}
