"""One job of a study: the reruns of a batch, one after the other in one process.

A rerun that fails leaves its cause and the others go on. What ended before, from the same row and by the
same library, is not done again; what was cut off begins again from its tape, which asks nothing twice.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from resift.errors import ResiftError, RunError, printable
from resift.identify.source import archives_kept_open
from resift.project.protocol import load_protocol
from resift.project.run import RESULTS
from resift.rows import read_document, write_document
from resift.runs.ledger import LOCK
from resift.runs.plan import library_sha256
from resift.runs.restore import clear_damaged
from resift.runs.together import run_together
from resift.studies.dated import doubt_of
from resift.studies.plan import Ended, Planned, config_content, ended_file, load_plan
from resift.tables import MANIFEST

log = logging.getLogger(__name__)


def rerun_batch(plan: Path, number: int) -> list[Ended]:
    """Rerun the searches of one batch of a plan; each end is put down as soon as it is known."""
    folder = plan.parent
    ends = []
    with archives_kept_open():
        for planned in load_plan(plan).batches[number]:
            ended = rerun(planned, folder)
            write_document(ended, ended_file(folder, planned.name))
            ends.append(ended)
    return ends


def rerun(planned: Planned, folder: Path) -> Ended:
    """Rerun one search as a full run of its own. Never raises: what goes wrong is the `cause`."""
    before = _before(ended_file(folder, planned.name))
    ended = Ended(name=planned.name, run=planned.run, sha256=planned.sha256, library=library_sha256())
    run = RESULTS / planned.run
    if (
        before is not None
        and not before.cause
        and replace(before, by_later_headings=None, undated=None) == ended
        and MANIFEST.of(run).is_file()
        and not clear_damaged(run)
    ):
        return before
    try:
        run.mkdir(parents=True, exist_ok=True)
        with FileLock(run / LOCK, preserve_lock_file=True).acquire(blocking=False):
            for line in clear_damaged(run):
                log.warning("%s", line)
            config = config_content(planned)
            run_together(config)
            doubt = doubt_of(run, load_protocol(Path(str(config["protocol"]))))
    except Timeout:
        return replace(ended, cause=f"run {planned.run} is going on in another process")
    except (ResiftError, OSError) as error:
        return replace(ended, cause=printable(" ".join(str(error).split())))
    except Exception as error:  # noqa: BLE001 - one review never stops the others
        log.error("%s", traceback.format_exc())
        story = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return replace(ended, cause=printable(f"failed unexpectedly: {story}"))
    if doubt is None:
        return ended
    return replace(ended, by_later_headings=doubt.by_later_headings, undated=doubt.undated)


def _before(path: Path) -> Ended | None:
    try:
        return read_document(Ended, path)
    except RunError:
        return None
