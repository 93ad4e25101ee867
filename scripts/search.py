"""Ask the source for the ids of every strategy; stop where it dropped or changed part of a query."""

from pathlib import Path

from resift.identify.search import faults, hits, messages, run_strategies, write_answers
from resift.project.protocol import load_protocol
from resift.project.run import load_run
from resift.runs.alone import snakemake
from resift.runs.steps import source_of, step
from resift.tables import HITS

with step(snakemake) as log:
    run = load_run(Path(snakemake.input.run))
    protocol = load_protocol(Path(snakemake.input.protocol))
    source = source_of(run, Path(snakemake.input.run).parent)
    answers = run_strategies(source, protocol, run)
    strategies = {strategy.name: strategy for strategy in protocol.strategies}
    for name, answer in answers.items():
        log.info("%s: %d records; translated as %s", name, answer.count, answer.translation)
        for message in (*faults(strategies[name]), *map(str, messages(strategies[name], answer))):
            log.warning("%s: %s", name, message)
        for message in answer.approximations:
            log.info("%s: %s", name, message)
    write_answers(answers, Path(snakemake.output.answers))
    HITS.write(Path(snakemake.output.hits), hits(answers))
