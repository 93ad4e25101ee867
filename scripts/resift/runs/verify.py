"""Whether a finished run is what its steps wrote, and whether its parts agree with one another.

Four looks, none of which needs the source: every file against the ledger and the manifest; every answer on
the tape against its row in `raw/requests.csv` and against the checks that once let it in; every row of every
table against its declaration; every box and identity of the flow against the decisions.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from resift.documents import FlowBox, FlowDocument, FlowPart, sha256_of_ids
from resift.errors import ResiftError, RunError
from resift.files import sha256_json
from resift.project.protocol import Protocol, load_protocol
from resift.project.run import Run, load_run
from resift.pubmed.elements import split_set
from resift.pubmed.source import ASKER, Endpoint, Request
from resift.pubmed.tape import Tape, TapeRow
from resift.pubmed.verdict import judge
from resift.records import iter_records, record_schema, reference_schema, text_sha256, without
from resift.rows import document_text, to_csv
from resift.runs.ledger import differing, of_manifest, read_ledger
from resift.runs.made_by import place, step_of
from resift.tables import (
    DECISIONS,
    DUPLICATES,
    FLOW,
    LANES,
    MANIFEST,
    RECORDS,
    REFERENCE_LISTS,
    REFERENCES,
    REQUESTS,
    RUN,
    RUN_FILES,
    TAPE,
    JsonFile,
    Table,
)
from resift.vocabulary import Lane

# Findings of one kind in one file; more are counted, not listed.
MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. `name` is the file's path in the run folder."""

    name: str
    what: str

    @property
    def step(self) -> str:
        """The step that made the file; "" where none did."""
        return step_of(self.name)


@dataclass(slots=True)
class Verified:
    """What was looked at, and what was found, in the order in which the steps of a run come.

    `notes` say what could not be looked at, and why.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    answers: int = 0
    rows: int = 0
    identities: int = 0

    @property
    def first_step(self) -> str:
        """The first step of which something differs; "" where nothing does."""
        return next((finding.step for finding in self.findings if finding.step), "")


def verify(folder: Path) -> Verified:
    """Look at all of a run. Reads only. Raises `RunError` when the folder is no run."""
    if not RUN.of(folder).is_file():
        raise RunError("is not a run", where=str(folder), fix="name a folder that holds a run.yaml")
    found = Verified()
    looks: tuple[Callable[[Path, Verified], Iterable[Finding]], ...] = (
        _hashes,
        _start,
        _tape,
        _tables,
        _flow,
    )
    findings = [finding for look in looks for finding in look(folder, found)]
    found.findings = sorted(dict.fromkeys(findings), key=lambda finding: place(finding.name))
    return found


def _hashes(folder: Path, found: Verified) -> Iterator[Finding]:
    """Every file is what its step wrote, and the manifest says the same as the ledger."""
    ledger, manifest = read_ledger(folder), of_manifest(folder)
    found.files = len(ledger or manifest)
    for name, how in differing(folder):
        yield Finding(name, how)
    if not manifest:
        yield Finding(MANIFEST.pattern, "is missing or cannot be read: the run is not finished")
    elif ledger:
        for name in sorted({*ledger, *manifest} - {MANIFEST.pattern}):
            if ledger.get(name) != manifest.get(name):
                yield Finding(name, "has another hash in manifest.json than in .ledger")
    else:
        found.notes.append("no ledger came with this run: its files were held against manifest.json")


def _start(folder: Path, found: Verified) -> Iterator[Finding]:
    """The record of the start agrees with itself."""
    try:
        run = load_run(RUN.of(folder))
        same = sha256_json(dict(run.protocol)) == run.protocol_sha256
    except (ResiftError, TypeError, ValueError) as error:
        yield _raised(RUN.pattern, error)
        return
    if not same:
        yield Finding(RUN.pattern, "holds another protocol than the one whose hash was frozen")


def _tape(folder: Path, found: Verified) -> Iterator[Finding]:
    """Every answer is the one that was received, to the request of its row, and can be used."""
    raw = REQUESTS.of(folder).parent
    tape = Tape(raw)
    try:
        rows = tape.rows()
    except (ResiftError, UnicodeDecodeError) as error:
        yield _raised(REQUESTS.pattern, error)
        return
    found.answers = len(rows)
    for row in rows:
        what = fault_of(tape, row)
        if what:
            yield Finding(TAPE.pattern.format(request=row.request), what)
    listed = {row.request for row in rows}
    for path in sorted(raw.glob("*.gz")):
        if path.name.removesuffix(".gz") not in listed:
            yield Finding(f"raw/{path.name}", "is an answer that requests.csv does not list")


def fault_of(tape: Tape, row: TapeRow) -> str:
    """What is wrong with one answer of a tape, "" where nothing is."""
    try:
        params = tuple((str(name), str(value)) for name, value in json.loads(row.parameters))
        if ASKER.intersection(name for name, _ in params):
            return "its row in requests.csv tells who asked"
        request = Request(Endpoint(row.endpoint), params)
    except (ValueError, TypeError):
        return "its row in requests.csv is not a request"
    if request.sha256 != row.request:
        return "its row in requests.csv is that of another request"
    try:
        answer = tape.find(request)
    except ResiftError as error:
        told = str(getattr(error, "what", error))
        return told.partition(": ")[2] or told
    if answer is None:
        return "is missing"
    verdict = judge(request, answer.http, answer.body)
    return "" if verdict.usable or verdict.missing else f"is no usable answer: {verdict.reason}"


def _tables(folder: Path, found: Verified) -> Iterator[Finding]:
    """Every row and document is of the declared type, and written as resift writes it."""
    for file in RUN_FILES:
        names = _names_of(file.pattern, folder)
        for name in names:
            path = folder / name
            try:
                if isinstance(file, Table):
                    rows = file.read(path)
                    found.rows += len(rows)
                    written = to_csv(file.row, rows)
                elif isinstance(file, JsonFile):
                    written = document_text(file.read(path))
                else:
                    continue
            except ResiftError as error:
                yield _raised(name, error)
                continue
            if path.read_bytes() != written.encode("utf-8", "surrogatepass"):
                yield Finding(name, "is not written as resift writes it: the same rows have other bytes")
    for lane in LANES:
        yield from _records(folder, lane, found)
        yield from _groups(folder, lane)


def _names_of(pattern: str, folder: Path) -> list[str]:
    """The files of a declaration that a run has."""
    paths = folder.glob(re.sub(r"\{\w+\}", "*", pattern))
    names = (path.relative_to(folder).as_posix() for path in paths)
    wanted = re.compile(re.sub(r"\\\{\w+\\\}", "[^/.]+", re.escape(pattern)))
    return sorted(name for name in names if wanted.fullmatch(name))


def _records(folder: Path, lane: Lane, found: Verified) -> Iterator[Finding]:
    """The tables of a lane have their columns; each record has the hash of its text, and is on the tape."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = (RECORDS.pattern.format(lane=lane), REFERENCE_LISTS.pattern.format(lane=lane))
    for name, schema in zip(names, (record_schema(), reference_schema()), strict=True):
        try:
            held = pq.ParquetFile(folder / name, page_checksum_verification=True)
            if not held.schema_arrow.equals(schema):
                yield Finding(name, "does not have the columns of its kind")
                return
            found.rows += held.read().num_rows
        except (OSError, pa.ArrowException) as error:
            yield _raised(name, error)
            return
    records = list(iter_records(folder / names[0]))
    received = _received(folder)
    seen: Counter[str] = Counter(record.record for record in records)
    findings = [f"holds {id_} {n} times" for id_, n in seen.items() if n > 1]
    for record in records:
        if text_sha256(record) != record.text_sha256:
            findings.append(f"{record.record}: its text has another hash than it is said to have")
        elif record.source == "pubmed" and record.element_sha256 not in received:
            findings.append(f"{record.record}: no answer on the tape holds it")
    yield from _few(names[0], findings)


