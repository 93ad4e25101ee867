"""A text written to a file and read as people's files are; and one of Embase's own."""

from __future__ import annotations

from pathlib import Path

from resift.formats import read_export, read_file
from resift.records import Record


def written_and_read(tmp_path: Path, name: str, text: str, **options: object) -> list[Record]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_file(path, **options)  # type: ignore[arg-type]


def told_of(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return "\n".join(line for _, line in read_export(path).notes.lines())


EMBASE_RIS = """TY  - JOUR
M3  - Article
C4  - 21263089
AN  - L361234567
DB  - Embase
T1  - Future directions in the treatment of neuroendocrine tumors
A1  - Kulke, M.H.
A1  - Siu, L.L.
Y1  - 2011//
N2  - An abstract that is
wrapped onto a second line.
JF  - Journal of Clinical Oncology
JO  - J. Clin. Oncol.
VL  - 29
IS  - 7
SP  - 934
EP  - 943
LA  - English
DO  - 10.1200/JCO.2010.33.2056
UR  - https://www.embase.com/search/results?id=L361234567
ER  -
"""
