"""From the entries of a file to records: ids that never depend on the place in the file."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

from resift.errors import FormatError
from resift.formats.notes import Notes
from resift.records import Record, text_sha256

SHORT_HASH = 12
# An entry takes some 2 kB beside its abstract: half a million stay below 1.2 GB.
MOST_ENTRIES = 500_000
# What the hash of the text judged looks at, where a file does not say.
_UNJUDGED = {"title": "", "abstract": "", "languages": (), "publication_types": (), "mesh": ()}
_TELLING = ("title", "vernacular_title", "pmid", "doi", "journal", "abstract", "collective_authors")
_RECURRING = ("type", "journal", "journal_abbreviation", "issn", "volume", "issue", "status", "print_date")
RECORD_ID = re.compile(r"[a-z0-9][a-z0-9-]*:\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a reader found it.

    `values` are keyword arguments of `Record` except ids; `accession` is the number that the database
    itself gives the entry; `own_id` a record id (`pubmed:123`) where resift wrote the file; `raw` is the
    whole entry in a form that does not depend on its place, for the hash; `line` counts from 1; `noted` is
    what resift itself wrote beside the record (`state: excluded`).
    """

    values: dict[str, Any]
    raw: object
    accession: str = ""
    own_id: str = ""
    line: int = 0
    noted: Mapping[str, str] = field(default_factory=dict)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        text = json.dumps(self.raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        object.__setattr__(self, "sha256", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def to_records(
    entries: Iterable[Entry], *, source: str, where: str, notes: Notes | None = None
) -> list[Record]:
    """Records in the order of the file, with ids `<source>:<accession>` or `<source>:<hash of the entry>`.

    Entries under one accession number are told apart (`told_apart`), so that no record is lost and none is
    named by its place. With `source=""` a file written by resift keeps its own ids; any other takes the
    file's name. An entry with neither title, ids nor citation is told and left out; raises FormatError where
    nothing else is in the file, or more than `MOST_ENTRIES`.
    """
    named = source or source_name(where)
    records: list[Record] = []
    empty = ""
    common: dict[str, str] = {}
    for entry in entries:
        if not any(entry.values.get(key) for key in _TELLING):
            place = f"line {entry.line}" if entry.line else "an entry"
            empty = empty or place
            if notes is not None:
                notes.doubt("entries without title, journal, PMID and DOI were left out", place)
            continue
        if len(records) >= MOST_ENTRIES:
            raise FormatError(
                f"holds more than {MOST_ENTRIES:,} entries", where=where, fix="split it into several files"
            )
        name = _name(entry, source, named)
        prefix = name.partition(":")[0]
        # Journals, volumes and years recur: one text stands for all of them.
        for key in _RECURRING:
            value = entry.values.get(key)
            if isinstance(value, str):
                entry.values[key] = common.setdefault(value, value)
        judged = SimpleNamespace(**(_UNJUDGED | entry.values))
        records.append(
            Record(
                record=name,
                source=common.setdefault(prefix, prefix),
                element_sha256=entry.sha256,
                text_sha256=text_sha256(cast("Record", judged)),
                **entry.values,
            )
        )
    if empty and not records:
        raise FormatError(
            "an entry has no title, no journal, no PMID and no DOI",
            where=f"{where}, {empty}",
            fix="complete the entry or delete it",
        )
    return told_apart(records)


def told_apart(records: list[Record]) -> list[Record]:
    """Records of one file, or of several that one database exported, with ids that are each record's own.

    Two different entries under one id both get their hash added; entries equal to the last character are
    told apart by `.2`, `.3`. Ids that differ already stay as they are. The list is changed in place.
    """
    digests: dict[str, tuple[str, ...]] = {}
    for record in records:
        held = digests.get(record.record, ())
        if record.element_sha256 not in held:
            digests[record.record] = (*held, record.element_sha256)
    seen: Counter[str] = Counter()
    for at, record in enumerate(records):
        name = record.record
        if len(digests[name]) > 1:
            name = f"{name}-{record.element_sha256[:SHORT_HASH]}"
        seen[name] += 1
        name = name if seen[name] == 1 else f"{name}.{seen[name]}"
        if name != record.record:
            records[at] = replace(record, record=name)
    return records


def source_name(where: str) -> str:
    """A source's name from a path: `exports/Embase 2012.ris.gz` gives `embase-2012`."""
    name = re.split(r"[/\\]", where)[-1].lower()
    name = re.sub(r"(\.(gz|ris|nbib|csv|tsv|txt|bib|xml|xlsx|medline|enw|ciw|cgi|json))+$", "", name)
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "file"


def _name(entry: Entry, source: str, named: str) -> str:
    if not source and RECORD_ID.fullmatch(entry.own_id):
        return entry.own_id
    if source and entry.own_id.startswith(f"{source}:"):
        return entry.own_id
    accession = entry.accession
    if named in ("pubmed", "medline") and entry.values.get("pmid"):
        accession = entry.values["pmid"]
    accession = re.sub(r"\s+", "", accession) or entry.values.get("pmid", "") or entry.sha256[:SHORT_HASH]
    return f"{named}:{accession}"
