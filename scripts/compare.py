"""Name one cause for every record gained, lost, revised or decided otherwise since the earlier run."""

from dataclasses import replace
from pathlib import Path

from resift.changes.anomalies import Planned, anomalies
from resift.changes.applied import applied_by
from resift.changes.as_of import as_of, days_of
from resift.changes.between import deleted_in, look_up, searches_of
from resift.changes.compare import changes_between, unexplained
from resift.changes.notices import NOTED_BY, checked, notices
from resift.changes.observation import observe
from resift.changes.searched import Today
from resift.progress import step_parts
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.steps import mesh_of, source_of, step
from resift.screening.criteria import load_screening
from resift.tables import ANOMALIES, APPLIED, AS_OF, CHANGES, NOTICES

with step(snakemake) as log, step_parts("comparing", 4) as part_done:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    applied = applied_by(run, protocol, load_screening(protocol.screening, protocol.fragments))
    source = source_of(run, folder)
    alone = not snakemake.input.earlier and not days_of(run, protocol)
    now = observe(folder, applied=applied, columns=NOTED_BY if alone else None)
    part_done()
    before, today, rows, odd = None, Today(), [], []
    if snakemake.input.earlier:
        before = observe(Path(snakemake.input.earlier[0]).parent)
        today = replace(look_up(before, now, source), restored=deleted_in(map(Path, snakemake.input.chain)))
        searches = searches_of(before, now, today)
        rows = changes_between(searches)
        odd = anomalies(searches, Planned(**(run.config.get("planned_change") or {})))
    part_done()
    said = notices(now, before, today, source)
    part_done()
    log.info("%d changes since %s, %d unexplained", len(rows), run.compare_with, unexplained(rows))
    log.info("%d records checked for retractions, %d notices", len(checked(now, before)), len(said))
    for anomaly in odd:
        log.warning("strategy %s: %s", anomaly.strategy, anomaly.why)
    APPLIED.write(Path(snakemake.output.applied), applied)
    CHANGES.write(Path(snakemake.output.changes), rows)
    ANOMALIES.write(Path(snakemake.output.anomalies), odd)
    NOTICES.write(Path(snakemake.output.notices), said)
    AS_OF.write(Path(snakemake.output.as_of), as_of(now, mesh_of(run)))
    part_done()
