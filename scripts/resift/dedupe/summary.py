"""What a table of groups holds, in a few lines: merged, linked, to a person and why, suspicious imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SUSPICIOUS = ("one PMID on two unlike records", "one DOI on two unlike records")
"""Rules that say that an import took identifiers from the wrong place."""

REASONS = 3
"""So many reasons for asking a person are printed."""


def summary(groups: pd.DataFrame) -> list[str]:
    """What the table of groups holds: merged, linked, to a person with the commonest reasons, suspicions."""
    relations = groups["relation"].value_counts()
    counts = {name: int(relations.get(name, 0)) for name in ("version", "companion", "review")}
    kept = int(groups["kept"].sum())
    lines = [
        f"{len(groups)} records, {kept} reports",
        f"merged: {len(groups) - kept} duplicates",
        f"linked: {counts['version']} versions, {counts['companion']} companions",
        f"to a person: {counts['review']} records ({counts['review'] / max(len(groups), 1):.1%})",
    ]
    asked = groups.loc[groups["relation"] == "review", "rule"].value_counts(sort=False)
    commonest = sorted(asked.items(), key=lambda reason: (-reason[1], reason[0]))
    lines += [f"  {count} {reason}" for reason, count in commonest[:REASONS]]
    if len(commonest) > REASONS:
        rest = sum(count for _, count in commonest[REASONS:])
        lines.append(f"  {rest} for other reasons")
    suspicious = int(groups["rule"].isin(SUSPICIOUS).sum())
    if suspicious:
        lines.append(
            f"suspicious import: {suspicious} records share a PMID or DOI with a record that has nothing else"
            " in common; check the field that the identifier was taken from"
        )
    return lines
