"""Files from the future get the time of now, in their order."""

from __future__ import annotations

import os
import time
from pathlib import Path

from resift.runs.times import bring_back


def test_files_ahead_of_the_clock_keep_their_order(tmp_path: Path) -> None:
    now = time.time()
    for name, moment in (("past", now - 9), ("last", now + 900), ("first", now + 90), ("second", now + 100)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (moment, moment))
    paths = [*tmp_path.iterdir(), tmp_path / "missing"]
    assert [path.name for path in bring_back(paths)] == ["first", "second", "last"]
    times = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert sorted(times, key=times.__getitem__) == ["past", "first", "second", "last"]
    assert times["last"] < time.time_ns() and times["past"] < int((now - 8) * 1e9)
    assert bring_back(paths) == []
