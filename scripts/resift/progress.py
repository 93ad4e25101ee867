"""How far a step is, on the terminal: done of all, how fast, how long yet.

Nothing is said of what takes less than two seconds, and nothing of it reaches a file: a log that is not a
terminal has a line every ten seconds.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_SILENT = 2.0  # seconds
_PAUSE, _PAUSE_IN_LOGS = 0.2, 10.0


def line(what: str, unit: str, done: int, of: int, seconds: float) -> str:
    """`searching: 3 of 12 files, 1.5 a second, 6 s left`."""
    rate = done / seconds if seconds else 0.0
    text = f"{what}: {done:,} of {of:,} {unit}"
    if not rate:
        return text
    shown = f"{rate:,.0f} a second" if rate >= 10 else f"{rate:.1f} a second" if rate >= 0.1 else ""
    slow = "" if shown else f"{1 / rate:,.0f} s each"
    return f"{text}, {shown or slow}, {_duration((of - done) / rate)} left"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


@contextmanager
def bar(
    what: str,
    unit: str,
    *,
    out: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how many are done and of how many; written to standard error."""
    stream = out or sys.stderr
    live = stream.isatty()
    began = clock()
    said: float | None = None

    def advance(done: int, of: int) -> None:
        nonlocal said
        now = clock()
        if now - began < _SILENT or (said is not None and now - said < (_PAUSE if live else _PAUSE_IN_LOGS)):
            return
        said = now
        text = line(what, unit, done, of, now - began)
        stream.write(f"\r\x1b[K{text}" if live else f"{text}\n")
        stream.flush()

    try:
        yield advance
    finally:
        if live and said is not None:
            stream.write("\r\x1b[K")
            stream.flush()
