"""How many records a search had on the day it was made: at least the certain ones, at most the possible ones.

*Possible* are the records found now that had entered PubMed by that day. *Certain* are those of them that
are found without any heading given later: a record whose MeSH came after the day (`mhda`) counts only if
its other words find it. Between the two lies what later indexing alone may have added. Records deleted
since are in neither, and a record revised since is read as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from resift.identify.search import read_answers
from resift.project.protocol import Protocol
from resift.pubmed.source import recorded_translation
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import read_records
from resift.tables import ANSWERS, RECORDS
from resift.text.dates import last_day
from resift.vocabulary import Lane

_GIVEN_LATER = ("mesh", "substances", "supplementary_concepts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Records found whose place in the count as of a day is open.

    `by_later_headings`: possible and not certain. `undated`: without a date of entry, as records of an
    archive can be; they are in neither count.
    """

    by_later_headings: int
    undated: int


def doubt_of(folder: Path, protocol: Protocol) -> Doubt | None:
    """The doubtful records of a finished run's primary strategy; None where the day is not known."""
    date = protocol.reported.get("search_date")
    if not date:
        return None
    day = last_day(str(date))
    frame = read_records(RECORDS.of(folder, lane=Lane.DATABASES))
    frame = frame[frame["source"] == "pubmed"]
    undated = int((frame["entered"] == "").sum())
    by_then = (frame["entered"] != "") & (frame["entered"].str[:10] <= day)
    doubtful = frame[by_then & (frame["mesh_date"].str[:10] > day)].reset_index(drop=True)
    if doubtful.empty:
        return Doubt(by_later_headings=0, undated=undated)
    for column in _GIVEN_LATER:
        doubtful[column] = [[] for _ in range(len(doubtful))]
    strategy = protocol.primary
    query = parse(strategy.expanded, dialect=strategy.dialect_date, as_printed=True)
    answer = read_answers(ANSWERS.of(folder))[strategy.name]
    found = evaluate(query, QueryTable.from_records(doubtful), recorded=recorded_translation(answer)).yes
    return Doubt(by_later_headings=len(doubtful) - int(found.sum()), undated=undated)
