"""Search the reference lists of the seeds, and read hand-searched citations, into the other lane."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from resift.identify.extent import coverage
from resift.identify.held_records import OnDisk
from resift.identify.other_methods import run_other_methods
from resift.progress import step_parts
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records, write_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.screening.criteria import load_screening
from resift.screening.human_decisions import load_human_decisions
from resift.screening.table import LaneTables
from resift.tables import DUPLICATES, REFERENCES, SCREENING
from resift.vocabulary import Lane


def databases(read: Callable[[], object]) -> LaneTables:
    """What deciding needs of the databases lane; `read` is called when it is there."""
    path = Path(snakemake.input.records)
    tables = LaneTables(
        lane=Lane.DATABASES,
        records=list(iter_records(path, ("record", "pmid", "doi", "text_sha256"))),
        duplicates=DUPLICATES.read(Path(snakemake.input.duplicates)),
        answers=SCREENING.read(Path(snakemake.input.screening)),
        found_by={},  # which strategy found a seed does not matter here
    )
    read()
    return tables


with step(snakemake) as log, step_parts("following references", 3) as part_done:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    followed = run_other_methods(
        protocol,
        partial(databases, part_done),
        OnDisk(Path(snakemake.input.records), Path(snakemake.input.references)),
        source_of(run, Path(snakemake.input.run).parent),
        screening=load_screening(protocol.screening, protocol.fragments),
        human=load_human_decisions(protocol.decisions),
        mesh=mesh_of(run),
    )
    part_done()
    REFERENCES.write(Path(snakemake.output.references), followed.works)
    lists = coverage(followed.works)
    log.info("reference lists available for %d of %d seeds", lists.available, lists.seeds)
    write_records(followed.records, Path(snakemake.output.records), Path(snakemake.output.cited))
    part_done()
