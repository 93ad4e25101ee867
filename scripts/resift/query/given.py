"""Reading what the command line gives: a query or the file it stands in, a tree, a date."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from resift.errors import ConfigError
from resift.query.history import as_lines
from resift.query.lexer import LONGEST
from resift.query.mesh import MeshTree


def query_text(argument: str) -> tuple[str, str]:
    """The query and its name: the text of a file, of standard input for `-`, or the argument itself."""
    if argument == "-":
        return as_lines(sys.stdin.read(LONGEST + 1)), "standard input"
    path = existing(argument)
    if path is None:
        return as_lines(argument), ""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return as_lines(file.read(LONGEST + 1).strip("\n")), path.name
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"the file cannot be read as text ({error})", where=argument, fix="save it as UTF-8"
        ) from error


def existing(argument: str) -> Path | None:
    """The file that an argument names, None when it names none (a long query is no file name)."""
    try:
        path = Path(argument)
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def mesh_tree(argument: str | None) -> MeshTree | None:
    """The MeSH tree of `--mesh`."""
    if argument is None:
        return None
    if existing(argument) is None:
        raise ConfigError("no such file", where=argument, fix="give mtreesYYYY.bin or descYYYY.xml")
    return MeshTree.load(argument)


def day(argument: str | None) -> dt.date | None:
    """The day of `--dialect`."""
    if argument is None:
        return None
    try:
        return dt.date.fromisoformat(argument)
    except ValueError as error:
        raise ConfigError(
            f"{argument!r} is not a day", where="--dialect", fix="write it as 2012-12-31"
        ) from error
