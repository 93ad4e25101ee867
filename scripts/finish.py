"""Sum up for schedulers, and record the SHA-256 of every file."""

from pathlib import Path

from resift.files import canonical_json, write_text
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.history import history, in_words
from resift.runs.ledger import read_ledger, record
from resift.runs.manifest import manifest
from resift.runs.steps import step
from resift.runs.summary import Compared, summarise
from resift.tables import (
    ANOMALIES,
    CHANGES,
    DECISIONS,
    FLOW,
    HISTORY,
    KNOWN_ITEMS,
    MISSES,
    NOTICES,
    ODD_DECISIONS,
    SEARCH,
    SUMMARY,
    TO_REREAD,
    VERDICT,
)

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    searches = [SEARCH.read(Path(path)) for path in snakemake.input.search]
    earlier = DECISIONS.read(Path(snakemake.input.earlier[1])) if snakemake.input.earlier else []
    compared = Compared(
        changes=CHANGES.read(Path(snakemake.input.changes)),
        anomalies=ANOMALIES.read(Path(snakemake.input.anomalies)),
        notices=NOTICES.read(Path(snakemake.input.notices)),
        before={row.record: row for row in earlier},
        now={row.record: row for row in DECISIONS.read(Path(snakemake.input.decisions))},
    )
    known = KNOWN_ITEMS.read(Path(snakemake.input.known))
    missing = MISSES.read(Path(snakemake.input.missing))
    summary = summarise(
        run,
        FLOW.read(Path(snakemake.input.flow)),
        compared,
        searches,
        VERDICT.read(Path(snakemake.input.verdict)),
        ODD_DECISIONS.read(Path(snakemake.input.odd)),
        known_items=known,
        reread=TO_REREAD.read(Path(snakemake.input.reread)),
        not_returned=len(missing),
    )
    SUMMARY.write(Path(snakemake.output.summary), summary)
    folder = Path(snakemake.input.run).parent
    earlier_rows = []
    if snakemake.input.earlier and (path := HISTORY.of(Path(snakemake.input.earlier[0]).parent)).is_file():
        earlier_rows = HISTORY.read(path)
    runs = history(earlier_rows, summary, compared.now.values(), compared.changes)
    HISTORY.write(Path(snakemake.output.history), runs)
    record(folder, [Path(snakemake.output.summary), Path(snakemake.output.history)])
    for line in in_words(runs):
        log.info("%s", line)
    made = manifest(
        run,
        files=read_ledger(folder),
        protocol=run.protocol["id"],
        searched={search.name: search.searched_at for search in searches},
    )
    write_text(Path(snakemake.output.manifest), canonical_json(made))
    log.info("%s", summary.paragraph)
