"""Draw the PRISMA 2020 flow from record sets, and check every identity between boxes."""

from pathlib import Path

from resift.files import write_text
from resift.prisma.assemble import assemble
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records
from resift.report.figures import flow_svg
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.criteria import load_screening
from resift.screening.decisions import full_text_undertaken, load_human_decisions
from resift.tables import DECISIONS, FLOW, REFERENCES

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    human = load_human_decisions(protocol.decisions)
    flow = assemble(
        DECISIONS.read(Path(snakemake.input.decisions)),
        protocol,
        load_screening(protocol.screening, protocol.fragments),
        works=REFERENCES.read(Path(snakemake.input.references)),
        records=[record for path in snakemake.input.records for record in iter_records(Path(path))],
        full_text=full_text_undertaken(protocol.full_text, human),
        until=run.until,
    )
    FLOW.write(Path(snakemake.output.flow), flow)
    write_text(Path(snakemake.output.diagram), flow_svg(flow))
    write_text(Path(snakemake.output.strict), flow_svg(flow, strict=True))
