"""The words of deduplication: relations between records, decisions on pairs, and the table of groups."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass

GROUP_COLUMNS = ("record", "group", "kept", "relation", "related", "rule", "score", "evidence")
"""Columns of `duplicates/<lane>.csv`, one row per record.

`group` is the id of the record kept for the report; `kept` is true for exactly one record of a group;
`relation` is why the record is not (only) a report of its own: `duplicate` (of the kept record),
`version`, `companion` or `review`, else ""; `related` names the other records, joined by ";"; `rule`,
`score` (0 to 1) and `evidence` belong to the decision that `relation` names.
"""


class Relation(StrEnum):
    """What two records are to each other."""

    DUPLICATE = "duplicate"  # two entries of one report
    VERSION = "version"  # preprint and article, Cochrane update, translation: two reports of one work
    COMPANION = "companion"  # erratum, retraction notice, comment, reply, part II, meeting abstract
    REVIEW = "review"  # a person must say
    UNRELATED = ""
