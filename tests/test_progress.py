"""What a step says of how far it is."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest

from resift import progress
from resift.commands import run
from resift.progress import bar, line, step_bar, step_parts


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_done_of_all_rate_and_time_left() -> None:
    assert (
        line("indexing", "files", 30, 1200, 60.0) == "indexing: 30 of 1,200 files, 0.5 a second, 39 min left"
    )
    assert line("searching", "records", 5000, 20000, 0.5).endswith(
        "20,000 records, 10,000 a second, 2 s left"
    )
    assert line("indexing", "files", 1, 1200, 30.0).endswith("30 s each, 10.0 h left")


def said(out: io.StringIO, times: Iterator[float], calls: int) -> str:
    with bar("searching", "files", out=out, clock=lambda: next(times)) as advance:
        for done in range(1, calls + 1):
            advance(done, 10)
    return out.getvalue()


def test_nothing_is_said_of_what_is_quick() -> None:
    assert said(io.StringIO(), iter([0.0, 0.5, 1.0, 1.9]), 3) == ""


def test_a_log_has_a_line_every_ten_seconds_and_a_terminal_one_line_that_goes_away() -> None:
    assert said(io.StringIO(), iter([0.0, 3.0, 6.0, 9.0, 14.0]), 4).count("\n") == 2
    shown = said(Terminal(), iter([0.0, 3.0, 6.0]), 2)
    assert "\n" not in shown
    assert shown.endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("asked", "lines"), [("", []), ("1", ["progress: fetching: 5 of 10 records", "progress: "])]
)
def test_a_step_says_how_far_it_is_only_where_it_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], asked: str, lines: list[str]
) -> None:
    monkeypatch.setenv(progress.ASKED, asked)
    monkeypatch.setattr(progress, "_SILENT", 0.0)
    with step_bar("fetching", "records") as advance:
        advance(5, 10)
    assert [text.partition(",")[0] for text in capsys.readouterr().err.splitlines()] == lines


def test_the_front_door_shows_it_on_a_terminal_in_one_line_that_goes_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = "resift: told\nprogress: fetching: 5 of 10\nINFO other\nprogress: \nresift: done\nprogress: cut"
    for out, shown in (
        (Terminal(), "\r\x1b[Kresift: told\n\r\x1b[Kfetching: 5 of 10\r\x1b[K\r\x1b[Kresift: done\n"),
        (io.StringIO(), "resift: told\nresift: done\n"),
    ):
        monkeypatch.setattr(sys, "stderr", out)
        run._relay(io.StringIO(said))
        assert out.getvalue() == shown


def test_a_step_without_one_thing_to_count_tells_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(progress, "_SILENT", 0.0)
    monkeypatch.setattr(progress, "_PAUSE", 0.0)
    with step_parts("appraising", 4) as part_done:
        for _ in range(3):
            part_done()
    assert out.getvalue().split("\r\x1b[K")[2].startswith("appraising: 2 of 4 parts, ")
