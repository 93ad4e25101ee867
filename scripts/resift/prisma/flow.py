"""The PRISMA 2020 flow as record sets: every number is the size of a set, and the identities are checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from resift.prisma.identities import identities_of
from resift.prisma.model import REPORT_UNITS, WORDING, Flow, FlowRow, Placed, sha256_of
from resift.records import natural_key
from resift.screening.decisions import State

SCREENED = (
    State.EXCLUDED,
    State.AWAITING,
    State.ELIGIBLE,
    State.NOT_RETRIEVED,
    State.EXCLUDED_FULL_TEXT,
    State.INCLUDED,
)


def view(rows: Sequence[FlowRow], strategy: str | None) -> list[Placed]:
    """Every record of one strategy's search (None = the union) with the box it ends in.

    A report counts once for each strategy: by the record kept, or where the strategy did not find that
    one, by the first of those it found. What other methods found counts where its seeds were found by
    the strategy; it is already known where the strategy found the report itself.
    """
    if strategy is None:
        chosen = list(rows)
    else:
        own = {r.record for r in rows if r.lane == "databases" and (r.imported or strategy in r.found_by)}
        chosen = [
            r
            for r in rows
            if (r.lane == "databases" and r.record in own)
            or (r.lane == "other" and (not r.found_by or any(seed in own for seed in r.found_by)))
        ]
    groups: dict[str, list[FlowRow]] = defaultdict(list)
    for row in chosen:
        groups[row.group].append(row)
    placed: list[Placed] = []
    for members in groups.values():
        lanes = {lane: [m for m in members if m.lane == lane] for lane in ("databases", "other")}
        for lane, records in lanes.items():
            if not records:
                continue
            mark = "'" if lane == "other" else ""
            first = min(records, key=lambda r: (not r.kept, natural_key(r.record)))
            for row in records:
                if lane == "other" and lanes["databases"]:
                    placed.append(Placed(row, "already_known'"))
                elif row is first:
                    placed.append(Placed(row, _terminal(row) + mark))
                else:
                    placed.append(Placed(row, f"R_dup{mark}"))
    return sorted(placed, key=lambda p: natural_key(p.row.record))


def _terminal(row: FlowRow) -> str:
    """The box of a report's verdict, without the lane's mark."""
    return row.box.rstrip("'")


def build(placed: Sequence[Placed], *, full_text: bool) -> Flow:
    """The boxes of one view and its identities; nothing is raised here, see `check`."""
    boxes: dict[str, tuple[str, ...]] = {}
    parts: dict[str, dict[str, tuple[str, ...]]] = {}
    for lane, mark in (("databases", ""), ("other", "'")):
        own = [p for p in placed if p.row.lane == lane]

        def ids(chosen: Iterable[Placed]) -> tuple[str, ...]:
            return tuple(p.row.record for p in chosen)

        at = {key: [p for p in own if p.box == key + mark] for key in (*WORDING,)}
        passed = [p for p in own if p.box.rstrip("'") in ("K", "U", "N", "E", "C", "I_r")]
        if lane == "databases":
            databases = [p for p in own if not p.row.register]
            boxes["D"] = ids(databases)
            boxes["G"] = ids(p for p in own if p.row.register)
            parts["D"] = _by(databases, lambda p: p.row.origin)
            parts["G"] = _by([p for p in own if p.row.register], lambda p: p.row.origin)
        else:
            boxes["O'"] = ids(own)
            boxes["already_known'"] = ids(at["already_known"])
            parts["O'"] = _by(own, lambda p: p.row.origin)
        for key in ("R_dup", "R_auto", "R_oth"):
            boxes[key + mark] = ids(at[key])
        parts[f"R_oth{mark}"] = _by(at["R_oth"], lambda p: p.row.reason)
        excluded = at["X"]
        standing = [p for p in own if not p.box.startswith(("R_dup", "already_known"))]
        boxes[f"S{mark}"] = ids(p for p in standing if p.row.state in SCREENED)
        boxes[f"X{mark}"] = ids(excluded)
        boxes[f"X_human{mark}"] = ids(p for p in excluded if p.row.decided_by != "rules")
        boxes[f"X_auto{mark}"] = ids(p for p in excluded if p.row.decided_by == "rules")
        parts[f"X{mark}"] = _by(excluded, lambda p: p.row.criterion_label or p.row.reason)
        boxes[f"W{mark}"] = ids(at["W"])
        parts[f"W{mark}"] = _by(at["W"], lambda p: p.row.criterion_label or p.row.reason)
        boxes[f"K{mark}"] = ids(passed)
        if full_text:
            boxes[f"Q{mark}"] = ids(passed)
            boxes[f"N{mark}"] = ids(at["N"])
            boxes[f"A{mark}"] = ids([*at["E"], *at["C"], *at["I_r"]])
            boxes[f"U{mark}"] = ids(at["U"])
            boxes[f"E{mark}"] = ids(at["E"])
            parts[f"E{mark}"] = _by(at["E"], lambda p: p.row.reason)
            boxes[f"C{mark}"] = ids(at["C"])
    if full_text:
        included = [p for p in placed if p.box.rstrip("'") == "I_r"]
        boxes["I_r"] = tuple(p.row.record for p in included)
        boxes["I_s"] = tuple(dict.fromkeys(p.row.study for p in included))
        parts["I_r"] = _by(included, lambda p: p.row.lane)
    boxes = {key: tuple(sorted(set(value), key=natural_key)) for key, value in boxes.items()}
    flow = Flow(boxes=boxes, parts=parts)
    return replace(flow, identities=identities_of(placed, flow, full_text=full_text))


def _by(placed: Sequence[Placed], key: Any) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in placed:
        groups[key(one)].append(one.row.record)
    return {name: tuple(sorted(groups[name], key=natural_key)) for name in sorted(groups)}


def to_json(
    flows: Mapping[str, Flow],
    *,
    primary: str,
    full_text: bool,
    role: str,
    footnotes: Sequence[str],
    **more: Any,
) -> dict[str, Any]:
    """`flow.json`: the primary strategy's boxes with their records, every strategy's n and sha256.

    `flows` maps strategy names to flows; a box of a step that was not undertaken has n null.
    """
    drawn = flows[primary]
    keys = [key + mark for mark in ("", "'") for key in WORDING]
    boxes = []
    for key in keys:
        base = key.rstrip("'")
        if key in ("D'", "G'", "I_r'", "I_s'", "O", "already_known"):
            continue
        undertaken = key in drawn.boxes
        ids = drawn.boxes.get(key, ())
        boxes.append(
            {
                "key": key,
                "wording": WORDING[base],
                "lane": "other" if key.endswith("'") else "databases",
                "unit": "study" if base == "I_s" else "report" if base in REPORT_UNITS else "record",
                "status": "counted" if undertaken else "not undertaken",
                "n": len(ids) if undertaken else None,
                "sha256": sha256_of(ids) if undertaken else None,
                "records": list(ids),
                "parts": [
                    {"label": label, "n": len(part), "sha256": sha256_of(part), "records": list(part)}
                    for label, part in drawn.parts.get(key, {}).items()
                ],
            }
        )
    return {
        "primary": primary,
        "full_text": "assessed" if full_text else "not undertaken",
        "automation_role": role,
        "boxes": boxes,
        "by_strategy": {
            name: {key: {"n": len(ids), "sha256": sha256_of(ids)} for key, ids in flow.boxes.items()}
            for name, flow in flows.items()
        },
        "identities": [
            {"strategy": name, "id": i.id, "statement": i.statement, "holds": i.holds, "detail": i.detail}
            for name, flow in flows.items()
            for i in flow.identities
        ],
        "footnotes": list(footnotes),
        **more,
    }
