"""The tape keeps every answer as received, asks nothing twice, and survives a kill at any moment."""

from __future__ import annotations

import csv
import gzip
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from counting import Counting, efetch
from tests.support.tapes import faults_of

from resift.errors import SourceError
from resift.pubmed.source import AnswerError, Endpoint, Request
from resift.pubmed.tape import TAPE_COLUMNS, Tape


def test_an_answered_request_is_not_sent_again(tmp_path: Path) -> None:
    transport = Counting()
    tape = Tape(tmp_path, transport)
    first = tape.send(efetch(1))
    assert tape.send(efetch(1)) == first
    assert Tape(tmp_path, transport).send(efetch(1)) == first
    assert len(transport.asked) == 1


def test_a_question_as_long_as_any_query_may_be_is_found_again(tmp_path: Path) -> None:
    """Python's own reader of CSV refuses cells of more than 131,072 characters unless told otherwise."""
    transport = Counting()
    request = Request.of(Endpoint.EFETCH, db="pubmed", id="1", retmode="xml", term='"' * 131_072)
    kept = Tape(tmp_path, transport).send(request)
    csv.field_size_limit(131_072)
    assert Tape(tmp_path).send(request) == kept


def test_a_tape_replays_without_a_transport(tmp_path: Path) -> None:
    kept = Tape(tmp_path, Counting()).send(efetch(1))
    assert Tape(tmp_path).send(efetch(1)) == kept
    with pytest.raises(SourceError, match="no answer on the tape"):
        Tape(tmp_path).send(efetch(2))


