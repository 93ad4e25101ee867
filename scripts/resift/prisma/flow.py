"""The PRISMA 2020 flow as record sets: every number is the size of a set, and the identities are checked.

Units, wording and order follow the PRISMA 2020 templates (Page et al., BMJ 2021;372:n71). The keys:
D, G identified from databases and registers; R_dup, R_auto, R_oth removed before screening; S screened;
X excluded (X_human, X_auto); W awaiting a person; K eligible on title and abstract; Q sought for
retrieval; N not retrieved; A assessed; U full text not yet assessed; E excluded on full text; C awaiting
classification; I_r, I_s included reports and studies. Other methods carry the same keys with an
apostrophe, O for what they identified, and already_known' for what the databases had found already. An
updated review adds P_s, P_r (included in the previous version) and T_s, T_r (total).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resift.errors import FlowError
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
LOWER_BOXES = ("Q", "N", "A", "U", "E", "C", "I_r", "I_s")

WORDING = {
    "D": "Records identified from databases",
    "G": "Records identified from registers",
    "R_dup": "Duplicate records removed",
    "R_auto": "Records marked as ineligible by automation tools",
    "R_oth": "Records removed for other reasons",
    "S": "Records screened",
    "X": "Records excluded",
    "X_human": "Records excluded by a human",
    "X_auto": "Records excluded by automation tools",
    "W": "Records awaiting a person",
    "K": "Records eligible on title and abstract",
    "Q": "Reports sought for retrieval",
    "N": "Reports not retrieved",
    "A": "Reports assessed for eligibility",
    "U": "Reports not yet assessed",
    "E": "Reports excluded",
    "C": "Reports awaiting classification",
    "I_r": "Reports of included studies",
    "I_s": "Studies included in review",
    "O": "Records identified from other methods",
    "already_known": "Records already known from the databases",
}
UPDATED_WORDING = {
    "P_s": "Studies included in previous version of review",
    "P_r": "Reports of studies included in previous version of review",
    "T_s": "Total studies included in review",
    "T_r": "Reports of total included studies",
}
REPORT_UNITS = ("Q", "N", "A", "U", "E", "C", "I_r")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRow:
    """One record as the flow needs it. `state` and what follows are the verdict on its report.

    `origin` is the database or register, or citation searching | hand-searched citations; `found_by` are
    strategies in the lane of databases and seeds (record ids) in the other. What was `imported` from
    another database belongs to every strategy's view.
    """

    record: str
    lane: str
    origin: str
    register: bool = False
    imported: bool = False
    group: str
    kept: bool
    found_by: tuple[str, ...]
    study: str
    state: State
    box: str
    decided_by: str
    criterion: str = ""
    reason: str = ""
    criterion_label: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A record and the terminal box it ends in under one view."""

    row: FlowRow
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One checked identity between boxes; `at_fault` are records that break it."""

    id: str
    statement: str
    holds: bool
    detail: str
    at_fault: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Boxes of one view: key -> record ids (study ids for I_s), and the identities checked on them."""

    boxes: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()


def sha256_of(ids: Iterable[str]) -> str:
    """SHA-256 of the sorted ids, one a line."""
    return hashlib.sha256("\n".join(sorted(ids, key=natural_key)).encode()).hexdigest()


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
    return replace(flow, identities=_identities(placed, flow, full_text=full_text))


def _by(placed: Sequence[Placed], key: Any) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for one in placed:
        groups[key(one)].append(one.row.record)
    return {name: tuple(sorted(groups[name], key=natural_key)) for name in sorted(groups)}


