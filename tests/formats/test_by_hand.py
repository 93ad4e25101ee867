"""Tables that people keep, in the ways that spreadsheets save them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from resift.errors import ConfigError
from resift.formats.by_hand import yes_or_no
from resift.screening.human_decisions import HumanDecision, load_human_decisions
from resift.screening.proposed import append

HEAD = "decided_at,reviewer,role,record,stage,outcome,reason"


ROW = "2026-03-01,Müller,reviewer,pubmed:1,full_text,exclude,zu früh"


def _decisions(tmp_path: Path, data: bytes, name: str = "human.csv") -> list[HumanDecision]:
    path = tmp_path / name
    path.write_bytes(data)
    return load_human_decisions(path)


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}\n{ROW}\n".encode(),
        f"{HEAD}\r\n{ROW}\r\n,,,,,,\r\n".encode("utf-8-sig"),
        f"{HEAD}\n{ROW}\n".replace(",", ";").encode("cp1252"),
        ("sep=;\r\n" + f"{HEAD}\r\n{ROW}\r\n".replace(",", ";")).encode("cp1252"),
        f"{HEAD}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
        f"# a remark\n{HEAD.title().replace('_', ' ')},,\n{ROW},,\n".encode(),
    ],
    ids=["plain", "mark and empty cells", "semicolons, Latin-1", "sep", "tabs, UTF-16", "headings by hand"],
)
def test_decisions_as_a_spreadsheet_saves_them(data: bytes, tmp_path: Path) -> None:
    (row,) = _decisions(tmp_path, data)
    assert (row.decided_at, row.reviewer, row.reason) == ("2026-03-01", "Müller", "zu früh")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("13/03/2026", "2026-03-13"),
        ("03/13/2026", "2026-03-13"),
        ("1.3.2026", "2026-03-01"),
        ("05/05/2026", "2026-05-05"),
        ("2026/3/1", "2026-03-01"),
        ("13/03/2026 10:05", "2026-03-13T10:05:00"),
        ("3/13/2026 1:05 PM", "2026-03-13T13:05:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"),
    ],
)
def test_days_as_a_spreadsheet_writes_them(written: str, read: str, tmp_path: Path) -> None:
    (row,) = _decisions(tmp_path, f"{HEAD}\n{ROW}\n".replace("2026-03-01", written).encode())
    assert row.decided_at == read


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (ROW.replace("2026-03-01", "01/03/2026"), "line 2: '01/03/2026' could be 2026-03-01 or 2026-01-03"),
        (ROW.replace("2026-03-01", "31/02/2026"), "line 2: '31/02/2026' is not a day"),
        (f"{ROW},more", "line 2: 8 fields where the header has 7"),
        (ROW.replace("zu früh", '"zu früh'), "line 2: a quotation mark is not closed"),
    ],
)
def test_what_cannot_be_told_is_asked_for_with_its_line(row: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        _decisions(tmp_path, f"{HEAD}\n{row}\n".encode())


def test_a_column_that_is_not_known_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="unknown column 'reviewr'; did you mean 'reviewer'"):
        _decisions(tmp_path, f"{HEAD}\n{ROW}\n".replace("reviewer,role", "reviewr,role").encode())
    with pytest.raises(ConfigError, match="column 'outcome' is missing"):
        _decisions(tmp_path, b"decided_at,reviewer,role,record,stage\n")


@pytest.mark.parametrize(
    ("cell", "said"),
    [("yes", True), (" Y ", True), ("WAHR", True), ("1.0", True), ("no", False), ("FAUX", False), ("", None)],
)
def test_a_cell_says_yes_or_no_in_the_words_of_any_spreadsheet(cell: str, said: bool | None) -> None:
    assert yes_or_no(cell, "blind", "x.csv, line 2") is said


def test_any_other_word_is_asked_for_and_never_taken_for_a_no() -> None:
    with pytest.raises(ConfigError, match=r"x\.csv, line 2: column 'pmid_verified' cannot be 'perhaps'"):
        yes_or_no("perhaps", "pmid_verified", "x.csv, line 2")


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\x1c", "\r", "\n", ";", '"', "=1+1"])
@pytest.mark.parametrize("heading", ["", "sep=;\r\ndecided-at;Reviewer;role;record;stage;outcome;note\r\n"])
def test_whatever_a_note_holds_the_file_it_is_appended_to_can_be_read(
    sign: str, heading: str, tmp_path: Path
) -> None:
    path = tmp_path / "human-decisions.csv"
    path.write_bytes(heading.encode())
    row = HumanDecision(
        line=1, decided_at="2026-01-01", reviewer="AB", role="reviewer", record="pubmed:1",
        stage="title_abstract", outcome="include", note=f"{sign}one{sign}two",
    )  # fmt: skip
    append(path, [row])
    append(path, [replace(row, record="pubmed:2")])
    assert [one.record for one in load_human_decisions(path)] == ["pubmed:1", "pubmed:2"]
    assert all("one" in one.note and "two" in one.note for one in load_human_decisions(path))
