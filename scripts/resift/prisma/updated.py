"""The flow of an updated review: what the previous version included, and the new total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from resift.errors import FlowError
from resift.prisma.model import sha256_of
from resift.records import natural_key

UPDATED_WORDING = {
    "P_s": "Studies included in previous version of review",
    "P_r": "Reports of studies included in previous version of review",
    "T_s": "Total studies included in review",
    "T_r": "Reports of total included studies",
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
