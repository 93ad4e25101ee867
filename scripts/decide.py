"""Bring rules and people together: one state per record, with its reason."""

from dataclasses import replace
from pathlib import Path

from resift.identify.other_methods import limits_bind, outside_limits
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.runs.steps import read_lane, read_table, step, write_table
from resift.screening.criteria import load_screening
from resift.screening.decisions import full_text_undertaken, load_human_decisions, unmatched
from resift.screening.table import DECISION_COLUMNS, candidates, decision_rows, topics_of

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    folder = Path(snakemake.input.run).parent
    protocol = load_protocol(Path(snakemake.input.protocol[0]))
    screening = load_screening(protocol.screening, protocol.fragments)
    human = load_human_decisions(protocol.decisions)
    lanes = [read_lane(folder, "databases"), read_lane(folder, "other")]
    if limits_bind(protocol):
        outside = outside_limits(lanes[1].records, protocol, until=run.until)
        lanes[1] = replace(lanes[1], outside_limits=outside)
    evidence = [row for path in snakemake.input.evidence for row in read_table(Path(path))]
    earlier = [Path(path) for path in snakemake.input.earlier if path.endswith("decisions.csv")]
    hits = {
        row["pmid"]: tuple(row["strategies"].split(";")) for row in read_table(Path(snakemake.input.hits))
    }
    rows = decision_rows(
        lanes,
        screening,
        human,
        role=protocol.role,
        full_text=full_text_undertaken(protocol.full_text, human),
        topics=topics_of(evidence, list(screening.topics)),
        first_seen={row["record"]: row["first_seen"] for path in earlier for row in read_table(path)},
        run=run.name,
        missing=read_table(Path(snakemake.input.missing)),
        missing_found_by=hits,
    )
    for decision in unmatched(candidates(lanes, screening), human):
        log.warning("line %d of the human decisions: %s is not in this run", decision.line, decision.record)
    write_table(Path(snakemake.output.decisions), DECISION_COLUMNS, rows)
