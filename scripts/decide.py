"""Bring rules and people together: one state per record, and the PRISMA 2020 flow that the states make."""

from functools import partial
from pathlib import Path

from resift.identify.extent import removed_by_limits
from resift.prisma.assemble import assemble
from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records, without
from resift.report.diagrams import drawn
from resift.runs.alone import snakemake
from resift.runs.steps import found_by_references, found_in_databases, step
from resift.screening.criteria import load_screening
from resift.screening.human_decisions import full_text_undertaken, load_human_decisions
from resift.screening.reread import odd_decisions, to_reread
from resift.screening.table import DECIDED_BY, LaneTables, candidates, decision_rows, topics_of
from resift.tables import (
    DECISIONS,
    DUPLICATES,
    EVIDENCE,
    FLOW,
    HITS,
    LANES,
    MISSES,
    ODD_DECISIONS,
    REFERENCES,
    SCREENING,
    TO_REREAD,
)
from resift.vocabulary import Lane

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    human = load_human_decisions(protocol.decisions)
    full_text = full_text_undertaken(protocol.full_text, human)
    works = REFERENCES.read(Path(snakemake.input.references))
    found_by = {
        Lane.DATABASES: found_in_databases(HITS.stream(Path(snakemake.input.hits))),
        Lane.OTHER: found_by_references(works),
    }
    lanes = []
    for lane, *files in zip(
        LANES, snakemake.input.records, snakemake.input.duplicates, snakemake.input.screening, strict=True
    ):
        records, duplicates, answers = map(Path, files)
        held = list(iter_records(records, DECIDED_BY))
        lanes.append(
            LaneTables(
                lane=lane,
                records=held,
                duplicates=DUPLICATES.read(duplicates),
                answers=SCREENING.read(answers),
                found_by=found_by[lane],
                outside_limits=removed_by_limits(lane, held, protocol, until=run.until),
            )
        )
    everyone = candidates(lanes, screening)
    records = [record for tables in lanes for record in tables.records]
    of_other_methods = lanes[-1].records
    del lanes, held  # a million records take gigabytes: each table is let go when it was read
    evidence = (row for path in snakemake.input.evidence for row in EVIDENCE.stream(Path(path)))
    earlier = DECISIONS.stream(Path(snakemake.input.earlier[1])) if snakemake.input.earlier else ()
    missing = MISSES.read(Path(snakemake.input.missing))
    with step_bar("deciding", "records") as advance:
        rows = decision_rows(
            everyone,
            records,
            screening,
            human,
            role=protocol.role,
            full_text=full_text,
            topics=topics_of(evidence, list(screening.topics)),
            first_seen={row.record: row.first_seen for row in earlier},
            run=run.name,
            missing=missing,
            missing_found_by={
                miss.pmid: found_by[Lane.DATABASES].get(f"pubmed:{miss.pmid}", ()) for miss in missing
            },
            progress=advance,
        )
    odd = odd_decisions(everyone, human, today=run.date)
    reread = to_reread(everyone, human, version=screening.version)
    del everyone, records, found_by
    for row in (*odd, *reread):
        log.warning("line %d of the human decisions (%s): %s", row.line, row.reviewer, row.why)
    flow_of = partial(
        assemble,
        rows,
        protocol,
        screening,
        works=works,
        records=of_other_methods,
        no_abstract=without("abstract", map(Path, snakemake.input.records)),
        full_text=full_text,
        until=run.until,
    )
    flow = flow_of()
    since = [
        Path(files[0]).parent if files else None for files in (snakemake.input.earlier, snakemake.input.base)
    ]
    ODD_DECISIONS.write(Path(snakemake.output.odd), odd)
    TO_REREAD.write(Path(snakemake.output.reread), reread)
    DECISIONS.write(Path(snakemake.output.decisions), rows)
    FLOW.write(Path(snakemake.output.flow), flow)
    drawn(flow, lambda only: flow_of(only=only), rows, earlier=since[0], base=since[1]).write(folder)
