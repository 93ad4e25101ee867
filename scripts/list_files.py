"""Put the lists of all groups of an archive into one, in the order of its files."""

from pathlib import Path

from resift.archive.jobs import gather
from resift.project.workflow import told_in
from resift.runs.alone import snakemake

with told_in(Path(snakemake.log[0])):
    gather(list(map(Path, snakemake.input)), Path(snakemake.output[0]))
