"""From a table of records to a table of groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import pandas as pd

from resift.dedupe.merge import trust
from resift.dedupe.model import GROUP_COLUMNS, Relation


def deduplicate(
    frame: pd.DataFrame,
    *,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Callable[[str, int, int], None] | None = None,
) -> pd.DataFrame:
    """See `resift.dedupe.deduplicate`."""

    def column(name: str) -> list[str]:
        if name not in frame.columns:
            return [""] * len(frame)
        return ["" if v is None or v != v or v is pd.NA else str(v) for v in frame[name].tolist()]

    records = column("record")
    sources = column("source")
    order = sorted(range(len(records)), key=lambda i: trust(records[i], sources[i]))
    titles = ["".join(c for c in t.casefold() if c.isalnum()) for t in column("title")]
    apart = {frozenset(pair) for pair in separate}
    leader = list(range(len(records)))
    members: dict[int, list[int]] = {i: [i] for i in leader}
    rules: dict[int, tuple[str, float, str]] = {}
    pmids = column("pmid")

    def union(a: int, b: int, rule: str, evidence: str) -> None:
        a, b = leader[a], leader[b]
        if a == b:
            return
        for x in members[a]:
            for y in members[b]:
                if frozenset((records[x], records[y])) in apart or (
                    pmids[x] and pmids[y] and pmids[x] != pmids[y]
                ):
                    return
        a, b = sorted((a, b), key=order.index)
        for y in members[b]:
            leader[y] = a
        rules[b] = (rule, 1.0, evidence)
        members[a] += members.pop(b)

    position = {record: i for i, record in enumerate(records)}
    for a, b in same:
        if a in position and b in position:
            union(position[a], position[b], "human", "a person said: same")
    years, pages = column("year"), [p.split("-")[0].strip() for p in column("pages")]
    keys = {
        "same PMID": [(p,) if p else None for p in pmids],
        "same DOI": [(d.lower(),) if d else None for d in column("doi")],
        "same title, year and first page": [
            (t, y, p) if t and y and p else None for t, y, p in zip(titles, years, pages, strict=True)
        ],
    }
    for rule, values in keys.items():
        seen: dict[tuple[str, ...], int] = {}
        for i in order:
            key = values[i]
            if key is not None:
                union(seen.setdefault(key, i), i, rule, " ".join(key))
    rows = []
    for i, record in enumerate(records):
        group = leader[i]
        kept = group == i
        rule, score, evidence = ("", "", "") if kept else rules.get(i, ("chain", 1.0, ""))
        rows.append(
            (
                record,
                records[group],
                kept,
                str(Relation.UNRELATED if kept else Relation.DUPLICATE),
                "" if kept else records[group],
                rule,
                score,
                evidence,
            )
        )
    return pd.DataFrame(rows, columns=list(GROUP_COLUMNS))
