"""The table of groups as rows: `duplicates/<lane>.csv` and what `resift dedupe` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from resift.rows import split_list
from resift.tables import DUPLICATES, Grouped
from resift.vocabulary import Relation

if TYPE_CHECKING:
    import pandas as pd


def group_rows(groups: pd.DataFrame) -> list[Grouped]:
    """The rows of the table that `resift.dedupe.deduplicate` gives, in its order."""
    return list(_rows(groups))


def _rows(groups: pd.DataFrame) -> Iterator[Grouped]:
    return (
        Grouped(
            record=row.record,
            group=row.group,
            kept=bool(row.kept),
            relation=Relation(row.relation),
            related=split_list(row.related),
            rule=row.rule,
            # An absent score is None, or NaN once it stands in a column of numbers.
            score=None if row.score is None or row.score != row.score else float(row.score),
            evidence=row.evidence,
        )
        for row in groups.itertuples(index=False)
    )


def write_groups(groups: pd.DataFrame, path: Path) -> None:
    """Write one row per record, as `duplicates/<lane>.csv` of a run."""
    with DUPLICATES.writing(path) as write:
        write(_rows(groups))
