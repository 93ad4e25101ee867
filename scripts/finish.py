"""Sum up for schedulers, and record the SHA-256 of every file."""

import json
from pathlib import Path

from resift.project.run import canonical_json, load_run, write_text
from resift.runs.manifest import manifest
from resift.runs.steps import read_table, step
from resift.runs.summary import summarise

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    searches = [json.loads(Path(path).read_text(encoding="utf-8")) for path in snakemake.input.search]
    flow = json.loads(Path(snakemake.input.flow).read_text(encoding="utf-8"))
    summary = summarise(run, flow, read_table(Path(snakemake.input.changes)), searches)
    write_text(Path(snakemake.output.summary), canonical_json(summary))
    made = manifest(
        folder,
        run,
        protocol=run.protocol["id"],
        searched={search["name"]: search["searched_at"] for search in searches},
    )
    write_text(Path(snakemake.output.manifest), canonical_json(made))
    log.info("%s", summary["paragraph"])
