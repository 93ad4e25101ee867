"""Resolve the configuration once and freeze the protocol by hash, before the first fetch."""

from pathlib import Path

from resift.project.config import config_from
from resift.project.protocol import load_protocol
from resift.project.run import start_run, utc_now
from resift.runs.alone import snakemake
from resift.runs.steps import step
from resift.screening.criteria import load_screening

with step(snakemake) as log:
    config = config_from(dict(snakemake.config), where="the configuration")
    protocol = load_protocol(Path(config.protocol))
    folder = Path(snakemake.output[0]).parent
    version = load_screening(protocol.screening, protocol.fragments).version
    run = start_run(
        folder,
        config,
        protocol,
        now=utc_now(),
        compare_with=snakemake.params.compare_with,
        screening_version=version,
    )
    log.info("run %s, started %s, compared with %s", run.name, run.started, run.compare_with or "none")
