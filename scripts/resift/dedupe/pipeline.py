"""Deduplication as one step: records in, the table of groups out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd

from resift.dedupe.groups import Progress, group_entries
from resift.dedupe.merge import trust
from resift.dedupe.normalise import Entries, normalise, take, text_columns
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
    entries = normalise(text_columns({name: frame[name].tolist() for name in frame.columns}))
    return deduplicate_entries(entries, separate=separate, same=same, versions=versions, progress=progress)


def deduplicate_entries(
    entries: Entries,
    *,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The table of groups of normalised records, one row per record in the order of `entries`.

    All work is done in the order in which records are kept (`trust`), so neither the groups nor the kept
    records depend on the order of the input.
    """
    _check_ids(entries.record)
    order = sorted(range(len(entries)), key=lambda n: trust(entries.record[n], entries.source[n]))
    table = group_entries(
        take(entries, order), separate=separate, same=same, versions=versions, progress=progress
    )
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return table.iloc[back].reset_index(drop=True)


def _check_ids(records: list[str]) -> None:
    seen: set[str] = set()
    for number, record in enumerate(records, 1):
        if not record:
            raise FormatError("a record has no id", where=f"record {number}", fix="name every record")
        if record in seen:
            raise FormatError(
                f"{record} stands twice", where=f"record {number}", fix="give every record its own id"
            )
        seen.add(record)
