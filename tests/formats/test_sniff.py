"""Which format a text is in, by its content; and whether the file's name agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

from resift.formats import read_export, read_file

from .samples import PLAIN, TEXTS

FORMATS = tuple(TEXTS)


PMIDS = [item.record.pmid for item in PLAIN]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("form", FORMATS)
def test_a_wrong_ending_is_read_and_said(form: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"export.{name}"
    path.write_text(TEXTS[form], encoding="utf-8")
    export = read_export(path)
    assert len(export.records) == 3
    said = [line for _, line in export.notes.lines() if "promises another format" in line]
    assert len(said) == (form != name)


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_without_a_telling_ending_goes_by_content(form: str, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text(TEXTS[form], encoding="utf-8")
    assert [record.pmid for record in read_file(path)] == PMIDS
