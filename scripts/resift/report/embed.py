"""The records inside the page: a small plain table, and the long texts packed beside it.

Both are canonical JSON, so two reports can be compared by machine. The table (`core`) holds what lists and
filters need. Abstracts, indexing, evidence and trails (`details`) are packed with zlib and base64, which
browsers unpack by themselves (DecompressionStream): 2,000 records stay below 3 MB.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from resift.records import Record
from resift.report.boxes import anchor
from resift.report.data import ReportData, by_record
from resift.screening.criteria import TOPIC_PREFIX

FORMAT = "resift report 1"
# A card shows this much of an abstract; the record's own file has the rest.
ABSTRACT_LIMIT = 6000
# Places shown for one criterion in one record. A criterion is settled by the first of them.
SPAN_LIMIT = 12
# Characters of a clause or of the terms looked for that a card shows; screening/*.csv has them all.
TERMS_LIMIT = 240
# Enough of a hash to tell texts apart on a card; decisions.csv has it whole.
HASH_SHOWN = 16
CORE_COLUMNS = (
    "record",
    "pmid",
    "doi",
    "year",
    "title",
    "authors",
    "journal",
    "lane",
    "found_by",
    "state",
    "box",
    "decided_by",
    "criterion",
    "reason",
    "topics",
    "retracted",
)


def canonical(data: Any) -> str:
    """JSON with sorted keys and no blanks: the same data, the same bytes."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def safe(text: str) -> str:
    """JSON text that can stand inside a script element: nothing in it can end or open markup.

    HTML ends a script at `</script` and changes its reading at `<!--`; JavaScript once ended lines at
    U+2028 and U+2029. All four are written as JSON escapes, which leave the data the same.
    """
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
    for character, escape in escapes.items():
        text = text.replace(character, escape)
    return text


def pack(data: Any) -> str:
    """zlib and base64 of canonical JSON (ASCII text)."""
    return base64.b64encode(zlib.compress(canonical(data).encode("utf-8"), 9)).decode("ascii")


def core(data: ReportData) -> dict[str, Any]:
    """The table of records, the words of its codes, and every box as positions in the table."""
    records = {record.record: record for record in data.records}
    strategies = [str(search["name"]) for search in data.searches]
    topics = topic_names(data)
    coded: dict[str, dict[str, int]] = {name: {} for name in ("journal", "state", "decided_by", "reason")}

    def code(column: str, value: str) -> int:
        return coded[column].setdefault(value, len(coded[column]))

    rows: list[list[Any]] = []
    for decision in data.decisions:
        record = records.get(decision["record"])
        found = [name for name in decision["found_by"].split(";") if name]
        in_databases = decision["lane"] == "databases"
        rows.append(
            [
                decision["record"],
                decision["pmid"],
                decision["doi"],
                int(decision["year"]) if decision["year"] else None,
                decision["title"],
                authors_short(record),
                code("journal", _journal(record)),
                decision["lane"],
                [strategies.index(name) for name in found if name in strategies] if in_databases else found,
                code("state", decision["state"]),
                decision["box"],
                code("decided_by", decision["decided_by"]),
                decision["criterion"],
                code("reason", decision["reason"]),
                [topics.index(name) for name in decision["topics"].split(";") if name in topics],
                int(decision["retracted"] == "yes"),
            ]
        )
    return {
        "format": FORMAT,
        "run": data.name,
        "protocol": data.protocol.get("id", ""),
        "columns": CORE_COLUMNS,
        "codes": {name: list(values) for name, values in coded.items()},
        "strategies": strategies,
        "primary": str(data.primary["name"]),
        "topics": topics,
        "criteria": criteria(data),
        "records": rows,
        "boxes": _boxes(data),
    }


def topic_names(data: ReportData) -> list[str]:
    """Topics in the order of the criteria file, else in the order they are met."""
    if data.screening is not None:
        return list(data.screening.topics)
    names = (name for row in data.decisions for name in row["topics"].split(";") if name)
    return sorted(dict.fromkeys(names))


def criteria(data: ReportData) -> list[dict[str, str]]:
    """Id, label and kind of every criterion, in order."""
    if data.screening is not None:
        return [{"id": c.id, "label": c.label, "kind": str(c.kind)} for c in data.screening.criteria]
    return [
        {"id": name, "label": name, "kind": ""}
        for name in dict.fromkeys(r["criterion"] for r in data.answers)
    ]


