"""Each format against each trap: read whole, or refused with one line that says where and what."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from resift.errors import FormatError
from resift.formats import read_file

from .samples import PLAIN, TEXTS

FORMATS = tuple(TEXTS)


PMIDS = [item.record.pmid for item in PLAIN]


READ_WHOLE: dict[str, Callable[[str], bytes]] = {
    "plain": lambda text: text.encode(),
    "byte-order mark": lambda text: text.encode("utf-8-sig"),
    "byte-order mark in the middle": lambda text: text.replace("\n", "\n\ufeff", 1).encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big-endian, no mark": lambda text: text.encode("utf-16-be"),
    "UTF-16, little-endian, no mark": lambda text: text.encode("utf-16-le"),
    "Latin-1": lambda text: text.encode("cp1252"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "gzip": lambda text: gzip.compress(text.encode(), mtime=0),
    "gzip in two parts": lambda text: gzip.compress(text[:500].encode(), mtime=0)
    + gzip.compress(text[500:].encode(), mtime=0),
    "blank lines around": lambda text: f"\n\n{text}\n\n".encode(),
}  # fmt: skip


def _flipped(data: bytes) -> bytes:
    return data[:40] + bytes(255 - byte for byte in data[40:80]) + data[80:]


REFUSED: dict[str, tuple[Callable[[str], bytes], str]] = {
    "empty": (lambda text: b"", "is empty"),
    "only blanks": (lambda text: b" \n\n\t\n", "is empty"),
    "only a byte-order mark": (lambda text: b"\xef\xbb\xbf", "is empty"),
    "mixed encodings": (lambda text: text.encode() + "été\n".encode("cp1252"), "mixes encodings"),
    "a web page": (lambda text: b"<!DOCTYPE html><html><body>Session expired</body></html>", "web page"),
    "a workbook": (lambda text: b"PK\x03\x04" + text.encode(), "workbook"),
    "a PDF": (lambda text: b"%PDF-1.4 " + text.encode(), "PDF"),
    "a NUL byte": (lambda text: text.encode().replace(b"cold", b"co\x00ld"), "control character"),
    "gzip cut off": (lambda text: gzip.compress(text.encode())[:-30], "cut off"),
    "gzip damaged": (lambda text: _flipped(gzip.compress(text.encode())), "damaged gzip"),
    "cut off": (lambda text: text[: text.rindex("cold title") + 4].encode(), ""),
}  # fmt: skip


@pytest.mark.parametrize("trap", READ_WHOLE)
@pytest.mark.parametrize("form", FORMATS)
def test_read_whole(form: str, trap: str, tmp_path: Path) -> None:
    path = tmp_path / f"export.{form}"
    path.write_bytes(READ_WHOLE[trap](TEXTS[form]))
    records = read_file(path, source="endnote")
    assert [record.pmid for record in records] == PMIDS
    assert records[0].title.startswith("Treatment of müllerian & [other] tumours: 50% of {cases}")
    assert records[1].title.startswith("[=Une étude")
    assert len({record.record for record in records}) == 3


@pytest.mark.parametrize("trap", REFUSED)
@pytest.mark.parametrize("form", FORMATS)
def test_refused_in_one_line_with_the_file(form: str, trap: str, tmp_path: Path) -> None:
    damage, words = REFUSED[trap]
    path = tmp_path / f"export.{form}"
    path.write_bytes(damage(TEXTS[form]))
    with pytest.raises(FormatError) as caught:
        read_file(path)
    message = str(caught.value)
    assert str(path) in message
    assert words in message
    assert "\n" not in message


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        read_file(tmp_path / "nothing.ris")


def test_xml_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not read me")
    path = tmp_path / "evil.xml"
    path.write_text(
        f'<!DOCTYPE xml [<!ENTITY leak SYSTEM "file://{secret}">]><xml><records><record><titles>'
        "<title>&leak; A title</title></titles></record></records></xml>"
    )
    try:
        titles = [record.title for record in read_file(path)]
    except FormatError:
        return
    assert "do not read me" not in "".join(titles)


def test_a_pmid_of_our_own_table_that_a_spreadsheet_changed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    for cell, held in (
        ("20049617", "20049617"),
        ("20049617.0", "20049617"),
        ("2.0E+07", None),
        ("Lyon", None),
    ):
        path.write_text(f"record,source,pmid,title\npubmed:20049617,pubmed,{cell},A title\n")
        if held:
            assert [record.pmid for record in read_file(path)] == [held]
        else:
            with pytest.raises(FormatError, match=r"all\.csv, line 2: the pmid .* is none"):
                read_file(path)
