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
from resift.files import read_at_most
from resift.formats.notes import Notes

# Text of more than this is refused: a few kilobytes of gzip can unpack to a disk full. It holds some
# 100,000 records with abstracts.
MOST_BYTES = 256 << 20
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20
_EXPORT = "export as RIS, nbib, CSV, BibTeX or EndNote XML"
_NOT_TEXT = (
    (b"PK\x03\x04", "an Excel workbook, a Word document, an EndNote library or another zip file",
     "from Excel save as .xlsx or CSV (UTF-8); from EndNote use File > Export > RefMan (RIS) or XML"),
    (b"%PDF", "a PDF", _EXPORT),
    (b"\xd0\xcf\x11\xe0", "an old Excel (.xls) or Word file",
     "save it as .xlsx or CSV; from Web of Science export as tab delimited or plain text file"),
    (b"SQLite format 3", "a database file (Zotero keeps its library in one)",
     "from Zotero use Export library > RIS"),
    (b"PAR1", "a Parquet table", _EXPORT),
    (b"{\\rtf", "a formatted text (RTF), as EndNote writes bibliographies",
     "from EndNote use File > Export with output style RefMan (RIS) Export and save as text"),
)  # fmt: skip
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> str:
    """The whole file as text with `\\n` line ends and no byte-order mark.

    Raises FormatError when the file is missing, empty, too large, not text, cut off in its compression,
    or mixes encodings (with the first line at fault).
    """
    return decode(read_bytes(path), where=str(path))


def read_bytes(path: Path) -> bytes:
    """The whole file, unpacked where it is gzip. Raises FormatError when missing, empty or too large."""
    where = str(path)
    try:
        data = read_at_most(path, MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise _too_large(where)
    except OSError as error:
        raise FormatError(
            f"cannot be read ({error.strerror})", where=where, fix="check the path and its permissions"
        ) from None
    data = _gunzip(data, where)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FormatError("is empty", where=where, fix="export the records again, or leave the file out")
    return data


def _too_large(where: str) -> FormatError:
    return FormatError(
        f"holds more than {MOST_BYTES >> 20} MB of text", where=where, fix="split it into several files"
    )


def decode(data: bytes, *, where: str, notes: Notes | None = None) -> str:
    """Bytes as text with `\\n` line ends and no byte-order mark; raises FormatError like `read_text`."""
    for magic, kind, fix in _NOT_TEXT:
        if data.startswith(magic):
            raise FormatError(f"looks like {kind}, not a text file of records", where=where, fix=fix)
    text = _decode(data, where)
    # Joined exports carry a byte-order mark in the middle: rispy then loses that record without a word.
    text = text.replace("\ufeff", "").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise FormatError(
            "holds the control character U+0000, so it is damaged or not text",
            where=f"{where}, line {line}",
            fix="export the records again",
        )
    # JSTOR and old programs leave other control characters in their exports; they stand for nothing.
    bare, count = _CONTROL.subn("", text)
    if count and notes is not None:
        notes.doubt(f"{count} control characters were left out")
    return bare


def _gunzip(data: bytes, where: str) -> bytes:
    plain = bytearray()
    while data.startswith(_GZIP):
        stream = zlib.decompressobj(wbits=31)
        try:
            while data and not stream.eof:
                plain += stream.decompress(data, _CHUNK)
                data = stream.unconsumed_tail
                if len(plain) > MOST_BYTES:
                    raise _too_large(where)
            plain += stream.flush()
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
