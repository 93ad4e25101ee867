"""Put the ends of a study's reruns into its tables, its verdict and its page."""

import sys
from pathlib import Path

from resift.errors import ResiftError
from resift.runs.alone import snakemake
from resift.studies.read import load_study
from resift.studies.results import write_results

try:
    write_results(load_study(Path(snakemake.params.study)), Path(snakemake.output.page).parent)
except ResiftError as error:
    sys.exit(f"resift: {error}")
