"""The text of a file of records: gzip, byte-order marks and encodings, undone before any format is read.

Reference managers and databases write UTF-8 with and without a byte-order mark, UTF-16 and Windows
Latin-1, and people join such files. What cannot be decoded as one encoding is refused with its line:
a guess would change names and titles silently.
"""

from __future__ import annotations

import codecs
import re
import zlib
from pathlib import Path

from resift.errors import FormatError

_GZIP = b"\x1f\x8b"
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook, an EndNote library or another zip file"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"SQLite format 3", "a database file (Zotero keeps its library in one)"),
    (b"PAR1", "a Parquet table"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")


def read_text(path: Path) -> str:
    """The whole file as text with `\\n` line ends and no byte-order mark.

    Raises FormatError when the file is missing, empty, not text, cut off in its compression, or mixes
    encodings (with the first line at fault).
    """
    where = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(
            f"cannot be read ({error.strerror})", where=where, fix="check the path and its permissions"
        ) from None
    data = _gunzip(data, where)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FormatError(
            "is empty", where=where, fix="export the records again, or take the file out of the protocol"
        )
    return decode(data, where=where)


def decode(data: bytes, *, where: str) -> str:
    """Bytes as text with `\\n` line ends and no byte-order mark; raises FormatError like `read_text`."""
    for magic, kind in _NOT_TEXT:
        if data.startswith(magic):
            raise FormatError(
                f"looks like {kind}, not a text file of records",
                where=where,
                fix="export as RIS, nbib, CSV, BibTeX or EndNote XML",
            )
    text = _decode(data, where)
    # Joined exports carry a byte-order mark in the middle: rispy then loses that record without a word.
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise FormatError(
            f"holds the control character U+{ord(found.group()):04X}, so it is damaged or not text",
            where=f"{where}, line {line}",
            fix="export the records again",
        )
    return text


def _gunzip(data: bytes, where: str) -> bytes:
    plain = bytearray()
    while data.startswith(_GZIP):
        stream = zlib.decompressobj(wbits=31)
        try:
            plain += stream.decompress(data) + stream.flush()
        except zlib.error as error:
            raise FormatError(f"is damaged gzip ({error})", where=where, fix="fetch the file again") from None
        if not stream.eof:
            raise FormatError("is gzip cut off before its end", where=where, fix="fetch the file again")
        data = stream.unused_data
        if not data.strip(b"\x00"):
            return bytes(plain)
    if plain:
        raise FormatError("has other data after its gzip part", where=where, fix="fetch the file again")
    return data


def _decode(data: bytes, where: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decode_utf16(data, "utf-16", where)
    head = data[:2000]
    if head[1::2].count(0) > len(head) // 4:
        return _decode_utf16(data, "utf-16-le", where)
    if head[0::2].count(0) > len(head) // 4:
        return _decode_utf16(data, "utf-16-be", where)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_one_byte(data, where)


def _decode_utf16(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, errors="ignore").count("\n") + 1
        raise FormatError(
            "is UTF-16 until here and then something else",
            where=f"{where}, line {line}",
            fix="save the file in one encoding, best UTF-8",
        ) from None


def _decode_one_byte(data: bytes, where: str) -> str:
    """Windows Latin-1, unless some other line of the file is proper UTF-8: then the file is mixed."""
    utf8_line = 0
    other_line = 0
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            utf8_line = utf8_line or number
        except UnicodeDecodeError:
            other_line = other_line or number
    if utf8_line:
        raise FormatError(
            f"mixes encodings: line {utf8_line} is UTF-8, line {other_line} is not",
            where=f"{where}, line {other_line}",
            fix="save the file in one encoding, best UTF-8",
        )
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
