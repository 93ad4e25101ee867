"""One rate limit for all processes of a run.

NCBI counts requests per address and key (NBK25497: 3 a second without a key, 10 with one), so jobs that
run side by side must share one limit. Each takes the next free moment from a file of the run folder, under
a lock that the system releases when a process dies, and then waits for it on its own.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable
from pathlib import Path

# Keeps four requests from falling into one second when some arrive faster than others. Bio.Entrez found
# a third of a second too short as well, and waits 0.37 s.
MARGIN = 1.1

# A moment further ahead than this was written under another clock (a restart, another machine).
FAR_AHEAD = 3600.0


class Pace:
    """Hands out moments at least `1 / per_second` apart, to all users of `file` together."""

    def __init__(
        self,
        file: Path,
        per_second: float,
        *,
        clock: Callable[[], float] = time.time,
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
        with self._file.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            now = self._clock()
            moment = max(now, self._last(file.read(), now) + self._interval)
            file.truncate(0)
            file.write(repr(moment))
        if moment > now:
            self._sleep(moment - now)

    @staticmethod
    def _last(text: str, now: float) -> float:
        try:
            last = float(text)
        except ValueError:  # empty, or cut short by a kill
            return 0.0
        return last if last < now + FAR_AHEAD else 0.0
