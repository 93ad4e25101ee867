"""Sum up for schedulers, and record the SHA-256 of every file."""

from pathlib import Path

from resift.files import canonical_json, write_text
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.ledger import read_ledger, record
from resift.runs.manifest import manifest
from resift.runs.steps import step
from resift.runs.summary import summarise
from resift.tables import (
    CHANGES,
    FLOW,
    KNOWN_ITEMS,
    MISSES,
    ODD_DECISIONS,
    SEARCH,
    SUMMARY,
    TO_REREAD,
    VERDICT,
)

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    searches = [SEARCH.read(Path(path)) for path in snakemake.input.search]
    changes = CHANGES.read(Path(snakemake.input.changes))
    known = KNOWN_ITEMS.read(Path(snakemake.input.known))
    missing = MISSES.read(Path(snakemake.input.missing))
    summary = summarise(
        run,
        FLOW.read(Path(snakemake.input.flow)),
        changes,
        searches,
        VERDICT.read(Path(snakemake.input.verdict)),
        ODD_DECISIONS.read(Path(snakemake.input.odd)),
        known_items=known,
        reread=TO_REREAD.read(Path(snakemake.input.reread)),
        not_returned=len(missing),
    )
    SUMMARY.write(Path(snakemake.output.summary), summary)
    folder = Path(snakemake.input.run).parent
    record(folder, [Path(snakemake.output.summary)])
    made = manifest(
        run,
        files=read_ledger(folder),
        protocol=run.protocol["id"],
        searched={search.name: search.searched_at for search in searches},
    )
    write_text(Path(snakemake.output.manifest), canonical_json(made))
    log.info("%s", summary.paragraph)
