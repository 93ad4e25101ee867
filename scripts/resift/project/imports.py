"""Files exported from other databases or registers, as a protocol names them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anyascii import anyascii

from resift.errors import ConfigError
from resift.project.yaml import check_date

# What records are named by that a search, a reference list or a file of citations brings.
_OURS = ("pubmed", "references", "handsearched")


def source_of(database: str) -> str:
    """A database's name as it stands in record ids: `Web of Science` gives `web-of-science`.

    One in another script is written in Latin letters (`万方` gives `wanfang`).
    """
    lower = database.lower()
    own = re.sub(r"[^a-z0-9]+", "-", lower).strip("-")
    return own or re.sub(r"[^a-z0-9]+", "-", anyascii(lower).lower()).strip("-") or "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file exported from another database or a register. Its records count in every strategy's flow.

    `count` is what its platform said the search found, `date` the day of that search, `provenance` whether
    `query` is the review's own; `searched_by` is us, or the review where the file is its own result.
    """

    file: Path
    database: str
    register: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    date: str | None = None
    query: str = ""
    count: int | None = None
    provenance: str = "reconstructed"
    searched_by: str = "us"

    @property
    def source(self) -> str:
        """The database's name as it stands in record ids."""
        return source_of(self.database)


def check_imports(entries: Sequence[Mapping[str, Any]], where: str) -> None:
    """Raise `ConfigError` for a database whose records could not be told from others by their ids, for a day
    that is none, and for a query that is called the review's own without its words."""
    named: dict[str, str] = {}
    registers: dict[str, bool] = {}
    for n, entry in enumerate(entries):
        database = entry["database"]
        source = source_of(database)
        if source in _OURS:
            raise ConfigError(
                f"key 'imports.{n}.database': records named '{source}' are those that resift itself finds",
                where=where,
                fix=f"say what sets the file apart, for example '{database} (exported)'",
            )
        if named.setdefault(source, database) != database:
            raise ConfigError(
                f"key 'imports.{n}.database': records of {database} and of {named[source]} would bear the "
                "same name",
                where=where,
                fix="write the name of one database alike, or those of two more apart",
            )
        register = bool(entry.get("register"))
        if registers.setdefault(source, register) is not register:
            raise ConfigError(
                f"key 'imports.{n}.register': {database} is a register in one file and none in another",
                where=where,
                fix="say the same of all its files",
            )
        if entry.get("date"):
            check_date(entry["date"], where=f"{where}: key 'imports.{n}.date'")
        if entry.get("provenance") == "stated" and not (entry.get("query") and entry.get("quote")):
            raise ConfigError(
                f"key 'imports.{n}': its query is marked stated but has no "
                f"{'quote' if entry.get('query') else 'query'}",
                where=where,
                fix="give the review's own words, or leave provenance out",
            )
