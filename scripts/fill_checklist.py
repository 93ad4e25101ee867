"""Fill PRISMA-S from what the run recorded."""

from pathlib import Path

from resift.prisma.checklist import RunFacts, prisma_s
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.tables import CHECKLIST, FLOW, SEARCH

with step(snakemake) as log:
    facts = RunFacts(
        run=load_run(Path(snakemake.input.run)),
        searches=[SEARCH.read(Path(path)) for path in snakemake.input.search],
        flow=FLOW.read(Path(snakemake.input.flow)),
    )
    rows = prisma_s(facts)
    CHECKLIST.write(Path(snakemake.output.checklist), rows)
    log.info("%d items", len(rows))
