"""`resift archive`: add in parts, status, verify."""

from __future__ import annotations

from pathlib import Path

import pytest
from xml_samples import updates

from resift.__main__ import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return updates(tmp_path / "xml")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        code = main(["archive", *arguments])
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, capsys.readouterr().out


def test_parts_are_independent_and_together_are_all(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "add", "--part", "2/2", "xml") == (0, "xml: 2 files indexed\n")
    _, said = told(capsys, "status", "xml")
    assert "3 files, 2 indexed" in said
    assert "not indexed: n0001.xml" in said
    assert told(capsys, "add", "--part", "1/2", "xml") == (0, "xml: 1 files indexed\n")
    _, said = told(capsys, "status", "xml")
    assert "2 records stand of 4 in the files; 1 PMIDs deleted" in said
    assert told(capsys, "add", "xml") == (0, "xml: 0 files indexed\n")


def test_verify_reads_every_byte(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "verify", "xml")[0] == 1  # nothing is indexed yet
    told(capsys, "add", "xml")
    assert told(capsys, "verify", "xml") == (0, "xml: 3 files: all as they were written\n")
    damaged = max(Path(".cache/archive").glob("*/elements.bin"), key=lambda path: path.stat().st_size)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    code, said = told(capsys, "verify", "xml")
    assert (code, said.count("its index is damaged")) == (1, 1)


@pytest.mark.parametrize("part", ["0/3", "4/3", "x", "1", "1/", "²/3"])
def test_what_is_no_part_is_said(folder: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["archive", "add", "--part", part, "xml"]) != 0
    assert "is no part" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "slrum"], "there is no profile 'slrum'; did you mean 'slurm'?"),
        (["--profile", "slurm", "--part", "1/2"], "a profile's jobs are parts already"),
        (["--profile", "slurm", "--files-per-job", "0"], "0 is no number of files"),
    ],
)
def test_a_profile_that_cannot_be_used_is_said(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "add", *arguments, "xml"]) == 1
    assert said in capsys.readouterr().err


BASELINE = ("pubmed25n0001.xml.gz", "pubmed25n0002.xml.gz")


UPDATES = ("pubmed25n0003.xml.gz",)


NAMES = [*BASELINE, *UPDATES]
