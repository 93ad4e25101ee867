"""Finding the records of one report: normalise, block, compare, decide, cluster, merge.

Knows nothing of PubMed or of screening. The public functions import pandas and RapidFuzz only when called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

    from resift.records import Record

__all__ = ["deduplicate", "merge_group"]


def deduplicate(
    frame: pd.DataFrame,
    *,
    separate: Iterable[tuple[str, str]] = (),
    same: Iterable[tuple[str, str]] = (),
    versions: Literal["link", "merge"] = "link",
    progress: Callable[[str, int, int], None] | None = None,
) -> pd.DataFrame:
    """Group the records of a lane by report.

    `frame` has the columns of `resift.records.RECORD_COLUMNS`; missing ones count as empty, only
    `record` is required. `separate` and `same` are what people decided on pairs of record ids (stage
    duplicate, outcome different or same): they stand over every rule. `versions="merge"` also joins
    preprint and article, Cochrane updates and translations. `progress(step, done, total)` is told how
    far the work is.

    Returns one row per input record, in the order of `frame`, with the columns of
    `resift.dedupe.model.GROUP_COLUMNS`. The groups do not depend on the order of the rows.
    Raises `FormatError` when record ids are missing or repeated, `ScreeningError` when decisions of
    people contradict each other.
    """
    from resift.dedupe.pipeline import deduplicate as run

    return run(frame, separate=separate, same=same, versions=versions, progress=progress)


def merge_group(rows: pd.DataFrame | Sequence[Mapping[str, Any]]) -> Record:
    """One record from the records of one report, field by field by source trust, PubMed first.

    `rows` are records of one group with the columns of `resift.records.RECORD_COLUMNS`.
    Raises ValueError when `rows` is empty.
    """
    from resift.dedupe.merge import merge_group as merge

    return merge(rows)
