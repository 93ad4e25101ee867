"""One rate limit for all processes of a run.

NCBI counts requests per address and key (NBK25497: 3 a second without a key, 10 with one), so jobs that
run side by side must share one limit. Each takes the next free moment from a file of the run folder, under
a lock that the system releases when a process dies, and then waits for it on its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

# Keeps four requests from falling into one second when some arrive faster than others. Bio.Entrez found
# a third of a second too short as well, and waits 0.37 s.
MARGIN = 1.1

# A moment further ahead than this (in seconds) was written under another clock: before a restart, or on
# another machine. The processes of a run that wait at the same time are few.
FAR_AHEAD = 5.0


class Pace:
    """Hands out moments at least `1 / per_second` apart, to all users of `file` together.

    The clock counts from the start of the machine and is the same for all its processes (`time.monotonic`),
    so a clock that is set back or forward delays nobody.
    """

    def __init__(
        self,
        file: Path,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_second <= 0:
            raise ValueError("the number of requests per second must be above 0")
        self._file = file
        self._interval = MARGIN / per_second
        self._clock = clock
        self._sleep = sleep

    def wait(self) -> None:
        """Return when the next request may be sent."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._file.with_name(self._file.name + ".lock"), poll_interval=0.005):
            now = self._clock()
            moment = max(now, self._last(now) + self._interval)
            self._file.write_text(repr(moment), encoding="ascii")
        if moment > now:
            self._sleep(moment - now)

    def _last(self, now: float) -> float:
        try:
            last = float(self._file.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):  # new, empty, or cut short by a kill
            return 0.0
        return last if last <= now + max(FAR_AHEAD, 2 * self._interval) else 0.0