def _received(folder: Path) -> set[str]:
    """SHA-256 of every element that the source gave."""
    hashes: set[str] = set()
    tape = Tape(REQUESTS.of(folder).parent)
    try:
        for row in tape.rows():
            if row.endpoint != Endpoint.EFETCH.value:
                continue
            params = tuple((str(name), str(value)) for name, value in json.loads(row.parameters))
            answer = tape.find(Request(Endpoint.EFETCH, params))
            elements = split_set(answer.body) if answer else []
            hashes.update(hashlib.sha256(element.raw).hexdigest() for element in elements)
    except (ResiftError, ValueError, TypeError):
        pass  # what cannot be read is found by the look at the tape
    return hashes


def _groups(folder: Path, lane: Lane) -> Iterator[Finding]:
    """Each record stands once in the table of duplicates, and each group keeps one."""
    name = DUPLICATES.pattern.format(lane=lane)
    try:
        rows = DUPLICATES.read(folder / name)
        held = {record.record for record in iter_records(RECORDS.of(folder, lane=lane))}
    except (ResiftError, OSError, ValueError, TypeError):
        return  # found by the looks at these tables
    kept = Counter(row.group for row in rows if row.kept)
    # In the other lane a group may be one whose record is kept in the databases lane.
    wrong = [g for g in {row.group for row in rows} if kept[g] > 1 or (g in held and kept[g] != 1)]
    findings = [f"group {group} keeps {kept[group]} records" for group in wrong]
    findings += _differences({row.record for row in rows}, held, "grouped", "a record of this lane")
    yield from _few(name, sorted(findings))


