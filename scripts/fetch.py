"""Fetch every id of the union once, and read the answers into one table of records."""

from pathlib import Path

from resift.protocol import load_protocol
from resift.pubmed.xml import parse_element
from resift.records import write_records
from resift.run import load_run
from resift.search import MISS_COLUMNS
from resift.steps import read_table, source_of, step, write_table

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    pmids = [row["pmid"] for row in read_table(Path(snakemake.input.hits))]
    records, misses = [], []
    for answer in source_of(run, Path(snakemake.input.run).parent).fetch(pmids):
        records += [parse_element(element) for element in answer.elements.values()]
        misses += [{"pmid": m.pmid, "reason": m.kind.value, "detail": m.detail} for m in answer.misses]
    n = write_records(records, Path(snakemake.output.records), Path(snakemake.output.references))
    write_table(Path(snakemake.output.missing), MISS_COLUMNS, sorted(misses, key=lambda m: int(m["pmid"])))
    log.info("%d records requested, %d returned, %d explained", len(pmids), n, len(misses))
