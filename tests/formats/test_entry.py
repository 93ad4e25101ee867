"""From the entries of a file to records: ids that never depend on the place in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.exports import to_text

from resift.formats import read_file

from .reading import EMBASE_RIS, written_and_read
from .samples import PLAIN, TEXTS


def test_sources_take_the_name_of_the_file_unless_given(tmp_path: Path) -> None:
    (record,) = written_and_read(tmp_path, "Embase 2012.ris", EMBASE_RIS)
    assert record.record == "embase-2012:L361234567"


FORMATS = tuple(TEXTS)


PMIDS = [item.record.pmid for item in PLAIN]


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_file_twice_in_one_loses_and_confuses_nothing(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"export.{form}"
    text = TEXTS[form]
    if form == "csv":
        twice = text + text.partition("\n")[2]
    elif form == "xml":
        twice = text.replace("</records></xml>", "") + text.partition("<records>")[2]
    else:
        twice = text + text
    path.write_text(twice, encoding="utf-8")
    records = read_file(path, source="joined")
    assert [record.pmid for record in records] == PMIDS * 2
    assert len({record.record for record in records}) == 6


@pytest.mark.parametrize("form", FORMATS)
def test_ids_do_not_depend_on_the_place_in_the_file(form: str, tmp_path: Path) -> None:
    forwards, backwards = tmp_path / f"a.{form}", tmp_path / f"b.{form}"
    from .samples import endnote_xml

    for path, items in ((forwards, PLAIN), (backwards, PLAIN[::-1])):
        text = endnote_xml(tuple(item.record for item in items)) if form == "xml" else to_text(form, items)
        path.write_text(text, encoding="utf-8")
    one, other = (read_file(path, source="x") for path in (forwards, backwards))
    assert {r.record: r.title for r in one} == {r.record: r.title for r in other}
