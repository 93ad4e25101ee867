"""Fetch what is not held or was revised, read all into one table, and count in it what each clause finds."""

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from resift.formats import read_export
from resift.formats.entry import told_apart
from resift.identify.known_items import load_known_items
from resift.identify.search import count_in, describe, read_answers
from resift.identify.update import fetched, held_by
from resift.progress import step_bar
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.pubmed.tape import Tape
from resift.pubmed.xml import parse_element
from resift.records import Record, write_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.tables import HITS, MISSES, REQUESTS, SEARCH, TAKEN_OVER, Miss, TakenOver

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    folder = Path(snakemake.input.run).parent
    source = source_of(run, folder)
    hits = {hit.pmid: hit.strategies for hit in HITS.read(Path(snakemake.input.hits))}
    earlier = [Path(path).parent for path in snakemake.input.earlier[:1]]
    misses: list[Miss] = []
    taken: list[TakenOver] = []

    def received() -> Iterator[Record]:
        """The records of PubMed, as they come."""
        for answer in fetched(
            list(hits),
            source=source,
            tape=Tape(REQUESTS.of(folder).parent),
            run=run,
            protocol=protocol,
            hits=hits,
            held=held_by(earlier[0], run) if earlier else None,
            mesh=lambda: mesh_of(run),
        ):
            yield from map(parse_element, answer.elements.values())
            misses.extend(Miss(pmid=m.pmid, reason=m.kind.value, detail=m.detail) for m in answer.misses)
            if answer.from_run:
                taken.extend(TakenOver(pmid=pmid, received_by=answer.from_run) for pmid in answer.elements)

    def imported() -> Iterator[Record]:
        """The records that the protocol takes from files."""
        records = []
        for entry in protocol.imports:
            export = read_export(entry.file, source=entry.source, columns=entry.columns or None)
            export.notes.tell()
            for _, line in export.notes.lines():
                print(line, file=sys.stderr)
            log.info("%s: %d records from %s", entry.database, len(export.records), entry.file)
            records += export.records
        yield from told_apart(records)

    path = Path(snakemake.output.records)
    n = write_records(chain(received(), imported()), path, Path(snakemake.output.references))
    MISSES.write(Path(snakemake.output.missing), sorted(misses, key=lambda miss: int(miss.pmid)))
    TAKEN_OVER.write(Path(snakemake.output.taken_over), sorted(taken, key=lambda row: int(row.pmid)))
    log.info("%d ids requested, %d explained as not returned; %d records", len(hits), len(misses), n)
    answers = read_answers(Path(snakemake.input.answers))
    known = {item.pmid: item.item for item in load_known_items(protocol.known_items) if item.pmid}
    with step_bar("counting clauses", "records") as advance:
        counts = count_in(
            path, protocol.strategies, answers, mesh=mesh_of(run), known=known, progress=advance
        )
    for strategy, written in zip(protocol.strategies, snakemake.output.search, strict=True):
        described = describe(
            strategy,
            answers[strategy.name],
            counts[strategy.name],
            source=source if run.config.get("clause_counts") == "server" else None,
            run=run,
            limits=protocol.limits(until=run.until, as_of=run.as_of),
            mesh=mesh_of(run),
            known=known,
        )
        SEARCH.write(Path(written), described)
