"""Times of files, by which Snakemake decides what is to be made again: none may lie ahead of the clock.

A file from the future (the clock was set back, the project came from a machine ahead of this one) would be
newer than all that is made from it from now on, and the workflow would stop at every step.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path


def bring_back(paths: Iterable[Path]) -> list[Path]:
    """Give files from the future the time of now, in the order that they had; returns those files.

    What cannot be changed stays as it is.
    """
    now = time.time_ns()
    times = {path: path.stat().st_mtime_ns for path in paths if path.is_file()}
    ahead = sorted((path for path, changed in times.items() if changed > now), key=lambda path: times[path])
    brought = []
    for n, path in enumerate(ahead):
        # One microsecond apart: what was newer than another file stays so, and none is ahead of the clock.
        moment = now - 1_000 * (len(ahead) - n)
        try:
            os.utime(path, ns=(moment, moment))
        except OSError:
            continue
        brought.append(path)
    return brought
