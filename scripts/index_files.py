"""Index one group of an archive's files, and list what each holds."""

from pathlib import Path

from resift.archive.jobs import index_group
from resift.project.workflow import told_in
from resift.runs.alone import snakemake

with told_in(Path(snakemake.log[0])):
    index_group(
        list(map(Path, snakemake.input)), Path(snakemake.output[0]), cache=Path(snakemake.params.cache)
    )