def authors_short(record: Record | None) -> str:
    """Up to three authors, as a citation starts."""
    if record is None:
        return ""
    names = record.authors or record.collective_authors
    return ", ".join(names[:3]) + (" et al." if len(names) > 3 else "")


def _journal(record: Record | None) -> str:
    return (record.journal_abbreviation or record.journal) if record else ""


def _boxes(data: ReportData) -> dict[str, dict[str, Any]]:
    """Every box and part that has records: anchor -> label, n, sha256 and positions of its records."""
    position = {row["record"]: i for i, row in enumerate(data.decisions)}
    # A study is named by the record that stands for its group.
    study = {row["study"]: position[row["record"]] for row in reversed(data.decisions)}

    def places(ids: Sequence[str], unit: str) -> list[int]:
        # What a previous version included need not be a record of this run: it has a number and no place.
        at = study if unit == "study" else position
        return sorted(at[name] for name in ids if name in at)

    boxes: dict[str, dict[str, Any]] = {}
    for box in data.flow["boxes"]:
        if box["n"] is None:
            continue
        boxes[anchor(box["key"])] = {
            "key": box["key"],
            "label": box["wording"],
            "n": box["n"],
            "sha256": box["sha256"],
            "at": places(box["records"], box["unit"]),
        }
        for i, part in enumerate(box.get("parts", ())):
            boxes[anchor(box["key"], i)] = {
                "key": box["key"],
                "label": f"{box['wording']}: {part['label'] or 'no reason given'}",
                "n": part["n"],
                "sha256": part["sha256"],
                "at": places(part["records"], box["unit"]),
            }
    return boxes


def details(data: ReportData) -> dict[str, Any]:
    """What a card shows of each record, in the order of the table."""
    records = {record.record: record for record in data.records}
    answers, evidence = by_record(data.answers), by_record(data.evidence)
    groups = by_record(data.duplicates)
    clauses: dict[str, int] = {}
    fields: dict[str, int] = {}
    names = {c["id"]: i for i, c in enumerate(criteria(data))}
    names |= {TOPIC_PREFIX + topic: len(names) + i for i, topic in enumerate(topic_names(data))}
    rows = []
    for decision in data.decisions:
        name = decision["record"]
        record = records.get(name)
        row: dict[str, Any] = {
            "auto": decision["automated_outcome"],
            "human": decision["human_outcomes"],
            "flips": decision["flips_if"],
            "seen": decision["first_seen"],
            "hash": decision["text_sha256"][:HASH_SHOWN],
            "group": decision["group"],
            "answers": [
                [names[a["criterion"]], a["answer"], _short(a["clause"]), _short(a["missing_terms"])]
                for a in answers.get(name, ())
                if a["criterion"] in names
            ],
            "spans": _spans(evidence.get(name, ()), record, names, clauses, fields),
        }
        for other in groups.get(name, ()):
            if other["relation"]:
                row["related"] = [other[key] for key in ("relation", "related", "rule", "score", "evidence")]
        if record is not None:
            row |= _text(record, listed=decision["title"])
        rows.append({key: value for key, value in row.items() if value})
    return {"clauses": list(clauses), "fields": list(fields), "records": rows}


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
    rows: Sequence[Mapping[str, str]],
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
        name = names.get(row["criterion"])
        if name is None or seen.get(name, 0) >= SPAN_LIMIT:
            continue
        seen[name] = seen.get(name, 0) + 1
        text = texts.get(row["field"], "")
        start, end = (utf16(text, int(row[key])) for key in ("start", "end"))
        span: list[Any] = [
            name,
            fields.setdefault(row["field"], len(fields)),
            start,
            end,
            clauses.setdefault(row["clause"], len(clauses)),
        ]
        if row["field"] not in texts or int(row["end"]) > ABSTRACT_LIMIT:
            span.append(row["quote"])
        found.append(span)
    return found


def utf16(text: str, offset: int) -> int:
    """A character offset of Python as JavaScript counts it: characters past U+FFFF count twice."""
    return offset if text.isascii() else offset + sum(c > "\uffff" for c in text[:offset])
