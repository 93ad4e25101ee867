"""What workbooks and Word documents have in common: zip files of parts, which may be damaged anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # a damaged flag reads as encrypted, or as of a later version
    RuntimeError,
    OSError,
    EOFError,
    KeyError,
    ValueError,
    SyntaxError,  # XML that xml.etree or lxml cannot parse
)
"""What zipfile, zlib and the readers of XML raise on a damaged file."""


def has_part(data: bytes, named: Callable[[str], object]) -> bool:
    """Whether these bytes are a zip file with a part whose name is such; no unreadable one is."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return any(named(name) for name in parts.namelist())
    except DAMAGED:
        return False
