"""Appraise the run: known items, the review's numbers, PRISMA-S, and how far the screening holds."""

from dataclasses import replace
from pathlib import Path

from resift.identify.known_items import items_of_review, load_known_items
from resift.identify.recall import match
from resift.prisma.boundary import DATED_BY, boundary_records
from resift.prisma.checklist import RunFacts
from resift.prisma.prisma_s import prisma_s
from resift.prisma.reproduction import count_again, judge
from resift.progress import step_parts
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.screening.appraisal import appraise
from resift.screening.audit import in_words
from resift.screening.criteria import load_screening
from resift.screening.human_decisions import load_human_decisions
from resift.screening.table import DECIDED_BY, LaneTables, candidates
from resift.tables import (
    BOUNDARY,
    CHECKLIST,
    DECISIONS,
    DUPLICATES,
    FLOW,
    HITS,
    KNOWN_ITEMS,
    LANES,
    SCREENING,
    SEARCH,
    VERDICT,
)

with step(snakemake) as log, step_parts("appraising", 5) as part_done:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    source = source_of(run, folder)
    facts = RunFacts(
        run=run,
        searches=[SEARCH.read(Path(path)) for path in snakemake.input.search],
        flow=FLOW.read(Path(snakemake.input.flow)),
    )
    lanes = [
        LaneTables(
            lane=lane,
            records=list(iter_records(Path(records), {*DECIDED_BY, *DATED_BY})),
            duplicates=DUPLICATES.read(Path(duplicates)),
            answers=SCREENING.read(Path(answers)),
            found_by={},
        )
        for lane, records, duplicates, answers in zip(
            LANES, snakemake.input.records, snakemake.input.duplicates, snakemake.input.screening, strict=True
        )
    ]
    edge = boundary_records(
        lanes[0].records,
        start=protocol.window.start,
        until=run.until,
        field=protocol.window.field,
        as_of=run.as_of,
    )
    screening = load_screening(protocol.screening, protocol.fragments)
    everyone = candidates(lanes, screening)
    del lanes  # a million records take gigabytes: they go before their decisions come
    part_done()
    decisions = DECISIONS.read(Path(snakemake.input.decisions))
    part_done()

    # The search: was what is known found, do the review's numbers come again, what does PRISMA-S ask for.
    items = load_known_items(protocol.known_items)
    if protocol.known_items_review:
        listed = {item.pmid for item in items if item.pmid}
        found = items_of_review(protocol.known_items_review, source)
        items += [item for item in found if item.pmid not in listed]
    known = match(
        items,
        source,
        protocol,
        run,
        hits=HITS.stream(Path(snakemake.input.hits)),
        decisions=decisions,
        mesh=mesh_of(run),
    )
    part_done()
    verdict = judge(
        replace(facts, run=replace(run, protocol=protocol.content)),
        recount=count_again(protocol, run, source),
        known=known,
        boundary=len(edge),
        incomplete=[down.rstrip(".")] if (down := facts.flow.reference_lists.unavailable) else [],
    )
    KNOWN_ITEMS.write(Path(snakemake.output.known), known)
    BOUNDARY.write(Path(snakemake.output.boundary), edge)
    VERDICT.write(Path(snakemake.output.verdict), verdict)
    CHECKLIST.write(Path(snakemake.output.checklist), prisma_s(facts))
    log.info("%s: %s", verdict.outcome, " ".join(verdict.because))
    part_done()

    # The screening: agreement, audit, what hangs on each criterion, near misses, order of reading.
    appraisal = appraise(
        everyone,
        screening,
        decisions,
        load_human_decisions(protocol.decisions),
        question=protocol.question,
        audit_sample=protocol.audit_sample,
        challenges=protocol.challenges,
    )
    part_done()
    appraisal.write(folder)
    log.info("%s", in_words(appraisal.audit))
