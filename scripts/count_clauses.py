"""Write down each strategy as written, sent and translated, with a count for every clause."""

from pathlib import Path

from resift.identify.known_items import load_known_items
from resift.identify.search import describe, run_strategies
from resift.project.protocol import load_protocol
from resift.project.run import canonical_json, load_run, write_text
from resift.query.table import QueryTable
from resift.records import read_records
from resift.runs.steps import mesh_of, source_of, step

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    source = source_of(run, Path(snakemake.input.run).parent)
    table = QueryTable.from_records(read_records(Path(snakemake.input.records)))
    answers = run_strategies(source, protocol, run)  # from the tape: nothing is asked twice
    limits = protocol.limits(until=run.until, as_of=run.as_of)
    known = {item.pmid: item.item for item in load_known_items(protocol.known_items) if item.pmid}
    for strategy, path in zip(protocol.strategies, snakemake.output, strict=True):
        described = describe(
            strategy,
            answers[strategy.name],
            table,
            source=source,
            run=run,
            limits=limits,
            mesh=mesh_of(run),
            known=known,
        )
        write_text(Path(path), canonical_json(described))
