"""Write all, eligible, included, excluded, awaiting and new records for reference managers."""

from pathlib import Path

from resift.files import write_text
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.exports import WRITERS, exported
from resift.runs.steps import step
from resift.tables import CHANGES, DECISIONS
from resift.vocabulary import Change, ExportFormat, ExportPart

with step(snakemake) as log:
    records = {r.record: r for path in snakemake.input.records for r in iter_records(Path(path))}
    rows = DECISIONS.read(Path(snakemake.input.decisions))
    changes = CHANGES.read(Path(snakemake.input.changes))
    gained = {row.record for row in changes if row.change is Change.GAINED}
    for path in map(Path, snakemake.output):
        items = exported(rows, records, part=ExportPart(path.stem), gained=gained)
        write_text(path, WRITERS[ExportFormat(path.suffix.removeprefix("."))](items))
    log.info("%d records exported", len(records))
