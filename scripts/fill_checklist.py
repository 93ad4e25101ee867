"""Fill PRISMA-S from what the run recorded."""

import json
from dataclasses import asdict
from pathlib import Path

from resift.prisma.checklist import COLUMNS, RunFacts, prisma_s
from resift.project.config import load_yaml
from resift.runs.steps import step, write_table

with step(snakemake) as log:
    facts = RunFacts(
        run=load_yaml(Path(snakemake.input.run)),
        searches=[json.loads(Path(path).read_text(encoding="utf-8")) for path in snakemake.input.search],
        flow=json.loads(Path(snakemake.input.flow).read_text(encoding="utf-8")),
    )
    rows = [asdict(row) for row in prisma_s(facts)]
    write_table(Path(snakemake.output.checklist), COLUMNS, rows)
    log.info("%d items", len(rows))
