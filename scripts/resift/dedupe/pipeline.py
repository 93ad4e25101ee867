"""Deduplication as one step: records in, the table of groups out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pandas as pd

from resift.dedupe.groups import Progress, group_met
from resift.dedupe.meet import meet
from resift.dedupe.model import GROUP_COLUMNS, Relation
from resift.dedupe.normalise import text_columns
from resift.dedupe.packed import Packed, pack_columns
from resift.errors import FormatError


def deduplicate(
    frame: pd.DataFrame,
    *,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """See `resift.dedupe.deduplicate`."""
    if "record" not in frame.columns:
        raise FormatError("the table has no column record", where="records", fix="name every record")
    if progress:
        progress("read fields", 0, len(frame))
    packed = pack_columns(text_columns({name: frame[name].tolist() for name in frame.columns}))
    return deduplicate_packed(packed, separate=separate, same=same, versions=versions, progress=progress)


def deduplicate_packed(
    packed: Packed,
    *,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The table of groups of records, one row per record in the order of the input.

    Records that meet no other are told so without being unpacked.
    """
    _check_ids(packed.record)
    separate, same = list(separate), list(same)
    if progress:
        progress("find candidate pairs", 0, 1)
    met = meet(packed, (record for pair in (*separate, *same) for record in pair))
    groups = group_met(
        met, of=len(packed), separate=separate, same=same, versions=versions, progress=progress
    )
    return _whole(packed.record, met.positions, groups)


def _whole(records: list[str], positions: list[int], groups: dict[str, list[object]]) -> pd.DataFrame:
    """The table of all records, from the columns of those that met another."""
    alone: tuple[object, ...] = (True, str(Relation.UNRELATED), "", "", None, "")
    table: dict[str, list[object]] = {"record": list(records), "group": list(records)}
    for name, value in zip(GROUP_COLUMNS[2:], alone, strict=True):
        table[name] = [value] * len(records)
    for name in GROUP_COLUMNS[1:]:
        column = table[name]
        for n, value in zip(positions, groups[name], strict=True):
            column[n] = value
    return pd.DataFrame(table, columns=list(GROUP_COLUMNS))


def _check_ids(records: list[str]) -> None:
    if "" not in records and len(set(records)) == len(records):
        return
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        if not record:
            raise FormatError("a record has no id", where=f"record {number}", fix="name every record")
        if record in seen:
            raise FormatError(
                f"{record} stands twice", where=f"record {number}", fix="give every record its own id"
            )
        seen.add(record)
