"""The table of groups as rows: `duplicates/<lane>.csv` and what `resift dedupe` writes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from resift.dedupe.model import GROUP_COLUMNS
from resift.rows import split_list
from resift.tables import DUPLICATES, Grouped
from resift.vocabulary import Relation

if TYPE_CHECKING:
    import pandas as pd


SLICE = 50_000
"""Rows taken out of the frame at a time: cell by cell, its columns of text take several times as long."""


def group_rows(groups: pd.DataFrame) -> list[Grouped]:
    """The rows of the table that `resift.dedupe.deduplicate` gives, in its order."""
    return list(_rows(groups))


def _rows(groups: pd.DataFrame) -> Iterator[Grouped]:
    for start in range(0, len(groups), SLICE):
        part = groups.iloc[start : start + SLICE]
        columns = [part[name].tolist() for name in GROUP_COLUMNS]
        for record, group, kept, relation, related, rule, score, evidence in zip(*columns, strict=True):
            yield Grouped(
                record=record,
                group=group,
                kept=bool(kept),
                relation=Relation(relation),
                related=split_list(related) if related else (),
                rule=rule,
                # An absent score is None, or NaN once it stands in a column of numbers.
                score=None if score is None or math.isnan(score) else float(score),
                evidence=evidence,
            )


def write_groups(groups: pd.DataFrame, path: Path) -> None:
    """Write one row per record, as `duplicates/<lane>.csv` of a run."""
    with DUPLICATES.writing(path) as write:
        write(_rows(groups))
