"""Answer every criterion for every record, with the words that decide."""

from pathlib import Path

from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.query.table import QueryTable, normalised
from resift.records import StoredRecords
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, step
from resift.screening.criteria import load_screening, screen
from resift.tables import EVIDENCE, SCREENING

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    records = StoredRecords(Path(snakemake.input.records))
    table = QueryTable.from_normalised([normalised(part) for part in records.columns()])
    with (
        step_bar("screening", "records") as advance,
        SCREENING.writing(Path(snakemake.output.answers)) as answers,
        EVIDENCE.writing(Path(snakemake.output.evidence)) as evidence,
    ):
        for done, (rows, found) in enumerate(screen(records, table, screening, mesh=mesh_of(run)), 1):
            answers(rows)
            evidence(found)
            advance(done, len(table))
    log.info("%d records, %d criteria, version %s", len(table), len(screening.criteria), screening.version)
