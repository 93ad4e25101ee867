"""Entries that come back from a screening tool, matched to the records of a run.

By our own record id where the export kept it (tools move it: it is looked for in every cell), else by PMID
or DOI, else as in deduplication. What fits two reports is not matched: a decision never lands on a guess.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from resift.formats.entry import RECORD_ID, Entry, to_records
from resift.records import Record, frame_of
from resift.screening.from_tools import cells_of
from resift.screening.names import aliases, bearers
from resift.tables import Grouped
from resift.vocabulary import Relation

AMBIGUOUS = "fits more than one report of this run"
ABSENT = "fits no record of this run"
_SOURCE = "returned"
_NAMED_BY = (("pmid", "PMID"), ("doi", "DOI"))


def match(
    entries: Sequence[Entry],
    records: Sequence[Record],
    groups: Mapping[str, Grouped],
) -> list[tuple[str, str]]:
    """(record id, how it was matched) for each entry; ("", why not) where none fits.

    `groups` are the rows of `duplicates/`, by record.
    """
    given = [str(entry.values[key]) for entry in entries for key, _ in _NAMED_BY if entry.values.get(key)]
    names = bearers(given, ((aliases(r.record, r.pmid, r.doi), groups[r.record].group) for r in records))
    found: list[tuple[str, str] | None] = [_named(entry, groups, names) for entry in entries]
    left = [n for n, one in enumerate(found) if one is None]
    if left:
        for n, one in zip(left, _as_duplicates([entries[n] for n in left], records, groups), strict=True):
            found[n] = one
    return [one or ("", ABSENT) for one in found]


def _named(
    entry: Entry, groups: Mapping[str, Grouped], names: Mapping[str, tuple[str, ...]]
) -> tuple[str, str] | None:
    """By an identifier that fits one report; of a DOI that fits several the entry's other fields decide."""
    ids = {entry.own_id} | {
        token.rstrip(".,;)")
        for values in cells_of(entry).values()
        for value in values
        if ":" in value and len(value) < 2000
        for token in re.findall(r"(?<![\w/.-])" + RECORD_ID.pattern, value)
    }
    if own := [name for name in ids if name in groups]:
        return _one(own, groups, "record id")
    for key, how in _NAMED_BY:
        reports = names.get(str(entry.values.get(key) or "").lower(), ())
        if len(reports) == 1:
            return reports[0], how
    return None


def _one(ids: Sequence[str], groups: Mapping[str, Grouped], how: str) -> tuple[str, str]:
    """The record kept for the one report that all ids belong to."""
    reports = {groups[name].group for name in ids}
    return (reports.pop(), how) if len(reports) == 1 else ("", AMBIGUOUS)


def _as_duplicates(
    entries: Sequence[Entry], records: Sequence[Record], groups: Mapping[str, Grouped]
) -> list[tuple[str, str] | None]:
    from resift.dedupe import deduplicate
    from resift.dedupe.table import group_rows

    # Each entry by itself has its own id, whatever the file calls it.
    returned: list[Record | None] = []
    for n, entry in enumerate(entries, 1):
        made = (
            to_records([replace(entry, own_id="", accession=str(n))], source=_SOURCE, where=_SOURCE)
            if (entry.values.get("title"))
            else []
        )
        returned.append(replace(made[0], record=f"{_SOURCE}:{n}") if made else None)
    held = [record for record in returned if record is not None]
    if not held:
        return [None] * len(entries)
    own = {record.record for record in records}
    rows = group_rows(deduplicate(frame_of([*records, *held])))
    members: dict[str, list[str]] = {}
    for row in rows:
        members.setdefault(row.group, []).append(row.record)
    group_of = {row.record: row for row in rows}
    found: list[tuple[str, str] | None] = []
    for record in returned:
        if record is None:
            found.append(None)
            continue
        beside = [name for name in members[group_of[record.record].group] if name in own]
        if beside:
            found.append(_one(beside, groups, "as in deduplication"))
        elif group_of[record.record].relation is Relation.REVIEW:
            found.append(("", f"may be {', '.join(group_of[record.record].related[:2])}: a person must say"))
        else:
            found.append(None)
    return found
