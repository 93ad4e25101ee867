"""Search the reference lists of the seeds, and read hand-searched citations, into the other lane."""

from dataclasses import asdict
from pathlib import Path

from resift.identify.other_methods import run_other_methods
from resift.identify.references import COLUMNS, coverage
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import write_records
from resift.runs.steps import mesh_of, read_lane, read_table, source_of, step, write_table
from resift.screening.criteria import load_screening
from resift.screening.decisions import load_human_decisions

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    lane = read_lane(folder, "databases", references=True)
    followed = run_other_methods(
        protocol,
        lane,
        source_of(run, folder),
        screening=load_screening(protocol.screening, protocol.fragments),
        human=load_human_decisions(protocol.decisions),
        mesh=mesh_of(run),
    )
    write_table(Path(snakemake.output.references), COLUMNS, [asdict(work) for work in followed.works])
    covered = coverage(read_table(Path(snakemake.output.references)))
    log.info("reference lists available for %d of %d seeds", *covered)
    write_records(followed.records, Path(snakemake.output.records), Path(snakemake.output.cited))
