"""Word documents (`.docx`) as lines of text, one for each paragraph: lists of references are kept in them.

A document is a zip file of XML parts (ECMA-376, part 1, §17: `w:p` paragraphs, `w:t` text). Only the text
of its main part is read: what revisions deleted or moved away, field codes (as EndNote and Zotero leave
them) and footnotes are not. Numbers that Word sets before the entries of a list are no text, and so are not
there.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from resift.errors import FormatError
from resift.formats.text import MOST_BYTES
from resift.formats.zipped import DAMAGED, has_part
from resift.safe_xml import xml_parser

_MAIN = re.compile(r"word/document\d*\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def is_document(data: bytes) -> bool:
    """True for a `.docx` file, whatever its name."""
    return has_part(data, _MAIN.fullmatch)


def text_of(data: bytes, where: str) -> str:
    """The paragraphs of a document, one a line. Raises FormatError when it is damaged or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            name = next(name for name in parts.namelist() if _MAIN.fullmatch(name))
            if parts.getinfo(name).file_size > MOST_BYTES:
                raise FormatError(
                    f"unpacks to more than {MOST_BYTES >> 20} MB",
                    where=where,
                    fix="split it into several files",
                )
            main = parts.read(name)
        parser = xml_parser()
        root = etree.fromstring(main, parser)
    except DAMAGED as error:
        raise FormatError(
            f"is a damaged Word document ({error})",
            where=where,
            fix="save it again, or save the list as plain text (UTF-8)",
        ) from None
    return "\n".join(_paragraphs(root))


def _paragraphs(root: etree._Element) -> Iterator[str]:
    for space in (_W, _STRICT):
        for paragraph in root.iter(f"{space}p"):
            if next(paragraph.iterancestors(_FALLBACK), None) is not None:
                continue  # a text box once more, for programs that draw none
            # A text box holds paragraphs of its own; they come in their turn.
            own = (
                r
                for r in paragraph.iter(f"{space}r")
                if next(r.iterancestors(f"{space}p", f"{space}moveFrom")) is paragraph
            )
            yield "".join(_text(part, space) for run in own for part in run)


def _text(part: etree._Element, space: str) -> str:
    if part.tag == f"{space}t":
        return part.text or ""
    return _SIGNS.get(str(part.tag).removeprefix(space), "")
