"""List what was gained, lost, revised or retracted since the earlier run."""

from dataclasses import asdict
from pathlib import Path

from resift.runs.changes import COLUMNS, compare
from resift.runs.steps import held_in, step, write_table

with step(snakemake) as log:
    folder = Path(snakemake.input.run).parent
    earlier = [Path(path).parent for path in snakemake.input.earlier if path.endswith("decisions.csv")]
    rows = compare(held_in(folder), held_in(earlier[0])) if earlier else []
    log.info("%d changes since %s", len(rows), earlier[0].name if earlier else "no earlier run")
    write_table(Path(snakemake.output.changes), COLUMNS, [asdict(row) for row in rows])
