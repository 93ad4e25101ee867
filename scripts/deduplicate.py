"""Group the records of one report; what other methods found is matched against the databases lane too."""

from pathlib import Path

from resift.dedupe.groups import COMPARED
from resift.dedupe.pipeline import deduplicate_packed
from resift.dedupe.read import read_stored
from resift.dedupe.summary import summary
from resift.dedupe.table import write_groups
from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.records import iter_rows
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.human_decisions import load_human_decisions, record_pairs
from resift.screening.names import aliases

with step(snakemake) as log:
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    asked = [row for row in load_human_decisions(protocol.decisions) if row.stage == "duplicate"]
    own = Path(snakemake.input.records)
    both = [Path(snakemake.input.databases), own] if snakemake.input.databases else [own]
    named = [
        (aliases(row["record"], row["pmid"], row["doi"]), row["record"])
        for path in (both if asked else [])
        for row in iter_rows(path, ("record", "pmid", "doi"))
    ]
    with step_bar("deduplicating", "pairs compared") as advance:
        groups = deduplicate_packed(
            read_stored(both, processes=snakemake.threads),
            separate=record_pairs(named, asked, "different"),
            same=record_pairs(named, asked, "same"),
            progress=lambda what, done, of: advance(done, of) if what == COMPARED else None,
        )
    ids = {row["record"] for row in iter_rows(own, ("record",))}
    groups = groups[groups["record"].isin(ids)]
    for line in summary(groups):
        log.info("%s", line)
    write_groups(groups, Path(snakemake.output.duplicates))