def test_files_are_the_answers_as_received(tmp_path: Path) -> None:
    answer = Tape(tmp_path, Counting()).send(efetch(7))
    packed = (tmp_path / f"{efetch(7).sha256}.gz").read_bytes()
    assert gzip.decompress(packed) == answer.body
    assert packed[4:8] == b"\0\0\0\0"  # no time inside: the same answer gives the same file
    with (tmp_path / "requests.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == TAPE_COLUMNS
    assert rows[1][:2] == [efetch(7).sha256, "efetch"]
    assert rows[1][3:5] == ["2026-01-02T03:04:05Z", "200"]


@pytest.mark.parametrize(
    ("http", "body"),
    [
        (429, b'{"error":"API rate limit exceeded"}'),
        (500, b"<html>oops</html>"),
        (200, b" "),
        (200, b"<PubmedArticleSet><Pubmed"),
        (200, b"<eFetchResult><ERROR>Cannot process ID list</ERROR></eFetchResult>"),
    ],
)
def test_a_failure_is_never_kept_as_the_answer(tmp_path: Path, http: int, body: bytes) -> None:
    tape = Tape(tmp_path, Counting(http=http, body=body))
    with pytest.raises(AnswerError):
        tape.send(efetch(1))
    assert Tape(tmp_path).find(efetch(1)) is None
    assert not list(tmp_path.glob("*.gz"))


def test_an_answer_taken_over_keeps_its_name_and_time_and_answers_no_question_of_today(
    tmp_path: Path,
) -> None:
    first = Tape(tmp_path / "rossi-2025" / "raw", Counting())
    received = first.send(efetch(1))
    transport = Counting()
    second = Tape(tmp_path / "rossi-2026" / "raw", transport)
    second.take_over(first, first.rows()[0])
    (row,) = second.rows()
    assert (row.from_run, row.utc) == ("rossi-2025", received.utc)
    third = Tape(tmp_path / "rossi-2027" / "raw")
    third.take_over(second, row)
    assert third.rows()[0].from_run == "rossi-2025"  # the run that received it, not the last holder
    assert third.send(efetch(1)).body == received.body  # a replay finds it
    assert second.send(efetch(1)).from_run == ""
    assert transport.asked == [efetch(1).sha256]
    second.take_over(first, first.rows()[0])
    assert [row.from_run for row in second.rows()] == [""]  # today's answer stays


def test_a_torn_last_line_is_repaired_and_its_request_sent_again(tmp_path: Path) -> None:
    tape = Tape(tmp_path, Counting())
    tape.send(efetch(1))
    tape.send(efetch(2))
    table = tmp_path / "requests.csv"
    whole = table.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(last, len(whole)):
        table.write_bytes(whole[:cut])
        transport = Counting()
        again = Tape(tmp_path, transport)
        again.send(efetch(1))
        again.send(efetch(2))
        assert transport.asked == [efetch(2).sha256]
        assert table.read_bytes() == whole
        assert faults_of(again) == []


def test_a_body_without_its_last_rename_is_still_the_answer(tmp_path: Path) -> None:
    kept = Tape(tmp_path, Counting()).send(efetch(1))
    path = tmp_path / f"{efetch(1).sha256}.gz"
    path.rename(path.with_name(path.name + ".part"))
    assert Tape(tmp_path).send(efetch(1)) == kept
    transport = Counting()
    Tape(tmp_path, transport).send(efetch(2))
    assert path.exists()
    assert not list(tmp_path.glob("*.part"))


def test_leftovers_of_an_unfinished_answer_are_cleared(tmp_path: Path) -> None:
    tmp_path.joinpath("0" * 64 + ".gz.part").write_bytes(b"half")
    Tape(tmp_path, Counting()).send(efetch(1))
    assert not list(tmp_path.glob("*.part"))


def test_verify_finds_what_was_changed_or_lost(tmp_path: Path) -> None:
    tape = Tape(tmp_path, Counting())
    for pmid in range(1, 5):
        tape.send(efetch(pmid))
    assert faults_of(tape) == []
    paths = [tmp_path / f"{efetch(pmid).sha256}.gz" for pmid in range(1, 5)]
    paths[0].write_bytes(gzip.compress(b"<PubmedArticleSet/>", mtime=0))
    paths[1].write_bytes(paths[1].read_bytes()[:-9])
    paths[2].unlink()
    problems = faults_of(Tape(tmp_path))
    assert len(problems) == 3
    assert all(path.name in problem for path, problem in zip(paths, problems, strict=False))
    with pytest.raises(SourceError, match="not the one that was received"):
        Tape(tmp_path).send(efetch(1))


def test_verify_finds_changed_parameters(tmp_path: Path) -> None:
    Tape(tmp_path, Counting()).send(efetch(1))
    table = tmp_path / "requests.csv"
    table.write_text(table.read_text().replace('""1""', '""2""'))
    assert "another request" in faults_of(Tape(tmp_path))[0]


def test_a_damaged_table_is_an_error_and_not_an_empty_tape(tmp_path: Path) -> None:
    Tape(tmp_path, Counting()).send(efetch(1))
    with (tmp_path / "requests.csv").open("a") as file:
        file.write("something else\n")
    with pytest.raises(SourceError, match="columns"):
        Tape(tmp_path, Counting()).send(efetch(2))


def _ask_all(folder: Path, asked: Path) -> None:
    tape = Tape(folder, Counting(asked))
    for pmid in range(1, 41):
        tape.send(efetch(pmid))


def test_two_processes_share_a_tape_and_send_nothing_twice(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_ask_all, args=(tmp_path / "raw", asked)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert sorted(asked.read_text().split(), key=int) == [str(pmid) for pmid in range(1, 41)]
    assert len(Tape(tmp_path / "raw").rows()) == 40
    assert faults_of(Tape(tmp_path / "raw")) == []


WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, {here!r})
from counting import Counting, efetch
from resift.pubmed.tape import Tape
tape = Tape(Path({folder!r}), Counting(Path({asked!r})))
print("go", flush=True)
for pmid in range(1, {n} + 1):
    tape.send(efetch(pmid))
"""


KILLS = 20 if os.environ.get("RESIFT_SOAK") else 8  # the long form is `make soak`


@pytest.mark.slow
def test_killed_at_random_moments_the_tape_equals_an_undisturbed_one(tmp_path: Path) -> None:
    """kill -9, again and again; each kill may cost the one request that was under way, and no kept answer."""
    n, dice = 400, random.Random(11)
    folder, asked = tmp_path / "raw", tmp_path / "asked"
    asked.touch()
    code = WORKER.format(
        here=str(Path(__file__).parents[1] / "support"), folder=str(folder), asked=str(asked), n=n
    )
    kills = 0
    while kills < KILLS:
        worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(dice.uniform(0, 0.02))
        assert worker.poll() is None, "it finished before it could be killed: make the work longer"
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        kills += 1
        kept = {row.request for row in Tape(folder).rows()}
        assert faults_of(Tape(folder)) == []
        sent = asked.read_text().split()
        assert len(sent) - len(kept) <= kills
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    undisturbed = Tape(tmp_path / "calm", Counting())
    for pmid in range(1, n + 1):
        undisturbed.send(efetch(pmid))
    assert faults_of(Tape(folder)) == []
    names = {path.name for path in (tmp_path / "calm").glob("*.gz*")}
    assert {path.name for path in folder.glob("*.gz*")} == names
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "calm" / name).read_bytes()
    assert (folder / "requests.csv").read_bytes() == (tmp_path / "calm" / "requests.csv").read_bytes()
    sent = asked.read_text().split()
    assert len(sent) - n <= kills
    assert set(sent) == {str(pmid) for pmid in range(1, n + 1)}
