"""One record from the records of one report, field by field by source trust."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from resift.records import LIST_COLUMNS, RECORD_COLUMNS, Record, natural_key, text_sha256

if TYPE_CHECKING:
    import pandas as pd

SOURCE_TRUST = (
    "pubmed",
    "medline",
    "embase",
    "central",
    "cochrane",
    "scopus",
    "wos",
    "references",
    "handsearched",
)
"""Sources from the most to the least trusted; unknown sources stand before reference strings.

PubMed first because its records are corrected by NLM and carry MeSH; reference strings and hand-searched
entries last because they are typed by people.
"""

UNIONED = ("keywords", "registries", "links")
"""Lists that add up over sources; every other field is taken whole from the most trusted source with one."""


def trust(record: str, source: str) -> tuple[int, tuple[str, int, str]]:
    """Sort key: the most trusted source first, then by record id, so that the order of input is no matter."""
    name = (source or record.partition(":")[0]).lower()
    last = SOURCE_TRUST.index("references")
    rank = SOURCE_TRUST.index(name) * 2 if name in SOURCE_TRUST else last * 2 - 1
    return rank, natural_key(record)


def merge_group(rows: pd.DataFrame | Sequence[Mapping[str, Any]]) -> Record:
    """One record from the records of one report.

    The most trusted record lends its id, source and every field it has; a field that it lacks comes from
    the next that has one. Keywords, registry numbers and links are united. Raises ValueError when `rows`
    is empty.
    """
    table: list[Mapping[str, Any]] = rows.to_dict("records") if hasattr(rows, "to_dict") else list(rows)
    if not table:
        raise ValueError("a group has at least one record")
    ordered = sorted(table, key=lambda row: trust(str(row["record"]), str(row.get("source") or "")))
    values: dict[str, Any] = {}
    for name in RECORD_COLUMNS:
        if name in UNIONED:
            values[name] = tuple(dict.fromkeys(item for row in ordered for item in _items(row.get(name))))
        elif name in LIST_COLUMNS:
            values[name] = next((items for row in ordered if (items := _items(row.get(name)))), ())
        elif name == "year":
            values[name] = next((int(row[name]) for row in ordered if _present(row.get(name))), None)
        else:
            values[name] = next((str(row[name]) for row in ordered if _present(row.get(name))), "")
    values["record"] = str(ordered[0]["record"])
    values["source"] = str(ordered[0].get("source") or values["record"].partition(":")[0])
    values["type"] = values["type"] or "article"
    merged = Record(**values)
    return replace(merged, text_sha256=text_sha256(merged))


def _present(value: Any) -> bool:
    """Whether a cell says something: not None, not NaN or NA, not ""."""
    nan = isinstance(value, float) and math.isnan(value)
    return value is not None and not nan and str(value) not in ("", "<NA>")


def _items(value: Any) -> tuple[str, ...]:
    if value is None or isinstance(value, float):
        return ()
    return (value,) if isinstance(value, str) and value else tuple(str(item) for item in value)
