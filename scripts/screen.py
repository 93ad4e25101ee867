"""Answer every criterion for every record, with the words that decide."""

from pathlib import Path

from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.query.table import QueryTable
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, step
from resift.screening.criteria import load_screening, screen
from resift.tables import EVIDENCE, SCREENING

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    records = list(iter_records(Path(snakemake.input.records)))
    table = QueryTable.from_records(records)
    answers, evidence, done = [], [], 0
    with step_bar("screening", "records") as advance:
        for rows, found in screen(records, table, screening, mesh=mesh_of(run)):
            answers += rows
            evidence += found
            done += 1
            advance(done, len(records))
    SCREENING.write(Path(snakemake.output.answers), answers)
    EVIDENCE.write(Path(snakemake.output.evidence), evidence)
    log.info("%d records, %d criteria, version %s", len(table), len(screening.criteria), screening.version)
