"""Several files indexed at once in worker processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.archive.two_files import check
from xml_samples import article_set, titled

from resift.archive import build as workers
from resift.archive import index as layout
from resift.archive.source import Archive
from resift.errors import FormatError, ResiftError


def test_threads_that_open_at_once_build_once(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Path] = []
    write = layout._write

    def slow(source: Path, into: Path) -> None:
        written.append(source)
        time.sleep(0.05)
        write(source, into)

    monkeypatch.setattr(layout, "_write", slow)
    threads = [threading.Thread(target=lambda: check(Archive.open(folder, cache=cache))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.name for path in written) == ["a.xml", "b.xml"]
    check(Archive.open(folder, cache=cache))


OPEN = (
    "import sys; from pathlib import Path; from resift.archive.source import Archive; "
    "print(len(Archive.open(Path(sys.argv[1]), cache=Path(sys.argv[2])).frame()))"
)


@pytest.mark.slow
def test_processes_that_open_at_once_agree_and_a_killed_one_leaves_nothing_locked(
    folder: Path, cache: Path
) -> None:
    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", OPEN, str(folder), str(cache)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    killed = start()
    while killed.poll() is None and not list(cache.glob("*.lock")):
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    both = [start(), start()]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == ["59", "59"]


@pytest.mark.slow
def test_worker_processes_build_the_same_index(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    Archive.open(folder, cache=here)
    monkeypatch.setattr(workers, "_WORTH_A_WORKER", 0)
    monkeypatch.setattr(workers, "build", lambda *_: pytest.fail("built in this process"))
    seen: list[int] = []
    check(Archive.open(folder, cache=there, progress=lambda _, done, of: seen.append(done)))
    assert seen == [1, 2]
    names = sorted(path.relative_to(here) for path in here.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(there) for path in there.rglob("*") if path.is_file())
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes()


@pytest.mark.slow
def test_errors_come_back_from_workers_as_they_are(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.xml").write_bytes(article_set(titled(1, "a"), titled(2, "b"))[:-60])

    def line(where: Path) -> tuple[type[ResiftError], str]:
        with pytest.raises(ResiftError) as caught:
            Archive.open(folder, cache=where)
        return type(caught.value), str(caught.value)

    here = line(cache)
    monkeypatch.setattr(workers, "_WORTH_A_WORKER", 0)
    assert line(tmp_path / "other") == here
    assert here[0] is FormatError
    assert "a.xml: the file breaks off inside record 2 (PMID 2)" in here[1]
