"""The records inside the page: a table of them, and the long texts of as many as the page can bear.

Both are canonical JSON, so two reports can be compared by machine, packed with zlib and base64, which
browsers unpack by themselves (DecompressionStream). The table (`core`) holds what lists and filters need.
Abstracts, indexing, evidence and trails (`details`) come in parcels, those first that a reader opens first:
a page of tens of thousands of records stays below 12 MB and says which it leaves out.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from resift.files import compact_json
from resift.records import Record
from resift.report.boxes import anchor
from resift.report.data import ReportData, by_record
from resift.report.room import IN_FULL, LISTED, by_rank, listed, to_settle
from resift.report.todo import pairs_of
from resift.rows import columns_of
from resift.screening.human_decisions import HUMAN_COLUMNS, OUTCOMES
from resift.tables import TOPIC_PREFIX, BoundaryRecord, DecisionRow, Evidence
from resift.vocabulary import Decider, Inside, Lane, Relation, Retracted, Unit

FORMAT = "resift report 2"
# Characters of packed records in one page: with everything else it stays below 12 MB.
PACKED_LIMIT = 11_000_000
# Records in a parcel: enough to pack well, few enough to unpack within a frame.
PARCEL = 256
# A card shows this much of an abstract; the record's own file has the rest.
ABSTRACT_LIMIT = 6000
# Places shown for one criterion in one record. A criterion is settled by the first of them.
SPAN_LIMIT = 12
# Characters of a clause or of the terms looked for that a card shows; screening/*.csv has them all.
TERMS_LIMIT = 240


def pack(data: Any) -> str:
    """zlib and base64 of canonical JSON (ASCII text)."""
    return base64.b64encode(zlib.compress(compact_json(data).encode("utf-8"), 9)).decode("ascii")


def core(data: ReportData, decisions: Sequence[DecisionRow]) -> dict[str, Any]:
    """The table of records, the words of its codes, and every box as positions in the table."""
    records = {record.record: record for record in data.records}
    strategies = [search.name for search in data.searches]
    topics = topic_names(data)
    codes, columns = _Codes(), columns_of(CoreRow)
    rows = [_core_row(row, records.get(row.record), strategies, topics, codes) for row in decisions]
    return {
        "format": FORMAT,
        "run": data.name,
        "protocol": data.protocol.get("id", ""),
        "columns": columns,
        "version": criteria_version(data),
        "decide": {
            "columns": HUMAN_COLUMNS,
            "outcomes": {stage: list(outcomes) for stage, outcomes in OUTCOMES.items()},
            "reserved": [name.value for name in Decider],
        },
        "codes": {name: list(values) for name, values in codes.known.items()},
        "strategies": strategies,
        "primary": data.primary.name,
        "topics": topics,
        "criteria": [asdict(criterion) for criterion in criteria(data)],
        "records": [[getattr(row, name) for name in columns] for row in rows],
        "boxes": _boxes(data, decisions),
        "groups": _groups(decisions),
        "changes": _changes(data, decisions),
        "pairs": _pairs(data, decisions),
        "all": len(data.decisions),
    }


def criteria_version(data: ReportData) -> str:
    """The version of the criteria that the answers of the run were given with; "" where none were."""
    if data.screening is not None:
        return data.screening.version
    return next((row.version for row in data.answers), "")


def _groups(decisions: Sequence[DecisionRow]) -> list[list[int]]:
    """Positions of the records of each report that has more than one."""
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(decisions):
        groups.setdefault(row.group, []).append(i)
    return [at for at in groups.values() if len(at) > 1]


def _changes(data: ReportData, decisions: Sequence[DecisionRow]) -> dict[str, list[int]]:
    """Records by what happened to them since the earlier run: `gained` is what is new."""
    position = {row.record: i for i, row in enumerate(decisions)}
    found: dict[str, set[int]] = {}
    for row in data.changes:
        if row.record in position:
            found.setdefault(row.change.value, set()).add(position[row.record])
    return {change: sorted(at) for change, at in sorted(found.items())}


def _pairs(data: ReportData, decisions: Sequence[DecisionRow]) -> list[list[Any]]:
    """Pairs that a person must settle: positions of both, then rule, score and evidence."""
    position = {row.record: i for i, row in enumerate(decisions)}
    told = {(row.record, other): row for row in data.duplicates for other in row.related}
    found = []
    for one, two in pairs_of(data):
        if one not in position or two not in position:
            continue
        row = told.get((one, two)) or told[two, one]
        found.append([position[one], position[two], row.rule, row.score, row.evidence])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreRow:
    """One record as lists and filters need it. Journal, state, decided_by and reason are numbers of words;
    `found_by` are numbers of strategies, or record ids of seeds; `topics` are numbers of topics."""

    record: str
    pmid: str
    doi: str
    year: int | None
    title: str
    authors: str
    journal: int
    lane: str
    found_by: Sequence[int] | Sequence[str]
    state: int
    box: str
    decided_by: int
    criterion: str
    reason: int
    topics: Sequence[int]
    retracted: int


class _Codes:
    """Numbers in place of words that stand in many rows."""

    def __init__(self) -> None:
        self.known: dict[str, dict[str, int]] = {name: {} for name in CODED}

    def code(self, column: str, value: str) -> int:
        words = self.known[column]
        return words.setdefault(value, len(words))


CODED = ("journal", "state", "decided_by", "reason")


def _core_row(
    row: DecisionRow,
    record: Record | None,
    strategies: Sequence[str],
    topics: Sequence[str],
    codes: _Codes,
) -> CoreRow:
    """One record as the page's script has it."""
    found: list[int] | list[str] = list(row.found_by)
    if row.lane is Lane.DATABASES:
        found = [strategies.index(name) for name in row.found_by if name in strategies]
    return CoreRow(
        record=row.record,
        pmid=row.pmid,
        doi=row.doi,
        year=row.year,
        title=row.title,
        authors=authors_short(record),
        journal=codes.code("journal", _journal(record)),
        lane=row.lane.value,
        found_by=found,
        state=codes.code("state", row.state.value),
        box=row.box.value,
        decided_by=codes.code("decided_by", row.decided_by),
        criterion=row.criterion,
        reason=codes.code("reason", row.reason),
        topics=[topics.index(name) for name in row.topics if name in topics],
        retracted=int(row.retracted is Retracted.YES),
    )


