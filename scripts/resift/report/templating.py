"""Jinja2 for every page: strict, escaped, and its templates compiled once for all processes of a machine."""

from __future__ import annotations

import contextlib
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates"


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Templates compiled once: kept where Python keeps its own, in `__pycache__` of the library. Where
    nothing can be written they last as long as the process: a study writes the pages of many runs in one."""

    def __init__(self) -> None:
        super().__init__(str(Path(__file__).parent / "__pycache__"))
        self._held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self._held:
            bucket.bytecode_from_string(self._held[bucket.key])
        else:
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._held[bucket.key] = bucket.bytecode_to_string()
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


_COMPILED = _Compiled()


def jinja_environment(templates: Path = TEMPLATES) -> jinja2.Environment:
    """Jinja2 for a folder of templates: autoescape on, an undefined name is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )
