"""Lists of references in Word documents."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from resift.errors import FormatError
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
    with zipfile.ZipFile(path, "w") as parts:
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
