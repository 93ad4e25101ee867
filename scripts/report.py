"""Hand over the run: exports for reference managers, one self-contained page, the summary, every hash."""

from dataclasses import replace
from pathlib import Path

from resift.files import canonical_json, write_text
from resift.prisma.lsr import prisma_lsr
from resift.progress import step_bar, step_parts
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records, iter_rows
from resift.report.data import hashes_of
from resift.report.page import load, render
from resift.runs.alone import snakemake
from resift.runs.exports import write_exports
from resift.runs.history import history, in_words
from resift.runs.ledger import read_ledger, record
from resift.runs.manifest import manifest
from resift.runs.steps import step
from resift.runs.summary import Compared, summarise
from resift.screening.criteria import load_screening
from resift.tables import DECISIONS, HISTORY, LIVING_ITEMS, RECORDS, SUMMARY

with step(snakemake) as log, step_parts("reporting", 4) as part_done:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    data = load(folder, protocol=protocol, screening=screening)
    part_done()

    held = {row["record"] for path in RECORDS.each(folder) for row in iter_rows(path, ("record",))}
    with step_bar("writing exports", "records") as advance:
        write_exports(
            map(Path, snakemake.output.exports),
            data.decisions,
            (record for path in RECORDS.each(folder) for record in iter_records(path)),
            data.changes,
            held=held,
            progress=lambda done: advance(done, len(held)),
        )
    part_done()
    LIVING_ITEMS.write(Path(snakemake.output.living), prisma_lsr(data.living))
    page = render(replace(data, hashes=hashes_of(folder)))
    write_text(Path(snakemake.output.page), page)
    part_done()
    log.info("%d records, %d bytes", len(data.decisions), len(page.encode()))

    earlier = snakemake.input.earlier
    compared = Compared(
        changes=data.changes,
        anomalies=data.anomalies,
        notices=data.notices,
        before={row.record: row for row in DECISIONS.read(Path(earlier[1]))} if earlier else {},
        now={row.record: row for row in data.decisions},
    )
    summary = summarise(
        run,
        data.flow,
        compared,
        data.searches,
        data.verdict,
        data.odd_decisions,
        known_items=data.known_items,
        reread=data.to_reread,
        not_returned=len(data.missing),
        received=data.received,
    )
    runs = history(data.history, summary, data.decisions, data.changes)
    SUMMARY.write(Path(snakemake.output.summary), summary)
    HISTORY.write(Path(snakemake.output.history), runs)
    for line in in_words(runs):
        log.info("%s", line)

    # The manifest comes last, and holds what the ledger does.
    record(folder, [Path(path) for path in snakemake.output if path != snakemake.output.manifest])
    made = manifest(
        run,
        files=read_ledger(folder),
        protocol=run.protocol["id"],
        searched={search.name: search.searched_at for search in data.searches},
    )
    write_text(Path(snakemake.output.manifest), canonical_json(made))
    log.info("%s", summary.paragraph)
    part_done()
