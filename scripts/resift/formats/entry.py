"""From the entries of a file to records: ids that never depend on the place in the file."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from resift.errors import FormatError
from resift.records import Record, text_sha256

SHORT_HASH = 12
_RECORD_ID = re.compile(r"[a-z0-9][a-z0-9-]*:\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as a reader found it.

    `values` are keyword arguments of `Record` except ids; `accession` is the number that the database
    itself gives the entry; `own_id` a record id (`pubmed:123`) where resift wrote the file; `raw` is the
    whole entry in a form that does not depend on its place, for the hash; `line` counts from 1.
    """

    values: dict[str, Any]
    raw: object
    accession: str = ""
    own_id: str = ""
    line: int = 0
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        text = json.dumps(self.raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        object.__setattr__(self, "sha256", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())


def to_records(entries: Sequence[Entry], *, source: str, where: str) -> list[Record]:
    """Records in the order of the file, with ids `<source>:<accession>` or `<source>:<hash of the entry>`.

    Two different entries under one accession number both get their hash added; entries equal to the
    last character are told apart by `.2`, `.3`, so that no record is lost and none is named by its
    place. With `source=""` a file written by resift keeps its own ids; any other takes the file's name.
    Raises FormatError where an entry has neither title, ids nor citation.
    """
    named = source or source_name(where)
    names = [_name(entry, source, named) for entry in entries]
    shared = Counter(names)
    digests = {
        name: {e.sha256 for e, n in zip(entries, names, strict=True) if n == name}
        for name, count in shared.items()
        if count > 1
    }
    seen: Counter[str] = Counter()
    records = []
    for entry, name in zip(entries, names, strict=True):
        if len(digests.get(name, ())) > 1:
            name = f"{name}-{entry.sha256[:SHORT_HASH]}"
        seen[name] += 1
        record_id = name if seen[name] == 1 else f"{name}.{seen[name]}"
        values = entry.values
        if not any(
            values.get(key) for key in ("title", "vernacular_title", "pmid", "doi", "journal", "abstract")
        ):
            raise FormatError(
                "an entry has no title, no journal, no PMID and no DOI",
                where=f"{where}, line {entry.line}" if entry.line else where,
                fix="complete the entry or delete it",
            )
        record = Record(
            record=record_id,
            source=record_id.partition(":")[0],
            element_sha256=entry.sha256,
            **values,
        )
        records.append(replace(record, text_sha256=text_sha256(record)))
    return records


def source_name(where: str) -> str:
    """A source's name from a path: `exports/Embase 2012.ris.gz` gives `embase-2012`."""
    name = re.split(r"[/\\]", where)[-1].lower()
    name = re.sub(r"(\.(gz|ris|nbib|csv|tsv|txt|bib|xml|medline|enw))+$", "", name)
    return re.sub(r"[^a-z0-9]+", "-", name).strip("-") or "file"


def _name(entry: Entry, source: str, named: str) -> str:
    if not source and _RECORD_ID.fullmatch(entry.own_id):
        return entry.own_id
    if source and entry.own_id.startswith(f"{source}:"):
        return entry.own_id
    accession = entry.accession
    if named in ("pubmed", "medline") and entry.values.get("pmid"):
        accession = entry.values["pmid"]
    accession = re.sub(r"\s+", "", accession) or entry.values.get("pmid", "") or entry.sha256[:SHORT_HASH]
    return f"{named}:{accession}"
