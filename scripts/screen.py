"""Answer every criterion for every record, with the words that decide."""

import itertools
from pathlib import Path

from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.query.stored import Stored
from resift.records import number_of
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, step
from resift.screening.criteria import load_screening, screen
from resift.tables import EVIDENCE, SCREENING

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    path = Path(snakemake.input.records)
    of, mesh = number_of(path), mesh_of(run)
    stored = Stored(path, mesh)
    done = itertools.count(1)
    with (
        step_bar("screening", "records") as advance,
        SCREENING.writing(Path(snakemake.output.answers)) as answers,
        EVIDENCE.writing(Path(snakemake.output.evidence)) as evidence,
    ):
        for part in stored:
            judged = screen(part.records(), part.table, screening, mesh=mesh, elsewhere=stored.knows)
            for rows, found in judged:
                answers(rows)
                evidence(found)
                advance(next(done), of)
    log.info("%d records, %d criteria, version %s", of, len(screening.criteria), screening.version)
