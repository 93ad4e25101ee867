"""Every number is a set: identities hold for any decisions, and a broken one names the records."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resift.errors import FlowError
from resift.prisma.flow import build, to_json, view
from resift.prisma.identities import check
from resift.prisma.model import FlowRow, sha256_of
from resift.screening.decisions import State

ENDS = [
    (State.EXCLUDED, "X"),
    (State.AWAITING, "W"),
    (State.REMOVED, "R_auto"),
    (State.REMOVED, "R_oth"),
    (State.ELIGIBLE, "U"),
    (State.NOT_RETRIEVED, "N"),
    (State.EXCLUDED_FULL_TEXT, "E"),
    (State.AWAITING, "C"),
    (State.INCLUDED, "I_r"),
]


def row(number: int, *, state: State = State.ELIGIBLE, box: str = "U", **more: object) -> FlowRow:
    values: dict[str, object] = {
        "record": f"pubmed:{number}",
        "lane": "databases",
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
                    lane="other",
                    origin="citation searching",
                    state=state,
                    box=box,
                    group=group if draw(st.booleans()) else f"references:{number}",
                    found_by=(group,),
                )
            )
    return rows


@given(runs())
def test_identities_hold_for_every_strategy_and_for_the_union(rows: list[FlowRow]) -> None:
    for name in ("a", "b", None):
        for full_text in (True, False):
            placed = view(rows, name)
            flow = build(placed, full_text=full_text)
            check({str(name): flow})
            assert {p.row.record for p in placed} == set(flow.boxes["D"]) | set(flow.boxes["O'"])


@given(runs())
def test_a_strategy_counts_each_of_its_reports_once(rows: list[FlowRow]) -> None:
    flow = build(view(rows, "a"), full_text=True)
    reports = {r.group for r in rows if r.lane == "databases" and "a" in r.found_by}
    assert len(flow.boxes["D"]) - len(flow.boxes["R_dup"]) == len(reports)


def test_a_report_is_counted_by_the_record_that_the_strategy_found() -> None:
    rows = [row(1, found_by=("a",), group="g"), row(2, found_by=("b",), group="g", kept=False)]
    assert build(view(rows, "b"), full_text=True).boxes["K"] == ("pubmed:2",)
    assert build(view(rows, None), full_text=True).boxes["R_dup"] == ("pubmed:2",)


def test_what_other_methods_found_is_already_known_only_where_the_strategy_found_it() -> None:
    rows = [
        row(1, found_by=("b",)),
        row(2, found_by=("a", "b")),
        row(3, record="references:1", lane="other", origin="c", group="pubmed:1", found_by=("pubmed:2",)),
    ]
    assert build(view(rows, "b"), full_text=True).boxes["already_known'"] == ("references:1",)
    assert build(view(rows, "a"), full_text=True).boxes["K'"] == ("references:1",)


def test_a_state_that_contradicts_its_box_stops_the_run_and_names_the_record() -> None:
    placed = view([row(1), row(2, state=State.EXCLUDED, box="R_oth")], None)
    with pytest.raises(FlowError, match=r"F1 fails.*pubmed:2"):
        check({"a": build(placed, full_text=True)})


def test_a_record_counted_twice_stops_the_run() -> None:
    placed = view([row(1)], None)
    with pytest.raises(FlowError, match="pubmed:1"):
        check({"a": build([*placed, *placed], full_text=True)})


def test_steps_not_undertaken_have_no_number() -> None:
    flow = build(view([row(1, box="K")], "a"), full_text=False)
    boxes = {
        box["key"]: box
        for box in to_json({"a": flow}, primary="a", full_text=False, role="screener", footnotes=[])["boxes"]
    }
    for key in ("Q", "N", "A", "E", "I_r", "I_s"):
        assert boxes[key]["n"] is None
        assert boxes[key]["status"] == "not undertaken"
    assert boxes["G"]["n"] == 0


def test_rules_and_people_are_told_apart() -> None:
    rows = [
        row(1, state=State.EXCLUDED, box="X"),
        row(2, state=State.EXCLUDED, box="X", decided_by="AB"),
    ]
    flow = build(view(rows, "a"), full_text=True)
    assert flow.boxes["X_auto"] == ("pubmed:1",)
    assert flow.boxes["X_human"] == ("pubmed:2",)


@given(runs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_show(rows: list[FlowRow], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def drawn(some: list[FlowRow]) -> str:
        flows = {"a": build(view(some, "a"), full_text=True)}
        return json.dumps(to_json(flows, primary="a", full_text=True, role="screener", footnotes=[]))

    assert drawn(rows) == drawn(shuffled)


def test_the_hash_of_a_box_does_not_depend_on_order() -> None:
    assert sha256_of(["pubmed:10", "pubmed:9"]) == sha256_of(["pubmed:9", "pubmed:10"])
    assert replace(row(1), box="X") != row(1)
