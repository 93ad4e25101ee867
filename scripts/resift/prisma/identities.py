"""The identities between PRISMA 2020 boxes, checked as sets; a failing one names the records at fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from resift.errors import FlowError
from resift.prisma.model import LOWER_BOXES, Flow, Identity, Placed
from resift.records import natural_key


def identities_of(placed: Sequence[Placed], flow: Flow, *, full_text: bool) -> tuple[Identity, ...]:
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