def _identities(placed: Sequence[Placed], flow: Flow, *, full_text: bool) -> tuple[Identity, ...]:
    """F1-F8 and F10-F12 on one view (F9 belongs to updated reviews)."""
    box = {key: set(value) for key, value in flow.boxes.items()}
    found: list[Identity] = []

    def same(id_: str, statement: str, left: set[str], *right: set[str]) -> None:
        """The left set is the disjoint union of the right ones (sums and sets at once)."""
        union: set[str] = set().union(*right)
        twice = {r for i, one in enumerate(right) for two in right[i + 1 :] for r in one & two}
        fault = (left ^ union) | twice
        sizes = " + ".join(str(len(r)) for r in right) or "0"
        found.append(
            Identity(
                id=id_,
                statement=statement,
                holds=not fault,
                detail=f"{len(left)} = {sizes}",
                at_fault=tuple(sorted(fault, key=natural_key)),
            )
        )

    def sets(mark: str, *keys: str) -> list[set[str]]:
        return [box[key + mark] for key in keys]

    same(
        "F1",
        "D + G = R_dup + R_auto + R_oth + S",
        box["D"] | box["G"],
        *sets("", "R_dup", "R_auto", "R_oth", "S"),
    )
    same("F1", "D = sum over databases", box["D"], *map(set, flow.parts["D"].values()))
    same("F1", "G = sum over registers", box["G"], *map(set, flow.parts["G"].values()))
    for mark in ("", "'"):
        same(
            "F2", f"X{mark} = X_human{mark} + X_auto{mark}", box[f"X{mark}"], *sets(mark, "X_human", "X_auto")
        )
        same("F3", f"S{mark} = X{mark} + W{mark} + K{mark}", box[f"S{mark}"], *sets(mark, "X", "W", "K"))
        if full_text:
            same("F3", f"Q{mark} = K{mark}", box[f"Q{mark}"], box[f"K{mark}"])
            same("F4", f"Q{mark} = N{mark} + A{mark} + U{mark}", box[f"Q{mark}"], *sets(mark, "N", "A", "U"))
            reports = box["A" + mark] & box["I_r"]
            same(
                "F5",
                f"A{mark} = E{mark} + C{mark} + included",
                box[f"A{mark}"],
                *sets(mark, "E", "C"),
                reports,
            )
            same(
                "F5",
                f"E{mark} = sum over reasons",
                box[f"E{mark}"],
                *map(set, flow.parts[f"E{mark}"].values()),
            )
    same(
        "F6",
        "O' = already_known' + R_dup' + R_auto' + R_oth' + X' + W' + K'",
        box["O'"],
        *sets("'", "already_known", "R_dup", "R_auto", "R_oth", "X", "W", "K"),
    )
    if full_text:
        lanes = [box["A"] - box["E"] - box["C"], box["A'"] - box["E'"] - box["C'"]]
        same("F7", "I_r = (A - E - C) + (A' - E' - C')", box["I_r"], *lanes)
        fewer = len(box["I_s"]) <= len(box["I_r"])
        found.append(
            Identity(
                id="F7", statement="I_s <= I_r", holds=fewer, detail=f"{len(box['I_s'])} <= {len(box['I_r'])}"
            )
        )
    ends = [p for p in placed if not p.box.startswith(("R_dup", "already_known"))]
    twice = _repeated(p.row.group for p in ends)
    found.append(
        Identity(
            id="F8",
            statement="each report counts once, in the lane that found it first",
            holds=not twice,
            detail=f"{len(ends)} reports",
            at_fault=tuple(sorted(twice, key=natural_key)),
        )
    )
    everything = {p.row.record for p in placed}
    repeated = _repeated(p.row.record for p in placed)
    others = box["O'"]
    identified = box["D"] | box["G"] | others
    found.append(
        Identity(
            id="F10",
            statement="every record ends in exactly one terminal state; their sum is D + G + O'",
            holds=not repeated and identified == everything,
            detail=f"{len(placed)} = {len(box['D'])} + {len(box['G'])} + {len(others)}",
            at_fault=tuple(sorted(repeated | (identified ^ everything), key=natural_key)),
        )
    )
    terminal: dict[str, set[str]] = defaultdict(set)
    for p in placed:
        terminal[p.box].add(p.row.record)
    same("F11", "terminal boxes are disjoint and cover the input", everything, *terminal.values())
    shown = [key for key in flow.boxes if key.rstrip("'") in LOWER_BOXES]
    found.append(
        Identity(
            id="F12",
            statement="a step not undertaken has no number",
            holds=full_text or not shown,
            detail="full text assessed" if full_text else "full text not undertaken",
        )
    )
    return tuple(found)


