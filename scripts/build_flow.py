"""Draw the PRISMA 2020 flow from record sets, and check every identity between boxes."""

from collections.abc import Collection
from pathlib import Path

from resift.documents import FlowDocument
from resift.files import write_text
from resift.prisma.assemble import assemble
from resift.prisma.living import Earlier, since
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
    screening = load_screening(protocol.screening, protocol.fragments)
    decisions = DECISIONS.read(Path(snakemake.input.decisions))
    works = REFERENCES.read(Path(snakemake.input.references))
    records = [record for path in snakemake.input.records for record in iter_records(Path(path))]

    def flow_of(only: Collection[str] | None = None) -> FlowDocument:
        return assemble(
            decisions,
            protocol,
            screening,
            works=works,
            records=records,
            full_text=full_text_undertaken(protocol.full_text, human),
            until=run.until,
            only=only,
        )

    def drawn_since(folder: Path) -> str:
        held = frozenset(row.record for row in DECISIONS.read(DECISIONS.of(folder)))
        earlier = Earlier(name=folder.name, flow=FLOW.read(FLOW.of(folder)), records=held)
        return flow_svg(since(earlier, decisions, flow_of), links=False)

    flow = flow_of()
    diagram = flow_svg(flow)
    FLOW.write(Path(snakemake.output.flow), flow)
    write_text(Path(snakemake.output.diagram), diagram)
    write_text(Path(snakemake.output.strict), flow_svg(flow, strict=True))
    earlier, base = snakemake.input.earlier, snakemake.input.base
    update = drawn_since(Path(earlier[0]).parent) if earlier else diagram
    write_text(Path(snakemake.output.latest), update)
    living = update if not base else drawn_since(Path(base[0]).parent)
    write_text(Path(snakemake.output.living), living)