def topic_names(data: ReportData) -> list[str]:
    """Topics in the order of the criteria file, else in the order they are met."""
    if data.screening is not None:
        return list(data.screening.topics)
    return sorted({name for row in data.decisions for name in row.topics})


@dataclass(frozen=True, slots=True)
class ShownCriterion:
    """A criterion as the page names it; `kind` is "" where the criteria file is not at hand."""

    id: str
    label: str
    exclusion_label: str
    kind: str


def criteria(data: ReportData) -> list[ShownCriterion]:
    """The criteria, in order."""
    if data.screening is not None:
        return [
            ShownCriterion(c.id, c.label, c.exclusion_label, c.kind.value) for c in data.screening.criteria
        ]
    return [ShownCriterion(name, name, name, "") for name in data.answered]


def authors_short(record: Record | None) -> str:
    """Up to three authors, as a citation starts."""
    if record is None:
        return ""
    names = record.authors or record.collective_authors
    return ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")


def _journal(record: Record | None) -> str:
    return (record.journal_abbreviation or record.journal) if record else ""


def _boxes(data: ReportData, decisions: Sequence[DecisionRow]) -> dict[str, dict[str, Any]]:
    """Every box and part that has records: anchor -> label, n, sha256 and positions of its records."""
    position = {row.record: i for i, row in enumerate(decisions)}
    # A study is named by the record that stands for its group.
    study = {row.study: position[row.record] for row in reversed(decisions)}

    def places(ids: Sequence[str], unit: Unit) -> list[int]:
        # What a previous version included need not be a record of this run: it has a number and no place.
        at = study if unit is Unit.STUDY else position
        return sorted(at[name] for name in ids if name in at)

    boxes: dict[str, dict[str, Any]] = {}
    for box in data.flow.boxes:
        if box.n is None:
            continue
        boxes[anchor(box.box, box.lane)] = {
            "unit": box.unit.value,
            "label": box.wording,
            "n": box.n,
            "sha256": box.sha256,
            "at": places(box.records, box.unit),
        }
        for i, part in enumerate(box.parts):
            boxes[anchor(box.box, box.lane, i)] = {
                "unit": box.unit.value,
                "label": f"{box.wording}: {part.label or 'no reason given'}",
                "n": part.n,
                "sha256": part.sha256,
                "at": places(part.records, box.unit),
            }
    return boxes


@dataclass(frozen=True, slots=True)
class Packed:
    """What the page embeds: `core`, and `details` as a head and parcels, one a line. `listed` records stand
    in the table, `held` with their details."""

    core: str
    details: str
    listed: int
    held: int


def packed(data: ReportData, limit: int = PACKED_LIMIT, most: int = LISTED) -> Packed:
    """The records that the page lists, `most` of them, and those details that fit below `limit` characters,
    whole parcels."""
    first = to_settle(data.duplicates)
    decisions = listed(data.decisions, most, first)
    table = pack(core(data, decisions))
    order = by_rank(decisions, first)[:IN_FULL]
    details = Details(data)
    parcels: list[str] = []
    room, held = limit - len(table), 0
    for start in range(0, len(order), PARCEL):
        chosen = order[start : start + PARCEL]
        parcel = pack([details.of(decisions[i]) for i in chosen])
        if len(parcel) > room:
            break
        parcels.append(parcel)
        room -= len(parcel)
        held += len(chosen)
    head = {
        "parcel": PARCEL,
        "clauses": list(details.clauses),
        "fields": list(details.fields),
        "order": order[:held],
    }
    return Packed(table, "\n".join([pack(head), *parcels]), len(decisions), held)


