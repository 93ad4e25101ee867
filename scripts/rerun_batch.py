"""Rerun one batch of a study's searches in one process; a rerun that fails is put down with its cause."""

import logging
from pathlib import Path

from resift.files import write_text
from resift.project.workflow import told_in
from resift.rows import document_text
from resift.runs.alone import snakemake
from resift.studies.batch import rerun_batch

with told_in(Path(snakemake.log[0])):
    ends = rerun_batch(Path(snakemake.input.plan), int(snakemake.wildcards.batch))
    for ended in ends:
        logging.getLogger("resift.rerun_batch").info("%s: %s", ended.name, ended.cause or "done")
    write_text(Path(snakemake.output[0]), document_text(ends))
