"""Write all, eligible, included, excluded and awaiting records for reference managers."""

from pathlib import Path

from resift.project.run import write_text
from resift.runs.exports import WRITERS, exported
from resift.runs.steps import read_lane, read_table, step

with step(snakemake) as log:
    decisions = Path(snakemake.input.decisions)
    lanes = [read_lane(decisions.parent, name) for name in ("databases", "other")]
    records = {record.record: record for lane in lanes for record in lane.records}
    rows = read_table(decisions)
    for path in map(Path, snakemake.output):
        items = exported(rows, records, part=path.stem)
        write_text(path, WRITERS[path.suffix.removeprefix(".")](items))
    log.info("%d records exported", len(records))
