"""A small but complete run folder, made through the library's own writers, without a source.

`make_run(folder, n)` draws n records (seeded), screens them by a protocol of two strategies, six criteria
kinds and three topics, lets people decide on some, and leaves every file that the report reads.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from resift.changes.applied import applied_by
from resift.dedupe import deduplicate
from resift.dedupe.table import group_rows
from resift.documents import LintFinding, SearchClause, SearchDocument
from resift.files import write_text
from resift.prisma.assemble import assemble
from resift.prisma.boundary import boundary_records
from resift.prisma.checklist import RunFacts
from resift.prisma.prisma_s import prisma_s
from resift.prisma.reproduction import Recount, judge
from resift.project.config import Config
from resift.project.protocol import Protocol, load_protocol
from resift.project.run import load_run, start_run
from resift.project.yaml import load_yaml
from resift.pubmed.source import SearchAnswer, site_link
from resift.query.evaluate import evaluate
from resift.query.syntax import parse
from resift.query.table import QueryTable
from resift.records import Record, frame_of, natural_key, read_records, text_sha256, write_records
from resift.report.flow_svg import flow_svg
from resift.screening.appraisal import appraise
from resift.screening.criteria import Screening, load_screening, screen
from resift.screening.human_decisions import HumanDecision
from resift.screening.reread import odd_decisions, to_reread
from resift.screening.table import LaneTables, candidates, decision_rows, topics_of
from resift.tables import (
    ANOMALIES,
    APPLIED,
    AS_OF,
    BOUNDARY,
    CHANGES,
    CHECKLIST,
    DECISIONS,
    DIAGRAM,
    DUPLICATES,
    EVIDENCE,
    EXPORTS,
    FLOW,
    HITS,
    KNOWN_ITEMS,
    LIVING_DIAGRAM,
    MISSES,
    NOTICES,
    ODD_DECISIONS,
    RECORDS,
    REFERENCE_LISTS,
    REFERENCES,
    RUN,
    SCREENING,
    SEARCH,
    TAKEN_OVER,
    TO_REREAD,
    UPDATE_DIAGRAM,
    VERDICT,
    CitedWork,
    CriterionAnswer,
    DecisionRow,
    Evidence,
    Grouped,
    Hit,
    KnownItemFinding,
)
from resift.vocabulary import Held, How, Lane, Within

STARTED = datetime.datetime(2026, 3, 4, 5, 6, 7, tzinfo=datetime.UTC)
# As long as published strategies are: the page must let a reader scroll in it.
LONG = " OR ".join(f'"made up word {i}"[tiab]' for i in range(80))
PROTOCOL: dict[str, Any] = {
    "id": "fixture",
    "review": {
        "citation": "Example AB, Specimen CD. Treatment of a made-up tumour. J Imaginary Med 2011;3(2):45-51."
    },
    "databases": ["PubMed"],
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
    "reported": {
        "records_identified": None,
        "prisma_s": {"1": {"judged": "yes", "quote": "We searched PubMed."}, "8": None},
    },
    "provenance": {
        "databases": {"status": "stated", "quote": "We searched PubMed."},
        "window": {"status": "stated", "quote": "from 1995 through 2012"},
        "languages": {"status": "stated", "quote": "in English"},
        "strategies": {"status": "not_reported", "reason": "No string is printed."},
    },
}
CRITERIA: dict[str, Any] = {
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
    human: Sequence[HumanDecision] = (),
    full_text: bool = True,
    other: bool = True,
    changes: dict[str, Any] | None = None,
    notice: str = "",
    empty: bool = False,
    started: datetime.datetime = STARTED,
) -> Path:
    """Write a run of n records (and those of `extra`) under `folder/results/<name>`; the run folder.

    `human` are decisions of people beside those that `people` adds.
    """
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
        databases.append(
            replace(databases[min(8, len(databases) - 1)], record="embase:L1", source="embase", pmid="")
        )
    cited = [
        replace(r, record=f"references:{r.pmid}", source="references")
        for r in (draw(max(6, n // 15), seed=2, first=20_000_001) if other else [])
    ]
    if cited:
        cited.append(replace(databases[1], record=f"references:{databases[1].pmid}", source="references"))
    strategies = _search(run_folder, protocol, databases, run.sent, started)
    human = [*(_people(databases) if people else ()), *human]
    lanes = [
        _lane(run_folder, Lane.DATABASES, databases, screening, strategies),
        _lane(run_folder, Lane.OTHER, cited, screening, {r.record: ("pubmed:10000003",) for r in cited}),
    ]
    works = [
        CitedWork(
            round=1, seed="pubmed:10000003", n=i, citation=r.title, pmid=r.pmid, how=How.PUBMED,
            record=r.record,
        )
        for i, r in enumerate(cited, 1)
    ]  # fmt: skip
    REFERENCES.write(REFERENCES.of(run_folder), works)
    decisions = decision_rows(
        candidates([lane[0] for lane in lanes], screening),
        [record for lane in lanes for record in lane[0].records],
        screening,
        human,
        role=protocol.role,
        full_text=full_text,
        topics=topics_of([row for lane in lanes for row in lane[1]], list(screening.topics)),
        first_seen={},
        run=run.name,
    )
    DECISIONS.write(DECISIONS.of(run_folder), decisions)
    flow = assemble(
        decisions, protocol, screening, works=works, records=[*databases, *cited],
        no_abstract={r.record for r in (*databases, *cited) if not r.abstract}, full_text=full_text,
        until=run.until,
    )  # fmt: skip
    FLOW.write(FLOW.of(run_folder), flow)
    for diagram in (DIAGRAM, UPDATE_DIAGRAM, LIVING_DIAGRAM):
        write_text(diagram.of(run_folder), flow_svg(flow))
    KNOWN_ITEMS.write(KNOWN_ITEMS.of(run_folder), _known(decisions))
    CHANGES.write(CHANGES.of(run_folder), [])
    ANOMALIES.write(ANOMALIES.of(run_folder), [])
    NOTICES.write(NOTICES.of(run_folder), [])
    AS_OF.write(AS_OF.of(run_folder), [])
    APPLIED.write(APPLIED.of(run_folder), applied_by(run, protocol, screening))
    searches = [SEARCH.read(SEARCH.of(run_folder, strategy=name)) for name in PROTOCOL["strategies"]]
    facts = RunFacts(run=load_run(RUN.of(run_folder)), searches=searches, flow=flow)
    CHECKLIST.write(CHECKLIST.of(run_folder), prisma_s(facts))
    edge = boundary_records(
        databases, start=protocol.window.start, until=run.until, field=protocol.window.field, as_of=run.as_of
    )
    BOUNDARY.write(BOUNDARY.of(run_folder), edge)
    ODD_DECISIONS.write(ODD_DECISIONS.of(run_folder), odd_decisions([], human, today=run.date)[:2])
    TO_REREAD.write(TO_REREAD.of(run_folder), to_reread([], human, version=screening.version))
    appraise(
        candidates([lane[0] for lane in lanes], screening),
        screening,
        decisions,
        human,
        question=protocol.question,
    ).write(run_folder)
    VERDICT.write(VERDICT.of(run_folder), judge(facts, recount=Recount(), boundary=len(edge)))
    for path in EXPORTS.each(run_folder):
        write_text(path, "")
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
    write_text(folder / "screening.yaml", yaml.safe_dump(CRITERIA, sort_keys=False, allow_unicode=True))
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
        clauses = tuple(
            SearchClause(
                id=c.id, parent=c.parent, start=c.start, end=c.end, text=c.text, operator=c.operator,
                field=c.field, depth=c.depth, n=c.yes, unknown=c.unknown,
                unique=int(evaluation.unique(c.id).sum()), lost=int(evaluation.lost_without(c.id).sum()),
                how="retrieved",
            )
            for c in evaluation.clauses
        )  # fmt: skip
        content = SearchDocument(
            name=strategy.name, primary=strategy.primary, provenance=strategy.provenance,
            reason=strategy.reason, quote=strategy.quote, dialect=None, query=strategy.query,
            expanded=" ".join(strategy.expanded.split()), sent=answer.query, url=site_link(answer.query),
            count=answer.count, translation="", translation_set=(), errors=(), warnings=(),
            accepted_warnings=(), slices=(), searched_at=answer.utc, database_build="", requests=(),
            source="archive", clause_counts="retrieved",
            counted_how=f"within the {len(records)} records retrieved", clauses=clauses, lines=(),
            approximations=(),
            lint=(
                LintFinding(
                    code="TERM_0001", label="spelling pair", severity="warning", start=1, end=7,
                    message="one spelling", fix="add the other", press="spelling",
                ),
            ),
        )  # fmt: skip
        SEARCH.write(SEARCH.of(folder, strategy=strategy.name), content)
    hits = [Hit(pmid=r.pmid, strategies=tuple(found[r.record])) for r in records if r.pmid]
    HITS.write(HITS.of(folder), hits)
    MISSES.write(MISSES.of(folder), [])
    TAKEN_OVER.write(TAKEN_OVER.of(folder), [])
    return {record: tuple(names) for record, names in found.items()}


def _lane(
    folder: Path,
    lane: Lane,
    records: list[Record],
    screening: Screening,
    found_by: dict[str, tuple[str, ...]],
) -> tuple[LaneTables, list[Evidence]]:
    path = RECORDS.of(folder, lane=lane)
    write_records(records, path, REFERENCE_LISTS.of(folder, lane=lane))
    answers: list[CriterionAnswer] = []
    evidence: list[Evidence] = []
    duplicates: list[Grouped] = []
    if records:
        table = QueryTable.from_records(read_records(path))
        ordered = sorted(records, key=lambda r: natural_key(r.record))
        for rows, spans in screen(ordered, table, screening):
            answers += rows
            evidence += spans
        duplicates = group_rows(deduplicate(frame_of(ordered)))
        if lane is Lane.OTHER:
            copies = {r.record: f"pubmed:{r.pmid}" for r in ordered if r.pmid.startswith("10")}
            duplicates = [
                replace(row, group=copies.get(row.record, row.group), kept=row.record not in copies)
                for row in duplicates
            ]
    DUPLICATES.write(DUPLICATES.of(folder, lane=lane), duplicates)
    SCREENING.write(SCREENING.of(folder, lane=lane), answers)
    EVIDENCE.write(EVIDENCE.of(folder, lane=lane), evidence)
    tables = LaneTables(lane=lane, records=records, duplicates=duplicates, answers=answers, found_by=found_by)
    return tables, evidence


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


def _known(decisions: Sequence[DecisionRow]) -> list[KnownItemFinding]:
    rows = [
        KnownItemFinding(
            item=f"known-{i + 1}", set="independent", use="test" if i % 2 else "build", pmid=row.pmid,
            in_source=Held.YES, in_window=Within.YES, in_language=Within.YES, found_by=row.found_by,
            state=row.state, box=row.box,
        )
        for i, row in enumerate(decisions[:6])
    ]  # fmt: skip
    absent = KnownItemFinding(
        item="absent", set="independent", use="test", pmid="1", in_source=Held.NO, in_window=Within.UNKNOWN,
        in_language=Within.UNKNOWN, found_by=(),
    )  # fmt: skip
    return [*rows, absent]
