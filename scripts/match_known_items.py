"""Ask of each known item: was it found, by which strategy, and if not, which clause misses it."""

from pathlib import Path

from resift.identify.known_items import items_of_review, load_known_items, match
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.tables import DECISIONS, HITS, KNOWN_ITEMS

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    source = source_of(run, Path(snakemake.input.run).parent)
    items = load_known_items(protocol.known_items)
    if protocol.known_items_review:
        listed = {item.pmid for item in items if item.pmid}
        found = items_of_review(protocol.known_items_review, source)
        items += [item for item in found if item.pmid not in listed]
    findings = match(
        items,
        source,
        protocol,
        run,
        hits=HITS.read(Path(snakemake.input.hits)),
        decisions=DECISIONS.read(Path(snakemake.input.decisions)),
        mesh=mesh_of(run),
    )
    KNOWN_ITEMS.write(Path(snakemake.output.known), findings)
