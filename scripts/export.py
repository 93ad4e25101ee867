"""Write all, eligible, included, excluded and awaiting records for reference managers."""

from pathlib import Path

from resift.files import write_text
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.exports import WRITERS, exported
from resift.runs.steps import step
from resift.tables import DECISIONS
from resift.vocabulary import ExportFormat, ExportPart

with step(snakemake) as log:
    records = {r.record: r for path in snakemake.input.records for r in iter_records(Path(path))}
    rows = DECISIONS.read(Path(snakemake.input.decisions))
    for path in map(Path, snakemake.output):
        items = exported(rows, records, part=ExportPart(path.stem))
        write_text(path, WRITERS[ExportFormat(path.suffix.removeprefix("."))](items))
    log.info("%d records exported", len(records))