def _flow(folder: Path, found: Verified) -> Iterator[Finding]:
    """Every number is its set, every identity holds, and the decisions give this flow."""
    try:
        flow = FLOW.read(FLOW.of(folder))
        decisions = DECISIONS.read(DECISIONS.of(folder))
        records = {record for lane in LANES for record in _ids(folder, lane)}
    except (ResiftError, OSError, ValueError, TypeError):
        return  # found by the looks at these tables
    found.identities = len(flow.identities)
    yield from _few(
        DECISIONS.pattern, _differences({row.record for row in decisions}, records, "decided", "held")
    )
    repeated = Counter(row.record for row in decisions)
    yield from _few(DECISIONS.pattern, [f"decides {id_} {n} times" for id_, n in repeated.items() if n > 1])
    yield from _few(FLOW.pattern, _sets(flow))
    for identity in flow.identities:
        if not identity.holds:
            yield Finding(
                FLOW.pattern, f"identity {identity.id} of {identity.strategy} fails: {identity.statement}"
            )
    yield from _recounted(folder, flow, found)


def _ids(folder: Path, lane: Lane) -> set[str]:
    import pyarrow.parquet as pq

    return set(pq.read_table(RECORDS.of(folder, lane=lane), columns=["record"])["record"].to_pylist())


def _sets(flow: FlowDocument) -> list[str]:
    """Boxes and parts whose number or hash is not that of their records."""
    findings = []
    for box in flow.boxes:
        named: list[tuple[str, FlowBox | FlowPart]] = [(box.box.value, box)]
        named += [(f"{box.box}, {part.label}", part) for part in box.parts]
        for label, one in named:
            if one.n is not None and (one.n, one.sha256) != (len(one.records), sha256_of_ids(one.records)):
                findings.append(f"box {label} ({box.lane}): its number or hash is not that of its records")
        if box.n is not None:
            counted = flow.by_strategy.get(flow.primary, {}).get(box.lane, {}).get(box.box)
            if counted is not None and (counted.n, counted.sha256) != (box.n, box.sha256):
                findings.append(f"box {box.box} ({box.lane}) has another number by strategy")
    return findings


def _recounted(folder: Path, flow: FlowDocument, found: Verified) -> Iterator[Finding]:
    """The flow as the decisions give it today, where the protocol is still the one that was frozen."""
    from resift.prisma.assemble import assemble
    from resift.screening.criteria import load_screening
    from resift.screening.human_decisions import full_text_undertaken, load_human_decisions
    from resift.screening.table import DECIDED_BY

    try:
        run = load_run(RUN.of(folder))
        protocol = protocol_of(run)
        if protocol is None:
            found.notes.append(
                f"the flow was not counted again: {run.config.get('protocol')} is gone or was changed since"
            )
            return
        human = load_human_decisions(protocol.decisions)
        again = assemble(
            DECISIONS.read(DECISIONS.of(folder)),
            protocol,
            load_screening(protocol.screening, protocol.fragments),
            works=REFERENCES.read(REFERENCES.of(folder)),
            records=[r for path in RECORDS.each(folder) for r in iter_records(path, DECIDED_BY)],
            no_abstract=without("abstract", RECORDS.each(folder)),
            full_text=full_text_undertaken(protocol.full_text, human),
            until=run.until,
        )
    except (ResiftError, OSError, ValueError, TypeError) as error:
        yield _raised(FLOW.pattern, error)
        return
    if again != flow:
        parts = [name for name in _fields(flow) if getattr(again, name) != getattr(flow, name)]
        yield Finding(FLOW.pattern, f"the decisions give another flow ({', '.join(parts)})")


def protocol_of(run: Run) -> Protocol | None:
    """The protocol of a run as it lies in the project, if it is still the one that was frozen."""
    from resift.screening.criteria import load_screening

    path = Path(str(run.config.get("protocol")))
    if not path.is_file():
        return None
    protocol = load_protocol(path)
    if protocol.protocol_sha256() != run.protocol_sha256:
        return None
    version = load_screening(protocol.screening, protocol.fragments).version
    return protocol if run.screening_version in ("", version) else None


def _fields(document: Any) -> list[str]:
    return [one.name for one in dataclasses.fields(document)]


def _differences(one: set[str], two: set[str], here: str, there: str) -> list[str]:
    return [f"{id_} is {here} and not {there}" for id_ in sorted(one - two)] + [
        f"{id_} is {there} and not {here}" for id_ in sorted(two - one)
    ]


def _few(name: str, what: Iterable[str]) -> Iterator[Finding]:
    listed = list(what)
    for one in listed[:MOST_FINDINGS]:
        yield Finding(name, one)
    if len(listed) > MOST_FINDINGS:
        yield Finding(name, f"and {len(listed) - MOST_FINDINGS} more of this kind")


def _raised(name: str, error: Exception) -> Finding:
    what = " ".join(str(getattr(error, "what", "") or error).split())[:200]
    where = str(getattr(error, "where", "")).rpartition(name)[2].strip(", :")
    return Finding(name, f"{where}: {what}" if where else what)
