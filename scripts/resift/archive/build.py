"""Indexing several files of PubMed XML at once, in two worker processes.

`python -m resift.archive.build` is such a worker: it reads one task a line (JSON: source, folder) from
its standard input and answers with one line each. Workers are programs of their own, not forks, so
that neither the caller's threads nor its main module matter.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from resift.archive.index import build
from resift.errors import FormatError, ResiftError, SourceError

WORKERS = 2
# Below this a worker's start (0.5 s of imports) costs more than it saves.
_WORTH_A_WORKER = 4 << 20

Task = tuple[Path, Path]


def build_all(tasks: Sequence[Task], progress: Callable[[str, int, int], None] | None = None) -> None:
    """Index each `source` into its `folder`. The first error in the order of the tasks is raised."""
    done = 0

    def report(source: Path) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(source.name, done, len(tasks))

    if len(tasks) < 2 or sum(source.stat().st_size for source, _ in tasks) < _WORTH_A_WORKER:
        for source, folder in tasks:
            build(source, folder)
            report(source)
        return

    # The largest first, so that the last one to finish is a small one.
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for n in sorted(range(len(tasks)), key=lambda n: -tasks[n][0].stat().st_size):
        waiting.put(n)
    errors: dict[int, ResiftError] = {}
    lock = threading.Lock()

    def finished(n: int, error: ResiftError | None) -> None:
        with lock:
            if error is None:
                report(tasks[n][0])
            else:
                errors[n] = error

    threads = [
        threading.Thread(target=_serve, args=(tasks, waiting, finished), daemon=True)
        for _ in range(min(WORKERS, len(tasks)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[min(errors)]


def _serve(
    tasks: Sequence[Task],
    waiting: queue.SimpleQueue[int],
    finished: Callable[[int, ResiftError | None], None],
) -> None:
    """Feed one worker process until nothing waits."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-m", "resift.archive.build"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        while True:
            try:
                n = waiting.get_nowait()
            except queue.Empty:
                worker.stdin.close()
                return
            source, folder = tasks[n]
            try:
                worker.stdin.write(json.dumps([str(source), str(folder)]) + "\n")
                worker.stdin.flush()
                answer = worker.stdout.readline()
            except BrokenPipeError:
                answer = ""
            if not answer:
                finished(n, SourceError("the process that indexes it died", where=str(source)))
                return
            finished(n, _error(json.loads(answer)))


def _error(answer: dict[str, str] | None) -> ResiftError | None:
    if answer is None:
        return None
    kind = FormatError if answer["kind"] == FormatError.__name__ else SourceError
    return kind(answer["what"], where=answer["where"], fix=answer["fix"])


def main() -> None:
    """The worker: tasks in, `null` or the error out."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it without a word; the caller has spoken
    for line in sys.stdin:
        source, folder = map(Path, json.loads(line))
        answer = None
        try:
            build(source, folder)
        except ResiftError as error:
            answer = {
                "kind": type(error).__name__,
                "what": error.what,
                "where": error.where,
                "fix": error.fix,
            }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
