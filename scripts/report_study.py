"""Put the ends of a study's reruns into its tables, its verdict and its page."""

from pathlib import Path

from resift.project.workflow import told_in
from resift.runs.alone import snakemake
from resift.studies.gather import write_results
from resift.studies.read import load_study

with told_in(Path(snakemake.log[0])):
    write_results(load_study(Path(snakemake.params.study)), Path(snakemake.output.page).parent)
