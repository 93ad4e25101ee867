"""Write down each strategy as written, sent and translated, with a count for every clause."""

from pathlib import Path

from resift.identify.known_items import load_known_items
from resift.identify.search import describe, read_answers, table_of_hits
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import read_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.tables import SEARCH

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    by_server = run.config.get("clause_counts") == "server"
    table = table_of_hits(read_records(Path(snakemake.input.records)))
    answers = read_answers(Path(snakemake.input.answers))
    limits = protocol.limits(until=run.until, as_of=run.as_of)
    known = {item.pmid: item.item for item in load_known_items(protocol.known_items) if item.pmid}
    for strategy, path in zip(protocol.strategies, snakemake.output, strict=True):
        described = describe(
            strategy,
            answers[strategy.name],
            table,
            source=source_of(run, Path(snakemake.input.run).parent) if by_server else None,
            run=run,
            limits=limits,
            mesh=mesh_of(run),
            known=known,
        )
        SEARCH.write(Path(path), described)
