"""Fetch what is not held or was revised, and read all records of the union into one table."""

import sys
from pathlib import Path

from resift.formats import read_export
from resift.identify.update import fetched, held_by
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.pubmed.tape import Tape
from resift.pubmed.xml import parse_element
from resift.records import write_records
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.tables import HITS, MISSES, REQUESTS, Miss

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    folder = Path(snakemake.input.run).parent
    hits = {hit.pmid: hit.strategies for hit in HITS.read(Path(snakemake.input.hits))}
    earlier = [Path(path).parent for path in snakemake.input.earlier[:1]]
    answers = fetched(
        list(hits),
        source=source_of(run, folder),
        tape=Tape(REQUESTS.of(folder).parent),
        run=run,
        protocol=protocol,
        hits=hits,
        held=held_by(earlier[0], run) if earlier else None,
        mesh=lambda: mesh_of(run),
    )
    records, misses = [], []
    for answer in answers:
        records += [parse_element(element) for element in answer.elements.values()]
        misses += [Miss(pmid=m.pmid, reason=m.kind.value, detail=m.detail) for m in answer.misses]
    for entry in protocol.imports:
        export = read_export(entry.file, source=entry.source, columns=entry.columns or None)
        export.notes.tell()
        for _, line in export.notes.lines():
            print(line, file=sys.stderr)
        log.info("%s: %d records from %s", entry.database, len(export.records), entry.file)
        records += export.records
    n = write_records(records, Path(snakemake.output.records), Path(snakemake.output.references))
    MISSES.write(Path(snakemake.output.missing), sorted(misses, key=lambda miss: int(miss.pmid)))
    log.info("%d ids requested, %d explained as not returned; %d records", len(hits), len(misses), n)
