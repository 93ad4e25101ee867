"""Group the records of one report; what other methods found is matched against the databases lane too."""

from pathlib import Path

import pandas as pd

from resift.dedupe import deduplicate
from resift.dedupe.groups import COMPARED
from resift.dedupe.summary import summary
from resift.dedupe.table import group_rows
from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.records import read_records
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.decisions import load_human_decisions, record_pairs
from resift.screening.names import aliases
from resift.tables import DUPLICATES

with step(snakemake) as log:
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    human = load_human_decisions(protocol.decisions)
    frame = read_records(Path(snakemake.input.records))
    own = set(frame["record"])
    if snakemake.input.databases:
        frame = pd.concat([read_records(Path(snakemake.input.databases)), frame], ignore_index=True)
    named = list(
        zip(map(aliases, frame["record"], frame["pmid"], frame["doi"]), frame["record"], strict=True)
    )
    with step_bar("deduplicating", "pairs compared") as advance:
        groups = deduplicate(
            frame,
            separate=record_pairs(named, human, "different"),
            same=record_pairs(named, human, "same"),
            progress=lambda what, done, of: advance(done, of) if what == COMPARED else None,
        )
    rows = [row for row in group_rows(groups) if row.record in own]
    for line in summary(groups[groups["record"].isin(own)]):
        log.info("%s", line)
    DUPLICATES.write(Path(snakemake.output.duplicates), rows)