def _repeated(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    again: set[str] = set()
    for name in names:
        (again if name in seen else seen).add(name)
    return again


def check(flows: Mapping[str, Flow]) -> None:
    """Raise `FlowError` naming strategy, identity and records when an identity fails."""
    for name, flow in flows.items():
        for identity in flow.identities:
            if not identity.holds:
                at_fault = ", ".join(identity.at_fault[:10]) or "see the boxes"
                more = f" and {len(identity.at_fault) - 10} more" if len(identity.at_fault) > 10 else ""
                raise FlowError(
                    f"identity {identity.id} fails ({identity.statement}: {identity.detail}); "
                    f"records at fault: {at_fault}{more}",
                    where=f"flow of strategy '{name}'",
                )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Previous:
    """What the previous version included, by people on full text; None = it gives no number.

    `studies` and `reports` are ids; `dropped_*` are those of them that no longer count (retracted, judged
    again); `study_of` names the study of each report included now.
    """

    studies: tuple[str, ...] | None
    reports: tuple[str, ...] | None
    dropped_studies: tuple[str, ...] = ()
    dropped_reports: tuple[str, ...] = ()
    study_of: Mapping[str, str] = field(default_factory=dict)


def update(flow: Mapping[str, Any], previous: Previous) -> dict[str, Any]:
    """`flow.json` of an updated review: P_s, P_r, T_s and T_r added, and identity F9 checked.

    A report included now of a study included before counts in the total and not among new studies; the
    templates have no box for it, nor for what was dropped, so both stand in a footnote. Raises `FlowError`
    when F9 fails. Boxes of a previous version without numbers read "not reported".
    """
    boxes = {box["key"]: dict(box) for box in flow["boxes"]}
    included = set(boxes["I_r"]["records"])
    before_s, before_r = set(previous.studies or ()), set(previous.reports or ())
    joined = {r for r in included if previous.study_of.get(r, r) in before_s}
    new_r, new_s = included - joined, set(boxes["I_s"]["records"]) - before_s
    dropped_s, dropped_r = set(previous.dropped_studies), set(previous.dropped_reports)
    total_s, total_r = (before_s - dropped_s) | new_s, (before_r - dropped_r) | new_r | joined
    known_s, known_r = previous.studies is not None, previous.reports is not None
    for key, ids, known in (
        ("P_s", before_s, known_s),
        ("P_r", before_r, known_r),
        ("T_s", total_s, known_s),
        ("T_r", total_r, known_r),
    ):
        boxes[key] = _updated_box(key, ids, known=known)
    for key, ids, wording in (
        ("I_s", new_s, "New studies included in review"),
        ("I_r", new_r, "Reports of new included studies"),
    ):
        if boxes[key]["n"] is not None:
            counted = _counted(ids)
            parts = [
                _counted(ids & set(part["records"])) | {"label": part["label"]}
                for part in boxes[key]["parts"]
            ]
            boxes[key] |= {"wording": wording, **counted, "parts": parts}
    identities = [
        ("F9", "T_s = P_s + I_s - dropped studies", total_s, before_s, new_s, dropped_s, set[str](), known_s),
        (
            "F9",
            "T_r = P_r + I_r + new reports of old studies - dropped reports",
            total_r, before_r, new_r, dropped_r, joined, known_r,
        ),
    ]  # fmt: skip
    checked = list(flow["identities"])
    for id_, statement, total, before, new, dropped, more, known in identities:
        if not known:
            continue
        holds = len(total) == len(before) + len(new) + len(more) - len(dropped)
        sizes = f"{len(total)} = {len(before)} + {len(new)}" + (f" + {len(more)}" if more else "")
        detail = f"{sizes} - {len(dropped)}"
        checked.append(
            {"strategy": flow["primary"], "id": id_, "statement": statement, "holds": holds, "detail": detail}
        )
        if not holds:
            fault = sorted((before & (new | more)) | (dropped - before), key=natural_key)
            raise FlowError(
                f"identity {id_} fails ({statement}: {detail}); records at fault: {', '.join(fault[:10])}",
                where=f"flow of strategy '{flow['primary']}'",
            )
    notes = list(flow["footnotes"])
    if joined or dropped_s or dropped_r:
        notes.append(
            f"New reports of studies included before: {len(joined)}. No longer included: {len(dropped_s)} "
            f"studies, {len(dropped_r)} reports."
        )
    return {**flow, "boxes": list(boxes.values()), "identities": checked, "footnotes": notes}


def _counted(ids: set[str]) -> dict[str, Any]:
    ordered = sorted(ids, key=natural_key)
    return {"n": len(ordered), "sha256": sha256_of(ordered), "records": ordered}


def _updated_box(key: str, ids: set[str], *, known: bool) -> dict[str, Any]:
    counted = _counted(ids) if known else {"n": None, "sha256": None, "records": []}
    return {
        "key": key,
        "wording": UPDATED_WORDING[key],
        "lane": "previous",
        "unit": "study" if key.endswith("_s") else "report",
        "status": "counted" if known else "not reported",
        "parts": [],
        **counted,
    }
