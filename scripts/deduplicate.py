"""Group the records of one report; what other methods found is matched against the databases lane too."""

from pathlib import Path

import pandas as pd

from resift.dedupe import deduplicate
from resift.dedupe.model import GROUP_COLUMNS
from resift.project.protocol import load_protocol
from resift.records import read_records
from resift.runs.steps import step, write_table
from resift.screening.decisions import load_human_decisions, record_pairs
from resift.screening.table import names_of

with step(snakemake) as log:
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    human = load_human_decisions(protocol.decisions)
    frame = read_records(Path(snakemake.input.records))
    own = set(frame["record"])
    if snakemake.input.databases:
        frame = pd.concat([read_records(Path(snakemake.input.databases)), frame], ignore_index=True)
    names = names_of(frame)
    groups = deduplicate(
        frame,
        separate=record_pairs(names, human, "different"),
        same=record_pairs(names, human, "same"),
    )
    groups = groups.astype(object).where(groups.notna(), "")
    rows = [row for row in groups.to_dict("records") if row["record"] in own]
    log.info("%d records in %d groups", len(rows), len({row["group"] for row in rows}))
    write_table(Path(snakemake.output.duplicates), GROUP_COLUMNS, rows)
