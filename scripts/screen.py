"""Answer every criterion for every record, with the words that decide."""

from dataclasses import asdict
from pathlib import Path

from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.query.table import QueryTable
from resift.records import iter_records, read_records
from resift.runs.steps import mesh_of, step, write_table
from resift.screening.criteria import ANSWER_COLUMNS, EVIDENCE_COLUMNS, load_screening, screen

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    path = Path(snakemake.input.records)
    table = QueryTable.from_records(read_records(path))
    answers, evidence = [], []
    for rows, found in screen(list(iter_records(path)), table, screening, mesh=mesh_of(run)):
        answers += [asdict(row) for row in rows]
        evidence += [asdict(row) for row in found]
    write_table(Path(snakemake.output.answers), ANSWER_COLUMNS, answers)
    write_table(Path(snakemake.output.evidence), EVIDENCE_COLUMNS, evidence)
    log.info("%d records, %d criteria, version %s", len(table), len(screening.criteria), screening.version)
