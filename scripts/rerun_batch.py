"""Rerun one batch of a study's searches in one process; a rerun that fails is put down with its cause."""

import logging
import sys
from pathlib import Path

from resift.errors import ResiftError
from resift.files import write_text
from resift.rows import document_text
from resift.runs.alone import snakemake
from resift.studies.batch import rerun_batch

try:
    ends = rerun_batch(Path(snakemake.input.plan), int(snakemake.wildcards.batch))
    for ended in ends:
        logging.getLogger("resift.rerun_batch").info("%s: %s", ended.name, ended.cause or "done")
    write_text(Path(snakemake.output[0]), document_text(ends))
except ResiftError as error:
    sys.exit(f"resift: {error}")
