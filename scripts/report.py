"""Put everything on one self-contained page."""

from pathlib import Path

from resift.files import write_text
from resift.project.protocol import load_protocol
from resift.report.page import load, render
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.criteria import load_screening

with step(snakemake) as log:
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    data = load(Path(snakemake.input.run).parent, protocol=protocol, screening=screening)
    page = render(data)
    write_text(Path(snakemake.output.page), page)
    log.info("%d records, %d bytes", len(data.decisions), len(page.encode()))
