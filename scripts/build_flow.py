"""Draw the PRISMA 2020 flow from record sets, and check every identity between boxes."""

from pathlib import Path

from resift.prisma.assemble import assemble
from resift.project.protocol import load_protocol
from resift.project.run import canonical_json, load_run, write_text
from resift.report.figures import flow_svg
from resift.runs.steps import read_lane, read_table, step
from resift.screening.criteria import load_screening
from resift.screening.decisions import full_text_undertaken, load_human_decisions

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    human = load_human_decisions(protocol.decisions)
    flow = assemble(
        read_table(Path(snakemake.input.decisions)),
        protocol,
        load_screening(protocol.screening, protocol.fragments),
        works=read_table(Path(snakemake.input.references)),
        records=[*read_lane(folder, "databases").records, *read_lane(folder, "other").records],
        full_text=full_text_undertaken(protocol.full_text, human),
        until=run.until,
    )
    write_text(Path(snakemake.output.flow), canonical_json(flow))
    write_text(Path(snakemake.output.diagram), flow_svg(flow))
    write_text(Path(snakemake.output.strict), flow_svg(flow, strict=True))
