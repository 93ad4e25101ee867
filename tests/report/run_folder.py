"""A small but complete run folder, made through the library's own writers, without a source.

`make_run(folder, n)` draws n records (seeded), screens them by a protocol of two strategies, six criteria
kinds and three topics, lets people decide on some, and leaves every file that the report reads.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import yaml

from resift.dedupe import deduplicate
from resift.dedupe.model import GROUP_COLUMNS
from resift.identify.known_items import COLUMNS as KNOWN_COLUMNS
from resift.identify.references import COLUMNS as REFERENCE_COLUMNS
from resift.identify.search import HIT_COLUMNS, MISS_COLUMNS
from resift.prisma.assemble import assemble
from resift.prisma.checklist import COLUMNS as CHECKLIST_COLUMNS
from resift.prisma.checklist import RunFacts, prisma_s
from resift.project.config import Config, load_yaml
from resift.project.protocol import Protocol, load_protocol
from resift.project.run import canonical_json, start_run, write_text
from resift.pubmed.source import SearchAnswer, site_link
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import Record, frame_of, natural_key, read_records, text_sha256, write_records
from resift.report.figures import flow_svg
from resift.runs.steps import write_table
from resift.screening.criteria import ANSWER_COLUMNS, EVIDENCE_COLUMNS, Screening, load_screening, screen
from resift.screening.decisions import HumanDecision
from resift.screening.table import DECISION_COLUMNS, Lane, decision_rows, topics_of

STARTED = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)
# As long as published strategies are: the page must let a reader scroll in it.
LONG = " OR ".join(f'"made up word {i}"[tiab]' for i in range(150))
PROTOCOL: dict[str, Any] = {
    "id": "fixture",
    "review": {
        "citation": "Example AB, Specimen CD. Treatment of a made-up tumour. J Imaginary Med 2011;3(2):45-51."
    },
    "question": "Which treatments of made-up tumours have been reported?",
    "window": {"from": "1995-01-01", "until": "2012-12-31", "field": "dp"},
    "languages": ["english"],
    "fragments": {"tumour": 'tumour[tiab] OR tumor[tiab] OR "Neoplasms"[mh:noexp]'},
    "strategies": {
        "narrow": {
            "query": "{tumour} AND treatment[tiab]",
            "primary": True,
            "provenance": "reconstructed",
            "reason": "The title's two concepts.",
        },
        "wide": {
            "query": f"{{tumour}} OR {LONG}",
            "provenance": "reconstructed",
            "reason": "The population alone.",
        },
    },
    "other_methods": {"references": {"rounds": 1, "seeds": "eligible"}},
    "automation": {"role": "screener"},
    "full_text": "assessed",
    "screening": "screening.yaml",
    "reported": {"records_identified": None, "prisma_s": {"1": "PubMed", "8": None}},
    "provenance": {
        "databases": {"status": "stated", "quote": "We searched PubMed."},
        "window": {"status": "stated", "quote": "from 1995 through 2012"},
        "languages": {"status": "stated", "quote": "in English"},
        "strategies": {"status": "not_reported", "reason": "No string is printed."},
    },
}
SCREENING: dict[str, Any] = {
    "version": "1",
    "criteria": [
        {
            "id": "animals",
            "label": "Animals only",
            "stage": "title_abstract",
            "exclude_if": '"Animals"[mh:noexp] NOT "Humans"[mh:noexp]',
            "reason": "The question is about patients.",
        },
        {
            "id": "tumour",
            "label": "No tumour",
            "stage": "title_abstract",
            "exclude_unless": "{tumour}",
            "reason": "The one essential concept.",
        },
        {
            "id": "spread",
            "label": "Metastatic disease",
            "stage": "title_abstract",
            "unclear_unless": "metastatic[tiab] OR metastases[tiab]",
            "reason": "Silence proves nothing.",
        },
        {
            "id": "therapy",
            "label": "A treatment",
            "stage": "title_abstract",
            "unclear_unless": "treatment[tiab] OR surgery[tiab] OR chemotherapy[tiab]",
        },
    ],
    "topics": {
        "surgery": "surgery[tiab] OR resection[tiab]",
        "chemotherapy": "chemotherapy[tiab] OR streptozocin[tiab]",
        "embolisation": "embolisation[tiab] OR embolization[tiab]",
    },
}
SUBJECTS = ["pancreatic tumour", "hepatic tumor", "islet cell carcinoma", "adrenal adenoma", "gastric ulcer"]
ACTS = ["Surgery", "Chemotherapy", "Embolisation", "Resection", "Streptozocin", "Observation", "Imaging"]
ENDS = ["outcomes", "a case series", "a randomised trial", "a review", "long-term follow-up", "prognosis"]
TEXT = (
    "patients treatment response survival median months disease progressive liver metastases metastatic "
    "therapy surgery resection chemotherapy tumour tumor growth complete partial stable symptoms hormone "
    "receptor scan dose cycles toxicity grade cohort retrospective prospective analysis hazard ratio "
    "confidence interval significant difference groups baseline age sex primary site margin lymph nodes"
)
WORDS = TEXT.split()
NAMES = "Adler Brandt Costa Dubois Eriksen Fischer García Hansen Ito Jensen Kovács Lindqvist Müller"
FAMILIES = NAMES.split()
JOURNALS = ["J Imaginary Med", "Ann Invented Surg", "Made-up Oncol", "Int J Specimens"]
HEADINGS = [
    "Humans",
    "Neoplasms",
    "Liver Neoplasms/secondary*",
    "Treatment Outcome",
    "Female",
    "Male",
    "Aged",
]


def draw(n: int, *, seed: int = 1, first: int = 10_000_001, words: int = 190) -> list[Record]:
    """n records with titles, abstracts of about `words` words (real ones have some 190), and indexing."""
    dice = random.Random(seed)
    records = []
    for i in range(n):
        act, subject, end = dice.choice(ACTS), dice.choice(SUBJECTS), dice.choice(ENDS)
        pmid = str(first + i)
        body = " ".join(dice.choices(WORDS, k=dice.randint(words // 2, 3 * words // 2)))
        animals = dice.random() < 0.1
        journal = dice.choice(JOURNALS)
        record = Record(
            record=f"pubmed:{pmid}",
            source="pubmed",
            pmid=pmid,
            doi=f"10.5555/fixture.{pmid}" if dice.random() < 0.8 else "",
            title=f"{act} for {subject}: {end} in {dice.randint(5, 900)} cases",
            abstract="" if dice.random() < 0.12 else f"BACKGROUND: {body}.\nRESULTS: {body[:300]}.",
            authors=tuple(
                f"{dice.choice(FAMILIES)} {chr(65 + dice.randrange(26))}" for _ in range(dice.randint(1, 7))
            ),
            journal=f"Journal of {journal}",
            journal_abbreviation=journal,
            year=dice.randint(1995, 2012),
            volume=str(dice.randint(1, 60)),
            issue=str(dice.randint(1, 12)),
            pages=f"{dice.randint(1, 400)}-{dice.randint(401, 900)}",
            languages=("eng",),
            publication_types=("Journal Article", *(("Retracted Publication",) if i % 97 == 3 else ())),
            mesh=("Animals", "Rats") if animals else tuple(dice.sample(HEADINGS, 4)),
            keywords=("made-up tumour",),
            entered="2010-01-02",
            entrez_date="2010-01-02",
            mesh_date="2010-06-01",
            status="MEDLINE",
        )
        records.append(replace(record, text_sha256=text_sha256(record)))
    return records


def make_run(
    folder: Path,
    n: int = 120,
    *,
    extra: Sequence[Record] = (),
    people: bool = True,
    full_text: bool = True,
    other: bool = True,
    changes: dict[str, Any] | None = None,
    notice: str = "",
    empty: bool = False,
    started: datetime.datetime = STARTED,
) -> Path:
    """Write a run of n records (and those of `extra`) under `folder/results/<name>`; the run folder."""
    protocol, screening = _protocol(folder, full_text=full_text, other=other, changes=changes or {})
    run_folder = folder / "results" / "fixture-run"
    run = start_run(
        run_folder,
        Config(protocol="protocol.yaml", source="archive", run="fixture-run"),
        protocol,
        now=started,
    )
    if notice:
        written = load_yaml(run_folder / "run.yaml") | {"notice": notice}
        write_text(run_folder / "run.yaml", yaml.safe_dump(written, sort_keys=False, allow_unicode=True))
    databases = [*draw(n), *extra]
    if not empty:
        databases.append(replace(databases[8], record="embase:L1", source="embase", pmid=""))
    cited = [
        replace(r, record=f"references:{r.pmid}", source="references")
        for r in (draw(max(6, n // 15), seed=2, first=20_000_001) if other else [])
    ]
    if cited:
        cited.append(replace(databases[1], record=f"references:{databases[1].pmid}", source="references"))
    strategies = _search(run_folder, protocol, databases, run.sent, started)
    human = _people(databases) if people else []
    lanes = [
        _lane(run_folder, "databases", databases, screening, strategies),
        _lane(run_folder, "other", cited, screening, {r.record: ("pubmed:10000003",) for r in cited}),
    ]
    works = [
        {"round": "1", "seed": "pubmed:10000003", "n": str(i), "citation": r.title, "pmid": r.pmid,
         "how": "pubmed", "record": r.record, "reason": ""}
        for i, r in enumerate(cited, 1)
    ]  # fmt: skip
    write_table(run_folder / "references.csv", REFERENCE_COLUMNS, works)
    evidence = [row for lane in lanes for row in lane[1]]
    rows = decision_rows(
        [lane[0] for lane in lanes],
        screening,
        human,
        role=protocol.role,
        full_text=full_text,
        topics=topics_of(evidence, list(screening.topics)),
        first_seen={},
        run=run.name,
    )
    write_table(run_folder / "decisions.csv", DECISION_COLUMNS, rows)
    decisions = [{key: str(row.get(key, "")) for key in DECISION_COLUMNS} for row in rows]
    flow = assemble(
        decisions, protocol, screening, works=works, records=[*databases, *cited], full_text=full_text,
        until=run.until,
    )  # fmt: skip
    write_text(run_folder / "flow.json", canonical_json(flow))
    write_text(run_folder / "flow.svg", flow_svg(flow))
    write_table(run_folder / "known-items.csv", KNOWN_COLUMNS, _known(decisions))
    write_table(run_folder / "changes.csv", ("record", "change", "cause", "detail"), [])
    facts = RunFacts(run=load_yaml(run_folder / "run.yaml"), searches=_searches(run_folder), flow=flow)
    write_table(run_folder / "prisma-s.csv", CHECKLIST_COLUMNS, [asdict(row) for row in prisma_s(facts)])
    for part in ("all", "eligible", "included", "excluded", "awaiting"):
        for form in ("ris", "nbib", "csv", "bib"):
            write_text(run_folder / "exports" / f"{part}.{form}", "")
    return run_folder


def screening_of(folder: Path) -> Screening:
    """The criteria beside a run made by `make_run(folder)`."""
    protocol = load_protocol(folder / "protocol.yaml")
    return load_screening(protocol.screening, protocol.fragments)


def _protocol(
    folder: Path, *, full_text: bool, other: bool, changes: dict[str, Any]
) -> tuple[Protocol, Screening]:
    content = PROTOCOL | changes
    if not full_text:
        content |= {"full_text": "not_undertaken"}
    if not other:
        content = {key: value for key, value in content.items() if key != "other_methods"}
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "protocol.yaml", yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    write_text(folder / "screening.yaml", yaml.safe_dump(SCREENING, sort_keys=False, allow_unicode=True))
    protocol = load_protocol(folder / "protocol.yaml")
    return protocol, load_screening(protocol.screening, protocol.fragments)


def _search(
    folder: Path, protocol: Protocol, records: Sequence[Record], sent: Any, started: datetime.datetime
) -> dict[str, tuple[str, ...]]:
    """Write `search/`; which strategies found each record. A record that none finds is put under `wide`."""
    table = QueryTable.from_records(frame_of(list(records)))
    found: dict[str, list[str]] = {record.record: [] for record in records}
    described = []
    for strategy in protocol.strategies:
        query = parse(" ".join(strategy.expanded.split()))
        evaluation = evaluate(query, table)
        for record, yes in zip(records, evaluation.yes, strict=True):
            if yes or strategy.name == "wide":
                found[record.record].append(strategy.name)
        ids = [r.pmid for r in records if strategy.name in found[r.record] and r.pmid]
        answer = SearchAnswer(
            query=sent[strategy.name], count=len(ids), ids=tuple(ids), translation="", translation_set=(),
            errors=(), warnings=(), slices=(), utc=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
            database_build="", requests=(),
        )  # fmt: skip
        described.append((strategy, answer, evaluation))
    for strategy, answer, evaluation in described:
        clauses = [
            {"id": c.id, "parent": c.parent, "start": c.start, "end": c.end, "text": c.text,
             "operator": c.operator, "field": c.field, "depth": c.depth, "n": c.yes, "unknown": c.unknown,
             "unique": int(evaluation.unique(c.id).sum()), "lost": int(evaluation.lost_without(c.id).sum()),
             "how": "retrieved"}
            for c in evaluation.clauses
        ]  # fmt: skip
        content = {
            "name": strategy.name, "primary": strategy.primary, "provenance": strategy.provenance,
            "reason": strategy.reason, "quote": strategy.quote, "dialect": None, "query": strategy.query,
            "expanded": " ".join(strategy.expanded.split()), "sent": answer.query,
            "url": site_link(answer.query), "count": answer.count, "translation": "", "translation_set": [],
            "errors": [], "warnings": [], "accepted_warnings": [], "slices": [], "searched_at": answer.utc,
            "database_build": "", "requests": [], "source": "archive", "clause_counts": "retrieved",
            "counted_how": f"within the {len(records)} records retrieved", "clauses": clauses,
            "lines": [], "approximations": [],
            "lint": [{"code": "TERM_0001", "label": "spelling pair", "severity": "warning", "start": 1,
                      "end": 7, "message": "one spelling", "fix": "add the other", "press": "spelling"}],
        }  # fmt: skip
        write_text(folder / "search" / f"{strategy.name}.json", canonical_json(content))
    hits = [{"pmid": r.pmid, "strategies": ";".join(found[r.record])} for r in records if r.pmid]
    write_table(folder / "search" / "hits.csv", HIT_COLUMNS, hits)
    write_table(folder / "search" / "not-returned.csv", MISS_COLUMNS, [])
    return {record: tuple(names) for record, names in found.items()}


def _searches(folder: Path) -> list[dict[str, Any]]:
    import json

    return [json.loads((folder / "search" / f"{s}.json").read_text()) for s in PROTOCOL["strategies"]]


def _lane(
    folder: Path,
    name: str,
    records: list[Record],
    screening: Screening,
    found_by: dict[str, tuple[str, ...]],
) -> tuple[Lane, list[dict[str, Any]]]:
    path = folder / "records" / f"{name}.parquet"
    write_records(records, path, path.with_name(f"{name}.references.parquet"))
    answers: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    duplicates: list[dict[str, Any]] = []
    if records:
        table = QueryTable.from_records(read_records(path))
        ordered = sorted(records, key=lambda r: natural_key(r.record))
        for rows, spans in screen(ordered, table, screening):
            answers += [asdict(row) for row in rows]
            evidence += [asdict(row) for row in spans]
        duplicates = deduplicate(frame_of(ordered)).to_dict("records")
        if name == "other":
            copies = {r.record: f"pubmed:{r.pmid}" for r in ordered if r.pmid.startswith("10")}
            duplicates = [
                {**row, "group": copies.get(row["record"], row["group"]), "kept": row["record"] not in copies}
                for row in duplicates
            ]
    write_table(folder / "duplicates" / f"{name}.csv", GROUP_COLUMNS, duplicates)
    write_table(folder / "screening" / f"{name}.csv", ANSWER_COLUMNS, answers)
    write_table(folder / "screening" / f"{name}.evidence.csv", EVIDENCE_COLUMNS, evidence)
    text = [{key: str(row.get(key, "")) for key in GROUP_COLUMNS} for row in duplicates]
    lane = Lane(name=name, records=records, duplicates=text, answers=answers, found_by=found_by)
    return lane, evidence


def _people(records: Sequence[Record]) -> list[HumanDecision]:
    """What people decided: two reports included, one excluded on full text, one not retrieved, a conflict."""

    def one(
        at: int, line: int, stage: str, outcome: str, reviewer: str = "AB", reason: str = ""
    ) -> HumanDecision:
        return HumanDecision(
            line=line, decided_at=f"2026-02-0{line}T09:00:00Z", reviewer=reviewer, role="reviewer",
            record=records[at].record, stage=stage, outcome=outcome, reason=reason,
        )  # fmt: skip

    return [
        one(2, 1, "full_text", "include"),
        one(3, 2, "full_text", "include"),
        one(4, 3, "full_text", "exclude", reason="No separate results"),
        one(5, 4, "retrieval", "not_retrieved"),
        one(6, 5, "title_abstract", "include"),
        one(6, 6, "title_abstract", "exclude", reviewer="CD", reason="Not about treatment"),
        one(7, 7, "title_abstract", "exclude", reason="Not about treatment"),
    ]


def _known(decisions: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    rows = []
    for i, decision in enumerate(decisions[:6]):
        rows.append(
            {"item": f"known-{i + 1}", "set": "independent", "use": "test" if i % 2 else "build",
             "pmid": decision["pmid"], "in_source": "yes", "in_window": "yes", "in_language": "yes",
             "found_by": decision["found_by"], "missed_clause": "", "nearest_fix": "",
             "state": decision["state"], "box": decision["box"]}
        )  # fmt: skip
    rows.append(
        {"item": "absent", "set": "independent", "use": "test", "pmid": "1", "in_source": "no",
         "in_window": "unknown", "in_language": "unknown", "found_by": "", "missed_clause": "",
         "nearest_fix": "", "state": "", "box": ""}
    )  # fmt: skip
    return rows
