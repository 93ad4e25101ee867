"""The words of deduplication: relations between records, and the columns of the table of groups."""

from __future__ import annotations

from resift.rows import columns_of
from resift.tables import Grouped
from resift.vocabulary import Relation

__all__ = ["GROUP_COLUMNS", "Relation"]

GROUP_COLUMNS = columns_of(Grouped)
