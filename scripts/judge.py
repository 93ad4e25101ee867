"""Hold the review's numbers against this search: the verdict per database and over all."""

from dataclasses import replace
from pathlib import Path

from resift.prisma.boundary import boundary_records
from resift.prisma.checklist import RunFacts
from resift.prisma.reproduction import Recount, is_pubmed, judge, last_day
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.records import iter_records
from resift.runs.alone import snakemake
from resift.runs.steps import source_of, step
from resift.tables import BOUNDARY, FLOW, KNOWN_ITEMS, SEARCH, VERDICT

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    facts = RunFacts(
        run=replace(run, protocol=protocol.content),
        searches=[SEARCH.read(Path(path)) for path in snakemake.input.search],
        flow=FLOW.read(Path(snakemake.input.flow)),
    )
    edge = boundary_records(
        iter_records(Path(snakemake.input.records)),
        start=protocol.window.start,
        until=run.until,
        field=protocol.window.field,
        as_of=run.as_of,
    )
    recount = Recount()
    date = protocol.reported.get("search_date")
    if date and any(is_pubmed(name) for name in protocol.content.get("databases") or ()):
        # The count as of the review's day, and the one of today where this run itself looks at a past day.
        source = source_of(run, Path(snakemake.input.run).parent)
        sent = protocol.sent(protocol.primary, until=run.until, as_of=last_day(date))
        today = protocol.sent(protocol.primary, until=run.until)
        recount = Recount(
            by_search_date=source.count(sent).count, now=source.count(today).count if run.as_of else None
        )
    verdict = judge(
        facts,
        recount=recount,
        known=KNOWN_ITEMS.read(Path(snakemake.input.known)),
        boundary=len(edge),
        incomplete=[down.rstrip(".")] if (down := facts.flow.reference_lists.unavailable) else [],
    )
    VERDICT.write(Path(snakemake.output.verdict), verdict)
    BOUNDARY.write(Path(snakemake.output.boundary), edge)
    log.info("%s: %s", verdict.outcome, " ".join(verdict.because))
