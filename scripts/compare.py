"""List what was gained, lost, revised or retracted since the earlier run."""

from pathlib import Path

from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.changes import compare
from resift.runs.steps import held_in, step
from resift.tables import CHANGES

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    rows = []
    if snakemake.input.earlier:
        _, decisions, records = map(Path, snakemake.input.earlier)
        now = held_in(Path(snakemake.input.decisions), Path(snakemake.input.records))
        rows = compare(now, held_in(decisions, records))
    log.info("%d changes since %s", len(rows), run.compare_with or "no earlier run")
    CHANGES.write(Path(snakemake.output.changes), rows)
