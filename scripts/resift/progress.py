"""How far a step is, on the terminal: done of all, how fast, how long yet.

Nothing is said of what takes less than two seconds, and nothing of it reaches a file that a run hands over: a
log that is not a terminal has a line every ten seconds. The steps of a run are quiet there, unless the front
door asks for their lines, which it shows on its own terminal (`ASKED`, `MARK`).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_SILENT = 2.0  # seconds
_PAUSE, _PAUSE_IN_LOGS = 0.2, 10.0

#: The environment variable by which a step is asked for lines that begin with `MARK`, one a second.
ASKED = "RESIFT_PROGRESS"
MARK = "progress: "
_PAUSE_ASKED = 1.0


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
    mark: str = "",
    pause: float = _PAUSE_IN_LOGS,
    out: TextIO | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Callable[[int, int], None]]:
    """A function to call with how many are done and of how many; written to standard error.

    Where that is no terminal, lines begin with `mark` and come every `pause` seconds; marked ones end with an
    empty one.
    """
    stream = out or sys.stderr
    live = stream.isatty()
    began = clock()
    said: float | None = None

    def advance(done: int, of: int) -> None:
        nonlocal said
        now = clock()
        if now - began < _SILENT or (said is not None and now - said < (_PAUSE if live else pause)):
            return
        said = now
        text = line(what, unit, done, of, now - began)
        stream.write(f"\r\x1b[K{text}" if live else f"{mark}{text}\n")
        stream.flush()

    try:
        yield advance
    finally:
        if said is not None and (live or mark):
            stream.write("\r\x1b[K" if live else f"{mark}\n")
            stream.flush()


@contextmanager
def step_bar(what: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """`bar` for the steps of a run: on a terminal, or as lines where the front door asks for them."""
    if sys.stderr.isatty() or os.environ.get(ASKED):
        with bar(what, unit, mark=MARK, pause=_PAUSE_ASKED) as advance:
            yield advance
    else:
        yield lambda _done, _of: None


@contextmanager
def step_parts(what: str, parts: int) -> Iterator[Callable[[], None]]:
    """A function to call after each of so many parts of a step that has no one thing to count."""
    done = 0

    def part_done() -> None:
        nonlocal done
        done += 1
        advance(done, parts)

    with step_bar(what, "parts") as advance:
        yield part_done