class Details:
    """What a card shows of records that are read in full; clauses and fields are numbered as they are met."""

    def __init__(self, data: ReportData) -> None:
        self.records = {record.record: record for record in data.records}
        self.answers, self.evidence = by_record(data.answers), by_record(data.evidence)
        self.groups = by_record(data.duplicates)
        self.online = {row.record: row for row in data.boundary if _in_by_electronic_date(row)}
        self.clauses: dict[str, int] = {}
        self.fields: dict[str, int] = {}
        self.names = {c.id: i for i, c in enumerate(criteria(data))}
        topics = enumerate(topic_names(data), len(self.names))
        self.names |= {TOPIC_PREFIX + topic: i for i, topic in topics}

    def of(self, decision: DecisionRow) -> dict[str, Any]:
        """The details of one record."""
        name, names = decision.record, self.names
        record = self.records.get(name)
        row: dict[str, Any] = {
            "auto": decision.automated_outcome,
            "human": decision.human_outcomes,
            "flips": decision.flips_if,
            "seen": decision.first_seen,
            "hash": decision.text_sha256,
            "group": decision.group,
            "answers": [
                [names[a.criterion], a.answer.value, _short(a.clause), _short(a.missing_terms)]
                for a in self.answers.get(name, ())
                if a.criterion in names
            ],
            "spans": _spans(self.evidence.get(name, ()), record, names, self.clauses, self.fields),
        }
        for other in self.groups.get(name, ()):
            if other.relation is not Relation.UNRELATED:
                row["related"] = [
                    other.relation.value,
                    other.related,
                    other.rule,
                    other.score,
                    other.evidence,
                ]
        if (edge := self.online.get(name)) is not None:
            row["window"] = f"in by its electronic date ({edge.electronic_date}); printed {edge.print_date}"
        if record is not None:
            row |= _text(record, listed=decision.title)
        return {key: value for key, value in row.items() if value}


def _in_by_electronic_date(row: BoundaryRecord) -> bool:
    return row.by_print_date is Inside.OUT and row.by_electronic_date is Inside.IN


def _short(text: str) -> str:
    return text if len(text) <= TERMS_LIMIT else text[: TERMS_LIMIT - 1] + "…"


def _text(record: Record, *, listed: str) -> dict[str, Any]:
    return {
        "abstract": record.abstract[:ABSTRACT_LIMIT],
        "cut": len(record.abstract) if len(record.abstract) > ABSTRACT_LIMIT else 0,
        "authors": "; ".join(record.authors[:30]) + ("; …" if len(record.authors) > 30 else ""),
        "collective": "; ".join(record.collective_authors),
        "place": place(record),
        "pmcid": record.pmcid,
        "mesh": list(record.mesh),
        "keywords": list(record.keywords),
        "types": list(record.publication_types),
        "languages": list(record.languages),
        "dates": [record.entered, record.entrez_date, record.mesh_date],
        "links": list(record.links),
        "vernacular": record.vernacular_title,
        "title": "" if record.title == listed else record.title,
    }


def place(record: Record) -> str:
    """Year, volume, issue and pages as a Vancouver citation ends: `2010;14(3):541-8`."""
    text = str(record.year or "")
    if record.volume:
        text += f";{record.volume}"
    if record.issue:
        text += f"({record.issue})"
    if record.pages:
        text += f":{record.pages}"
    return text


def _spans(
    rows: Sequence[Evidence],
    record: Record | None,
    names: Mapping[str, int],
    clauses: dict[str, int],
    fields: dict[str, int],
) -> list[list[Any]]:
    """Evidence as [criterion, field, start, end, clause] with codes; quotes are cut from the text itself.

    A place outside title and abstract keeps its quote, since the card shows those fields as lists. Offsets
    are in UTF-16 units, as JavaScript counts them.
    """
    texts = {"title": record.title, "abstract": record.abstract} if record else {}
    found: list[list[Any]] = []
    seen: dict[int, int] = {}
    for row in rows:
        name = names.get(row.criterion)
        if name is None or seen.get(name, 0) >= SPAN_LIMIT:
            continue
        seen[name] = seen.get(name, 0) + 1
        text = texts.get(row.field, "")
        start, end = utf16(text, row.start), utf16(text, row.end)
        span: list[Any] = [
            name,
            fields.setdefault(row.field, len(fields)),
            start,
            end,
            clauses.setdefault(row.clause, len(clauses)),
        ]
        if row.field not in texts or row.end > ABSTRACT_LIMIT:
            span.append(row.quote)
        found.append(span)
    return found


def utf16(text: str, offset: int) -> int:
    """A character offset of Python as JavaScript counts it: characters past U+FFFF count twice."""
    return offset if text.isascii() else offset + sum(c > "\uffff" for c in text[:offset])
