"""Appraise the screening: agreement, audit, what hangs on each criterion, near misses, reading order."""

from pathlib import Path

from resift.project.protocol import load_protocol
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.appraisal import appraise
from resift.screening.audit import in_words
from resift.screening.criteria import load_screening
from resift.screening.decisions import load_human_decisions
from resift.screening.table import LaneTables
from resift.tables import DECISIONS, DUPLICATES, LANES, SCREENING

with step(snakemake) as log:
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    lanes = [
        LaneTables(
            lane=lane,
            records=list(iter_records(Path(records))),
            duplicates=DUPLICATES.read(Path(duplicates)),
            answers=SCREENING.read(Path(answers)),
            found_by={},
        )
        for lane, records, duplicates, answers in zip(
            LANES, snakemake.input.records, snakemake.input.duplicates, snakemake.input.screening, strict=True
        )
    ]
    appraisal = appraise(
        lanes,
        load_screening(protocol.screening, protocol.fragments),
        DECISIONS.read(Path(snakemake.input.decisions)),
        load_human_decisions(protocol.decisions),
        question=protocol.question,
        audit_sample=protocol.audit_sample,
        challenges=protocol.challenges,
    )
    appraisal.write(Path(snakemake.input.run).parent)
    log.info("%s", in_words(appraisal.audit))
