"""One rate limit for all processes of a run."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest
from tests.pubmed.test_transport import Clock

from resift.pubmed.pace import Pace
from resift.pubmed.transport import HttpTransport

KEY = "0123456789abcdef0123456789abcdef0123"


def test_no_second_holds_more_requests_than_allowed(tmp_path: Path) -> None:
    clock = Clock()
    paces = [Pace(tmp_path / "pace", 3, clock=clock, sleep=clock.sleep) for _ in range(2)]
    moments = []
    for n in range(40):
        paces[n % 2].wait()
        moments.append(clock.now)
    for moment in moments:
        assert sum(moment <= other < moment + 1 for other in moments) <= 3


def test_a_pace_file_of_another_clock_or_cut_short_delays_nobody(tmp_path: Path) -> None:
    clock = Clock()
    for text in ("", "1e99", "17e", "nonsense"):
        (tmp_path / "pace").write_text(text)
        Pace(tmp_path / "pace", 3, clock=clock, sleep=clock.sleep).wait()
        assert clock.now == 1_000.0


@pytest.mark.parametrize(("key", "expected"), [("", 3.0), (KEY, 10.0)])
def test_ncbis_limits_hold_unless_overridden(
    key: str, expected: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCBI_API_KEY", key)
    contact = {"email": "e@example.org", "tool": "t", "pace_file": tmp_path / "pace"}
    assert HttpTransport(**contact).per_second == expected  # type: ignore[arg-type]
    assert HttpTransport(**contact, per_second=50).per_second == 50  # type: ignore[arg-type]


def _take(file: Path, count: int, results: multiprocessing.Queue[list[float]]) -> None:
    moments: list[float] = []
    pace = Pace(file, 1_000.0, sleep=lambda seconds: None)
    for _ in range(count):
        pace.wait()
        moments.append(float(file.read_text() or "nan"))
    results.put(moments)


def test_processes_share_one_pace(tmp_path: Path) -> None:
    """Four processes take 200 moments in all: the last is at least 199 intervals after the first."""
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[list[float]] = context.Queue()
    began = time.monotonic()
    workers = [context.Process(target=_take, args=(tmp_path / "pace", 50, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for _ in workers:
        results.get(timeout=60)
    for worker in workers:
        worker.join(60)
    assert float((tmp_path / "pace").read_text()) >= began + 199 * 1.1 / 1_000
