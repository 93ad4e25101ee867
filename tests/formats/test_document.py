"""Lists of references in Word documents."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from resift.errors import FormatError
from resift.formats import read_file
from resift.formats.citations import read_citations

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LIST = """
<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>References</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:instrText>ADDIN EN.CITE</w:instrText></w:r>
<w:r><w:t xml:space="preserve">Smith J, Doe A. Embolisation of the liver. </w:t></w:r>
<w:del><w:r><w:delText>Lancet</w:delText></w:r></w:del>
<w:r><w:t>Ann Surg. 2010;28(1):69</w:t><w:noBreakHyphen/><w:t>76.</w:t></w:r></w:p>
<w:p><w:r><w:t>Müller K. Another paper on surgery.</w:t><w:br/></w:r>
<w:hyperlink><w:r><w:t xml:space="preserve"> Gut. 2012;61:1-9. doi:10.1000/xyz</w:t></w:r></w:hyperlink></w:p>
"""


def _document(path: Path, body: str, name: str = "word/document.xml", space: str = SPACE) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    return path


@pytest.mark.parametrize(
    ("name", "space"),
    [
        ("word/document.xml", SPACE),
        ("word/document2.xml", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
    ],
)
def test_each_paragraph_of_a_document_is_a_line(name: str, space: str, tmp_path: Path) -> None:
    first, second = read_citations(_document(tmp_path / "list.docx", LIST, name, space))
    assert (first.citation.title, first.citation.pages) == ("Embolisation of the liver", "69-76")
    assert first.citation.journal == "Ann Surg"
    assert (second.citation.journal, second.citation.doi) == ("Gut", "10.1000/xyz")


def test_a_damaged_document_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="damaged Word document"):
        read_citations(_document(tmp_path / "list.docx", "<w:p>"))


def test_what_a_revision_moved_and_what_stands_twice_for_other_programs_is_read_once(tmp_path: Path) -> None:
    reference = "<w:r><w:t>Smith J, Doe A. Embolisation of the liver. Ann Surg. 2010;28:69-76.</w:t></w:r>"
    other = reference.replace("liver", "spleen")
    box = f"<w:p>{other}</w:p>"
    body = (
        f"<w:p><w:moveFrom>{reference}</w:moveFrom></w:p><w:p><w:moveTo>{reference}</w:moveTo></w:p>"
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    strings = read_citations(_document(tmp_path / "list.docx", body))
    assert [string.citation.title for string in strings] == [
        "Embolisation of the liver",
        "Embolisation of the spleen",
    ]


@pytest.mark.parametrize("name", ["list.docx", "list.xlsx"])
def test_a_byte_changed_anywhere_is_told_or_does_not_matter(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if path.suffix == ".docx":
        paragraphs = (f"<w:p><w:r><w:t>Reference {n * 7919 % 1000}</w:t></w:r></w:p>" for n in range(100))
        _document(path, "".join(paragraphs))
    else:
        book = openpyxl.Workbook()
        for row in [("title", "year"), *((f"Title {n * 7919 % 1000}", 2000 + n % 9) for n in range(100))]:
            book.active.append(row)
        book.save(path)
    whole = path.read_bytes()
    read, told = (read_citations if path.suffix == ".docx" else read_file), 0
    for place in range(4, len(whole), len(whole) // 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        try:
            list(read(path))
        except FormatError:
            told += 1
    assert told > 20
